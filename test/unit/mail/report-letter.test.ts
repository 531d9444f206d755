// A report as people get it: its words, its chart, and what must not be in it.
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { addDays, percentileMs, rangesOf } from "../../../src/domain/figures/report.ts";
import type { Report } from "../../../src/domain/figures/report.ts";
import { scheduledReports } from "../../../src/domain/figures/report-order.ts";
import { barChart, chartSize } from "../../../src/mail/bar-chart.ts";
import { mailOf } from "../../../src/mail/own-message.ts";
import { reportLetter, reportMessage, reportPage } from "../../../src/mail/report-letter.ts";

const counts = {
  received: 0,
  delivered: 0,
  failed: 0,
  under_way: 0,
  no_destination: 0,
  resolved_by_hand: 0,
  withdrawn: 0,
};
const day = "2026-11-29";
const { range, compared, chart } = rangesOf("daily", day);
const empty: Report = {
  report: "daily",
  timezone: "Europe/Berlin",
  range,
  compared_with: compared,
  total: { now: counts, before: counts },
  days: Array.from({ length: 14 }, (_, index) => ({
    day: addDays(chart.from, index),
    received: 0,
    delivered: 0,
  })),
  sources: [],
  destinations: [],
  durations: { now: { p50_ms: null, p95_ms: null }, before: { p50_ms: null, p95_ms: null } },
  alarms: [],
};
const busy: Report = {
  ...empty,
  total: {
    now: { ...counts, received: 1_240, delivered: 1_200, failed: 30, under_way: 10 },
    before: { ...counts, received: 1_000, delivered: 1_000 },
  },
  days: empty.days.map((each, index) => ({ ...each, received: 90 * index, delivered: 80 * index })),
  sources: Array.from({ length: 40 }, (_, index) => ({
    source: `source-${index}`,
    label: index === 0 ? "Küchen & <Bäder>" : null,
    now: { ...counts, received: 31, delivered: 30, failed: 1 },
    before: counts,
  })),
  destinations: [
    {
      destination: "crm",
      now: { delivered: 1_200, failed_attempts: 40, entries: 30 },
      before: { delivered: 1_000, failed_attempts: 0, entries: 0 },
    },
  ],
  durations: { now: { p50_ms: 180, p95_ms: 95_000 }, before: { p50_ms: null, p95_ms: null } },
  alarms: [
    {
      code: "destination_failing",
      severity: "warning",
      destination: "crm",
      error_code: null,
      count: 7,
      since: new Date(0),
      next_retry_at: null,
    },
  ],
};
const place = { language: "de", publicUrl: "https://leads.example/", client: "" } as const;

describe("A report", () => {
  it.each([
    ["de", "An diesem Tag kam kein Lead.", "Tagesbericht So, 29.11.2026: 0 Leads"],
    ["en", "No lead came on this day.", "Daily report Su, 29 Nov 2026: 0 leads"],
  ] as const)("of a day without leads says so (%s), with zeros", (language, sentence, subject) => {
    const letter = reportLetter(empty, { ...place, language });
    expect(letter.subject).toBe(subject);
    for (const said of [letter.text, letter.html]) expect(said).toContain(sentence);
    expect(letter.text).toMatch(/(?:Eingegangen|Received): 0/);
  });

  it("names figures beside those of the week before, what needs attention, and sums up what does not fit", () => {
    const { text, html } = reportLetter(busy, place);
    expect(text).toMatch(/Eingegangen: 1\.240, Vorwoche 1\.000, Veränderung \+240 \(\+24\s%\)/);
    expect(text).toContain("Ein Ziel nimmt zurzeit keine Leads an (betrifft crm; Anzahl: 7)");
    expect(text).toContain("16 weitere: Eingegangen 496");
    expect(text).toContain("in der Hälfte der Fälle höchstens 180 ms, in 95 von 100 höchstens 1,6 min");
    expect(html).toContain("Küchen &amp; &lt;Bäder&gt;");
    expect(html).not.toContain("<Bäder>");
  });

  it("loads nothing from outside: its only picture is in the mail, and in the page it is in itself", async () => {
    const { html } = reportLetter(busy, place);
    expect([...html.matchAll(/\bsrc="([^"]*)"/g)].map(([, source]) => source)).toEqual([
      "cid:chart@leadledger",
    ]);
    expect(html).toMatch(/<img [^>]*alt="[^"]*29\.11\.2026 1170"/);
    expect(reportPage(busy, place)).toContain('src="data:image/png;base64,');
    const message = reportMessage(busy, place, "Anna <anna@example.test>", new Date(0));
    const { raw, to } = await mailOf(message, "LeadLedger <ledger@example.test>");
    const mail = raw.toString("latin1");
    expect(to).toEqual(["anna@example.test"]);
    expect(mail).toContain("multipart/alternative");
    expect(mail).toContain("multipart/related");
    expect(mail).toMatch(/^Content-I[dD]: <chart@leadledger>\r$/m);
    expect(mail).toMatch(/^List-Unsubscribe: <https:\/\/leads\.example\/reports>\r$/m);
    expect(mail).toMatch(/^Message-ID: <report\.daily\.2026-11-29\.[0-9a-f]{16}@example\.test>\r$/m);
    const again = await mailOf(message, "LeadLedger <ledger@example.test>");
    expect(again.raw.equals(raw)).toBe(true);
  });
});

describe("The chart", () => {
  it("is a PNG of the size that is said", () => {
    const png = barChart([{ label: "Mo", value: 12_345, part: 12_000, isStrong: true }]);
    expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([chartSize.width, chartSize.height]);
    const at = png.indexOf("IDAT");
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(rows.length).toBe((chartSize.width + 1) * chartSize.height);
    expect(new Set(rows).size).toBeGreaterThan(3);
  });

  it("is drawn without a lead, too", () => {
    expect(barChart([]).length).toBeGreaterThan(100);
    expect(
      barChart(Array.from({ length: 14 }, () => ({ label: "So", value: 0, part: 0, isStrong: false })))
        .length,
    ).toBeLessThan(5_000);
  });
});

describe("What is due", () => {
  const order = { to: ["anna@example.test"], at: "07:30", language: null, client: null };

  it("is yesterday's daily report, and the one before as long as it is not too old", () => {
    const found = scheduledReports({ daily: order, weekly: null }, "2026-03-01");
    expect(found.map(({ dueDay, day: of }) => [dueDay, of])).toEqual([
      ["2026-03-01", "2026-02-28"],
      ["2026-02-28", "2026-02-27"],
    ]);
  });

  it.each([
    ["2026-11-30", "2026-11-30"],
    ["2026-12-01", "2026-11-30"],
    ["2026-12-06", "2026-11-30"],
  ])("is, on %s, the weekly report of the Monday %s", (today, monday) => {
    const [found] = scheduledReports({ daily: null, weekly: { ...order, on: "monday" } }, today);
    expect(found).toMatchObject({ dueDay: monday, day: addDays(monday, -1), report: "weekly" });
    expect(rangesOf("weekly", addDays("2026-11-30", -1))).toMatchObject({
      range: { from: "2026-11-23", to: "2026-11-29" },
      compared: { from: "2026-11-16", to: "2026-11-22" },
    });
  });
});

describe("A percentile of a histogram", () => {
  it.each([
    [[], 0.5, null],
    [[{ upper_ms: 10, count: 1 }], 0.95, 10],
    [
      [
        { upper_ms: 10, count: 50 },
        { upper_ms: 20, count: 45 },
        { upper_ms: 40, count: 5 },
      ],
      0.95,
      20,
    ],
    [
      [
        { upper_ms: 10, count: 50 },
        { upper_ms: 20, count: 50 },
      ],
      0.5,
      10,
    ],
    [
      [
        { upper_ms: 10, count: 0 },
        { upper_ms: 20, count: 1 },
      ],
      0,
      20,
    ],
  ] as const)("of %j at %d is the bound %s", (buckets, share, bound) => {
    expect(percentileMs(buckets, share)).toBe(bound);
  });
});
