// The figures of a chart as a CSV file: RFC 4180, with a byte order mark so that Excel reads UTF-8.
import type { ChartSeries } from "./chart-series.ts";

interface CsvOptions {
  readonly dayName: string;
  /** A German Excel wants semicolons. */
  readonly separator: ";" | ",";
}

export function csvOfChart(
  days: readonly string[],
  series: readonly ChartSeries[],
  { dayName, separator }: CsvOptions,
): string {
  const head = [dayName, ...series.map(({ name }) => name)];
  const rows = days.map((day, index) => [day, ...series.map(({ values }) => String(values[index] ?? ""))]);
  return `\uFEFF${[head, ...rows].map((row) => `${row.map(cell).join(separator)}\r\n`).join("")}`;
}

/** Names of sources are what senders write: none of them may become a formula (OWASP, "CSV Injection"). */
function cell(text: string): string {
  const harmless = /^'*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
