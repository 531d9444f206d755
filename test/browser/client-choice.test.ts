// Clients of an agency in the dashboard: whose things are shown is chosen once, holds for every list, and stands in the
// address, so that a reload and a link keep it.
import { beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { testDestination, testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { screenshot, useBrowser } from "../support/browser.ts";
import { startSink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

describe("the choice of a client", () => {
  const scene = useApiScene(async () => {
    const broken = await startSink(() => ({ kind: "answer", status: 400 }));
    return {
      sources: ["anton", "berta"].map((client) => testSource(`${client}-web`, { client })),
      destinations: ["anton", "berta"].map((client) =>
        testDestination(`${client}-crm`, broken.url, { client }),
      ),
    };
  });
  const browser = useBrowser(scene);
  beforeAll(async () => {
    for (const client of ["anton", "berta"])
      await postLead(scene.app.url, {
        path: `/webhook/lead/${client}-web`,
        key: "1",
        body: { name: client },
      });
    await until("both have failed", async () => (await scene.query("SELECT FROM dlq")).length === 2);
    for (const client of ["anton", "berta"]) {
      const order = { action: "dlq.resolve", filter: { client }, reason: `for ${client}` };
      expect((await scene.api.post("/operations", order)).status).toBe(202);
    }
    await until(
      "both are done",
      async () => (await scene.query("SELECT FROM internal.operations WHERE status = 'done'")).length === 2,
    );
  });

  const rows = (page: Page) => page.locator("tbody tr");
  const choose = async (page: Page, name: string): Promise<void> => {
    await page.getByRole("combobox", { name: "Kunde" }).click();
    await page.getByRole("option", { name, exact: true }).click();
  };

  test("narrows leads, bulk actions, log and sources, and stays from view to view and over a reload", async () => {
    const page = await browser.open("/leads", { language: "de" });
    await until("both leads", async () => (await rows(page).count()) === 2);
    await choose(page, "berta");
    await until("one lead", async () => (await rows(page).count()) === 1);
    expect(await rows(page).innerText()).toContain("berta-web");
    expect(new URL(page.url()).searchParams.get("client")).toBe("berta");
    await page.reload();
    await until("one lead again", async () => (await rows(page).count()) === 1);
    const [anton = "", berta = ""] = (
      await scene.query<{ run_id: string }>("SELECT run_id FROM runs ORDER BY source")
    ).map(({ run_id: id }) => `…${id.slice(-8)}`);
    for (const [path, shown, hidden] of [
      ["/attention/operations", "for berta", "for anton"],
      ["/log", berta, anton],
      ["/sources", "berta-web", "anton-web"],
    ] as const) {
      await page.goto(`${path}?client=berta`);
      await until(`${path}: its rows`, async () => (await page.locator("main").innerText()).includes(shown));
      expect(await page.locator("main").innerText(), path).not.toContain(hidden);
    }
    await screenshot(page, "client-choice");
    await choose(page, "Alle Kunden");
    await until("all of them", async () => (await page.locator("main").innerText()).includes("anton-web"));
    expect(new URL(page.url()).searchParams.has("client")).toBe(false);
  });

  test("is a choice of nothing where there is one client alone", async () => {
    const { key } = (await scene.api.post("/api-keys", { name: "k", role: "viewer", clients: ["berta"] }))
      .json;
    const answer = await fetch(`${scene.app.url}/api/v1/clients`, {
      headers: { authorization: `Bearer ${String(key)}` },
    });
    expect(await answer.json()).toEqual({ items: [{ name: "berta", label: null }] });
  });
});
