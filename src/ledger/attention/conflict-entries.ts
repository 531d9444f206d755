// Data that came under the key of another lead, made a lead of their own or delivered as a change of that lead; and leads
// that belonged to no source, made leads of the one that lists their page by now. One entry or many. Once, however often somebody wants it.
import { conflictResolutions, decideConflict, unroutedCode } from "../../domain/attention/conflict.ts";
import type { ConflictAction, ConflictAtHand, ConflictObstacle } from "../../domain/attention/conflict.ts";
import type { EntryObstacle } from "../../domain/attention/entry-actions.ts";
import type { Routing } from "../../domain/leads/distribution.ts";
import type { FurtherHash, Lead } from "../../domain/leads/lead.ts";
import { v7 as uuidv7 } from "uuid";
import { acceptLeadsWithin } from "../intake/accept-leads.ts";
import { isBodyOfRunSql, revisionOfBodySql } from "../intake/current-body-sql.ts";
import { reviseRuns } from "../intake/revise-runs.ts";
import type { Actor, Queryable } from "../connection/database.ts";
import { eventSql } from "../log/event-sql.ts";
import { lockEntries } from "./entry-actions.ts";
import type { OnLocks } from "./entry-actions.ts";

/** What is kept. */
export interface KeptConflict {
  readonly source: string;
  /** It belonged to no source when it came. */
  readonly is_unrouted: boolean;
  /** JSON text. */
  readonly body: string;
}

/** What its source makes of it now. */
/** Its routing: where leads of the source go. */
export interface ConflictLead extends Routing {
  /** Whose lead it is. */
  readonly source: string;
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly furtherHashes?: readonly FurtherHash[];
}

/** `conflict_unreadable`: it does not fit the rules of its source; `page_unknown`: it belongs to nobody yet. */
export type ReadConflict = (
  conflict: KeptConflict,
) => Promise<ConflictLead | "source_removed" | "conflict_unreadable" | "page_unknown">;

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
      readonly obstacle: EntryObstacle | ConflictObstacle | "source_removed" | "page_unknown";
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

interface StoredConflict extends ConflictAtHand, KeptConflict {
  readonly dlq_id: number;
  readonly run_id: string;
  /** Of the lead that it belongs to. */
  readonly idempotency_key: string;
  readonly test: boolean;
  /** ISO 8601: when it came. */
  readonly at: string;
  readonly sha256: string;
}

const storedSql = `
  SELECT q.dlq_id, q.run_id, q.kind, q.status, q.resolution, q.error_code, r.idempotency_key,
    q.kind = 'refused' AND q.error_code = '${unroutedCode}' AS is_unrouted, coalesce(q.payload ? 'body', false) AS has_body, q.source, q.test,
    q.payload ->> 'at' AS at, q.payload ->> 'sha256' AS sha256, (q.payload -> 'body')::text AS body
  FROM public.dlq q LEFT JOIN public.runs r USING (run_id) WHERE q.dlq_id = ANY ($1::bigint[]) ORDER BY q.dlq_id`;

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

/** Under this key it is a lead once. What belonged to nobody keeps its sender's, so that a repeat is recognised. */
function keyOf({ dlq_id: dlqId, is_unrouted: isUnrouted, idempotency_key: key }: StoredConflict): string {
  return isUnrouted ? key : `conflict:${dlqId}`;
}

async function doneBefore(
  client: Queryable,
  stored: StoredConflict,
  action: ConflictAction,
): Promise<ConflictOutcome> {
  const { dlq_id: dlqId, run_id: runId, body } = stored;
  if (action === "take_in") return { dlqId, kind: "taken_in", runId: await takenInAs(client, stored) };
  const { rows } = await client.query<{ revision: number | null }>(
    `SELECT ${revisionOfBodySql("$1::uuid", "$2::jsonb")} AS revision`,
    [runId, body],
  );
  return { dlqId, kind: "changed", runId, revision: rows[0]?.revision ?? null };
}

/** The lead that it became; itself, where that is not known any more. */
async function takenInAs(
  client: Queryable,
  { dlq_id: dlqId, run_id: runId }: StoredConflict,
): Promise<string> {
  const { rows } = await client.query<{ run_id: string }>(
    `SELECT payload ->> 'new_run_id' AS run_id FROM public.audit_events
     WHERE run_id = $1 AND event_type = 'conflict_taken_in' AND payload @> jsonb_build_object('dlq_id', $2::bigint)
     ORDER BY event_id DESC LIMIT 1`,
    [runId, dlqId],
  );
  return rows[0]?.run_id ?? runId;
}

async function takeIn(
  client: Queryable,
  stored: StoredConflict,
  read: ConflictLead,
  { actor, reason, operationId }: ConflictTerms,
): Promise<ConflictOutcome> {
  const { dlq_id: dlqId, run_id: runId } = stored;
  const key = keyOf(stored);
  const lead = leadOf(stored, key, read);
  const made = await acceptLeadsWithin(client, [{ key, lead }], { node: "", leaseMs: 0 }, { actor });
  const newRunId = made.has(lead.runId) ? lead.runId : await runOfKey(client, read.source, key);
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     VALUES ($1, ${eventSql("conflict_taken_in", {
       dlq_id: "$2::bigint",
       new_run_id: "$3::text",
       reason: "$4::text",
       operation_id: "$5::text",
     })})`,
    [runId, dlqId, newRunId, reason, operationId],
  );
  await resolve(client, dlqId, "take_in", reason);
  return { dlqId, kind: "taken_in", runId: newRunId };
}

/** Its sender had sent it again after it was listed. */
async function runOfKey(client: Queryable, source: string, key: string): Promise<string> {
  const { rows } = await client.query<{ run_id: string }>(
    "SELECT run_id FROM public.runs WHERE source = $1 AND idempotency_key = $2",
    [source, key],
  );
  const [found] = rows;
  if (found === undefined) throw new Error("a lead was not made, and its key is not known either");
  return found.run_id;
}

function leadOf(
  { dlq_id: dlqId, run_id: runId, at, sha256, body, test }: StoredConflict,
  key: string,
  { source, emailHash, phoneHash, furtherHashes = [], destinations, groups }: ConflictLead,
): Lead {
  const head = JSON.stringify({ at, source, sha256, taken_from: { run_id: runId, dlq_id: dlqId } });
  return {
    kind: "lead",
    runId: uuidv7(),
    source,
    recognisedBy: { kind: "key", key },
    receivedAt: at,
    emailHash,
    phoneHash,
    furtherHashes,
    payload: `${head.slice(0, -1)},"body":${body}}`,
    leadJson: body,
    test,
    routes: destinations.map((destination) => ({ destination, leased: false })),
    ...(groups.length === 0 ? {} : { groups }),
  };
}

async function deliverChange(
  client: Queryable,
  stored: StoredConflict,
  { emailHash, phoneHash, furtherHashes = [], destinations, groups }: ConflictLead,
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
    {
      runId,
      source,
      test: stored.test,
      payload,
      emailHash,
      phoneHash,
      furtherHashes,
      destinations,
      groups,
      arrivalId: null,
      dlqId,
    },
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
