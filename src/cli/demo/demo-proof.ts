// Prints what the demo proves: the checks of the books, and for engineers the four example queries with their results.
import { passed } from "../../demo/check-books.ts";
import type { Check, CheckName } from "../../demo/check-books.ts";
import type { SeedQuery } from "../../demo/seed-queries.ts";
import type { TextResult } from "../../ledger/connection/query-as-text.ts";
import type { CommandContext } from "../frame/command.ts";
import { heading } from "./demo-text.ts";
import type { Texts } from "../frame/language.ts";
import type { Column } from "../frame/table.ts";
import { printRecord, printTable, wrap } from "../frame/table.ts";

export type QueryWithResult = SeedQuery & { readonly result: TextResult };

const faultsShownMax = 5;

export function printChecks(context: CommandContext, checks: readonly Check[]): void {
  const { terminal, say } = context;
  heading(context, { en: "Do the books balance?", de: "Stimmen die Bücher?" });
  for (const check of checks) {
    const good = passed(check);
    const mark = good ? terminal.paint("green", "✓") : terminal.paint("red", "✗");
    const lines = wrap(say(checkTexts[check.name](check.looked)), (terminal.outColumns ?? Infinity) - 2);
    terminal.out(`${mark} ${lines.join("\n  ")}`);
    if (check.looked === 0)
      terminal.out(`  ${say({ en: "there was nothing to check", de: "es gab nichts zu prüfen" })}`);
    for (const fault of check.faults.slice(0, faultsShownMax))
      terminal.out(`  ${terminal.paint("red", fault)}`);
    if (check.faults.length > faultsShownMax) terminal.out(`  … (${check.faults.length})`);
  }
}

const checkTexts: Readonly<Record<CheckName, (looked: number) => Texts>> = {
  answers: (n) => ({
    en: `All ${n} requests were answered as agreed`,
    de: `Alle ${n} Anfragen wurden so beantwortet, wie es vereinbart ist`,
  }),
  once: (n) => ({
    en: `All ${n} leads that were confirmed are in the ledger exactly once, and no others`,
    de: `Alle ${n} bestätigten Leads stehen genau einmal im Eingangsbuch, und keine anderen`,
  }),
  duplicates: (n) => ({
    en: `All ${n} duplicates are noted at the lead that they repeat`,
    de: `Alle ${n} Dubletten sind bei dem Lead vermerkt, den sie wiederholen`,
  }),
  days: () => ({
    en: "On each day: received = delivered + not delivered + being delivered",
    de: "An jedem Tag gilt: empfangen = zugestellt + nicht zugestellt + in Zustellung",
  }),
  rebuild: () => ({
    en: "Counting all daily figures afresh changes nothing",
    de: "Alle Tageszahlen neu zu zählen ändert nichts",
  }),
  stories: (n) => ({
    en: `The stories of all ${n} leads are complete and in order`,
    de: `Die Geschichten aller ${n} Leads sind vollständig und in der richtigen Reihenfolge`,
  }),
  recovery: (n) => ({
    en: `${n} deliveries that the outage had held up were made afterwards, by themselves`,
    de: `${n} vom Ausfall aufgehaltene Zustellungen wurden von selbst nachgeholt`,
  }),
  destinations: (n) => ({
    en: `CRM and newsletter tool have what the ledger says, nothing twice (${n} attempts compared)`,
    de: `CRM und Newsletter haben, was das Eingangsbuch sagt, nichts doppelt (${n} Lieferversuche verglichen)`,
  }),
  content: (n) => ({
    en: `${n} leads were stored and delivered exactly as they were sent`,
    de: `${n} Leads sind zeichengetreu so gespeichert und zugestellt, wie sie gesendet wurden`,
  }),
};

const queryTitles: Readonly<Record<SeedQuery["name"], Texts>> = {
  runs: { en: "For IT: the latest leads", de: "Für die IT: die neuesten Leads" },
  story: {
    en: "For IT: the same story from the log",
    de: "Für die IT: dieselbe Geschichte aus dem Protokoll",
  },
  open: { en: "For IT: what needs attention", de: "Für die IT: die offenen Klärfälle" },
  kpi: { en: "For IT: figures per day", de: "Für die IT: Tageszahlen" },
};

const cellCharactersMax = 150;

export function printQuery(context: CommandContext, { name, sql, result }: QueryWithResult): void {
  const { terminal } = context;
  heading(context, queryTitles[name]);
  for (const line of wrap(sql, terminal.outColumns ?? Infinity)) terminal.out(terminal.paint("dim", line));
  const rows = result.rows.map((row) => row.map(shortened));
  const columns = result.columns.map((title, index): Column => {
    const isNumber = rows.every((row) => /^-?[\d.]*$/.test(row[index] ?? ""));
    return isNumber
      ? ({ title, align: "right" } as const)
      : { title, wraps: title === "payload" || title === "reason" };
  });
  const single = rows[0];
  // One wide row is easier to read from top to bottom.
  if (single !== undefined && rows.length === 1 && columns.length > 6)
    printRecord(
      terminal,
      columns.map(({ title }, index) => [title, single[index] ?? "NULL"]),
    );
  else printTable(terminal, columns, rows);
}

function shortened(value: string | null): string | null {
  return value !== null && value.length > cellCharactersMax
    ? `${value.slice(0, cellCharactersMax - 1)}…`
    : value;
}
