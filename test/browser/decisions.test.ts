// What a person decides once: a part of the file is taken over into the dashboard, a request that was turned away is
// released or discarded, and a database that went back is taken note of.
import { beforeAll, describe, expect, test } from "vitest";
import { testDestination, testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { accessibilityFindings, screenshot, useBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";

describe("a decision", () => {
  const scene = useApiScene(() => ({
    sources: [testSource("website", { to: [], key: { kind: "header" } })],
    destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
  }));
  const browser = useBrowser(scene);
  beforeAll(async () => {
    for (const name of ["Anna", "Bert"])
      await fetch(`${scene.app.url}/webhook/lead/website`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name }),
      });
    await until(
      "both are kept",
      async () => (await scene.query("SELECT FROM internal.quarantine")).length === 2,
    );
    // As a node would have noticed it.
    await scene.query(
      `INSERT INTO internal.setbacks (folder, node, event_id, event_time, since, events_max, other_server)
       VALUES (gen_random_uuid(), 'n1', 99, now() - interval '5 minutes', now() - interval '10 minutes', 7, false)`,
    );
  });

  test("takes a source of the file over, which can then be changed here", async () => {
    const page = await browser.open("/sources/website", { language: "de" });
    expect(await page.getByRole("link", { name: "Bearbeiten" }).count()).toBe(0);
    await page.getByRole("button", { name: "In die Oberfläche übernehmen" }).click();
    await screenshot(page, "take-over");
    await page.getByRole("dialog").getByRole("button", { name: "In die Oberfläche übernehmen" }).click();
    await page.getByRole("link", { name: "Bearbeiten" }).waitFor();
    expect(await scene.query("SELECT managed_by FROM internal.sources WHERE name = 'website'")).toEqual([
      { managed_by: "api" },
    ]);
  });

  test("releases one request that was turned away, and discards another", async () => {
    const page = await browser.open("/attention/quarantine", { language: "de" });
    const links = page.locator("tbody a");
    await until("both", async () => (await links.count()) === 2);
    expect(await accessibilityFindings(page)).toEqual([]);
    await links.first().click();
    await screenshot(page, "quarantined");
    await page.getByRole("button", { name: "Als Lead annehmen" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("Kennung fehlte");
    await dialog.getByRole("button", { name: "Als Lead annehmen" }).click();
    await page.getByRole("heading", { level: 1, name: /^Lead vom / }).waitFor();
    await page.goto("/attention/quarantine");
    await until("the other", async () => (await links.count()) === 1);
    await links.first().click();
    await page.getByRole("button", { name: "Verwerfen" }).click();
    await dialog.getByRole("textbox").fill("nur ein Versuch");
    await dialog.getByRole("button", { name: "Verwerfen" }).click();
    await page.getByText("Nichts aufbewahrt").waitFor();
    expect(await scene.query("SELECT source, status FROM runs")).toEqual([
      { source: "website", status: "processed" },
    ]);
  });

  test("takes note of a database that went back, by whoever may: the alarm ends", async () => {
    const looking = await browser.open("/", { language: "de", role: "viewer" });
    await looking.getByText(/Die Datenbank ist zurückgefallen/).waitFor();
    expect(await looking.getByRole("button", { name: "Zur Kenntnis nehmen" }).count()).toBe(0);
    const page = await browser.open("/", { language: "de", role: "operator" });
    const alarm = page.getByText(/Die Datenbank ist zurückgefallen/);
    await alarm.waitFor();
    await page.getByRole("button", { name: "Zur Kenntnis nehmen" }).click();
    await screenshot(page, "setback");
    await page.getByRole("dialog").getByRole("button", { name: "Zur Kenntnis nehmen" }).click();
    await alarm.waitFor({ state: "detached" });
    expect(
      await scene.query("SELECT acknowledged_by ~ '^user:' AS by_somebody FROM internal.setbacks"),
    ).toEqual([{ by_somebody: true }]);
  });
});
