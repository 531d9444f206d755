// The figures in the browser: by day and by source as SQL has them, for ranges in the address, and by the file.
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cellTexts, useBrowser } from "../support/browser.ts";
import { historyDays, useFiguresScene } from "../support/figures-scene.ts";

const scene = useFiguresScene();
const browser = useBrowser(scene);

const cells = (page: Page, rows: string): Promise<string[][]> => cellTexts(page.locator(rows));

async function lastDays(count: number) {
  const days = await scene.countRuns(count);
  const [from, to] = [days[0]?.day ?? "", days.at(-1)?.day ?? ""];
  return { days, range: `from=${from}&to=${to}`, from, to };
}

const german = (iso: string): string => iso.split("-").toReversed().join(".");

describe("figures", () => {
  test("of each day are those of SQL, with their sums and the time zone's name", async () => {
    const { days, range } = await lastDays(historyDays + 5);
    const page = await browser.open(`/figures?${range}`);
    await page.locator("tfoot").waitFor();
    const [zoned] = await page.getByText(/Zeitzone Europe\/Berlin \(ME(S)?Z\)/).all();
    expect(zoned).toBeDefined();
    const stored = await scene.query<{ day: string; dlq_open_count: number }>(
      "SELECT day::text, dlq_open_count FROM kpi_daily",
    );
    const openOn = new Map(stored.map(({ day, dlq_open_count: open }) => [day, open]));
    const shown = await cells(page, "tbody tr");
    const known = days.filter(({ day }) => openOn.has(day)).toReversed();
    expect(known).toHaveLength(historyDays + 1);
    // Without the mean time, which has its own unit in each row.
    expect(shown.map((row) => [row[0]?.slice(-10), ...row.slice(1, 7), row[8]])).toEqual(
      known.map((day) => [
        german(day.day),
        ...[day.received, day.delivered, day.by_hand, day.nobody, day.failed, day.on_the_way].map(String),
        String(openOn.get(day.day)),
      ]),
    );
    const [sums] = await cells(page, "tfoot tr");
    expect(sums?.[0]).toBe(`Summe, ${historyDays + 1} Tage`);
    expect(sums?.[1]).toBe(String(days.reduce((sum, { received }) => sum + received, 0)));
  });

  test("say how long leads took, by destination and by hour of the day", async () => {
    const { range, days } = await lastDays(historyDays + 1);
    const page = await browser.open(`/figures?${range}&by=destination`);
    await page.getByText(/ersten Zustellung.*bei 95 %/).waitFor();
    await page.getByRole("rowheader", { name: "crm" }).waitFor();
    const rows = await cells(page, "tbody tr");
    expect(rows.map((row) => row.slice(0, 3))).toEqual([
      ["crm", "5", "0"],
      ["erp", "0", expect.stringMatching(/^[1-9]/)],
    ]);
    await page.screenshot({ path: "test-results/screenshots/figures-by-destination.png", fullPage: true });
    await page.getByText("Nach Stunde", { exact: true }).click();
    await page.getByRole("rowheader", { name: "23 bis 24 Uhr" }).waitFor();
    const hours = await cells(page, "tbody tr");
    const received = hours.reduce((sum, [, count]) => sum + Number(count), 0);
    expect(received).toBe(days.reduce((sum, day) => sum + day.received, 0));
    await page.screenshot({ path: "test-results/screenshots/figures-by-hour.png", fullPage: true });
  });

  test("of each source lead to its days", async () => {
    const { range, days } = await lastDays(historyDays + 1);
    const page = await browser.open(`/figures?${range}`);
    await page.getByText("Nach Quelle", { exact: true }).click();
    await page.getByRole("link", { name: "website" }).waitFor();
    expect(new URL(page.url()).searchParams.get("by")).toBe("source");
    const rows = await cells(page, "tbody tr");
    const expected = await scene.query<{ source: string; received: string }>(
      "SELECT source, count(*) AS received FROM runs GROUP BY source ORDER BY count(*) DESC, source",
    );
    expect(rows.map(([source, received]) => [source, received])).toEqual(
      expected.map(({ source, received }) => [source, received]),
    );
    await page.getByRole("link", { name: "shop" }).click();
    await page.getByText("Nur Leads von „shop“").waitFor();
    const sums = async () => (await cells(page, "tfoot tr"))[0];
    await expect.poll(async () => (await sums())?.slice(1, 7)).toEqual(["2", "0", "0", "0", "2", "0"]);
    await page.getByRole("link", { name: "Alle Quellen zeigen" }).click();
    await page.getByText("Nur Leads von „shop“").waitFor({ state: "detached" });
    const all = String(days.reduce((sum, { received }) => sum + received, 0));
    await expect.poll(async () => (await sums())?.[1]).toBe(all);
  });

  test("go from month to month, and a range of one's own stands in the address", async () => {
    const page = await browser.open("/figures?from=2026-03-01&to=2026-03-31");
    await page.getByText("März 2026", { exact: true }).waitFor();
    await page.getByRole("heading", { name: "Keine Zahlen in diesem Zeitraum" }).waitFor();
    await page.getByRole("button", { name: "Zum Februar 2026" }).click();
    await page.getByText("Februar 2026", { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe("?from=2026-02-01&to=2026-02-28");
    await page.getByLabel("Letzter Tag").fill("31.01.2026");
    await page.getByText("Liegt vor dem ersten Tag").waitFor();
    await page.getByLabel("Erster Tag").fill("15.1.2026");
    await page.getByText("Eigener Zeitraum").waitFor();
    expect(new URL(page.url()).search).toBe("?from=2026-01-15&to=2026-01-31");
  });

  test("come by the file: for Excel, as CSV and as NDJSON", async () => {
    const { range, days, to } = await lastDays(3);
    const page = await browser.open(`/figures?${range}`);
    const fetched = async (name: string): Promise<{ name: string; content: Buffer }> => {
      const downloading = page.waitForEvent("download");
      await page.getByRole("link", { name: `${name} herunterladen` }).click();
      const file = await downloading;
      return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
    };
    const csv = await fetched("CSV");
    expect(csv.name).toBe("leadledger-kpi.csv");
    const [head = "", ...lines] = csv.content.toString("utf8").trimEnd().split("\r\n");
    expect(head).toMatch(/^\uFEFFday;received_count;processed_count;/);
    expect(lines.map((line) => line.split(";")[1])).toEqual(days.map(({ received }) => String(received)));
    const ndjson = await fetched("NDJSON");
    const items = ndjson.content
      .toString("utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(items.at(-1)).toMatchObject({ day: to, received_count: days.at(-1)?.received });
    const xlsx = await fetched("Excel");
    expect(xlsx.name).toBe("leadledger-kpi.xlsx");
    expect(xlsx.content.subarray(0, 2).toString("latin1")).toBe("PK");
  });
});
