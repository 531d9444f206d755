// Data that came under the key of another lead, as the dashboard shows them and takes them in.
import { expect, test } from "vitest";
import { testDestination, testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { accessibilityFindings, screenshot, useBrowser } from "../support/browser.ts";
import { postLead } from "../support/webhook-client.ts";

const scene = useApiScene(() =>
  Promise.resolve({
    sources: [testSource("shop")],
    destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
  }),
);
const browser = useBrowser(scene);

test("a second order under a used number becomes a lead of its own with one click", async () => {
  const send = (text: string) =>
    postLead(scene.app.url, { path: "/webhook/lead/shop", key: "order-1", body: { text } });
  await send("Erste Bestellung");
  const { json } = await send("Zweite Bestellung");
  const page = await browser.open(`/attention/${String(json["dlq_id"])}`, { language: "de" });
  await page.getByRole("button", { name: "Als Änderung zustellen" }).waitFor();
  await screenshot(page, "key-reused-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Als eigenen Lead annehmen" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("zwei Bestellungen, eine Nummer");
  await screenshot(page, "key-reused-dialog-de");
  await dialog.getByRole("button", { name: "Als eigenen Lead annehmen" }).click();
  await page.waitForURL(/\/leads\//);
  expect(await scene.query("SELECT FROM runs")).toHaveLength(2);
});
