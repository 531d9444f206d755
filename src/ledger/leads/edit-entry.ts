// Another body for a lead that could not be delivered or was refused: the person's event, the entries, the person index
// and what follows, in one transaction.
import { decideEdit } from "../../domain/attention/entry-actions.ts";
import { correctRuns } from "../intake/correct-runs.ts";
import { entryBodySql } from "../intake/current-body-sql.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { lockEntries, retryEntries } from "../attention/entry-actions.ts";
import type { EntryOutcome } from "../attention/entry-actions.ts";
import { readVersionOfEntry } from "../attention/entry-version.ts";
import type { IsCurrent, WorkResult } from "../attention/work-entry.ts";
import { withinTheRules } from "../attention/work-entry.ts";
import { replaceFurtherHashes } from "../intake/further-hashes.ts";
import type { Routing } from "../../domain/leads/distribution.ts";
import type { FurtherHash } from "../../domain/leads/lead.ts";
import { eventSql } from "../log/event-sql.ts";
import { orderCompletion } from "./incomplete-leads.ts";

/** Its routing: where the lead goes if its payload had been refused. */
export interface Edit extends Routing {
  readonly dlqId: number;
  readonly reason: string;
  /** JSON text of the new body, exact. */
  readonly bodyJson: string;
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly furtherHashes?: readonly FurtherHash[];
  /** JSON text of the JSON patch (RFC 6902) from the body as it was; `null`: it could not be read. */
  readonly patchFrom: (bodyJson: string | null) => string;
  /** Whether the caller has seen the entry as it is now (`entryVersionSql`). */
  readonly isCurrent: IsCurrent;
}

export function editEntry(database: Database, actor: Actor, edit: Edit): Promise<WorkResult> {
  return withinTheRules(transaction(database, actor, (client) => editLocked(client, edit)));
}

async function editLocked(client: Queryable, edit: Edit): Promise<WorkResult> {
  const { dlqId } = edit;
  const { entries } = await lockEntries(client, [dlqId], "wait");
  const [atHand] = entries;
  if (atHand === undefined) return { kind: "obstacle", obstacle: "dlq_entry_unknown", other: null };
  if (!edit.isCurrent(await readVersionOfEntry(client, dlqId))) return { kind: "changed_meanwhile" };
  const decision = decideEdit(atHand);
  if (decision.kind === "obstacle")
    return { kind: "obstacle", obstacle: decision.obstacle, other: atHand.reopened_by };
  const runId = atHand.run_id ?? "";
  // What is being fetched for it would take the place of what the person wrote.
  if (decision.kind !== "correct") await orderCompletion(client, runId, "deliver_anyway", edit.reason);
  await tellEdit(client, runId, edit);
  if (decision.kind === "correct") {
    await correct(client, runId, edit);
    return { kind: "done", dlqId };
  }
  await replaceBody(client, runId, edit);
  const [outcome] = await retryEntries(client, [dlqId], { at: null, note: edit.reason });
  return afterRetry(dlqId, outcome);
}

function afterRetry(dlqId: number, outcome: EntryOutcome | undefined): WorkResult {
  if (outcome?.kind === "reopened") return { kind: "done", dlqId: outcome.by };
  if (outcome?.kind === "due") return { kind: "done", dlqId };
  throw new Error(`entry ${dlqId} could be edited, but not be sent`);
}

/** `body` is what the run stands for from now on. */
async function tellEdit(
  client: Queryable,
  runId: string,
  { dlqId, reason, bodyJson, patchFrom }: Edit,
): Promise<void> {
  const { rows } = await client.query<{ body: string | null }>(
    `SELECT (${entryBodySql("q")})::text AS body FROM public.dlq q WHERE q.dlq_id = $1`,
    [dlqId],
  );
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT $1::uuid, ${eventSql("lead_edited", {
       dlq_id: "$2::bigint",
       reason: "$3::text",
       patch: "$4::jsonb",
       body: "$5::jsonb",
     })}`,
    [runId, dlqId, reason, patchFrom(rows[0]?.body ?? null), bodyJson],
  );
}

/** In all entries of the lead that wait: it is one lead, wherever it has not arrived yet. */
async function replaceBody(client: Queryable, runId: string, edit: Edit): Promise<void> {
  await client.query(
    `UPDATE public.dlq SET payload = coalesce(payload, '{}') || jsonb_build_object('body', $2::jsonb)
     WHERE run_id = $1 AND status = 'open' AND destination IS NOT NULL`,
    [runId, edit.bodyJson],
  );
  await client.query(
    `UPDATE public.runs SET email_hash = $2, phone_hash = $3
     WHERE run_id = $1 AND (email_hash, phone_hash) IS DISTINCT FROM ($2::bytea, $3::bytea)`,
    [runId, edit.emailHash, edit.phoneHash],
  );
  await replaceFurtherHashes(client, [{ runId, furtherHashes: edit.furtherHashes ?? [] }]);
}

/** The same way that a corrected payload from the sender goes, as the person's deed. */
async function correct(client: Queryable, runId: string, edit: Edit): Promise<void> {
  const { emailHash, phoneHash, furtherHashes = [], destinations, groups } = edit;
  const { rows } = await client.query<{ payload: string; source: string; test: boolean }>(
    `SELECT jsonb_build_object('dlq_id', $2::bigint, 'source', r.source, 'body', $3::jsonb)::text AS payload, r.source, r.test
     FROM public.runs r WHERE r.run_id = $1`,
    [runId, edit.dlqId, edit.bodyJson],
  );
  const { payload = "{}", source = "", test = false } = rows[0] ?? {};
  const routing = { destinations, groups };
  await correctRuns(client, [
    { runId, source, test, payload, emailHash, phoneHash, furtherHashes, ...routing, arrivalId: null },
  ]);
}
