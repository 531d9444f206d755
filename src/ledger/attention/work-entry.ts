// What a person does to one DLQ entry: one function per action, each one transaction.
import type { EntryObstacle } from "../../domain/attention/entry-actions.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { closeEntries, lockEntries, retryEntries } from "./entry-actions.ts";
import type { EntryOutcome, RetryTerms } from "./entry-actions.ts";
import { readVersionOfEntry } from "./entry-version.ts";
import { isLedgerRule, ledgerRuleText } from "../connection/postgres-error.ts";

export type WorkResult =
  /** `dlqId`: the entry, or the new one that tries a closed one again. */
  | { readonly kind: "done"; readonly dlqId: number }
  | { readonly kind: "obstacle"; readonly obstacle: EntryObstacle; readonly other: number | null }
  | { readonly kind: "changed_meanwhile" }
  /** The database's rules forbid it. */
  | { readonly kind: "not_allowed"; readonly rule: string };

/** Whether the caller has seen the entry as it is now (`entryVersionSql`). */
export type IsCurrent = (version: string) => boolean;

const whateverItIs: IsCurrent = () => true;

/** Makes an entry due now, or at a time; a closed one is tried again by a new entry. */
export function retryEntry(
  database: Database,
  actor: Actor,
  dlqId: number,
  terms: RetryTerms,
  isCurrent = whateverItIs,
): Promise<WorkResult> {
  return work(database, actor, dlqId, isCurrent, (client) => retryEntries(client, [dlqId], terms));
}

/** Settles an entry by a person's decision: `resolved` (done by hand, or discarded), or `dead` (given up). */
export function closeEntry(
  database: Database,
  actor: Actor,
  dlqId: number,
  { status, note }: { readonly status: "resolved" | "dead"; readonly note: string | null },
  isCurrent = whateverItIs,
): Promise<WorkResult> {
  return work(database, actor, dlqId, isCurrent, (client) => closeEntries(client, [dlqId], status, note));
}

function work(
  database: Database,
  actor: Actor,
  dlqId: number,
  isCurrent: IsCurrent,
  action: (client: Queryable) => Promise<EntryOutcome[]>,
): Promise<WorkResult> {
  return withinTheRules(
    transaction(database, actor, async (client) => {
      // Locked before it is looked at: nobody changes it between the look and the deed.
      const { entries } = await lockEntries(client, [dlqId], "wait");
      if (entries.length > 0 && !isCurrent(await readVersionOfEntry(client, dlqId)))
        return { kind: "changed_meanwhile" };
      const [outcome] = await action(client);
      return resultOf(dlqId, outcome);
    }),
  );
}

/** What the database's rules refuse is an answer. */
export async function withinTheRules(work: Promise<WorkResult>): Promise<WorkResult> {
  try {
    return await work;
  } catch (error) {
    if (!isLedgerRule(error)) throw error;
    return { kind: "not_allowed", rule: ledgerRuleText(error) };
  }
}

function resultOf(dlqId: number, outcome: EntryOutcome | undefined): WorkResult {
  switch (outcome?.kind) {
    case undefined:
      return { kind: "obstacle", obstacle: "dlq_entry_unknown", other: null };
    case "due":
    case "closed":
      return { kind: "done", dlqId };
    case "reopened":
      return { kind: "done", dlqId: outcome.by };
    case "obstacle":
      return { kind: "obstacle", obstacle: outcome.obstacle, other: outcome.other };
  }
}
