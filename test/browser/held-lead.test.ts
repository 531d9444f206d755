// A lead of somebody who sent one before, held for a person: why it waits is said, and both ways out stand beside it.
import { expect, test } from "vitest";
import { testDestination, testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { accessibilityFindings, screenshot, useBrowser } from "../support/browser.ts";
import { postLead } from "../support/webhook-client.ts";

const scene = useApiScene(() =>
  Promise.resolve({
    sources: [testSource("form", { samePerson: { withinMs: 86_400_000, then: "hold" } })],
    destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
  }),
);
const browser = useBrowser(scene);

test("a lead that is held because of an earlier one is withdrawn with a reason", async () => {
  const send = (key: string) =>
    postLead(scene.app.url, { path: "/webhook/lead/form", key, body: { email: "anna@example.com" } });
  await send("first");
  const again = await send("again");
  const page = await browser.open(`/leads/${String(again.json["run_id"])}`, { language: "de" });
  // Its story tells it, too.
  const held = page.getByText("Zurückgehalten: Von dieser Person kam schon ein Lead", { exact: true });
  await held.waitFor();
  await screenshot(page, "lead-held-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Zurückziehen …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("doppelt");
  await dialog.getByRole("button", { name: "Zurückziehen" }).click();
  await held.waitFor({ state: "detached" });
  await page.getByText("Zurückgezogen", { exact: true }).first().waitFor();
  await page.getByText("höchstens 30 Tage davor oder danach").waitFor();
  expect(
    await scene.query("SELECT FROM dlq WHERE resolution = 'withdrawn' AND note = 'doppelt'"),
  ).toHaveLength(1);
});
