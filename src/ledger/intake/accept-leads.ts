// The one statement of intake: new leads become runs, their lead_received events and their deliveries; health checks
// that came meanwhile become events with them.
import type { Lead } from "../../domain/leads/lead.ts";
import { insertFirstEventsSql } from "../log/audit-events.ts";
import { booleanArray, byteaArray, textArray, uuidArray } from "../connection/binary-arrays.ts";
import { transaction, withDeadlockRetry } from "../connection/database.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { durableHereSql } from "../connection/session-settings.ts";
import { distributeLeads } from "./distribute-leads.ts";
import { furtherHashesOf, personHashVersion } from "./further-hashes.ts";
import { eventTypeSql, payloadSql } from "../log/event-sql.ts";

/** A lead whose key is settled; the body-hash rule has been resolved to one before. */
export interface KeyedLead {
  readonly key: string;
  readonly lead: Lead;
}

// The actor is set by the same row source that feeds the inserts, so it is known before any trigger asks for it; so is
// the word that the events come complete (audit_events_complete in the migrations): a run that is new has no event yet
// that its first one must come after, so nothing has to be looked up.
// A commit that is acknowledged is durable, also where a pooler has forgotten what the session had set.
// Rows are sorted by (source, key) in one collation, so that two batches cannot wait for each other in a circle.
// The answer is one row, empty where all leads were new, as nearly always; a row for each cost both sides more.
// The arrays are unnested in the list of columns: in FROM, each would be written to a store of its own first.
const acceptSql = `
  WITH said AS MATERIALIZED (
    SELECT set_config('leadledger.actor', $15, true) AS actor, set_config('leadledger.events', 'complete', true),
      ${durableHereSql}),
  input AS MATERIALIZED (
    SELECT unnest($1::uuid[]) AS run_id, unnest($2::text[]) AS source, unnest($3::text[]) AS idempotency_key,
      unnest($4::text[]) AS received_at, unnest($5::boolean[]) AS routed, unnest($6::boolean[]) AS test,
      unnest($7::bytea[]) AS email_hash, unnest($8::bytea[]) AS phone_hash, unnest($9::text[]) AS payload, actor
    FROM said),
  inserted AS (
    INSERT INTO public.runs (run_id, source, idempotency_key, received_at, status, outcome, test, email_hash, phone_hash)
    SELECT run_id, source, idempotency_key, least(received_at::timestamptz, clock_timestamp()),
      CASE WHEN routed THEN 'accepted' ELSE 'processed' END, CASE WHEN NOT routed THEN 'no_destination' END,
      test, email_hash, phone_hash
    FROM input ORDER BY source COLLATE "C", idempotency_key COLLATE "C"
    ON CONFLICT (source, idempotency_key) DO NOTHING
    RETURNING run_id),
  told AS (${insertFirstEventsSql(`
    SELECT run_id, ${eventTypeSql("lead_received")} AS event_type, actor, payload::jsonb AS payload FROM input JOIN inserted USING (run_id)
    UNION ALL
    SELECT NULL, ${eventTypeSql("health_check")}, 'system', ${payloadSql("health_check", { check: "'health'", at: "at" })}
    FROM said, unnest($16::text[]) AS health_check (at)`)}),
  found_by AS (
    INSERT INTO internal.further_person_hashes (run_id, kind, version, hash)
    SELECT DISTINCT run_id, kind, ${personHashVersion}, hash
    FROM unnest($17::uuid[], $18::text[], $19::bytea[]) AS further (run_id, kind, hash) JOIN inserted USING (run_id)),
  routed AS (
    INSERT INTO internal.deliveries (run_id, destination, attempt, due_at, leased_by)
    SELECT run_id, destination, leased::int, clock_timestamp() + CASE WHEN leased THEN $13::interval ELSE '0' END,
      CASE WHEN leased THEN $14 END
    FROM unnest($10::uuid[], $11::text[], $12::boolean[]) AS route (run_id, destination, leased)
    JOIN inserted USING (run_id))
  SELECT CASE WHEN count(*) < cardinality($1::uuid[]) THEN coalesce(array_agg(run_id), '{}') END AS accepted
  FROM inserted`;

/** Then the connection counts as dead: a server that was cut off never says so. */
const statementTimeoutMs = 10_000;

export interface AcceptOptions {
  /** As whom the leads are written; "webhook" where nothing is said. */
  readonly actor?: Actor;
  /** Times (ISO 8601) of health checks, whose events are written by the same statement. */
  readonly healthChecks?: readonly string[];
}

export interface LeaseTerms {
  readonly node: string;
  readonly leaseMs: number;
}

/** Writes the leads whose (source, key) is new and returns their run ids; the others have written nothing. */
export function acceptLeads(
  database: Database,
  leads: readonly KeyedLead[],
  lease: LeaseTerms,
  options: AcceptOptions = {},
): Promise<Set<string>> {
  const { actor = "webhook" } = options;
  return leads.some(({ lead }) => isDistributed(lead))
    ? transaction(database, actor, (client) => acceptLeadsWithin(client, leads, lease, options))
    : withDeadlockRetry(() => insertLeads(database, leads, lease, options));
}

/** The same, in a transaction of the caller's. */
export async function acceptLeadsWithin(
  client: Queryable,
  leads: readonly KeyedLead[],
  lease: LeaseTerms,
  options: AcceptOptions = {},
): Promise<Set<string>> {
  const accepted = await insertLeads(client, leads, lease, options);
  const distributed = leads.flatMap(({ lead }) =>
    isDistributed(lead) && accepted.has(lead.runId) ? [lead] : [],
  );
  if (distributed.length > 0) await distributeLeads(client, distributed);
  return accepted;
}

function isDistributed({ groups = [] }: Lead): boolean {
  return groups.length > 0;
}

/** One statement and therefore one transaction, unless the caller has one open. */
async function insertLeads(
  database: Queryable,
  leads: readonly KeyedLead[],
  lease: LeaseTerms,
  { actor = "webhook", healthChecks = [] }: AcceptOptions,
): Promise<Set<string>> {
  const routes = leads.flatMap(({ lead }) => lead.routes.map((route) => ({ runId: lead.runId, ...route })));
  const further = furtherHashesOf(leads.map(({ lead }) => lead));
  const values = [
    uuidArray(leads.map(({ lead }) => lead.runId)),
    textArray(leads.map(({ lead }) => lead.source)),
    textArray(leads.map(({ key }) => key)),
    textArray(leads.map(({ lead }) => lead.receivedAt)),
    booleanArray(leads.map(({ lead }) => lead.routes.length > 0 || isDistributed(lead))),
    booleanArray(leads.map(({ lead }) => lead.test)),
    byteaArray(leads.map(({ lead }) => lead.emailHash)),
    byteaArray(leads.map(({ lead }) => lead.phoneHash)),
    textArray(leads.map(({ lead }) => lead.payload)),
    uuidArray(routes.map((route) => route.runId)),
    textArray(routes.map((route) => route.destination)),
    booleanArray(routes.map((route) => route.leased)),
    `${lease.leaseMs} milliseconds`,
    lease.node,
    actor,
    textArray(healthChecks),
    uuidArray(further.map(({ runId }) => runId)),
    textArray(further.map(({ kind }) => kind)),
    byteaArray(further.map(({ hash }) => hash)),
  ];
  try {
    const { rows } = await database.query<{ accepted: string[] | null }>({
      name: "accept-leads",
      text: acceptSql,
      query_timeout: statementTimeoutMs,
      values,
    });
    const [answer] = rows;
    if (answer === undefined) throw new Error("the database did not say which leads it took");
    return new Set(answer.accepted ?? leads.map(({ lead }) => lead.runId));
  } finally {
    // The driver's timer refers to the statement for long after its end, and with it to some 400 KB per batch.
    values.length = 0;
  }
}
