// Finds every regular expression of a source tree, and for each one the texts on which it would take longest if it were
// one that tries the same characters again and again.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import ts from "typescript";

export interface FoundExpression {
  /** `folder/file.ts:12` */
  readonly place: string;
  /** null: it is put together at run time. */
  readonly expression: RegExp | null;
}

export async function findExpressions(folder: string): Promise<FoundExpression[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const found = names.toSorted().map(async (name) => {
    return expressionsIn(name, await readFile(join(folder, name), "utf8"));
  });
  return (await Promise.all(found)).flat();
}

export function expressionsIn(name: string, source: string): FoundExpression[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const found: FoundExpression[] = [];
  const visit = (node: ts.Node): void => {
    const place = `${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
      const text = node.getText();
      const end = text.lastIndexOf("/");
      found.push({ place, expression: new RegExp(text.slice(1, end), text.slice(end + 1)) });
    } else if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      node.expression.getText() === "RegExp"
    ) {
      found.push({ place, expression: null });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

export const repeatsMax = 50_000;
const textCharactersMax = 200_000;

/** Texts that are derived from the expression's own characters, classes and repetitions. */
export function* pumpedTexts(expression: RegExp): Generator<string> {
  const tree = parse(expression);
  const seen = new Set<string>();
  for (const { prefix, pump } of pumpsOf(tree, "")) {
    for (const repeated of new Set([pump, prefix, prefix + pump])) {
      const start = repeated === pump ? prefix : "";
      const name = `${start}\n${repeated}`;
      if (repeated === "" || seen.has(name)) continue;
      seen.add(name);
      const count = Math.min(repeatsMax, Math.ceil(textCharactersMax / repeated.length));
      const body = start + repeated.repeat(count);
      for (const end of ["", "\0", "\n", "!", "x", " ", "\u{10ffff}"]) yield body + end;
    }
  }
}

const alone = createContext({ expression: /x/, text: "" });

/**
 * Replaces in the text as the program would; the milliseconds of processor time it took, or null if that was longer than
 * the limit. How long a busy machine let it wait says nothing about the expression.
 */
export function timeOf(expression: RegExp, text: string, limitMs: number): number | null {
  for (let patienceMs = limitMs; ; patienceMs *= 2) {
    Object.assign(alone, { expression, text });
    const before = process.cpuUsage();
    try {
      runInContext("text.replace(expression, ''); text = ''", alone, { timeout: patienceMs });
      return cpuMsSince(before);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      if (cpuMsSince(before) > 0.9 * limitMs) return null;
    }
  }
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The first text on which the expression takes longer than the limit, twice in a row; null: there is none. */
export function slowText(expression: RegExp, limitMs: number): string | null {
  for (const text of pumpedTexts(expression)) {
    // Once may be the garbage collector.
    if ([1, 2].every(() => timeOf(expression, text, limitMs) === null)) return text;
  }
  return null;
}

type Tree =
  /** One character out of these, which stand for all that would do. */
  | { readonly kind: "character"; readonly samples: readonly string[] }
  | { readonly kind: "sequence"; readonly items: readonly Tree[] }
  | { readonly kind: "choice"; readonly options: readonly Tree[] }
  | { readonly kind: "repeat"; readonly body: Tree; readonly min: number; readonly max: number };

interface Pump {
  /** What is matched before. */
  readonly prefix: string;
  /** What can be matched again and again. */
  readonly pump: string;
}

function* pumpsOf(tree: Tree, prefix: string): Generator<Pump> {
  switch (tree.kind) {
    case "character":
      return;
    case "sequence": {
      let before = prefix;
      for (const item of tree.items) {
        yield* pumpsOf(item, before);
        before += sampleOf(item);
      }
      return;
    }
    case "choice":
      for (const option of tree.options) yield* pumpsOf(option, prefix);
      return;
    case "repeat":
      if (tree.max > manyRepeats) for (const pump of samplesOf(tree.body)) yield { prefix, pump };
      yield* pumpsOf(tree.body, prefix);
  }
}

/** What is repeated less often cannot take long. */
const manyRepeats = 100;

/** One text that the tree matches, with everything in it that may be left out at least once. */
function sampleOf(tree: Tree): string {
  switch (tree.kind) {
    case "character":
      return tree.samples[0] ?? "";
    case "sequence":
      return tree.items.map(sampleOf).join("");
    case "choice":
      return sampleOf(tree.options[0] ?? emptyTree);
    case "repeat":
      return sampleOf(tree.body).repeat(Math.max(1, tree.min));
  }
}

function samplesOf(tree: Tree): readonly string[] {
  switch (tree.kind) {
    case "character":
      return tree.samples;
    case "choice":
      return tree.options.flatMap(samplesOf);
    case "repeat":
      return samplesOf(tree.body);
    case "sequence":
      return tree.items.length === 1 && tree.items[0] !== undefined
        ? samplesOf(tree.items[0])
        : [sampleOf(tree)];
  }
}

const emptyTree: Tree = { kind: "sequence", items: [] };

/** Reads as much of the syntax (ECMA-262 section 22.2.1) as it takes to know what is repeated, and after what. */
function parse({ source, flags }: RegExp): Tree {
  let at = 0;

  function choice(): Tree {
    const options = [sequence()];
    while (source[at] === "|") {
      at += 1;
      options.push(sequence());
    }
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: "choice", options };
  }

  function sequence(): Tree {
    const items: Tree[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") items.push(repeat(atom()));
    return { kind: "sequence", items };
  }

  function repeat(body: Tree): Tree {
    const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(source.slice(at, at + 20));
    if (match === null) return body;
    at += match[0].length;
    const [, sign, low = "0", range, high = ""] = match;
    if (sign !== undefined)
      return { kind: "repeat", body, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity };
    return {
      kind: "repeat",
      body,
      min: Number(low),
      max: range === undefined ? Number(low) : Number(high || Infinity),
    };
  }

  function atom(): Tree {
    const start = at;
    const character = source[at];
    if (character === "^" || character === "$") {
      at += 1;
      return emptyTree;
    }
    if (character === "(") {
      at += /^\((?:\?(?::|=|!|<=|<!|<[^>]+>))?/.exec(source.slice(at))?.[0].length ?? 1;
      const inner = choice();
      at += 1;
      return inner;
    }
    if (character === "[") at = classEnd(at);
    else if (character === "\\") at = escapeEnd(at);
    else at += String.fromCodePoint(source.codePointAt(at) ?? 0).length;
    const text = source.slice(start, at);
    return text === "\\b" || text === "\\B" ? emptyTree : { kind: "character", samples: matching(text) };
  }

  function classEnd(from: number): number {
    let end = from + 1;
    while (source[end] !== "]") end += source[end] === "\\" ? 2 : 1;
    return end + 1;
  }

  function escapeEnd(from: number): number {
    const match = /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|k<[^>]+>|.)/su.exec(
      source.slice(from),
    );
    return from + (match?.[0].length ?? 2);
  }

  /** A few characters of each sort that the class takes. */
  function matching(text: string): readonly string[] {
    const single = new RegExp(`^(?:${text})$`, flags.replaceAll(/[gymd]/g, ""));
    const taken = sorts.flatMap((sort) => Array.from(sort).find((character) => single.test(character)) ?? []);
    return taken.length > 0 ? taken : alphabet.filter((character) => single.test(character)).slice(0, 1);
  }

  return choice();
}

const sorts = [
  "abcxyz",
  "ABC",
  "0123456789",
  " ",
  "\t",
  "\n",
  "\r",
  "\0",
  ".",
  "-",
  "/@:'\"(){}[]<>~%&$=;,!?*+_|\\^`#",
  "äß",
  "\u2028",
  "😀",
];
const alphabet = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).concat(
  "\ufffd",
  "\ufeff",
  "\ufdd0",
);
