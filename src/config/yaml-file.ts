// Reads YAML 1.2 into plain values with variables expanded, and remembers where each value stands.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, ParsedNode, YAMLMap } from "yaml";
import { formatPointer } from "../domain/values/json-pointer.ts";
import { expandVariables } from "./expand-variables.ts";
import type { Variables } from "./expand-variables.ts";
import type { Said } from "./problem.ts";
import { forbiddenCharacterAt, maskReferences, unmaskReferences } from "./yaml-mask.ts";
import { sayYamlError } from "./yaml-errors.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem at a value or, where that is what is wrong, at its key; `pointer` (RFC 6901) names the value. */
export interface FoundProblem {
  readonly pointer: string;
  readonly position: Position;
  readonly said: Said;
}

/** Where a value and its key stand; an entry of a list has no key and gives its own position twice. */
export interface ValuePlace {
  readonly key: Position;
  readonly value: Position;
}

export interface YamlFile {
  /** Mappings as objects with own properties only; null if the file is empty. */
  readonly value: unknown;
  readonly places: ReadonlyMap<string, ValuePlace>;
  /** Pointers of values that came from the environment, wholly or in part: they are never shown. */
  readonly fromEnvironment: ReadonlySet<string>;
  /** Pointers of values that could not be read, which were reported and are worth no second report. */
  readonly unread: ReadonlySet<string>;
  readonly problems: readonly FoundProblem[];
  /** False if the YAML is so broken that the value means nothing. */
  readonly readable: boolean;
}

/**
 * Variables are expanded in values that were already parsed, never in the text of the file, so a variable's
 * content can be no syntax. References inside `{ … }` work unquoted, although bare YAML would not read them.
 */
export function readYamlFile(text: string, variables: Variables): YamlFile {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(maskReferences(text), {
    lineCounter: lines,
    version: "1.2",
    stringKeys: true,
    // Duplicates are found below, where the first one's line is known. Known tags stay unknown: no !!binary.
    uniqueKeys: false,
    resolveKnownTags: false,
    // The library's own messages are not used: they quote the file, and with it its secrets.
    prettyErrors: false,
    // Not "silent", which would hide a second document.
    logLevel: "error",
  });
  const broken = syntaxProblems(text, document, positionAt);
  const reader = new ValueReader(variables, positionAt);
  const value = broken.length === 0 && document.contents !== null ? reader.read(document.contents, "") : null;
  return {
    value,
    places: reader.places,
    fromEnvironment: reader.fromEnvironment,
    unread: reader.unread,
    problems: [...broken, ...reader.problems],
    readable: broken.length === 0,
  };
}

type PositionAt = (offset: number) => Position;

// One problem per line: the parser reports what follows from the first one, too.
function syntaxProblems(text: string, document: Document.Parsed, positionAt: PositionAt): FoundProblem[] {
  const found: { readonly offset: number; readonly said: Said }[] = document.errors.map((error) => ({
    offset: error.pos[0],
    said: sayYamlError(error.code, text.charAt(error.pos[0])),
  }));
  const tooDeep = found.find(({ said }) => said.code === "yaml_too_deep");
  if (tooDeep !== undefined)
    return [{ pointer: "", position: positionAt(tooDeep.offset), said: tooDeep.said }];

  for (const warning of document.warnings) {
    found.push({ offset: warning.pos[0], said: sayYamlError(warning.code, "") });
  }
  const forbidden = forbiddenCharacterAt(text);
  if (forbidden !== null) found.push({ offset: forbidden, said: { code: "yaml_character", params: {} } });
  if (document.directives.yaml.version !== "1.2")
    found.push({ offset: 0, said: { code: "yaml_version", params: {} } });
  const byLine = new Map<number, FoundProblem>();
  for (const { offset, said } of found.toSorted((a, b) => a.offset - b.offset)) {
    const position = positionAt(offset);
    if (!byLine.has(position.line)) byLine.set(position.line, { pointer: "", position, said });
  }
  return [...byLine.values()];
}

class ValueReader {
  readonly places = new Map<string, ValuePlace>();
  readonly fromEnvironment = new Set<string>();
  readonly unread = new Set<string>();
  readonly problems: FoundProblem[] = [];
  private readonly variables: Variables;
  private readonly positionAt: PositionAt;

  constructor(variables: Variables, positionAt: PositionAt) {
    this.variables = variables;
    this.positionAt = positionAt;
  }

  read(node: ParsedNode, pointer: string, key?: Position): unknown {
    const position = this.positionAt(node.range[0]);
    this.places.set(pointer, { key: key ?? position, value: position });
    if (isMap(node)) return this.readMap(node, pointer);
    if (isSeq(node)) {
      return node.items.map((item, index) => this.read(item, `${pointer}/${index}`));
    }
    if (isScalar(node)) return this.readScalar(node.value, pointer, position);
    if (isAlias(node)) this.report(pointer, position, { code: "yaml_alias", params: {} });
    return null;
  }

  private readMap(map: YAMLMap.Parsed, pointer: string): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    const lineOf = new Map<string, number>();
    for (const { key: keyNode, value } of map.items) {
      const position = this.positionAt(keyNode.range[0]);
      const key = isScalar(keyNode) ? unmaskReferences(String(keyNode.value)) : "";
      const child = pointer + formatPointer([key]);
      const firstLine = lineOf.get(key);
      if (firstLine !== undefined) {
        const said: Said = { code: "yaml_duplicate_key", params: { key, firstLine } };
        this.problems.push({ pointer: child, position, said });
        continue;
      }
      lineOf.set(key, position.line);
      entries.push([key, value === null ? null : this.read(value, child, position)]);
      if (value === null) this.places.set(child, { key: position, value: position });
    }
    // Own properties, whatever they are called: `__proto__` is a key like any other.
    return Object.fromEntries(entries);
  }

  private readScalar(value: unknown, pointer: string, position: Position): unknown {
    if (typeof value !== "string") return value;
    const expanded = expandVariables(unmaskReferences(value), this.variables);
    if (expanded.usesVariables) this.fromEnvironment.add(pointer);
    for (const said of expanded.problems) this.report(pointer, position, said);
    return expanded.text;
  }

  private report(pointer: string, position: Position, said: Said): void {
    this.unread.add(pointer);
    this.problems.push({ pointer, position, said });
  }
}
