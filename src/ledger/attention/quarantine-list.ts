// What stands in internal.quarantine: a page of it, one request of it, and how many there are.
import { conditionList, equalsHash, oneOfTexts } from "../connection/where-conditions.ts";
import type { Queryable } from "../connection/database.ts";
import type { ListPage } from "../connection/list-page.ts";

export interface QuarantineFilter {
  readonly source?: string;
  readonly error_code?: readonly string[];
  readonly authenticated?: boolean;
  readonly received_from?: string;
  readonly received_to?: string;
  readonly email_hash?: string;
  readonly phone_hash?: string;
}

export interface ListedQuarantined {
  readonly quarantine_id: string;
  readonly source: string;
  readonly received_at: Date;
  readonly error_code: string;
  readonly authenticated: boolean;
  readonly is_whole: boolean;
  readonly size_bytes: number | null;
}

export interface StoredQuarantined extends ListedQuarantined {
  readonly content: Buffer;
}

const columns = "quarantine_id, source, received_at, error_code, authenticated, is_whole, size_bytes";
const positionSql = `to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || quarantine_id`;

/** The newest first. There are so few of them that nothing has to be bounded but the page. */
export async function pageOfQuarantine(
  database: Queryable,
  filter: QuarantineFilter,
  after: string | null,
  limit: number,
): Promise<ListPage<ListedQuarantined, string>> {
  const conditions = conditionList(2);
  conditions.where(filter.source, (value) => `source = ${value}`);
  conditions.where(filter.error_code, oneOfTexts("error_code"));
  conditions.where(filter.authenticated, (value) => `authenticated = ${value}::boolean`);
  conditions.where(filter.received_from, (value) => `received_at >= ${value}::timestamptz`);
  conditions.where(filter.received_to, (value) => `received_at < ${value}::timestamptz`);
  conditions.where(filter.email_hash, equalsHash("email_hash"));
  conditions.where(filter.phone_hash, equalsHash("phone_hash"));
  conditions.where(
    after ?? undefined,
    (value) =>
      `(received_at, quarantine_id) < (split_part(${value}, ' ', 1)::timestamptz, split_part(${value}, ' ', 2)::uuid)`,
  );
  const { sql, values } = conditions.done();
  const { rows } = await database.query<ListedQuarantined & { readonly position: string }>(
    `SELECT ${columns}, ${positionSql} AS position FROM internal.quarantine WHERE ${sql}
     ORDER BY received_at DESC, quarantine_id DESC LIMIT $1`,
    [limit + 1, ...values],
  );
  const found = rows.slice(0, limit);
  const next = rows.length > limit ? (found.at(-1)?.position ?? null) : null;
  return { rows: found.map(({ position: _position, ...row }) => row), next };
}

/** null: it is not here, or not any more. */
export async function readQuarantined(
  database: Queryable,
  quarantineId: string,
): Promise<StoredQuarantined | null> {
  const { rows } = await database.query<StoredQuarantined>(
    `SELECT ${columns}, content FROM internal.quarantine WHERE quarantine_id = $1`,
    [quarantineId],
  );
  return rows[0] ?? null;
}
