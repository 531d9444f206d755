// Reads the JSON Schema files that sources name.
import { dirname, resolve } from "node:path";
import { parse as parseLossless } from "lossless-json";
import type { BodySchema } from "./build-configuration.ts";
import type { Said } from "./problem.ts";
import { readTextFile } from "./read-text-file.ts";
import type { FileText, ReadFile } from "./read-text-file.ts";
import type { Position } from "./yaml-file.ts";

/** Says why a schema cannot be used; null: it can. Intake's compiler of body schemas fits. */
export type RejectBodySchema = (schema: BodySchema) => Said<SchemaFaultCode> | null;

type SchemaFaultCode =
  | "schema_rejected"
  | "schema_pattern_refers_back"
  | "schema_pattern_too_large"
  | "schema_too_large"
  | "schema_too_costly";

export interface SchemaReference {
  readonly source: string;
  /** As it is in the configuration: from the folder of the configuration file. */
  readonly path: string;
  /** The path again; null where it came from the environment and may not be repeated. */
  readonly shown: string | null;
}

export interface SchemaProblem {
  readonly reference: SchemaReference;
  readonly file: string;
  /** Whether the mistake is in the file (true) or in naming it. */
  readonly inFile: boolean;
  /** In the file; null: the file as a whole. */
  readonly position: Position | null;
  readonly said: Said;
}

export interface BodySchemas {
  readonly schemas: ReadonlyMap<string, BodySchema>;
  readonly problems: readonly SchemaProblem[];
}

/** Every file is read, so that all problems appear at once. */
export async function readBodySchemas(
  references: readonly SchemaReference[],
  configurationPath: string,
  readFile: ReadFile,
  reject: RejectBodySchema,
): Promise<BodySchemas> {
  const schemas = new Map<string, BodySchema>();
  const problems: SchemaProblem[] = [];
  for (const reference of references) {
    const file = resolve(dirname(configurationPath), reference.path);
    const read = readSchema(await readTextFile(file, readFile), reference.shown, reject);
    if (read.kind === "schema") schemas.set(reference.source, read.schema);
    else problems.push({ reference, file, inFile: read.inFile, position: read.position, said: read.said });
  }
  return { schemas, problems };
}

type ReadSchema =
  | { readonly kind: "schema"; readonly schema: BodySchema }
  | ({ readonly kind: "problem" } & Pick<SchemaProblem, "inFile" | "position" | "said">);

function readSchema(file: FileText, shown: string | null, reject: RejectBodySchema): ReadSchema {
  switch (file.kind) {
    case "missing":
      return misnamed({ code: "schema_file_missing", params: { found: shown } });
    case "unreadable":
      return misnamed({ code: "schema_file_unreadable", params: { found: shown, reason: file.reason } });
    case "too_large":
      return misnamed({ code: "file_too_large", params: { limitBytes: file.limitBytes } });
    case "not_utf8":
      return inside({ code: "file_not_utf8", params: {} }, null);
    case "text":
      return parseSchema(file.text, reject);
  }
}

function parseSchema(text: string, reject: RejectBodySchema): ReadSchema {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return inside({ code: "schema_file_not_json", params: {} }, syntaxErrorPosition(text));
  }
  const read = bodySchemaOf(value, reject);
  if ("schema" in read) return { kind: "schema", schema: read.schema };
  return inside(read.said, read.said.code === "schema_not_a_schema" ? { line: 1, column: 1 } : null);
}

/** A JSON value as the schema of a source's body, or why it is none. */
export function bodySchemaOf(
  value: unknown,
  reject: RejectBodySchema,
): { readonly schema: BodySchema } | { readonly said: Said } {
  const schema = asObject(value);
  if (schema === null) return { said: { code: "schema_not_a_schema", params: {} } };
  const said = reject(schema);
  return said === null ? { schema } : { said };
}

function misnamed(said: Said): ReadSchema {
  return { kind: "problem", inFile: false, position: null, said };
}

function inside(said: Said, position: Position | null): ReadSchema {
  return { kind: "problem", inFile: true, position, said };
}

// The two boolean schemas (JSON Schema 2020-12 section 4.3.2) in their object form.
function asObject(value: unknown): BodySchema | null {
  if (value === true) return {};
  if (value === false) return { not: {} };
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as BodySchema) : null;
}

// JSON.parse does not always say where; a second parser does, and only ever on this path.
function syntaxErrorPosition(text: string): Position | null {
  try {
    parseLossless(text);
    return null;
  } catch (error) {
    const offset = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    if (offset === undefined) return null;
    const linesBefore = text.slice(0, Number(offset)).split(/\r\n|\r|\n/);
    return { line: linesBefore.length, column: (linesBefore.at(-1) ?? "").length + 1 };
  }
}
