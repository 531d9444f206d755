// DLQ entries as a table, for `dlq list` and for the entries of one run.
import type { Item } from "../frame/api-client.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Column } from "../frame/table.ts";
import { printTable } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";
import { entryState, reasonText } from "../frame/words.ts";

export function printEntries(
  context: CommandContext,
  entries: readonly Item<"GET /dlq">[],
  times: TimeText,
  which: "of_all" | "of_one_run",
): void {
  const { language, say, terminal } = context;
  const words = { language, times, now: new Date() };
  const columns: Column[] = [
    { title: "dlq_id", align: "right" },
    { title: say({ en: "state", de: "Stand" }), wraps: true },
    { title: say({ en: "destination", de: "Ziel" }), wraps: true },
    { title: say({ en: "retries", de: "Wiederholungen" }), align: "right" },
    { title: say({ en: "reason", de: "Grund" }), wraps: true },
  ];
  if (which === "of_all") {
    columns.splice(1, 0, { title: say({ en: "since", de: "seit" }), wraps: true });
    // What was refused has no destination; where it came from tells such entries apart.
    columns.splice(2, 0, { title: say({ en: "source", de: "Quelle" }), wraps: true });
  }
  printTable(
    terminal,
    columns,
    entries.map((entry) => {
      const { dlq_id, destination, retry_count, error_code, reason, created_at } = entry;
      const why = reasonText(error_code, reason, language);
      const rest = [entryState(entry, words), destination ?? "–", retry_count, why];
      return which === "of_all"
        ? [dlq_id, times.at(new Date(created_at)), entry.source ?? "–", ...rest]
        : [dlq_id, ...rest];
    }),
  );
}

export function noteUnknownEntry({ terminal, say }: CommandContext, id: number): void {
  terminal.note(
    say({
      en: `There is no DLQ entry ${id}. \`leadledger dlq list --status all\` shows all of them.`,
      de: `Einen DLQ-Eintrag ${id} gibt es nicht. \`leadledger dlq list --status all\` zeigt alle.`,
    }),
  );
}
