// A lead that came twice, and a sender that should be corrected, as the dashboard shows them.
import { expect, test } from "vitest";
import { testDestination, testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { accessibilityFindings, screenshot, useBrowser } from "../support/browser.ts";
import { postLead } from "../support/webhook-client.ts";

const scene = useApiScene(() =>
  Promise.resolve({
    sources: [testSource("form", { key: { kind: "header_preferred", windowMs: 600_000 } })],
    destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
  }),
);
const browser = useBrowser(scene);

const send = () =>
  postLead(scene.app.url, {
    path: "/webhook/lead/form",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: '{"email":"anna@example.com","text":"Bitte anrufen"}',
  });

test("a lead that came twice says so, and the repeat is delivered anyway", async () => {
  const first = await send();
  expect((await send()).json["status"]).toBe("duplicate");
  const page = await browser.open(`/leads/${String(first.json["run_id"])}`, { language: "de" });
  await page.getByText("Dieser Lead kam zweimal").waitFor();
  await screenshot(page, "lead-came-twice-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Trotzdem zustellen …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("zweimal bestellt");
  await dialog.getByRole("button", { name: "Trotzdem zustellen" }).click();
  await page.getByRole("link", { name: "als eigener Lead zugestellt" }).click();
  await page.getByText("Bitte anrufen", { exact: true }).waitFor();
  expect(await scene.query("SELECT FROM runs")).toHaveLength(2);
});

test("the page of a source says what should be corrected at its sender", async () => {
  await send();
  const page = await browser.open("/sources/form", { language: "de" });
  await page.getByText("Beim Absender zu berichtigen").waitFor();
  await page.getByText("Content-Type nennt „application/x-www-form-urlencoded“", { exact: false }).waitFor();
  await screenshot(page, "source-sender-notice-de");
  expect(await accessibilityFindings(page)).toEqual([]);
});
