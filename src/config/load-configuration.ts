// Loads leadledger.yaml: either a configuration with its warnings, or every problem at once.
import { dirname } from "node:path";
import type { OfClient } from "../domain/clients/client.ts";
import type { RejectExpression } from "../domain/destinations/expression.ts";
import { formatPointer, parsePointer, valueAtPointer } from "../domain/values/json-pointer.ts";
import { unusableCaFiles, withAbsoluteCaFiles } from "./ca-files.ts";
import type { CaFile } from "./ca-files.ts";
import { readBodySchemas } from "./body-schemas.ts";
import type { RejectBodySchema, SchemaProblem, SchemaReference } from "./body-schemas.ts";
import { buildConfiguration } from "./build-configuration.ts";
import { lockedSince } from "../domain/sources/source.ts";
import { checkMeaning } from "./check-meaning.ts";
import { checkStructure } from "./check-structure.ts";
import { defaultTimezone } from "./configuration.ts";
import type { Configuration } from "./configuration.ts";
import type { ConfigurationFile } from "./configuration-schema.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Variables } from "./expand-variables.ts";
import type { Place, Problem, Said } from "./problem.ts";
import { say } from "./problem-texts.ts";
import { readTextFile } from "./read-text-file.ts";
import type { FileText, ReadFile } from "./read-text-file.ts";
import { readYamlFile } from "./yaml-file.ts";
import type { FoundProblem, YamlFile } from "./yaml-file.ts";

export type LoadedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface LoadOptions {
  readonly path: string;
  /** Where `${NAME}` is looked up. */
  readonly env: Variables;
  readonly readFile: ReadFile;
  readonly kinds: DeclaredKinds;
  /** Absent: a schema file only has to be JSON and an object or boolean. */
  readonly rejectBodySchema?: RejectBodySchema;
  /** Absent: nobody looks. */
  readonly rejectExpression?: RejectExpression;
  /** Absent: the file stands for itself. */
  readonly around?: FileSurroundings;
}

/** What a file may rely on without saying it. */
export interface FileSurroundings {
  /** Made elsewhere: the file's sources may send to them. null: not known yet, so nothing is refused for that. */
  readonly destinations: readonly OfClient[] | null;
  /** The reporting time zone: a file that names none leaves it as it is. */
  readonly timezone: string;
  readonly nowMs: number;
}

/**
 * Reads, checks and builds (docs/contract.md, Configuration). Problems and warnings come sorted by line, those of
 * schema files last. No message contains a secret or anything from the environment. Throws nothing that the file could
 * cause.
 */
export async function loadConfiguration(options: LoadOptions): Promise<LoadedConfiguration> {
  const { path, env, readFile, kinds, rejectBodySchema = () => null, around } = options;
  const read = await readTextFile(path, readFile);
  if (read.kind !== "text") return { ok: false, problems: [unreadable(path, read)] };

  const file = readYamlFile(read.text, env);
  if (!file.readable) return { ok: false, problems: placed(path, file.problems) };

  const { problems: misfits, warnings } = checkMeaning(
    file,
    around === undefined ? [] : around.destinations,
    kinds,
  );
  const bodySchemas = await readBodySchemas(schemaReferences(file), path, readFile, rejectBodySchema);
  const [inSchemaFiles, named] = partition(bodySchemas.problems, isShownInFile);
  const found = [...file.problems, ...checkStructure(file, kinds), ...misfits];
  const problems = [
    ...placed(path, [...found, ...named.map((problem) => atReference(file, problem))]),
    ...inSchemaFiles.map(inSchemaFile),
  ];
  if (problems.length > 0) return { ok: false, problems };

  const unreadableOnes = await unreadableExpressions(file, options.rejectExpression);
  if (unreadableOnes.length > 0) return { ok: false, problems: placed(path, unreadableOnes) };

  const content = (file.value ?? {}) as ConfigurationFile;
  const timezone = around?.timezone ?? defaultTimezone;
  const built = buildConfiguration(content, bodySchemas.schemas, timezone, kinds);
  const configuration = withAbsoluteCaFiles(built, dirname(path));
  const unusable = await unusableCaFiles(configuration, readFile);
  const locked = around === undefined ? [] : lockedSources(configuration, around.nowMs);
  return {
    ok: true,
    configuration,
    warnings: placed(path, [
      ...warnings,
      ...locked.map((source) => lockedProblem(file, source)),
      ...unusable.map((fault) => caFileProblem(file, fault)),
    ]),
  };
}

async function unreadableExpressions(
  file: YamlFile,
  reject: RejectExpression | undefined,
): Promise<readonly FoundProblem[]> {
  const { destinations } = (file.value ?? {}) as ConfigurationFile;
  const problems: FoundProblem[] = [];
  for (const [name, entry] of Object.entries(destinations ?? {})) {
    const { expression } = entry as Readonly<Record<string, unknown>>;
    const reason = typeof expression === "string" ? ((await reject?.(expression)) ?? null) : null;
    if (reason === null) continue;
    const pointer = formatPointer(["destinations", name, "expression"]);
    const position = file.places.get(pointer)?.value ?? { line: 1, column: 1 };
    problems.push({ pointer, position, said: { code: "expression_invalid", params: { reason } } });
  }
  return problems;
}

function caFileProblem(file: YamlFile, params: CaFile): FoundProblem {
  const pointer = formatPointer(["destinations", params.destination, "ca_file"]);
  const position = file.places.get(pointer)?.value ?? { line: 1, column: 1 };
  return { pointer, position, said: { code: "ca_file_unusable", params } };
}

function lockedProblem(file: YamlFile, source: string): FoundProblem {
  const pointer = formatPointer(["sources", source, "auth"]);
  const position = file.places.get(pointer)?.value ?? { line: 1, column: 1 };
  return { pointer, position, said: { code: "secrets_expired", params: { source } } };
}

/** Names of the sources that let nobody in any more: each of their secrets has expired. */
function lockedSources({ sources }: Configuration, nowMs: number): string[] {
  return sources.filter(({ auth }) => lockedSince(auth, nowMs) !== null).map(({ name }) => name);
}

/** A problem on one line, as compilers write it: `leadledger.yaml:12:5: sources.website.auth: …`. */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  const place = line === null || column === null ? file : `${file}:${line}:${column}`;
  return path === "" ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
}

function unreadable(path: string, read: Exclude<FileText, { kind: "text" }>): Problem {
  return toProblem({ file: path, line: null, column: null, path: "" }, whyUnreadable(read));
}

function whyUnreadable(read: Exclude<FileText, { kind: "text" }>): Said {
  switch (read.kind) {
    case "missing":
      return { code: "file_missing", params: {} };
    case "unreadable":
      return { code: "file_unreadable", params: { reason: read.reason } };
    case "too_large":
      return { code: "file_too_large", params: { limitBytes: read.limitBytes } };
    case "not_utf8":
      return { code: "file_not_utf8", params: {} };
  }
}

function placed(file: string, found: readonly FoundProblem[]): Problem[] {
  return found
    .toSorted((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ pointer, position, said }) => toProblem({ file, ...position, path: pathOf(pointer) }, said));
}

// Where the path of a schema came from the environment, the file it names is not shown either.
function isShownInFile({ inFile, reference }: SchemaProblem): boolean {
  return inFile && reference.shown !== null;
}

function inSchemaFile({ reference, file, position, said }: SchemaProblem): Problem {
  const { line, column } = position ?? { line: null, column: null };
  return toProblem({ file, line, column, path: `sources.${reference.source}.schema` }, said);
}

function atReference(file: YamlFile, { reference, said }: SchemaProblem): FoundProblem {
  const pointer = schemaPointer(reference.source);
  return { pointer, position: file.places.get(pointer)?.value ?? { line: 1, column: 1 }, said };
}

function toProblem(place: Place, said: Said): Problem {
  return { ...place, ...said, message: say(said, "en") };
}

/** For people: `sources.website.auth.secrets[0]`. */
export function pathOf(pointer: string): string {
  return (parsePointer(pointer) ?? [])
    .map((token, depth) => (/^\d+$/.test(token) && depth > 0 ? `[${token}]` : `.${token}`))
    .join("")
    .replace(/^\./, "");
}

function schemaPointer(source: string): string {
  return formatPointer(["sources", source, "schema"]);
}

function schemaReferences(file: YamlFile): SchemaReference[] {
  const sources = (file.value as ConfigurationFile | null)?.sources;
  const references: SchemaReference[] = [];
  for (const source of Object.keys(sources ?? {})) {
    const pointer = schemaPointer(source);
    const path = valueAtPointer(file.value, pointer);
    if (typeof path !== "string" || path === "" || file.unread.has(pointer)) continue;
    references.push({ source, path, shown: file.fromEnvironment.has(pointer) ? null : path });
  }
  return references;
}

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
