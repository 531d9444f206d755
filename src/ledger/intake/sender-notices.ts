// What senders should be corrected for although their leads were taken: one row per source and kind, for a week.
import type { ReadAs } from "../../domain/leads/lead-body.ts";
import type { SenderNotice } from "../../domain/sources/sender-notice.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { withDeadlockRetry } from "../connection/database.ts";

export interface NoticeCount {
  readonly source: string;
  readonly notice: SenderNotice;
  readonly requests: number;
}

/** Only of sources that are configured: under open intake a name may be anything. In one statement. */
export async function recordSenderNotices(database: Database, counts: readonly NoticeCount[]): Promise<void> {
  const values = [
    counts.map(({ source }) => source),
    counts.map(({ notice }) => notice.code),
    counts.map(({ notice }) => notice.sent),
    counts.map(({ notice }) => notice.readAs),
    counts.map(({ requests }) => requests),
  ];
  await withDeadlockRetry(() => database.query(recordSql, values));
}

const recordSql = `
  WITH forgotten AS (
    DELETE FROM internal.sender_notices WHERE last_at < clock_timestamp() - interval '7 days')
  INSERT INTO internal.sender_notices AS n (source, code, sent, read_as, requests, first_at, last_at)
    SELECT source, code, sent, read_as, requests, clock_timestamp(), clock_timestamp()
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
      AS t (source, code, sent, read_as, requests)
    WHERE EXISTS (SELECT FROM internal.sources s WHERE s.name = t.source)
    ORDER BY source COLLATE "C", code COLLATE "C"
  ON CONFLICT (source, code) DO UPDATE
    SET sent = excluded.sent, read_as = excluded.read_as, last_at = greatest(n.last_at, excluded.last_at),
      requests = CASE WHEN n.last_at < excluded.last_at - interval '7 days' THEN 0 ELSE n.requests END + excluded.requests,
      first_at = CASE WHEN n.last_at < excluded.last_at - interval '7 days' THEN excluded.first_at ELSE n.first_at END`;

export interface NoticeLately {
  readonly source: string;
  readonly code: SenderNotice["code"];
  readonly sent: string | null;
  readonly read_as: ReadAs;
  readonly requests: number;
  readonly first_at: Date;
  readonly last_at: Date;
}

/** Of the last seven days. */
export async function listSenderNotices(database: Queryable): Promise<NoticeLately[]> {
  const { rows } = await database.query<NoticeLately>(
    `SELECT source, code, sent, read_as, requests, first_at, last_at FROM internal.sender_notices
     WHERE last_at > clock_timestamp() - interval '7 days' ORDER BY source, code`,
  );
  return rows;
}
