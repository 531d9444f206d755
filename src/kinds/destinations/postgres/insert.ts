// The statement that makes a row of a lead, and what stands in it. It may run any number of times: the row is made once.
import { targetTokens } from "../../../domain/destinations/target-map.ts";
import { parseWithExactNumbers, writeExactly } from "../../../domain/values/exact-json.ts";
import type { DeliveryMessage } from "../sender.ts";
import type { PostgresDestination } from "./fields.ts";

export interface Insert {
  readonly text: string;
  /** As text, which PostgreSQL reads by the type of the column: no number passes through floating point. */
  readonly values: readonly (string | null)[];
}

export type Target = Pick<PostgresDestination, "schema" | "table" | "map">;

/**
 * A delivery is a row; a revision takes the place of an older one of the same lead, never of a newer one, in all columns of
 * the map: what the revision gives nothing for is afterwards as in a row that was made without it.
 */
export function insertOf(target: Target, message: DeliveryMessage): Insert {
  const { runId, revision } = message;
  const row: readonly Column[] = [
    ["run_id", runId],
    ...columnsOf(message).filter(([name]) => name !== "run_id" && name !== "revision"),
    ...(revision === null ? [] : [["revision", String(revision)] as const]),
  ];
  const columns = row.map(([name]) => name);
  const emptied =
    target.map === undefined ? [] : columnNames(target).filter((name) => !columns.includes(name));
  return { text: statement(target, columns, emptied), values: row.map(([, value]) => value) };
}

/** Those that each row fills: what its map names, or what a delivery has. */
export function columnNames({ map }: Pick<PostgresDestination, "map">): readonly string[] {
  // Targets within one another (`address.town`) are members of one column.
  const mapped = new Set(Object.keys(map ?? {}).map((target) => targetTokens(target)?.[0] ?? target));
  mapped.delete("run_id");
  return ["run_id", ...(map === undefined ? plainColumns : mapped)];
}

type Column = readonly [string, string | null];

const plainColumns: readonly string[] = ["source", "received_at", "lead", "data"];

function columnsOf({ body, mapped }: DeliveryMessage): readonly Column[] {
  if (mapped !== undefined)
    return Object.entries(mapped as Readonly<Record<string, unknown>>).map(([name, value]) => [
      name,
      asText(value),
    ]);
  const delivery = parseWithExactNumbers(body) as Readonly<Record<string, unknown>>;
  return plainColumns.map((name) => [name, asText(delivery[name] ?? null)]);
}

/** As PostgreSQL reads it into a column of any type; what has members, as JSON. */
function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : writeExactly(value);
}

/** What `EXPLAIN` is asked about: columns, types and rights are looked at, and nothing is written. */
export function trialOf(target: Target): Insert {
  const columns = columnNames(target);
  return { text: `EXPLAIN ${statement(target, columns, [])}`, values: columns.map(() => null) };
}

function statement(
  { schema, table }: Target,
  columns: readonly string[],
  emptied: readonly string[],
): string {
  const names = columns.map(quoted);
  const places = columns.map((_name, index) => `$${index + 1}`);
  return [
    `INSERT INTO ${quoted(schema)}.${quoted(table)} AS there (${names.join(", ")})`,
    `VALUES (${places.join(", ")})`,
    `ON CONFLICT (run_id) ${onConflict(columns, emptied)}`,
  ].join("\n");
}

function onConflict(columns: readonly string[], emptied: readonly string[]): string {
  if (!columns.includes("revision")) return "DO NOTHING";
  const changed = [
    ...columns
      .filter((name) => name !== "run_id")
      .map((name) => `${quoted(name)} = EXCLUDED.${quoted(name)}`),
    // Nothing, where the table says nothing else.
    ...emptied.map((name) => `${quoted(name)} = DEFAULT`),
  ];
  return `DO UPDATE SET ${changed.join(", ")}\nWHERE coalesce(there.revision, 0) < EXCLUDED.revision`;
}

/** SQL, section 5.2 of ISO 9075-2: a delimited identifier. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
