// The table person_name_hashes: names by which leads are found. Filled behind intake, which has no time for it, by
// following the log: whatever gives a lead a body is an event.
import { setImmediate } from "node:timers/promises";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import { bodyEvents, currentBodyTextSql } from "../intake/current-body-sql.ts";
import type { NameKind } from "../../domain/persons/person-name-key.ts";

/** Of the rules by which names are made comparable (domain/persons); another one makes all hashes afresh. */
export const nameHashVersion = 2;

export interface NameHash {
  readonly kind: NameKind;
  /** 16 bytes. */
  readonly hash: Buffer;
}

/** `bodyJson`: JSON text. */
export type NameHashesOf = (lead: {
  readonly source: string;
  readonly bodyJson: string;
}) => readonly NameHash[];

const leadsAtOnce = 20;

interface Progress {
  readonly version: number;
  /** Events up to here are done. */
  readonly done: number;
  /** Events up to here had their number when this was noted … */
  readonly frontier: number;
  /** … by transactions older than this one (xid8), so that all of them are there when those have ended. */
  readonly xid: string;
}

const beginning: Progress = { version: nameHashVersion, done: 0, frontier: 0, xid: "0" };

/** Whether all that had happened before the turn is done, or some of it waits for the next one. */
export type NamesIndexed = "done" | "behind";

/** Looked through at a time, so that a long history is caught up with slowly, beside everything else. */
const eventsPerLead = 10;

/** One turn over so many leads at most. Called by the leader. */
export async function indexNames(
  database: Database,
  guard: LeaderGuard,
  readHashing: () => Promise<NameHashesOf>,
  leadsMax: number,
): Promise<NamesIndexed> {
  const { rows } = await database.query<{
    progress: Progress | null;
    is_settled: boolean;
    last_event: number;
    next_xid: string;
  }>(
    // A number beyond those that there are is another server's, from which the database was moved here.
    `SELECT s.value AS progress,
       coalesce((s.value ->> 'xid')::xid8 NOT BETWEEN pg_snapshot_xmin(now_.snapshot) AND pg_snapshot_xmax(now_.snapshot)
         OR (s.value ->> 'xid')::xid8 = pg_snapshot_xmin(now_.snapshot), false) AS is_settled,
       coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.audit_events', 'event_id')::regclass), 0) AS last_event,
       pg_snapshot_xmax(now_.snapshot)::text AS next_xid
     FROM pg_current_snapshot() AS now_ (snapshot) LEFT JOIN internal.settings s ON s.name = 'person_names'`,
  );
  const [found] = rows;
  if (found === undefined) return "done";
  const { progress, last_event: lastEvent, next_xid: xid } = found;
  const before = progress?.version === nameHashVersion ? progress : beginning;
  const isWaiting = before.done < before.frontier;
  if (isWaiting ? !found.is_settled : lastEvent <= before.frontier) return "done";
  const hashesOf = isWaiting ? await readHashing() : null;
  return transaction(database, "system", async (client) => {
    await guard(client);
    const upTo = Math.min(before.done + leadsMax * eventsPerLead, before.frontier);
    const done =
      hashesOf === null ? before.done : await indexEvents(client, before.done, upTo, leadsMax, hashesOf);
    const next = done === before.frontier ? { frontier: lastEvent, xid } : before;
    // Whoever has noted something else meanwhile, so that all is done afresh, is not written over.
    await client.query(
      `INSERT INTO internal.settings AS s (name, value) VALUES ('person_names', $1)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp() WHERE s.value = $2`,
      [
        JSON.stringify({ version: nameHashVersion, done, frontier: next.frontier, xid: next.xid }),
        JSON.stringify(progress),
      ],
    );
    return done < next.frontier ? "behind" : "done";
  });
}

/** The first leads whose bodies came with these events, as they stand now. Returns up to which event all are done. */
async function indexEvents(
  client: Queryable,
  after: number,
  upTo: number,
  leadsMax: number,
  hashesOf: NameHashesOf,
): Promise<number> {
  const { rows: told } = await client.query<{ event_id: number; run_id: string }>(
    `SELECT event_id, run_id FROM public.audit_events
     WHERE event_id > $1 AND event_id <= $2 AND event_type IN (${bodyEvents}) ORDER BY event_id LIMIT $3`,
    [after, upTo, leadsMax],
  );
  const done = told.length < leadsMax ? upTo : (told.at(-1)?.event_id ?? upTo);
  const { rows } = await client.query<{ run_id: string; source: string; body: string | null }>(
    `SELECT r.run_id, r.source, ${currentBodyTextSql("r.run_id")} AS body
     FROM public.runs r WHERE r.run_id = ANY ($1::uuid[])`,
    [told.map(({ run_id: runId }) => runId)],
  );
  if (rows.length === 0) return done;
  const hashes: (NameHash & { readonly runId: string })[] = [];
  for (const [index, { run_id: runId, source, body }] of rows.entries()) {
    // Leads that arrive meanwhile do not wait for more than a few of these.
    if (index % leadsAtOnce === leadsAtOnce - 1) await setImmediate();
    if (body === null) continue;
    for (const { kind, hash } of hashesOf({ source, bodyJson: body })) hashes.push({ runId, kind, hash });
  }
  await client.query("DELETE FROM internal.person_name_hashes WHERE run_id = ANY ($1::uuid[])", [
    rows.map(({ run_id: runId }) => runId),
  ]);
  await client.query(
    `INSERT INTO internal.person_name_hashes (run_id, kind, version, hash)
     SELECT DISTINCT run_id, kind, ${nameHashVersion}, hash FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS t (run_id, kind, hash)`,
    [hashes.map(({ runId }) => runId), hashes.map(({ kind }) => kind), hashes.map(({ hash }) => hash)],
  );
  return done;
}

/** Runs under one of these hashes (hexadecimal, joined by commas). */
export function runsOfNamesSql(hashes: string): string {
  return `SELECT n.run_id FROM internal.person_name_hashes n
    WHERE n.hash = ANY (ARRAY(SELECT decode(each, 'hex') FROM unnest(string_to_array(${hashes}, ',')) AS each))`;
}
