// What intake's one statement cannot settle: keys that are known already, refused payloads, the body-hash rule, and
// requests with several leads. One transaction, in rounds: find or make the run of every arrival, look at it under its
// lock, write what follows.
import type { IntakeResult, Lead, RefusedPayload } from "../../domain/leads/lead.ts";
import { keyReusedCode } from "../../domain/leads/lead.ts";
import type { RunStatus } from "../../domain/leads/run.ts";
import { acceptLeads } from "./accept-leads.ts";
import { isEventOfArrival } from "../log/arrival-ids.ts";
import type { KeyedLead, LeaseTerms } from "./accept-leads.ts";
import { resolveBodyHashes } from "./body-hash-keys.ts";
import { isBodyOfRunSql } from "./current-body-sql.ts";
import { correctRuns } from "./correct-runs.ts";
import type { Correction } from "./correct-runs.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { bisectBatch, isRefused } from "../connection/refused-rows.ts";
import { insertRefusedRuns, keepPayloads } from "./refused-payloads.ts";
import type { KeptPayload, KeyedRefusal } from "./refused-payloads.ts";
import { eventTypeSql } from "../log/event-sql.ts";

export type ArrivedPayload = Lead | RefusedPayload;

interface Keyed {
  readonly index: number;
  readonly key: string;
  readonly arrival: ArrivedPayload;
}

/** An arrival beside the run that its key belongs to, read under the run's lock. */
interface KnownArrival extends Keyed {
  readonly run: KnownRun;
}

interface KnownRun {
  readonly run_id: string;
  readonly status: RunStatus;
  readonly refused: boolean;
  /** The arrival's body equals, as jsonb, the one that the run stands for. */
  readonly same_body: boolean;
  /** The entry that this very body already has, and its code. */
  readonly known_dlq_id: number | null;
  readonly known_error_code: string | null;
  readonly known_reason: string | null;
  /** That entry was made by this very arrival, whose answer had been lost. */
  readonly known_is_own: boolean;
}

/**
 * Settles the arrivals in one transaction and returns a result for each, in their order. Leads that are new here (the
 * body-hash rule, several leads of one request) are accepted without a lease.
 */
export function deduplicateArrivals(
  database: Database,
  arrivals: readonly ArrivedPayload[],
  lease: LeaseTerms,
  actor: Actor = "webhook",
): Promise<IntakeResult[]> {
  return transaction(database, actor, (client) => settleAll(client, arrivals, lease, actor));
}

/**
 * As `deduplicateArrivals`, for what the database refuses as it is: the arrival that it refuses becomes what `instead` makes of
 * it, and the others stand. Still one transaction. Rejects with what the database says to that.
 */
export function deduplicateRefused(
  database: Database,
  arrivals: readonly ArrivedPayload[],
  lease: LeaseTerms,
  instead: (arrival: ArrivedPayload) => ArrivedPayload,
): Promise<IntakeResult[]> {
  const actor = "webhook";
  return transaction(database, actor, async (client) => {
    const results: IntakeResult[] = [];
    const settle = async (part: readonly ArrivedPayload[]): Promise<void> => {
      await client.query("SAVEPOINT arrivals");
      try {
        results.push(...(await settleAll(client, part, lease, actor)));
      } catch (error) {
        if (isRefused(error)) await client.query("ROLLBACK TO SAVEPOINT arrivals");
        throw error;
      }
      await client.query("RELEASE SAVEPOINT arrivals");
    };
    await bisectBatch(arrivals, settle, (arrival) => settle([instead(arrival)]));
    return results;
  });
}

async function settleAll(
  client: Queryable,
  arrivals: readonly ArrivedPayload[],
  lease: LeaseTerms,
  actor: Actor,
): Promise<IntakeResult[]> {
  const results = new Array<IntakeResult | undefined>(arrivals.length);
  let open = arrivals.map((arrival, index) => ({ arrival, index }));
  // An arrival is put off to the next round when another of the same key was handled in this one.
  while (open.length > 0) {
    const settled = await settleRound(client, open, lease, actor);
    for (const [index, result] of settled) results[index] = result;
    open = open.filter(({ index }) => !settled.has(index));
  }
  return results as IntakeResult[];
}

async function settleRound(
  client: Queryable,
  open: readonly { arrival: ArrivedPayload; index: number }[],
  lease: LeaseTerms,
  actor: Actor,
): Promise<Map<number, IntakeResult>> {
  const settled = new Map<number, IntakeResult>();
  const keyed = await resolveBodyHashes(client, open);
  const { known, fresh } = await lockKnownRuns(client, keyed);
  await settleFresh(client, fresh, { lease, actor }, settled);
  await settleKnown(client, known, settled);
  return settled;
}

async function lockKnownRuns(
  client: Queryable,
  keyed: readonly Keyed[],
): Promise<{ known: KnownArrival[]; fresh: Keyed[] }> {
  const sources = keyed.map(({ arrival }) => arrival.source);
  const keys = keyed.map(({ key }) => key);
  await client.query(
    `SELECT 1 FROM public.runs WHERE (source, idempotency_key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
     ORDER BY run_id FOR NO KEY UPDATE`,
    [sources, keys],
  );
  // A later statement sees what was committed while the locks were waited for.
  const { rows } = await client.query<KnownRun & { position: number }>(
    `SELECT input.position::int, r.run_id, r.status, r.refused,
       ${isBodyOfRunSql("r.run_id", "input.payload -> 'body'")} AS same_body,
       q.dlq_id AS known_dlq_id, q.error_code AS known_error_code, q.reason AS known_reason,
       coalesce(q.arrival_id = input.arrival_id, false) AS known_is_own
     FROM (SELECT source, key, payload::jsonb AS payload, arrival_id, position
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
             AS t (source, key, payload, arrival_id, position)) AS input
     JOIN public.runs r ON r.source = input.source AND r.idempotency_key = input.key
     LEFT JOIN LATERAL (
       SELECT d.dlq_id, d.error_code, d.reason, d.payload ->> 'arrival_id' AS arrival_id FROM public.dlq d
       WHERE d.run_id = r.run_id AND d.kind IN ('refused', 'conflict')
         AND coalesce(d.payload -> 'body', d.payload -> 'sha256', 'null')
           = coalesce(input.payload -> 'body', input.payload -> 'sha256', 'null')
       ORDER BY d.dlq_id DESC LIMIT 1) AS q ON true`,
    [sources, keys, keyed.map(({ arrival }) => arrival.payload), keyed.map(({ arrival }) => arrival.runId)],
  );
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  const known: KnownArrival[] = [];
  const fresh: Keyed[] = [];
  keyed.forEach((arrival, index) => {
    const run = byPosition.get(index + 1);
    if (run === undefined) fresh.push(arrival);
    else known.push({ ...arrival, run });
  });
  return { known, fresh };
}

async function settleFresh(
  client: Queryable,
  fresh: readonly Keyed[],
  { lease, actor }: { readonly lease: LeaseTerms; readonly actor: Actor },
  settled: Map<number, IntakeResult>,
): Promise<void> {
  const leads: KeyedLead[] = [];
  const refusals: KeyedRefusal[] = [];
  for (const { key, arrival } of firstOfEachKey(fresh)) {
    if (arrival.kind === "lead") leads.push({ key, lead: unleased(arrival) });
    else refusals.push({ key, refusal: arrival });
  }
  if (leads.length > 0) {
    const accepted = await acceptLeads(client, leads, lease, { actor });
    for (const { index, arrival } of fresh) {
      if (accepted.has(arrival.runId)) settled.set(index, { kind: "accepted", runId: arrival.runId });
    }
  }
  if (refusals.length > 0) {
    const made = await insertRefusedRuns(client, refusals);
    const mine = fresh.filter(({ arrival }) => made.has(arrival.runId));
    await keepPayloads(
      client,
      mine.map((item) => refusedPayload(item.arrival.runId, item)),
      settled,
    );
  }
}

/** What came first stands; the others are looked at beside its run, in the next round. */
function firstOfEachKey(fresh: readonly Keyed[]): readonly Keyed[] {
  const first = new Map<string, Keyed>();
  for (const keyed of fresh) {
    const name = `${keyed.arrival.source}\n${keyed.key}`;
    if (!first.has(name)) first.set(name, keyed);
  }
  return [...first.values()];
}

function unleased(lead: Lead): Lead {
  return { ...lead, routes: lead.routes.map(({ destination }) => ({ destination, leased: false })) };
}

async function settleKnown(
  client: Queryable,
  known: readonly KnownArrival[],
  settled: Map<number, IntakeResult>,
): Promise<void> {
  const repeats: Repeat[] = [];
  const corrections = new Map<string, KnownArrival>();
  const kept: KeptPayload[] = [];
  for (const item of known) {
    const decision = decideKnown(item);
    switch (decision) {
      case "own":
        settled.set(
          item.index,
          item.run.known_is_own || item.arrival.kind === "refused"
            ? knownRefusal(item)
            : { kind: "accepted", runId: item.run.run_id },
        );
        break;
      case "duplicate":
      case "known_refusal":
        repeats.push({ ...item, decision });
        break;
      case "correction":
        // The first good body of a refused run; others of this round are looked at again in the next.
        if (!corrections.has(item.run.run_id)) corrections.set(item.run.run_id, item);
        break;
      case "refused":
        kept.push(refusedPayload(item.run.run_id, item));
        break;
      case "conflict":
        kept.push(conflictingPayload(item));
        break;
    }
  }
  await recordRepeats(client, repeats, settled);
  await correctRuns(
    client,
    [...corrections.values()].map(({ run, arrival }) => correctionOf(run.run_id, arrival as Lead)),
  );
  for (const item of corrections.values())
    settled.set(item.index, { kind: "accepted", runId: item.run.run_id });
  await keepPayloads(client, kept, settled);
}

function correctionOf(
  runId: string,
  { payload, emailHash, phoneHash, furtherHashes = [], routes, runId: arrivalId }: Lead,
): Correction {
  const destinations = routes.map(({ destination }) => destination);
  return { runId, payload, emailHash, phoneHash, furtherHashes, destinations, arrivalId };
}

type KnownDecision = "own" | "duplicate" | "correction" | "known_refusal" | "refused" | "conflict";

/** What an arrival means for the run that its key belongs to. */
function decideKnown({ arrival, run }: KnownArrival): KnownDecision {
  // It was committed before: the rest of its batch failed, or nobody could tell, and it is settled again.
  if (run.run_id === arrival.runId || run.known_is_own) return "own";
  // Content that has the same keyed hash is the same lead, although technical fields may differ.
  if (!run.refused && (run.same_body || isKeyed(arrival))) return "duplicate";
  if (arrival.kind === "refused") {
    if (run.known_dlq_id !== null) return "known_refusal";
    return run.refused ? "refused" : "conflict";
  }
  if (run.refused) return "correction";
  return run.known_dlq_id === null ? "conflict" : "known_refusal";
}

function isKeyed({ recognisedBy }: ArrivedPayload): boolean {
  return recognisedBy.kind === "body_hash" && recognisedBy.keyed === true;
}

/** A lead or a refused payload that was here before. */
interface Repeat extends KnownArrival {
  readonly decision: "duplicate" | "known_refusal";
}

async function recordRepeats(
  client: Queryable,
  repeats: readonly Repeat[],
  settled: Map<number, IntakeResult>,
): Promise<void> {
  if (repeats.length === 0) return;
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT run_id, ${eventTypeSql("duplicate_received")}, payload::jsonb - CASE WHEN keeps_body THEN '{body_base64}' ELSE '{body,body_base64}' END::text[]
       || jsonb_strip_nulls(jsonb_build_object('dlq_id', dlq_id, 'arrival_id', arrival_id))
     FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::boolean[]) AS t (run_id, payload, dlq_id, arrival_id, keeps_body)
     WHERE NOT EXISTS (SELECT FROM public.audit_events e WHERE ${isEventOfArrival("e", "t.arrival_id")}) ORDER BY run_id`,
    [
      repeats.map(({ run }) => run.run_id),
      repeats.map(({ arrival }) => arrival.payload),
      repeats.map(({ run, decision }) => (decision === "duplicate" ? null : run.known_dlq_id)),
      repeats.map(({ arrival }) => arrival.runId),
      // Whoever decides that it was no repeat after all delivers what came.
      repeats.map(
        ({ arrival, decision }) => decision === "duplicate" && arrival.kind === "lead" && isKeyed(arrival),
      ),
    ],
  );
  for (const repeat of repeats) {
    const { index, run, decision } = repeat;
    settled.set(
      index,
      decision === "duplicate"
        ? { kind: "duplicate", runId: run.run_id, existingStatus: run.status }
        : knownRefusal(repeat),
    );
  }
}

/** A known (run, error code, body) keeps its ids for ever, and gets the same answer. */
function knownRefusal({ arrival, run }: KnownArrival): IntakeResult {
  const dlqId = run.known_dlq_id ?? 0;
  const errorCode = run.known_error_code ?? "";
  if (errorCode === keyReusedCode) return { kind: "key_reused", runId: run.run_id, dlqId };
  const message = arrival.kind === "refused" ? arrival.message : (run.known_reason ?? "");
  return { kind: "refused", runId: run.run_id, dlqId, errorCode, message };
}

function refusedPayload(runId: string, { index, arrival }: Keyed): KeptPayload {
  const { errorCode, message, runId: arrivalId, payload } = arrival as RefusedPayload;
  return { index, runId, arrivalId, kind: "refused", errorCode, reason: message, payload };
}

function conflictingPayload({ index, arrival, run }: KnownArrival): KeptPayload {
  return {
    index,
    runId: run.run_id,
    arrivalId: arrival.runId,
    kind: "conflict",
    errorCode: keyReusedCode,
    reason: "the idempotency key already belongs to another body; the first lead stands",
    payload: arrival.payload,
  };
}
