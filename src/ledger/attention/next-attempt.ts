// What the next attempt of a DLQ entry would send, without making one.
import { entryBodySql, entryRevisionSql } from "../intake/current-body-sql.ts";
import { markedSql } from "../intake/earlier-lead-sql.ts";
import type { EarlierLead } from "../../domain/leads/same-person.ts";
import type { Queryable } from "../connection/database.ts";
import type { EntryAtHand } from "../../domain/attention/entry-actions.ts";
import { entryAtHandSql } from "./entry-actions.ts";

export interface NextAttempt extends EntryAtHand {
  readonly next_retry_at: Date | null;
  readonly source: string | null;
  readonly received_at: Date | null;
  /** Which revision of the lead it is; null: the lead as it came first. */
  readonly revision: number | null;
  /** Of the same person, where its source marks that. */
  readonly same_person: EarlierLead | null;
  /** JSON text, exact. */
  readonly body: string | null;
  /** Milliseconds since 1970, by the database's clock: deliveries are signed with it. */
  readonly now_ms: number;
}

/** null: there is no such entry. */
export async function readNextAttempt(database: Queryable, dlqId: number): Promise<NextAttempt | null> {
  const { rows } = await database.query<NextAttempt>(
    `SELECT hand.*, q.next_retry_at, r.source, r.received_at, extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms,
       (${entryBodySql("q")})::text AS body, ${entryRevisionSql("q")} AS revision, ${markedSql("r")} AS same_person
     FROM (${entryAtHandSql}) AS hand JOIN public.dlq q USING (dlq_id) LEFT JOIN public.runs r ON r.run_id = q.run_id`,
    [[dlqId]],
  );
  return rows[0] ?? null;
}

/** JSON text as it reads once it is stored: what is sent of it is that. */
export async function asStored(database: Queryable, json: string): Promise<string> {
  const { rows } = await database.query<{ json: string }>("SELECT $1::jsonb::text AS json", [json]);
  return rows[0]?.json ?? json;
}
