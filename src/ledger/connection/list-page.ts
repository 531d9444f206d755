// One page of a long list, in one statement and in limited time: it reads the rows in the list's order from where the
// page before ended, and looks at a limited number of them.

/** So many rows are looked at for one page; where few of them match, the page ends early and the next one goes on. */
const rowsScannedMax = 5_000;
/** Where each of them means a look into other tables. */
const rowsLookedUpMax = 3_000;

export interface ListPage<Row, Position> {
  readonly rows: readonly Row[];
  /** Where the next page goes on; null: nothing comes after this one. */
  readonly next: Position | null;
}

export interface PageStatement {
  /** The table with its alias: `public.runs r`. */
  readonly table: string;
  readonly alias: string;
  /** What the rows are taken from, on top of the position: answered by an index. */
  readonly scan: string;
  /** What a row of the page must fulfil besides. */
  readonly filter: string;
  /** The page's ORDER BY, of columns of the table. */
  readonly order: string;
  /** SQL of the position of a row, as text. */
  readonly position: string;
  /** What is selected of a row, with `source` in place of the table. */
  readonly select: (source: string) => string;
  /** Number of rows of the page. */
  readonly limit: number;
  /** false: `scan` matches few rows, all of them are looked at. */
  readonly isBounded: boolean;
  /** `filter` looks into other tables for every row. */
  readonly looksUp?: boolean;
}

/** Rows bear `list_position` and, all of them, `list_scanned_to`; the latter stands alone where there are no rows. */
export function pageSql({
  table,
  alias,
  scan,
  filter,
  order,
  position,
  select,
  limit,
  isBounded,
  looksUp = false,
}: PageStatement): string {
  const scannedMax = looksUp ? rowsLookedUpMax : rowsScannedMax;
  const from = `FROM ${table} WHERE ${scan} ORDER BY ${order}`;
  const scanned = isBounded
    ? `(SELECT * ${from} LIMIT ${scannedMax}) AS ${alias}`
    : `(SELECT * ${from}) AS ${alias}`;
  const end = isBounded
    ? `CASE WHEN (SELECT count(*) FROM found) <= ${limit}
        THEN (SELECT ${position} ${from} OFFSET ${scannedMax - 1} LIMIT 1) END`
    : "NULL::text";
  return `WITH found AS MATERIALIZED (
      SELECT * FROM ${scanned} WHERE ${filter} ORDER BY ${order} LIMIT ${limit + 1})
    SELECT reached.list_scanned_to, page.* FROM (SELECT ${end} AS list_scanned_to) AS reached
    LEFT JOIN (SELECT row_number() OVER (ORDER BY ${order}) AS list_place, ${position} AS list_position, ${select("found")}) AS page ON true
    ORDER BY page.list_place`;
}

/** What a row bears besides its columns. */
export interface PageRow {
  readonly list_scanned_to: string | null;
  readonly list_place: number | null;
  readonly list_position: string;
}

/** What the statement returned, as a page. */
export function pageOf<Row extends object>(
  rows: readonly (Row & PageRow)[],
  limit: number,
): ListPage<Row, string> {
  const found = rows.filter(({ list_place }) => list_place !== null);
  const last = found[limit - 1];
  const next = found.length > limit ? (last?.list_position ?? null) : (rows[0]?.list_scanned_to ?? null);
  return { rows: found.slice(0, limit).map(withoutPlace), next };
}

function withoutPlace<Row extends object>(row: Row & PageRow): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("list_"))) as Row;
}
