// Leads that came as ids (internal.incomplete_leads): claimed under a lease by whichever node is free, completed or put off
// under a fence. Their deliveries are held (sql/hold-deliveries.sql) until this is over.
import type { HeldReason } from "../../domain/destinations/held.ts";
import type { CompletionFailureCode } from "../../domain/leads/completion.ts";
import type { FurtherHash } from "../../domain/leads/lead.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { currentBodyTextSql } from "../intake/current-body-sql.ts";
import { replaceFurtherHashes } from "../intake/further-hashes.ts";
import { replaceInEntries } from "../intake/revision-deliveries.ts";
import { eventSql } from "../log/event-sql.ts";

export interface ClaimedLead {
  readonly runId: string;
  readonly source: string;
  /** Begun, this one included; also the fence. */
  readonly attempts: number;
  /** How the attempt before ended; null: there was none. */
  readonly errorCode: string | null;
}

export interface ClaimTerms {
  readonly node: string;
  readonly leaseMs: number;
  /** The configuration that the node goes by: what got stuck under an older one is tried again. */
  readonly revision: number;
  readonly limit: number;
}

/** Leases leads that are due, the longest due first; none of a source whose vendor asks for a pause. */
export async function claimIncompleteLeads(
  database: Queryable,
  { node, leaseMs, revision, limit }: ClaimTerms,
): Promise<ClaimedLead[]> {
  const { rows } = await database.query<{
    run_id: string;
    source: string;
    attempts: number;
    error_code: string | null;
  }>({
    name: "claim-incomplete-leads",
    text: `
      UPDATE internal.incomplete_leads i
      SET leased_by = $1, due_at = clock_timestamp() + $2::interval, attempts = i.attempts + 1
      FROM (
        SELECT c.run_id FROM internal.incomplete_leads c
        WHERE (c.due_at <= statement_timestamp() OR c.is_stuck AND c.leased_by IS NULL AND c.revision < $3)
          AND NOT EXISTS (SELECT FROM internal.incomplete_leads t WHERE t.source = c.source
            AND t.error_code = 'completion_throttled' AND t.leased_by IS NULL AND t.due_at > statement_timestamp())
        ORDER BY c.due_at LIMIT $4 FOR UPDATE SKIP LOCKED) AS due
      WHERE i.run_id = due.run_id
      RETURNING i.run_id, i.source, i.attempts, i.error_code`,
    values: [node, milliseconds(leaseMs), revision, limit],
  });
  return rows.map(({ run_id: runId, source, attempts, error_code: errorCode }) => ({
    runId,
    source,
    attempts,
    errorCode,
  }));
}

/** Whether some are tried again without anybody doing something. */
export async function isAnyToBeTried(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ is_any: boolean }>({
    name: "incomplete-leads-to-be-tried",
    text: "SELECT EXISTS (SELECT FROM internal.incomplete_leads WHERE NOT is_stuck OR leased_by IS NOT NULL) AS is_any",
  });
  return rows[0]?.is_any === true;
}

export interface CompletedLead {
  /** JSON text, exact: what the lead stands for from now on. */
  readonly bodyJson: string;
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly furtherHashes?: readonly FurtherHash[];
  /** Which version of the vendor's interface answered; null: it does not say. */
  readonly apiVersion: string | null;
}

/** The data are there: they are told, entries that wait get them, and the deliveries go out. false: it was somebody else's. */
export function completeLead(
  database: Database,
  node: string,
  claimed: ClaimedLead,
  { bodyJson, emailHash, phoneHash, furtherHashes = [], apiVersion }: CompletedLead,
): Promise<boolean> {
  const { runId, source, attempts } = claimed;
  return transaction(database, "system", async (client) => {
    if (!(await endClaim(client, node, claimed))) return false;
    const { rows } = await client.query<{ body: string | null }>(
      `SELECT ${currentBodyTextSql("$1::uuid")} AS body`,
      [runId],
    );
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       SELECT $1::uuid, ${eventSql("lead_completed", {
         body: "$2::jsonb",
         api_version: "$3::text",
         attempts: "$4::int",
       })}`,
      [runId, bodyJson, apiVersion, attempts],
    );
    await client.query("SELECT set_config('leadledger.operation', 'completion', true)");
    await client.query(
      `UPDATE public.runs SET email_hash = $2, phone_hash = $3
       WHERE run_id = $1 AND (email_hash, phone_hash) IS DISTINCT FROM ($2::bytea, $3::bytea)`,
      [runId, emailHash, phoneHash],
    );
    await client.query("SELECT set_config('leadledger.operation', '', true)");
    await replaceFurtherHashes(client, [{ runId, furtherHashes }]);
    // One that somebody wrote another body into keeps that.
    await client.query(
      `UPDATE public.dlq SET payload = coalesce(payload, '{}') || jsonb_build_object('body', $2::jsonb)
       WHERE run_id = $1 AND status = 'open' AND kind = 'delivery'
         AND coalesce(payload -> 'body' = $3::jsonb, payload -> 'body' IS NULL)`,
      [runId, bodyJson, rows[0]?.body ?? null],
    );
    await releaseIncomplete(client, runId);
    // What stopped the others of the source is over, as this one shows.
    await client.query(
      `UPDATE internal.incomplete_leads SET due_at = clock_timestamp(), is_stuck = false
       WHERE source = $1 AND is_stuck AND leased_by IS NULL AND error_code IN ('completion_not_permitted', 'completion_token_invalid')`,
      [source],
    );
    return true;
  });
}

/** There is nothing to fetch for it: its body is whole, or it has none any more. */
export function releaseWholeLead(database: Database, node: string, claimed: ClaimedLead): Promise<boolean> {
  return transaction(database, "system", async (client) => {
    if (!(await endClaim(client, node, claimed))) return false;
    await releaseIncomplete(client, claimed.runId);
    return true;
  });
}

export interface PutOff {
  readonly code: CompletionFailureCode;
  readonly message: string;
  readonly delayMs: number;
  readonly isStuck: boolean;
  /** The other leads of the source need not find out by themselves. */
  readonly isOfSource: boolean;
  readonly revision: number;
}

/** It could not be completed; told where that is news. false: it was somebody else's. */
export function putOffLead(
  database: Database,
  node: string,
  { runId, source, attempts, errorCode }: ClaimedLead,
  { code, message, delayMs, isStuck, isOfSource, revision }: PutOff,
): Promise<boolean> {
  const values = [code, message, milliseconds(delayMs), isStuck, isStuck ? revision : null];
  const set = `error_code = $1, error_message = $2, due_at = greatest(CASE WHEN leased_by IS NULL THEN due_at END,
      clock_timestamp() + $3::interval), is_stuck = $4, revision = $5, leased_by = NULL`;
  return transaction(database, "system", async (client) => {
    const { rowCount } = await client.query(
      `UPDATE internal.incomplete_leads SET ${set} WHERE run_id = $6 AND leased_by = $7 AND attempts = $8`,
      [...values, runId, node, attempts],
    );
    if (rowCount !== 1) return false;
    if (isOfSource) {
      await client.query(
        `UPDATE internal.incomplete_leads SET ${set} WHERE run_id IN (
           SELECT run_id FROM internal.incomplete_leads WHERE source = $6 AND leased_by IS NULL AND run_id <> $7
             AND due_at < clock_timestamp() + $3::interval FOR UPDATE SKIP LOCKED)`,
        [...values, source, runId],
      );
    }
    if (code === errorCode) return true;
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       SELECT $1::uuid, ${eventSql("completion_failed", {
         error_code: "$2::text",
         error_message: "$3::text",
         attempts: "$4::int",
       })}`,
      [runId, code, message, attempts],
    );
    return true;
  });
}

export type CompletionAction = "retry" | "deliver_anyway";

/** What a person wants done about a lead whose data are missing; within their transaction. false: none are. */
export async function orderCompletion(
  client: Queryable,
  runId: string,
  action: CompletionAction,
  reason: string | null,
): Promise<boolean> {
  await lockRun(client, runId);
  const { rowCount } = await client.query(
    action === "retry"
      ? `UPDATE internal.incomplete_leads
         SET due_at = CASE WHEN leased_by IS NULL THEN clock_timestamp() ELSE due_at END WHERE run_id = $1`
      : "DELETE FROM internal.incomplete_leads WHERE run_id = $1",
    [runId],
  );
  if (rowCount !== 1) return false;
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT $1::uuid, ${eventSql("completion_ordered", { action: "$2::text", reason: "$3::text" })}`,
    [runId, action, reason],
  );
  if (action === "deliver_anyway") await releaseIncomplete(client, runId);
  return true;
}

/** Why a lead's data are missing; as people see it. */
export interface Completion {
  /** Begun. */
  readonly attempts: number;
  readonly since: Date;
  /** Or the end of the one that is under way. */
  readonly next_attempt_at: Date;
  readonly is_stuck: boolean;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

/** null: nothing is missing. */
export async function readCompletion(database: Queryable, runId: string): Promise<Completion | null> {
  const { rows } = await database.query<Completion>(
    `SELECT attempts, created_at AS since, due_at AS next_attempt_at, is_stuck, error_code, error_message
     FROM internal.incomplete_leads WHERE run_id = $1`,
    [runId],
  );
  return rows[0] ?? null;
}

export interface IncompleteOfSource {
  readonly source: string;
  readonly error_code: string | null;
  readonly is_stuck: boolean;
  readonly count: number;
  readonly since: Date;
}

/** Those that are stuck, and those that have been waiting for a quarter of an hour; most first. */
export async function listIncompleteSources(
  database: Queryable,
  limit: number,
): Promise<IncompleteOfSource[]> {
  const { rows } = await database.query<IncompleteOfSource>(
    `SELECT source, error_code, is_stuck, count(*) AS count, min(created_at) AS since
     FROM internal.incomplete_leads GROUP BY source, error_code, is_stuck
     HAVING is_stuck OR min(created_at) < clock_timestamp() - interval '15 minutes'
     ORDER BY count DESC, source, error_code LIMIT $1`,
    [limit],
  );
  return rows;
}

async function endClaim(client: Queryable, node: string, { runId, attempts }: ClaimedLead): Promise<boolean> {
  await lockRun(client, runId);
  const { rowCount } = await client.query(
    "DELETE FROM internal.incomplete_leads WHERE run_id = $1 AND leased_by = $2 AND attempts = $3",
    [runId, node, attempts],
  );
  return rowCount === 1;
}

async function lockRun(client: Queryable, runId: string): Promise<void> {
  await client.query("SELECT FROM public.runs WHERE run_id = $1 FOR NO KEY UPDATE", [runId]);
}

/** What its source holds for another reason goes on to be held, for that one. */
async function releaseIncomplete(client: Queryable, runId: string): Promise<void> {
  await replaceInEntries(client, [runId]);
  const { rows } = await client.query<{ destination: string; held_reason: HeldReason | null }>(
    `WITH source AS MATERIALIZED (
       SELECT s.settings -> 'paused' = 'true' AS is_paused, s.settings -> 'samePerson' ->> 'then' = 'hold'
         AND internal.earlier_lead_of_person($1, (s.settings -> 'samePerson' ->> 'withinMs')::bigint) IS NOT NULL AS is_known
       FROM internal.sources s JOIN public.runs r ON r.source = s.name WHERE r.run_id = $1 AND s.enabled),
     next AS (
       SELECT d.destination, (SELECT CASE WHEN is_known AND NOT d.replay THEN 'same_person'
         WHEN is_paused THEN 'source_paused' END FROM source) AS reason
       FROM internal.deliveries d WHERE d.run_id = $1 AND d.held_reason = 'incomplete')
     UPDATE internal.deliveries d SET held_reason = next.reason,
       held_for = CASE WHEN next.reason IS NOT NULL THEN d.held_for END,
       due_at = CASE WHEN next.reason IS NULL THEN clock_timestamp() ELSE 'infinity' END
     FROM next WHERE d.run_id = $1 AND d.destination = next.destination AND d.held_reason = 'incomplete'
     RETURNING d.destination, d.held_reason`,
    [runId],
  );
  const told = rows.toSorted((a, b) => (a.destination < b.destination ? -1 : 1));
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT $1::uuid, ${eventSql("delivery_released", { destination: "destination", reason: "'incomplete'", note: "NULL" })}
     FROM unnest($2::text[]) AS destination`,
    [runId, told.map(({ destination }) => destination)],
  );
  const held = told.filter(({ held_reason: reason }) => reason !== null);
  if (held.length === 0) return;
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT $1::uuid, ${eventSql("delivery_held", { destination: "destination", reason: "reason" })}
     FROM unnest($2::text[], $3::text[]) AS held (destination, reason)`,
    [runId, held.map(({ destination }) => destination), held.map(({ held_reason: reason }) => reason)],
  );
}

function milliseconds(ms: number): string {
  return `${ms} milliseconds`;
}
