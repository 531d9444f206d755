// The table internal.quarantine and its figures: written in groups, bounded per source, emptied when its time is over.
// What leaves it leaves an event, and what was dropped is counted.
import { quarantinedDaysMax, quarantinedPerSourceMax } from "../../domain/attention/quarantine.ts";
import { booleanArray, byteaArray, textArray, uuidArray } from "../connection/binary-arrays.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { todaySql } from "../connection/reporting-time-sql.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import { eventSql, eventTypeSql } from "../log/event-sql.ts";
import type { EventPayload } from "../../domain/log/event-types.ts";

/** A request as it is stored. */
export interface SealedRequest {
  readonly quarantineId: string;
  readonly source: string;
  /** Whose places it takes: the source, or what all names are counted under that nobody has set up. */
  readonly room: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly errorCode: string;
  readonly authenticated: boolean;
  readonly isWhole: boolean;
  readonly sizeBytes: number | null;
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly content: Buffer;
}

export interface NotKept {
  readonly room: string;
  readonly count: number;
}

type Figure = "kept" | "released" | "discarded" | "expired" | "displaced" | "not_kept";

interface Counted {
  readonly room: string;
  readonly count: number;
}

/** Keeps them, makes room for them where their source has used up its own, and counts; in one transaction. */
export async function keepInQuarantine(
  database: Database,
  requests: readonly SealedRequest[],
  notKept: readonly NotKept[],
): Promise<void> {
  await transaction(database, "system", async (client) => {
    if (requests.length > 0) {
      const { rows: kept } = await client.query<{ room: string }>(
        `INSERT INTO internal.quarantine (quarantine_id, source, room, received_at, error_code, authenticated, is_whole,
           size_bytes, email_hash, phone_hash, content)
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]::timestamptz[], $5::text[], $6::boolean[],
           $7::boolean[], $8::bigint[], $9::bytea[], $10::bytea[], $11::bytea[])
         ON CONFLICT (quarantine_id) DO NOTHING RETURNING room`,
        [
          uuidArray(requests.map(({ quarantineId }) => quarantineId)),
          textArray(requests.map(({ source }) => source)),
          textArray(requests.map(({ room }) => room)),
          requests.map(({ receivedAt }) => receivedAt),
          textArray(requests.map(({ errorCode }) => errorCode)),
          booleanArray(requests.map(({ authenticated }) => authenticated)),
          booleanArray(requests.map(({ isWhole }) => isWhole)),
          requests.map(({ sizeBytes }) => sizeBytes),
          byteaArray(requests.map(({ emailHash }) => emailHash)),
          byteaArray(requests.map(({ phoneHash }) => phoneHash)),
          byteaArray(requests.map(({ content }) => content)),
        ],
      );
      await count(client, "kept", byRoom(kept));
      await countByHour(client, byRoom(kept));
      const rooms = [...new Set(requests.map(({ room }) => room))];
      const { rows: displaced } = await client.query<{ room: string }>(displaceSql, [rooms]);
      await tellDropped(client, "displaced", byRoom(displaced));
    }
    await tellDropped(client, "not_kept", notKept);
  });
}

// Those without valid credentials give way first: whoever knows no secret must not displace those who do.
const displaceSql = `
  DELETE FROM internal.quarantine WHERE quarantine_id IN (
    SELECT quarantine_id FROM (
      SELECT quarantine_id, row_number() OVER (PARTITION BY room ORDER BY authenticated DESC, received_at DESC, quarantine_id DESC) AS place
      FROM internal.quarantine WHERE room = ANY ($1)) AS kept
    WHERE place > ${quarantinedPerSourceMax})
  RETURNING room`;

/** Drops what has been kept for long enough. */
export async function dropExpired(database: Database, guard: LeaderGuard): Promise<void> {
  const { rows: due } = await database.query(`SELECT FROM internal.quarantine WHERE ${expiredSql} LIMIT 1`);
  if (due.length === 0) return;
  await transaction(database, "system", async (client) => {
    await guard(client);
    const { rows } = await client.query<{ room: string }>(
      `DELETE FROM internal.quarantine WHERE ${expiredSql} RETURNING room`,
    );
    await tellDropped(client, "expired", byRoom(rows));
  });
}

const expiredSql = `received_at < clock_timestamp() - interval '${quarantinedDaysMax} days'`;

export interface Released {
  readonly quarantineId: string;
  readonly runId: string;
  readonly dlqId: number | null;
  /** What intake made of it: `accepted`, `duplicate`, `refused`, `key_reused`. */
  readonly result: string;
  readonly reason: string | null;
}

/** Ends its time here with an event of the lead that it became. false: it is not here any more. */
export function noteReleased(database: Database, actor: Actor, released: Released): Promise<boolean> {
  const { quarantineId, runId, dlqId, result, reason } = released;
  return transaction(database, actor, async (client) => {
    // The events of a run have times of their own only under its lock.
    await client.query("SELECT 1 FROM public.runs WHERE run_id = $1 FOR NO KEY UPDATE", [runId]);
    return end(client, quarantineId, releasing, runId, {
      result,
      ...(dlqId === null ? {} : { dlq_id: dlqId }),
      ...(reason === null ? {} : { reason }),
    });
  });
}

/** false: it is not here any more. */
export function discardQuarantined(
  database: Database,
  actor: Actor,
  quarantineId: string,
  reason: string,
): Promise<boolean> {
  return transaction(database, actor, (client) => end(client, quarantineId, discarding, null, { reason }));
}

interface Ending {
  readonly figure: "released" | "discarded";
  readonly type: "quarantine_released" | "quarantine_discarded";
}

const releasing: Ending = { figure: "released", type: "quarantine_released" };
const discarding: Ending = { figure: "discarded", type: "quarantine_discarded" };

async function end(
  client: Queryable,
  quarantineId: string,
  { figure, type }: Ending,
  runId: string | null,
  told: Pick<EventPayload<"quarantine_released">, "result" | "dlq_id" | "reason">,
): Promise<boolean> {
  const { rows } = await client.query<{
    room: string;
    source: string;
    error_code: string;
    received_at: Date;
  }>(
    `DELETE FROM internal.quarantine WHERE quarantine_id = $1 RETURNING room, source, error_code, received_at`,
    [quarantineId],
  );
  const [row] = rows;
  if (row === undefined) return false;
  const { room, ...request } = row;
  const payload: EventPayload<"quarantine_released"> = { quarantine_id: quarantineId, ...request, ...told };
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload) VALUES ($1, ${eventTypeSql(type)}, $2)`,
    [runId, JSON.stringify(payload)],
  );
  await count(client, figure, [{ room, count: 1 }]);
  return true;
}

async function tellDropped(
  client: Queryable,
  why: "expired" | "displaced" | "not_kept",
  dropped: readonly Counted[],
): Promise<void> {
  if (dropped.length === 0) return;
  await count(client, why, dropped);
  await client.query(
    `INSERT INTO public.audit_events (event_type, payload)
     SELECT ${eventSql("quarantine_dropped", { source: "room", count: "count", why: "$3::text" })}
     FROM unnest($1::text[], $2::bigint[]) AS t (room, count) ORDER BY room`,
    [dropped.map(({ room }) => room), dropped.map(({ count: requests }) => requests), why],
  );
}

async function count(client: Queryable, figure: Figure, counted: readonly Counted[]): Promise<void> {
  if (counted.length === 0) return;
  await client.query(
    `INSERT INTO internal.quarantine_daily AS d (day, source, ${figure})
     SELECT ${todaySql}, room, sum(count) FROM unnest($1::text[], $2::bigint[]) AS t (room, count)
     GROUP BY room ORDER BY room
     ON CONFLICT (day, source) DO UPDATE SET ${figure} = d.${figure} + excluded.${figure}`,
    [counted.map(({ room }) => room), counted.map(({ count: requests }) => requests)],
  );
}

async function countByHour(client: Queryable, kept: readonly Counted[]): Promise<void> {
  await client.query(
    `INSERT INTO internal.hour_deltas (bucket, source, quarantined)
     SELECT internal.kpi_bucket(clock_timestamp()), room, sum(count) FROM unnest($1::text[], $2::bigint[]) AS t (room, count)
     GROUP BY room`,
    [kept.map(({ room }) => room), kept.map(({ count: requests }) => requests)],
  );
}

function byRoom(rows: readonly { readonly room: string }[]): Counted[] {
  const counts = new Map<string, number>();
  for (const { room } of rows) counts.set(room, (counts.get(room) ?? 0) + 1);
  return [...counts].map(([room, requests]) => ({ room, count: requests }));
}
