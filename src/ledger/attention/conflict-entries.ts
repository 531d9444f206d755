// Data that came under the key of another lead, made a lead of their own or delivered as a change of that lead, one entry
// or many. Once, however often somebody wants it.
import { conflictResolutions, decideConflict } from "../../domain/attention/conflict.ts";
import type { ConflictAction, ConflictAtHand, ConflictObstacle } from "../../domain/attention/conflict.ts";
import type { EntryObstacle } from "../../domain/attention/entry-actions.ts";
import type { FurtherHash, Lead } from "../../domain/leads/lead.ts";
import { v7 as uuidv7 } from "uuid";
import { acceptLeads } from "../intake/accept-leads.ts";
import { isBodyOfRunSql, revisionOfBodySql } from "../intake/current-body-sql.ts";
import { reviseRuns } from "../intake/revise-runs.ts";
import type { Actor, Queryable } from "../connection/database.ts";
import { eventSql } from "../log/event-sql.ts";
import { lockEntries } from "./entry-actions.ts";
import type { OnLocks } from "./entry-actions.ts";

/** What is kept. */
export interface KeptConflict {
  readonly source: string;
  /** JSON text. */
  readonly body: string;
}

/** What its source makes of it now. */
export interface ConflictLead {
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly furtherHashes?: readonly FurtherHash[];
  /** Where leads of the source go. */
  readonly destinations: readonly string[];
}

/** `conflict_unreadable`: it does not fit the rules of its source. */
export type ReadConflict = (
  conflict: KeptConflict,
) => Promise<ConflictLead | "source_removed" | "conflict_unreadable">;

export type ConflictOutcome =
  /** `runId`: the lead that it is now. */
  | { readonly dlqId: number; readonly kind: "taken_in"; readonly runId: string }
  /** `revision`: its number; null: the lead had these data already, because somebody had edited it. */
  | {
      readonly dlqId: number;
      readonly kind: "changed";
      readonly runId: string;
      readonly revision: number | null;
    }
  | {
      readonly dlqId: number;
      readonly kind: "obstacle";
      readonly obstacle: EntryObstacle | ConflictObstacle | "source_removed";
    };

export interface ConflictTerms {
  readonly action: ConflictAction;
  readonly actor: Actor;
  readonly reason: string;
  /** null: ordered for this entry alone. */
  readonly operationId: string | null;
}

/** The caller's transaction bears the actor. */
export async function settleConflicts(
  client: Queryable,
  dlqIds: readonly number[],
  terms: ConflictTerms,
  readConflict: ReadConflict,
  onLocks: OnLocks = "wait",
): Promise<ConflictOutcome[]> {
  const { entries, missing } = await lockEntries(client, dlqIds, onLocks);
  const outcomes: ConflictOutcome[] = missing.flatMap((each) =>
    each.kind === "obstacle" ? [{ dlqId: each.dlqId, kind: "obstacle", obstacle: each.obstacle }] : [],
  );
  const { rows } = await client.query<StoredConflict>(storedSql, [entries.map(({ dlq_id }) => dlq_id)]);
  // In the order in which they came: of several of one lead the last is its newest state.
  for (const stored of rows) outcomes.push(await settleOne(client, stored, terms, readConflict));
  return outcomes;
}

interface StoredConflict extends ConflictAtHand {
  readonly dlq_id: number;
  readonly run_id: string;
  readonly source: string;
  readonly test: boolean;
  /** ISO 8601: when it came. */
  readonly at: string;
  readonly sha256: string;
  readonly body: string;
}

const storedSql = `
  SELECT q.dlq_id, q.run_id, q.kind, q.status, q.resolution, coalesce(q.payload ? 'body', false) AS has_body, q.source, q.test,
    q.payload ->> 'at' AS at, q.payload ->> 'sha256' AS sha256, (q.payload -> 'body')::text AS body
  FROM public.dlq q WHERE q.dlq_id = ANY ($1::bigint[]) ORDER BY q.dlq_id`;

async function settleOne(
  client: Queryable,
  stored: StoredConflict,
  terms: ConflictTerms,
  readConflict: ReadConflict,
): Promise<ConflictOutcome> {
  const { dlq_id: dlqId } = stored;
  const decision = decideConflict(stored, terms.action);
  if (decision === "done_before") return doneBefore(client, stored, terms.action);
  if (decision !== "do") return { dlqId, kind: "obstacle", obstacle: decision };
  const read = await readConflict(stored);
  if (typeof read === "string") return { dlqId, kind: "obstacle", obstacle: read };
  return terms.action === "take_in"
    ? takeIn(client, stored, read, terms)
    : deliverChange(client, stored, read, terms);
}

/** Under this key it is a lead once. */
function keyOf(dlqId: number): string {
  return `conflict:${dlqId}`;
}

async function doneBefore(
  client: Queryable,
  { dlq_id: dlqId, run_id: runId, source, body }: StoredConflict,
  action: ConflictAction,
): Promise<ConflictOutcome> {
  if (action === "take_in") {
    const { rows } = await client.query<{ run_id: string }>(
      "SELECT run_id FROM public.runs WHERE source = $1 AND idempotency_key = $2",
      [source, keyOf(dlqId)],
    );
    return { dlqId, kind: "taken_in", runId: rows[0]?.run_id ?? runId };
  }
  const { rows } = await client.query<{ revision: number | null }>(
    `SELECT ${revisionOfBodySql("$1::uuid", "$2::jsonb")} AS revision`,
    [runId, body],
  );
  return { dlqId, kind: "changed", runId, revision: rows[0]?.revision ?? null };
}

async function takeIn(
  client: Queryable,
  stored: StoredConflict,
  read: ConflictLead,
  { actor, reason, operationId }: ConflictTerms,
): Promise<ConflictOutcome> {
  const { dlq_id: dlqId, run_id: runId } = stored;
  const lead = leadOf(stored, read);
  const made = await acceptLeads(client, [{ key: keyOf(dlqId), lead }], { node: "", leaseMs: 0 }, { actor });
  if (made.has(lead.runId)) {
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       VALUES ($1, ${eventSql("conflict_taken_in", {
         dlq_id: "$2::bigint",
         new_run_id: "$3::text",
         reason: "$4::text",
         operation_id: "$5::text",
       })})`,
      [runId, dlqId, lead.runId, reason, operationId],
    );
  }
  await resolve(client, dlqId, "take_in", reason);
  return made.has(lead.runId)
    ? { dlqId, kind: "taken_in", runId: lead.runId }
    : doneBefore(client, stored, "take_in");
}

function leadOf(
  { dlq_id: dlqId, run_id: runId, source, at, sha256, body, test }: StoredConflict,
  { emailHash, phoneHash, furtherHashes = [], destinations }: ConflictLead,
): Lead {
  const head = JSON.stringify({ at, source, sha256, taken_from: { run_id: runId, dlq_id: dlqId } });
  return {
    kind: "lead",
    runId: uuidv7(),
    source,
    recognisedBy: { kind: "key", key: keyOf(dlqId) },
    receivedAt: at,
    emailHash,
    phoneHash,
    furtherHashes,
    payload: `${head.slice(0, -1)},"body":${body}}`,
    leadJson: body,
    test,
    routes: destinations.map((destination) => ({ destination, leased: false })),
  };
}

async function deliverChange(
  client: Queryable,
  stored: StoredConflict,
  { emailHash, phoneHash, furtherHashes = [], destinations }: ConflictLead,
  { reason, operationId }: ConflictTerms,
): Promise<ConflictOutcome> {
  const { dlq_id: dlqId, run_id: runId, source, at, sha256, body } = stored;
  const { rows } = await client.query<{ known: boolean }>(
    `SELECT ${isBodyOfRunSql("$1::uuid", "$2::jsonb")} AS known`,
    [runId, body],
  );
  if (rows[0]?.known === true) {
    await resolve(client, dlqId, "deliver_change", reason);
    return doneBefore(client, stored, "deliver_change");
  }
  const said = { at, source, sha256, reason, ...(operationId === null ? {} : { operation_id: operationId }) };
  const payload = `${JSON.stringify(said).slice(0, -1)},"body":${body}}`;
  const revisions = await reviseRuns(client, [
    { runId, payload, emailHash, phoneHash, furtherHashes, destinations, arrivalId: null, dlqId },
  ]);
  return { dlqId, kind: "changed", runId, revision: revisions.get(runId) ?? null };
}

async function resolve(
  client: Queryable,
  dlqId: number,
  action: ConflictAction,
  reason: string,
): Promise<void> {
  await client.query(
    "UPDATE public.dlq SET status = 'resolved', resolution = $2, note = $3 WHERE dlq_id = $1",
    [dlqId, conflictResolutions[action], reason],
  );
}
