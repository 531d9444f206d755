// The statement that makes a row of a lead, and what stands in it. It may run any number of times: the row is made once.
import { parseExactly, writeExactly } from "../../../domain/values/exact-json.ts";
import type { DeliveryMessage } from "../sender.ts";
import type { PostgresDestination } from "./fields.ts";

export interface Insert {
  readonly text: string;
  /** As text, which PostgreSQL reads by the type of the column: no number passes through floating point. */
  readonly values: readonly (string | null)[];
}

export type Target = Pick<PostgresDestination, "schema" | "table">;

/** Filled in each row; `revision` in those of revisions alone. */
export const columnsOfRows: readonly string[] = [
  "run_id",
  "source",
  "received_at",
  "lead",
  "data",
  "revision",
];

/** A delivery is a row; a revision takes the place of an older one of the same lead, never of a newer one. */
export function insertOf(target: Target, { runId, revision, body }: DeliveryMessage): Insert {
  const lead = parseExactly(body) as Readonly<Record<string, unknown>>;
  const row: readonly (readonly [string, string | null])[] = [
    ["run_id", runId],
    ["source", textOf(lead["source"])],
    ["received_at", textOf(lead["received_at"])],
    ["lead", writeExactly(lead["lead"] ?? null)],
    ["data", writeExactly(lead["data"] ?? null)],
    ...(revision === null ? [] : [["revision", String(revision)] as const]),
  ];
  const columns = row.map(([name]) => name);
  return { text: statement(target, columns), values: row.map(([, value]) => value) };
}

/** What `EXPLAIN` is asked about: columns, types and rights are looked at, and nothing is written. */
export function trialOf(target: Target): Insert {
  const columns = ["run_id", "source", "received_at", "lead", "data"];
  return { text: `EXPLAIN ${statement(target, columns)}`, values: columns.map(() => null) };
}

function statement({ schema, table }: Target, columns: readonly string[]): string {
  const names = columns.map(quoted);
  const places = columns.map((_name, index) => `$${index + 1}`);
  return [
    `INSERT INTO ${quoted(schema)}.${quoted(table)} AS there (${names.join(", ")})`,
    `VALUES (${places.join(", ")})`,
    `ON CONFLICT (run_id) ${onConflict(columns)}`,
  ].join("\n");
}

function onConflict(columns: readonly string[]): string {
  if (!columns.includes("revision")) return "DO NOTHING";
  const changed = columns
    .filter((name) => name !== "run_id")
    .map((name) => `${quoted(name)} = EXCLUDED.${quoted(name)}`);
  return `DO UPDATE SET ${changed.join(", ")}\nWHERE coalesce(there.revision, 0) < EXCLUDED.revision`;
}

/** SQL, section 5.2 of ISO 9075-2: a delimited identifier. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
