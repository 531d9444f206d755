// DLQ entries as a table, for `dlq list` and for the entries of one run.
import type { DlqEntry } from "../ledger/dlq.ts";
import type { CommandContext } from "./command.ts";
import type { Column } from "./table.ts";
import { printTable } from "./table.ts";
import type { TimeText } from "./times.ts";
import { entryState } from "./words.ts";

export function printEntries(
  context: CommandContext,
  entries: readonly DlqEntry[],
  times: TimeText,
  which: "of_all" | "of_one_run",
): void {
  const { language, say, terminal } = context;
  const words = { language, times, now: new Date() };
  const columns: Column[] = [
    { title: "dlq_id", align: "right" },
    { title: say({ en: "state", de: "Stand" }), wraps: true },
    { title: say({ en: "destination", de: "Ziel" }), wraps: true },
    { title: say({ en: "retries", de: "Versuche" }), align: "right" },
    { title: say({ en: "reason", de: "Grund" }), wraps: true },
  ];
  if (which === "of_all") columns.splice(1, 0, { title: say({ en: "since", de: "seit" }), wraps: true });
  printTable(
    terminal,
    columns,
    entries.map((entry) => {
      const { dlq_id, destination, retry_count, reason, created_at } = entry;
      const rest = [entryState(entry, words), destination ?? "–", retry_count, reason];
      return which === "of_all" ? [dlq_id, times.at(created_at), ...rest] : [dlq_id, ...rest];
    }),
  );
}
