// The columns of a table as fields that a map can write to: those that the user may fill, but for those that we fill.
import type pg from "pg";
import type { RemoteField, RemoteFieldType } from "../../../domain/destinations/remote-field.ts";
import type { PostgresDestination } from "./fields.ts";

/** As the catalogue has them (PostgreSQL, System Catalogs, pg_attribute); those that PostgreSQL makes itself are left out. */
export async function readColumns(
  client: pg.Client,
  { schema, table }: Pick<PostgresDestination, "schema" | "table">,
): Promise<readonly RemoteField[]> {
  const { rows } = await client.query<Column>({ text: columnsSql, values: [schema, table] });
  return rows.map(({ name, comment, type, category, is_required: isRequired, labels }) => ({
    target: pointerTo(name),
    label: comment === null || comment === "" ? name : comment,
    type: labels === null ? (types[type] ?? categories[category] ?? "other") : "choice",
    isRequired,
    ...(labels === null ? {} : { options: labels.map((value) => ({ value, label: value })) }),
  }));
}

interface Column {
  readonly name: string;
  readonly comment: string | null;
  readonly type: string;
  readonly category: string;
  readonly is_required: boolean;
  /** Of an enumeration. */
  readonly labels: string[] | null;
}

const columnsSql = `
SELECT a.attname AS name, col_description(a.attrelid, a.attnum) AS comment, t.typname AS type,
       t.typcategory AS category, a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS is_required,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e
         WHERE e.enumtypid = t.oid) AS labels
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   AND a.attidentity <> 'a' AND a.attname NOT IN ('run_id', 'revision')
   AND has_column_privilege(a.attrelid, a.attnum, 'INSERT')
 ORDER BY a.attnum`;

const types: Readonly<Record<string, RemoteFieldType>> = { date: "date", json: "other", jsonb: "other" };

/** PostgreSQL, System Catalogs, pg_type, typcategory. */
const categories: Readonly<Record<string, RemoteFieldType>> = {
  A: "list",
  B: "boolean",
  D: "time",
  N: "number",
  S: "text",
};

/** A map's targets split at points. */
function pointerTo(name: string): string {
  return name.includes(".") || name.startsWith("/")
    ? `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`
    : name;
}
