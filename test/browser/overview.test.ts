// The overview in the browser: what it warns of, its figures and charts against SQL, what changes by itself, and a new
// installation's first steps.
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { cellTexts, overflowPx, screenshot, useBrowser } from "../support/browser.ts";
import { historyDays, useFiguresScene } from "../support/figures-scene.ts";
import type { DayOfRuns } from "../support/figures-scene.ts";
import { startSink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

const chartDays = 30;

/** The part of the page under a heading. */
const part = (page: Page, name: string) => page.getByRole("region", { name });

async function tile(page: Page, name: string): Promise<string> {
  const link = page.getByRole("region", { name: "Zahlen von heute" }).getByRole("link", { name });
  return (await link.locator("span").nth(1).textContent()) ?? "";
}

/** What the table behind a chart says, without its head. */
async function tableRows(page: Page, chart: string): Promise<string[][]> {
  await part(page, chart).getByText("Zahlen als Tabelle").click();
  const rows = part(page, chart).locator("tbody tr");
  await rows.first().waitFor();
  // Days without their weekday.
  return (await cellTexts(rows)).map((row) => row.map((cell) => cell.replace(/^\D+, /, "")));
}

const fateChart = "Leads pro Tag: was aus ihnen wurde";
const sourceChart = "Leads pro Tag: woher sie kamen";
const caseChart = "Offene Klärfälle";

const fates = ({ delivered, by_hand, nobody, failed, on_the_way }: DayOfRuns): readonly number[] => [
  ...[delivered, by_hand, nobody, failed, on_the_way],
];

describe("an installation with leads", () => {
  const scene = useFiguresScene();
  const browser = useBrowser(scene);
  let days: readonly DayOfRuns[] = [];
  beforeAll(async () => {
    days = await scene.countRuns(chartDays);
  });

  test("says what is wrong, the worst first, and leads to where it can be mended", async () => {
    const page = await browser.open("/");
    await page.getByRole("heading", { name: "Etwas braucht Ihre Aufmerksamkeit" }).waitFor();
    // The same two in every place that counts them.
    await page.getByText("Klärfälle: 2 für Sie").waitFor();
    await page.getByRole("link", { name: "Klärfälle" }).getByTitle("2 für Sie").getByText("2").waitFor();
    const lines = page.locator("main section").first().locator("li");
    const said = await lines.locator("> :first-child").allTextContents();
    // Warnings come after them: what the machine's PostgreSQL has is one.
    expect(said.slice(0, 3)).toEqual([
      expect.stringMatching(/^3 Anfragen von „partner“ abgewiesen: Zugangsdaten fehlen, seit \d\d:\d\d$/),
      "1 Lead von „messe“ heute ohne Ziel: Niemand hat ihn bekommen",
      "2 Klärfälle brauchen eine Entscheidung: „erp“ lehnt den Inhalt ab",
    ]);
    const links = await Promise.all(
      (await lines.getByRole("link").all()).map((link) => link.getAttribute("href")),
    );
    expect(links.slice(0, 4)).toEqual([
      "/sources/partner",
      "/sources/messe",
      expect.stringMatching(/^\/leads\?state=no_destination&source=messe&from=\d{4}-\d\d-\d\d&test=false$/),
      "/attention",
    ]);
    await page.getByRole("link", { name: "Lead ansehen" }).click();
    await page.getByRole("heading", { level: 1, name: "Leads" }).waitFor();
    await page.locator("tbody tr").first().waitFor();
    expect(await page.locator("tbody tr").count()).toBe(1);
  });

  test("shows today's figures as SQL counts them", async () => {
    const today = days.at(-1);
    if (today === undefined) throw new Error("no day");
    const page = await browser.open("/");
    await page.getByRole("link", { name: "Eingegangen" }).waitFor();
    expect({
      received: await tile(page, "Eingegangen"),
      delivered: await tile(page, "Zugestellt"),
      open: await tile(page, "Noch offen"),
      cases: await tile(page, "Klärfälle"),
      nobody: await tile(page, "Ohne Ziel"),
      success: await tile(page, "Erfolgsquote"),
    }).toEqual({
      received: String(today.received),
      delivered: String(today.delivered),
      open: String(today.on_the_way + today.failed),
      cases: String(today.failed),
      nobody: String(today.nobody),
      success: new Intl.NumberFormat("de-DE", { style: "percent", maximumFractionDigits: 1 }).format(
        today.delivered / (today.delivered + today.nobody),
      ),
    });
    expect(today).toMatchObject({ received: 8, delivered: 5, nobody: 1, failed: 2 });
    await page.getByRole("link", { name: "Zugestellt", exact: false }).first().click();
    await page.getByRole("heading", { level: 1, name: "Leads" }).waitFor();
    await until("the leads that were delivered", async () => {
      return (await page.locator("tbody tr").count()) === today.delivered;
    });
  });

  test("has the same numbers in the table behind a chart, in its file and in SQL", async () => {
    const page = await browser.open("/");
    const known = days.slice(-historyDays - 1);
    const rows = await tableRows(page, fateChart);
    expect(rows).toEqual(
      days.toReversed().map((day) => {
        const [, month = "", date = ""] = day.day.split("-");
        const values = known.includes(day) ? fates(day).map(String) : fates(day).map(() => "–");
        return [`${date}.${month}.`, ...values];
      }),
    );
    const sums = await part(page, fateChart).locator("tfoot td").allTextContents();
    expect(sums).toEqual(
      fates(days[0] as DayOfRuns).map((_, at) =>
        String(days.reduce((sum, day) => sum + (fates(day)[at] ?? 0), 0)),
      ),
    );

    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: `CSV herunterladen: ${fateChart}` }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toBe("leads-nach-verbleib.csv");
    const csv = await readFile(await file.path(), "utf8");
    expect(csv).toBe(
      [
        "\uFEFFTag;Zugestellt;Von Hand erledigt;Ohne Ziel;Fehlgeschlagen;In Zustellung",
        ...days.map((day) => `${day.day};${known.includes(day) ? fates(day).join(";") : ";;;;"}`),
        "",
      ].join("\r\n"),
    );
  });

  test("shows the six largest sources, all others together, and the open Klärfälle", async () => {
    const page = await browser.open("/");
    const bySource = await tableRows(page, sourceChart);
    const names = await part(page, sourceChart).locator("thead th").allTextContents();
    expect(names).toHaveLength(8);
    expect(names.at(-1)).toBe("Andere Quellen");
    const ofDay = bySource.map(([, ...values]) =>
      values.reduce((sum, value) => sum + (Number(value) || 0), 0),
    );
    expect(ofDay).toEqual(days.toReversed().map(({ received }) => received));
    const [openToday] = await tableRows(page, caseChart);
    const [row] = await scene.query<{ open: number }>(
      "SELECT count(*)::int AS open FROM dlq WHERE status IN ('open', 'retrying') AND NOT test",
    );
    expect(openToday?.[1]).toBe(String(row?.open));
  });

  test("tells the numbers of a day to whoever uses the keyboard or the pointer", async () => {
    const page = await browser.open("/");
    const chart = part(page, fateChart);
    const slider = chart.getByRole("slider");
    await slider.focus();
    const spoken = () => slider.getAttribute("aria-valuetext");
    await page.keyboard.press("ArrowLeft");
    await expect
      .poll(spoken)
      .toMatch(
        /^\S+ \d\d\.\d\d\.\d{4} · zusammen 8: Zugestellt 5, Von Hand erledigt 0, Ohne Ziel 1, Fehlgeschlagen 2, In Zustellung 0$/,
      );
    await page.keyboard.press("ArrowLeft");
    const yesterday = days.at(-2);
    await expect.poll(spoken).toContain(`zusammen ${yesterday?.received}: Zugestellt 0, Von Hand`);
    await page.keyboard.press("Home");
    await expect.poll(spoken).toMatch(/: Zugestellt –, Von Hand erledigt –/);
    await page.keyboard.press("Escape");
    await expect.poll(spoken).toMatch(/^30 Tage zusammen: Zugestellt 5, /);

    const box = await chart.locator("canvas").boundingBox();
    if (box === null) throw new Error("there is no chart");
    await page.mouse.move(box.x + box.width - 12, box.y + box.height / 2);
    await chart.getByText("zusammen 8").waitFor();
    await screenshot(page, "overview-day-pointed-at");
    await page.mouse.move(0, 0);
    await chart.getByText("30 Tage zusammen").waitFor();
  });

  test("keeps the range in the address, fits every width, and nothing jumps while it loads", async () => {
    const page = await browser.open("/?days=7");
    await page.getByRole("heading", { name: "Die letzten 7 Tage" }).waitFor();
    await page.getByText("90 Tage", { exact: true }).click();
    await page.getByRole("heading", { name: "Die letzten 90 Tage" }).waitFor();
    expect(new URL(page.url()).search).toBe("?days=90");
    await page.addInitScript(
      `globalThis.shifted = 0;
       new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (shifted += value)))
         .observe({ type: "layout-shift", buffered: true });`,
    );
    await page.reload();
    await page.getByRole("heading", { name: "Die letzten 90 Tage" }).waitFor();
    await part(page, fateChart).locator("canvas").waitFor();
    const shifted = await page.evaluate<number>("shifted");
    expect(shifted).toBeLessThan(0.05);
    for (const width of [1_360, 700, 390]) {
      await page.setViewportSize({ width, height: 800 });
      const frame = part(page, fateChart).getByRole("slider");
      await until(`the chart to fit ${width} px`, async () => {
        const [canvas, around] = [await frame.locator("canvas").boundingBox(), await frame.boundingBox()];
        return canvas !== null && around !== null && Math.abs(canvas.width - around.width) < 2;
      });
      expect(await overflowPx(page)).toBe(0);
    }
  });
});

describe("a new installation", () => {
  const scene = useApiScene(() => ({}), { withoutFile: true });
  const browser = useBrowser(scene);

  test("asks those who may not add sources to find somebody who may", async () => {
    const page = await browser.open("/", { role: "viewer", language: "en" });
    await page.getByRole("heading", { name: "Welcome! Four steps to the first lead" }).waitFor();
    await page.getByText("This needs the role operator or admin: ask somebody who has it.").waitFor();
    expect(await page.locator('[aria-current="step"]').getByRole("link").count()).toBe(0);
  });

  test("leads to its first lead, which appears by itself with everything in order", async () => {
    const page = await browser.open("/");
    await page.getByRole("heading", { name: "Willkommen! Vier Schritte bis zum ersten Lead" }).waitFor();
    await screenshot(page, "overview-first-steps");
    const next = () => page.locator('[aria-current="step"]').getByRole("link");
    expect(await next().getAttribute("href")).toBe("/sources/new");
    expect(await page.getByRole("region", { name: "Zahlen von heute" }).count()).toBe(0);

    await scene.api.post("/sources", { name: "website", auth: { kind: "none" }, to: null });
    await page.getByRole("link", { name: "Erstes Ziel anlegen" }).waitFor();
    const sink = await startSink();
    const crm = { name: "crm", kind: "http", url: sink.url, allow_private: true };
    expect((await scene.api.post("/destinations", crm)).status).toBe(201);
    await page.getByRole("link", { name: "Ersten Empfänger anlegen" }).waitFor();
    expect(await next().getAttribute("href")).toBe("/alerts");
    // The first lead need not wait for somebody who is told.
    await page.getByRole("link", { name: "Zeigen, wie es geht" }).waitFor();
    const pager = { name: "pager", kind: "http", url: sink.url, allow_private: true };
    expect((await scene.api.post("/alert-recipients", pager)).status).toBe(201);
    await until(
      "the last step to be the next one",
      async () => (await next().getAttribute("href")) === "/sources/website",
    );

    const send = (key: string) =>
      postLead(scene.app.url, { path: "/webhook/lead/website", key, body: { name: "Erna" } });
    await until("the source to be known", async () => (await send("1")).status !== 401);
    await page.getByRole("heading", { name: allFine("1 Lead heute, zugestellt") }).waitFor();
    expect(await tile(page, "Eingegangen")).toBe("1");

    await send("2");
    await page.getByRole("heading", { name: allFine("2 Leads heute, alle zugestellt") }).waitFor();
    expect(await tile(page, "Eingegangen")).toBe("2");
    await part(page, fateChart).getByText("Zugestellt2").waitFor();
    await part(page, fateChart)
      .getByText(/Zahlen gibt es seit dem \d\d\.\d\d\.\d{4}\./)
      .waitFor();
  });
});

/** The machine's PostgreSQL may have known faults, which is a warning. */
function allFine(today: string): RegExp {
  return new RegExp(`^(Alles in Ordnung|Es läuft): ${today}$`);
}
