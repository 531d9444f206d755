// The log in the browser: what happened stands there, filters are in the address, details on demand.
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { useDashboardScene } from "../support/dashboard-scene.ts";

const scene = useDashboardScene();
const browser = useBrowser(scene);

test("filters narrow it and stay in the address", async () => {
  const page = await browser.open("/log");
  await page
    .getByRole("row", { name: /Lead empfangen/ })
    .first()
    .waitFor();
  await page.getByRole("textbox", { name: "Lead" }).fill(scene.runIds.undecided);
  await expect.poll(() => page.getByRole("row", { name: /Unlesbare Anfrage/ }).count()).toBe(0);
  await page
    .getByRole("row", { name: /Zustellung fehlgeschlagen/ })
    .first()
    .waitFor();
  await page.reload();
  await page
    .getByRole("row", { name: /Zustellung fehlgeschlagen/ })
    .first()
    .waitFor();
  const events = await scene.query("SELECT 1 FROM audit_events WHERE run_id = $1", [scene.runIds.undecided]);
  expect(await page.getByRole("row").count()).toBe(events.length + 1);
});

test("details show the entry's data, with person data masked", async () => {
  const page = await browser.open(`/log?event_type=lead_received&run_id=${scene.runIds.undecided}`);
  await page.getByRole("button", { name: /^Zeigen: Eintrag/ }).click();
  const details = await page.getByRole("dialog").getByRole("group").textContent();
  expect(details).toContain("gclid");
  expect(details).not.toContain("zoe.weiss@example.org");
});

test("roles without it have no link to it, and its address says why", async () => {
  const page = await browser.open("/log", { role: "sales" });
  await page.getByRole("heading", { name: "Dafür reicht Ihre Rolle nicht" }).waitFor();
  expect(await page.getByRole("link", { name: "Protokoll" }).count()).toBe(0);
});

test("several kinds are shown together, and a day that is being typed breaks nothing", async () => {
  const page = await browser.open(
    `/log?event_type=lead_rejected,delivery_failed&run_id=${scene.runIds.undecided}&from=0002-11-26`,
  );
  await page
    .getByRole("row", { name: /Zustellung fehlgeschlagen/ })
    .first()
    .waitFor();
  const events = await scene.query(
    "SELECT 1 FROM audit_events WHERE run_id = $1 AND event_type IN ('lead_rejected', 'delivery_failed')",
    [scene.runIds.undecided],
  );
  expect(await page.getByRole("row").count()).toBe(events.length + 1);
});
