// A report as a mail: text, HTML that mail programs show alike, and the chart beside it as a picture.
import { hash } from "node:crypto";
import { weekdayOf } from "../domain/figures/report.ts";
import type { Compared, DayRange, LeadCounts, Report } from "../domain/figures/report.ts";
import { explain } from "../explanations/catalogue.ts";
import { escapeHtml } from "../kinds/destinations/email/letter-html.ts";
import { barChart, chartSize } from "./bar-chart.ts";
import { buttonHtml, mailColours, mailFont, pageHtml, paragraphHtml } from "./message-frame.ts";
import type { OwnMessage } from "./own-message.ts";
import { countText, dayText, durationText, reportWords } from "./report-words.ts";
import type { ReportWords } from "./report-words.ts";

/** As the API tells it, too, whose alarms have their times as text. */
export interface ToldReport extends Omit<Report, "alarms"> {
  readonly alarms: readonly { readonly code: string; readonly severity: string }[];
}

export interface ReportPlace {
  readonly language: "de" | "en";
  /** `public_url`; null: it is not set, so that nothing can be opened. */
  readonly publicUrl: string | null;
  /** Of an agency; "": everything. */
  readonly client: string;
}

export interface ReportLetter {
  readonly subject: string;
  readonly text: string;
  /** With the chart as `cid:`. */
  readonly html: string;
  readonly chart: Buffer;
}

const chartCid = "chart@leadledger";
/** More rows nobody reads in a mail. */
const rowsMax = 25;

export function reportLetter(report: ToldReport, place: ReportPlace): ReportLetter {
  const parts = partsOf(report, place);
  return {
    subject: parts.subject,
    text: textOf(parts),
    html: htmlOf(parts, `cid:${chartCid}`),
    chart: chartOf(report, parts.words),
  };
}

/** Complete in itself, for a browser and a printer. */
export function reportPage(report: ToldReport, place: ReportPlace): string {
  const parts = partsOf(report, place);
  return htmlOf(parts, `data:image/png;base64,${chartOf(report, parts.words).toString("base64")}`);
}

export function reportMessage(report: ToldReport, place: ReportPlace, to: string, at: Date): OwnMessage {
  const { subject, text, html, chart } = reportLetter(report, place);
  const mark = hash("sha256", `${place.client}\n${to}`, "hex").slice(0, 16);
  return {
    to: [to],
    subject,
    text,
    html,
    pictures: [{ cid: chartCid, fileName: "chart.png", png: chart }],
    id: `report.${report.report}.${report.range.to}.${mark}`,
    language: place.language,
    at,
    ...(place.publicUrl === null ? {} : { unsubscribe: `${place.publicUrl}reports` }),
  };
}

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

interface Parts {
  readonly words: ReportWords;
  readonly subject: string;
  readonly title: string;
  readonly client: string | null;
  readonly summary: readonly string[];
  readonly figures: Table;
  readonly chartAlt: string;
  readonly attention: readonly { readonly isError: boolean; readonly text: string }[];
  readonly tables: readonly Table[];
  readonly link: string | null;
  readonly notes: readonly string[];
}

function partsOf(report: ToldReport, { language, publicUrl, client }: ReportPlace): Parts {
  const words = reportWords[language];
  const { total, range, compared_with: comparedWith, durations } = report;
  const days = rangeText(range, words);
  const title = `${words.title[report.report]} ${days}`;
  const { p50_ms: half, p95_ms: most } = durations.now;
  return {
    words,
    subject: words.subject(words.title[report.report], days, total.now.received),
    title,
    client: client === "" ? null : words.client(client),
    summary: [
      ...(total.now.received === 0 ? [words.none[report.report]] : []),
      words.comparedWith[report.report](rangeText(comparedWith, words)),
      ...(half === null || most === null
        ? []
        : [words.duration(timeText(half, words), timeText(most, words))]),
    ],
    figures: figuresTable(total, words),
    chartAlt: words.chartAlt(
      report.days.map(({ day, received }) => `${dayText(day, language)} ${received}`).join(", "),
    ),
    attention: report.alarms.map((alarm) => ({
      isError: alarm.severity === "error",
      text: alarmText(alarm, words),
    })),
    tables: [sourcesTable(report, words), destinationsTable(report, words)].filter(
      ({ rows }) => rows.length > 0,
    ),
    link: publicUrl,
    notes: [words.why(report.timezone), words.unsubscribe],
  };
}

function rangeText({ from, to }: DayRange, { lang, until, weekdays }: ReportWords): string {
  if (from === to) return `${weekdays[weekdayOf(to) - 1] ?? ""}, ${dayText(to, lang)}`;
  return `${dayText(from, lang)} ${until} ${dayText(to, lang)}`;
}

/** Longer than any bound is what has none. */
const longestMs = 7 * 24 * 3_600_000;

function timeText(ms: number, { lang, durationOver }: ReportWords): string {
  return ms > longestMs ? durationOver : durationText(ms, lang);
}

function figuresTable({ now, before }: Compared<LeadCounts>, words: ReportWords): Table {
  const row = (name: string, member: keyof LeadCounts, isAlways: boolean): Row[] =>
    isAlways || now[member] > 0 || before[member] > 0
      ? [
          {
            name,
            cells: [
              countText(now[member], words.lang),
              countText(before[member], words.lang),
              changeText(now[member], before[member], words.lang),
            ],
          },
        ]
      : [];
  return {
    title: "",
    head: [words.figure, "", words.before, words.change],
    rows: [
      ...row(words.received, "received", true),
      ...row(words.delivered, "delivered", true),
      ...row(words.failed, "failed", true),
      ...row(words.underWay, "under_way", false),
      ...row(words.noDestination, "no_destination", false),
      ...row(words.byHand, "resolved_by_hand", false),
      ...row(words.withdrawn, "withdrawn", false),
    ],
  };
}

/** A share says nothing where there was nothing before. */
function changeText(now: number, before: number, language: "de" | "en"): string {
  if (now === before) return "±0";
  const signed = new Intl.NumberFormat(language, { signDisplay: "always" });
  if (before === 0) return signed.format(now);
  const share = new Intl.NumberFormat(language, { signDisplay: "always", style: "percent" });
  return `${signed.format(now - before)} (${share.format((now - before) / before)})`;
}

function sourcesTable({ sources }: ToldReport, words: ReportWords): Table {
  const count = (value: number): string => countText(value, words.lang);
  const row = (name: string, { now, before }: Compared<LeadCounts>): Row => ({
    name,
    cells: [count(now.received), count(before.received), count(now.delivered), count(now.failed)],
  });
  return {
    title: words.sources,
    head: [words.source, words.received, words.before, words.delivered, words.failed],
    rows: shortened(
      sources.map((each) => ({ ...each, name: each.label ?? each.source })),
      words,
      ["received", "delivered", "failed", "under_way", "no_destination", "resolved_by_hand", "withdrawn"],
    ).map((each) => row(each.name, each)),
  };
}

function destinationsTable({ destinations }: ToldReport, words: ReportWords): Table {
  const count = (value: number): string => countText(value, words.lang);
  return {
    title: words.destinations,
    head: [words.destination, words.arrived, words.before, words.failedAttempts, words.entries],
    rows: shortened(
      destinations.map((each) => ({ ...each, name: each.destination })),
      words,
      ["delivered", "failed_attempts", "entries"],
    ).map(({ name, now, before }) => ({
      name,
      cells: [count(now.delivered), count(before.delivered), count(now.failed_attempts), count(now.entries)],
    })),
  };
}

type Named<Counts> = Compared<Counts> & { readonly name: string };

/** What does not fit is summed up. */
function shortened<Member extends string>(
  rows: readonly Named<Readonly<Record<Member, number>>>[],
  words: ReportWords,
  members: readonly Member[],
): readonly Named<Readonly<Record<Member, number>>>[] {
  if (rows.length <= rowsMax) return rows;
  const rest = rows.slice(rowsMax - 1);
  const sum = (of: "now" | "before"): Readonly<Record<Member, number>> => {
    const sums = members.map((member): [Member, number] => [
      member,
      rest.reduce((total, row) => total + row[of][member], 0),
    ]);
    return Object.fromEntries(sums) as Record<Member, number>;
  };
  const others = { name: words.others(rest.length), now: sum("now"), before: sum("before") };
  return [...rows.slice(0, rowsMax - 1), others];
}

/** What it is about by name; no person's data is among an alarm's members. */
function alarmText(alarm: ToldReport["alarms"][number], { lang, about, count }: ReportWords): string {
  const members = alarm as unknown as Readonly<Record<string, unknown>>;
  const code = typeof members["error_code"] === "string" ? members["error_code"] : null;
  const title = explain(alarm.code, lang)?.title ?? (code === null ? null : explain(code, lang)?.title);
  const isStranger = members["is_configured"] === false;
  const names = ["source", "destination", "node", "name"].flatMap((member) => {
    const value = members[member];
    return typeof value === "string" && value !== "" && !isStranger ? [value] : [];
  });
  const number = typeof members["count"] === "number" ? count(countText(members["count"], lang)) : null;
  const facts = [
    ...(names.length === 0 ? [] : [about(names.join(", "))]),
    ...(number === null ? [] : [number]),
  ];
  return `${title ?? alarm.code}${facts.length === 0 ? "" : ` (${facts.join("; ")})`}`;
}

function chartOf({ days, range }: ToldReport, { weekdays }: ReportWords): Buffer {
  return barChart(
    days.map(({ day, received, delivered }) => ({
      label: weekdays[weekdayOf(day) - 1] ?? "",
      value: received,
      part: delivered,
      isStrong: day >= range.from && day <= range.to,
    })),
  );
}

function textOf({
  words,
  title,
  client,
  summary,
  figures,
  chartAlt,
  attention,
  tables,
  link,
  notes,
}: Parts): string {
  const list = attention.length === 0 ? [words.nothingToDo] : attention.map(({ text }) => `- ${text}`);
  const parts = [
    title,
    ...(client === null ? [] : [client]),
    ...summary,
    tableText(figures),
    `${words.attention}\n${list.join("\n")}`,
    ...tables.map((table) => `${table.title}\n${tableText(table)}`),
    chartAlt,
    ...(link === null ? [] : [`${words.open}: ${link}`]),
    ...notes,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** One line for each row: columns do not stand below each other in every mail program. */
function tableText({ head, rows }: Table): string {
  return rows
    .map(({ name, cells }) => {
      const said = cells.map((cell, index) => {
        const title = head[index + 1] ?? "";
        return title === "" ? cell : `${title} ${cell}`;
      });
      return `${name}: ${said.join(", ")}`;
    })
    .join("\n");
}

function htmlOf(parts: Parts, chart: string): string {
  const { words, title, client, summary, figures, chartAlt, attention, tables, link, notes } = parts;
  const list =
    attention.length === 0
      ? paragraphHtml(words.nothingToDo)
      : `<ul style="margin:0 0 8px;padding:0 0 0 20px">${attention.map(({ isError, text }) => attentionHtml(text, isError)).join("")}</ul>`;
  const body = [
    `<h1 class="ink" style="${style.title}">${escapeHtml(title)}</h1>`,
    client === null ? "" : paragraphHtml(client),
    ...summary.map(paragraphHtml),
    tableHtml(figures),
    heading(words.attention),
    list,
    heading(words.lastDays),
    `<img class="picture" src="${chart}" width="${chartSize.shownWidth}" alt="${escapeHtml(chartAlt)}" style="${style.picture}">`,
    `<p class="faint" style="${style.note}">${escapeHtml(words.legend)}</p>`,
    ...tables.flatMap((table) => [heading(table.title), tableHtml(table)]),
    link === null ? "" : buttonHtml(link, words.open),
    ...notes.map((each) => `<p class="faint" style="${style.note}">${escapeHtml(each)}</p>`),
  ];
  return pageHtml(words.lang, title, body.join("\n"), []);
}

function heading(text: string): string {
  return `<h2 class="ink line" style="${style.heading}">${escapeHtml(text)}</h2>`;
}

function attentionHtml(text: string, isError: boolean): string {
  return `<li class="ink" style="${style.item}${isError ? ";font-weight:600" : ""}">${escapeHtml(text)}</li>`;
}

function tableHtml(table: Table): string {
  const isStacked = table.head.length > columnsBesideNameMax;
  const head = (isStacked ? table.head.slice(1) : table.head).map((each, index) => {
    const align = index === 0 ? "left" : "right";
    return `<th scope="col" class="faint line" align="${align}" style="${style.head}">${escapeHtml(each)}</th>`;
  });
  const rows = table.rows.map(({ name, cells }) => {
    const values = cells.map((cell, index) => {
      const align = isStacked && index === 0 ? "left" : "right";
      const look = index === 0 ? style.first : style.cell;
      return `<td class="ink line" align="${align}" style="${look}">${escapeHtml(cell)}</td>`;
    });
    const named = (look: string, more: string): string =>
      `<th scope="row" class="ink${isStacked ? "" : " line"}" align="left"${more} style="${look}">${escapeHtml(name)}</th>`;
    return isStacked
      ? `<tr>${named(style.above, ` colspan="${cells.length}"`)}</tr><tr>${values.join("")}</tr>`
      : `<tr>${named(style.name, "")}${values.join("")}</tr>`;
  });
  return `<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:0 0 8px"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** Beside more of them a name would be squeezed on a phone: it stands above its row. */
const columnsBesideNameMax = 4;

const { ink, faint, line } = mailColours;
const border = `border-bottom:1px solid ${line}`;
const style = {
  title: `margin:0 0 12px;font-size:22px;line-height:1.25;font-weight:700;color:${ink};${mailFont}`,
  heading: `margin:24px 0 8px;font-size:17px;line-height:1.3;font-weight:700;color:${ink};${mailFont}`,
  item: `margin:0 0 6px;font-size:15px;line-height:1.45;color:${ink};${mailFont}`,
  note: `margin:8px 0;font-size:13px;line-height:1.45;color:${faint};${mailFont}`,
  head: `padding:6px 4px;font-size:12px;line-height:1.3;font-weight:600;vertical-align:bottom;color:${faint};${border};${mailFont}`,
  name: `padding:6px 4px;font-size:14px;line-height:1.35;font-weight:400;color:${ink};${border};${mailFont};overflow-wrap:anywhere`,
  above: `padding:10px 4px 0;font-size:14px;line-height:1.35;font-weight:600;color:${ink};${mailFont};overflow-wrap:anywhere`,
  cell: `padding:6px 4px;font-size:14px;color:${ink};${border};${mailFont}`,
  first: `padding:6px 4px;font-size:14px;font-weight:700;white-space:nowrap;color:${ink};${border};${mailFont}`,
  picture:
    "display:block;width:100%;max-width:552px;height:auto;border:0;background:#ffffff;border-radius:6px",
};
