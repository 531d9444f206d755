// What intake's one statement cannot settle: keys that are known already, refused payloads, the body-hash rule, and
// requests with several leads. One transaction, in rounds: find or make the run of every arrival, look at it under its
// lock, write what follows.
import type { IntakeResult, Lead, RefusedPayload } from "../../domain/leads/lead.ts";
import { decideReuse, keyReusedCode } from "../../domain/leads/key-reuse.ts";
import type { ReuseDecision } from "../../domain/leads/key-reuse.ts";
import type { RunStatus } from "../../domain/leads/run.ts";
import { acceptLeadsWithin } from "./accept-leads.ts";
import { isEventOfArrival } from "../log/arrival-ids.ts";
import type { KeyedLead, LeaseTerms } from "./accept-leads.ts";
import { resolveBodyHashes } from "./body-hash-keys.ts";
import { isBodyOfRunSql, revisionOfBodySql } from "./current-body-sql.ts";
import { correctRuns } from "./correct-runs.ts";
import type { Correction } from "./correct-runs.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { bisectBatch, isRefused } from "../connection/refused-rows.ts";
import { insertRefusedRuns, keepPayloads } from "./refused-payloads.ts";
import type { KeptPayload, KeyedRefusal } from "./refused-payloads.ts";
import { reviseRuns } from "./revise-runs.ts";
import type { Routing } from "../../domain/leads/distribution.ts";
import type { Revision } from "./revise-runs.ts";
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
  /** The revision that has this body; null: none. */
  readonly known_revision: number | null;
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
  for (let isFirst = true; open.length > 0; isFirst = false) {
    const settled = await settleRound(client, open, { lease, actor, isFirst });
    for (const [index, result] of settled) results[index] = result;
    open = open.filter(({ index }) => !settled.has(index));
  }
  return results as IntakeResult[];
}

async function settleRound(
  client: Queryable,
  open: readonly { arrival: ArrivedPayload; index: number }[],
  { lease, actor, isFirst }: { readonly lease: LeaseTerms; readonly actor: Actor; readonly isFirst: boolean },
): Promise<Map<number, IntakeResult>> {
  const settled = new Map<number, IntakeResult>();
  const keyed = await resolveBodyHashes(client, open);
  // Of what is new no run is known. Should one have its key nevertheless, the next round looks.
  const asked = isFirst ? keyed.filter(({ isNew }) => !isNew) : keyed;
  const { known, fresh } = asked.length === 0 ? nothingKnown : await lockKnownRuns(client, asked);
  const unasked = isFirst ? keyed.filter(({ isNew }) => isNew) : [];
  await settleFresh(client, [...unasked, ...fresh], { lease, actor }, settled);
  await settleKnown(client, known, settled);
  return settled;
}

const nothingKnown: { readonly known: readonly KnownArrival[]; readonly fresh: readonly Keyed[] } = {
  known: [],
  fresh: [],
};

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
       ${revisionOfBodySql("r.run_id", "input.payload -> 'body'")} AS known_revision,
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
    const accepted = await acceptLeadsWithin(client, leads, lease, { actor });
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
  const revisions = new Map<string, KnownArrival>();
  const kept: KeptPayload[] = [];
  for (const item of known) {
    const decision = decideKnown(item);
    switch (decision) {
      case "own":
        settled.set(item.index, ownAgain(item));
        break;
      case "duplicate":
      case "known_refusal":
      case "kept_before":
        repeats.push({ ...item, decision });
        break;
      case "correction":
        // The first good body of a refused run; others of this round are looked at again in the next.
        if (!corrections.has(item.run.run_id)) corrections.set(item.run.run_id, item);
        break;
      case "revision":
        if (!revisions.has(item.run.run_id)) revisions.set(item.run.run_id, item);
        break;
      case "refused":
        kept.push(refusedPayload(item.run.run_id, item));
        break;
      case "conflict":
      case "kept":
        kept.push(conflictingPayload(item, decision === "kept"));
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
  await settleRevisions(client, [...revisions.values()], settled);
  await keepPayloads(client, kept, settled);
}

async function settleRevisions(
  client: Queryable,
  items: readonly KnownArrival[],
  settled: Map<number, IntakeResult>,
): Promise<void> {
  const numbers = await reviseRuns(client, items.map(revisionOf));
  for (const { index, run } of items) {
    const revision = numbers.get(run.run_id);
    if (revision !== undefined) settled.set(index, { kind: "revised", runId: run.run_id, revision });
  }
}

function revisionOf({ arrival, run }: KnownArrival): Revision {
  const lead = arrival as Lead;
  const { source, test, payload, emailHash, phoneHash, furtherHashes = [], runId: arrivalId } = lead;
  return {
    runId: run.run_id,
    source,
    test,
    payload,
    emailHash,
    phoneHash,
    furtherHashes,
    ...routingOf(lead),
    arrivalId,
    dlqId: run.known_error_code === keyReusedCode ? run.known_dlq_id : null,
  };
}

/** It was settled before, and its answer was lost. */
function ownAgain(item: KnownArrival): IntakeResult {
  const { arrival, run } = item;
  if (!run.known_is_own && arrival.kind === "lead") return { kind: "accepted", runId: run.run_id };
  const isKeptFirst = arrival.onKeyReuse === "keep_first" && run.known_error_code === keyReusedCode;
  return isKeptFirst ? duplicateOf(run) : knownRefusal(item);
}

function duplicateOf({
  run_id: runId,
  status: existingStatus,
  known_revision: revision,
}: KnownRun): IntakeResult {
  return { kind: "duplicate", runId, existingStatus, ...(revision === null ? {} : { revision }) };
}

function correctionOf(runId: string, lead: Lead): Correction {
  const { source, test, payload, emailHash, phoneHash, furtherHashes = [], runId: arrivalId } = lead;
  const routing = routingOf(lead);
  return { runId, source, test, payload, emailHash, phoneHash, furtherHashes, ...routing, arrivalId };
}

function routingOf({ routes, groups = [] }: Lead): Routing {
  return { destinations: routes.map(({ destination }) => destination), groups };
}

/** What an arrival means for the run that its key belongs to. */
function decideKnown({ arrival, run }: KnownArrival): "own" | ReuseDecision {
  // It was committed before: the rest of its batch failed, or nobody could tell, and it is settled again.
  if (run.run_id === arrival.runId || run.known_is_own) return "own";
  const arriving = { isLead: arrival.kind === "lead", rule: arrival.onKeyReuse ?? "reject" };
  return decideReuse(arriving, {
    isRefused: run.refused,
    // Content that has the same keyed hash is the same lead, although technical fields may differ.
    isSameBody: run.same_body || isKeyed(arrival),
    keptAs: run.known_error_code,
  });
}

function isKeyed({ recognisedBy }: ArrivedPayload): boolean {
  return recognisedBy.kind === "body_hash" && recognisedBy.keyed === true;
}

/** A lead or a refused payload that was here before. */
interface Repeat extends KnownArrival {
  readonly decision: "duplicate" | "known_refusal" | "kept_before";
}

async function recordRepeats(
  client: Queryable,
  repeats: readonly Repeat[],
  settled: Map<number, IntakeResult>,
): Promise<void> {
  if (repeats.length === 0) return;
  await client.query(
    `WITH told AS (
     INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT run_id, ${eventTypeSql("duplicate_received")}, payload::jsonb - CASE WHEN keeps_body THEN '{body_base64}' ELSE '{body,body_base64}' END::text[]
       || jsonb_strip_nulls(jsonb_build_object('dlq_id', dlq_id, 'arrival_id', arrival_id))
     FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::boolean[]) AS t (run_id, payload, dlq_id, arrival_id, keeps_body)
     WHERE NOT EXISTS (SELECT FROM public.audit_events e WHERE ${isEventOfArrival("e", "t.arrival_id")}) ORDER BY run_id
     RETURNING run_id, event_time)
     INSERT INTO internal.hour_deltas (bucket, source, duplicates)
     SELECT internal.kpi_bucket(t.event_time), r.source, count(*)
     FROM told t JOIN public.runs r USING (run_id) WHERE NOT r.test GROUP BY 1, 2`,
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
    settled.set(index, decision === "known_refusal" ? knownRefusal(repeat) : duplicateOf(run));
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

/** `isSettled`: the sender is told that the first lead stands, and nobody has to look. */
function conflictingPayload({ index, arrival, run }: KnownArrival, isSettled: boolean): KeptPayload {
  return {
    index,
    runId: run.run_id,
    arrivalId: arrival.runId,
    kind: "conflict",
    errorCode: keyReusedCode,
    reason: "the idempotency key already belongs to another body; the first lead stands",
    payload: arrival.payload,
    ...(isSettled ? { settledAs: duplicateOf(run) } : {}),
  };
}
