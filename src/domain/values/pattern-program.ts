// A regular expression as an automaton (Thompson's construction): what linear-pattern.ts runs. The parser is regexpp's;
// which characters a class holds is asked of JavaScript itself, one character at a time, so that no table can differ.
import { RegExpParser } from "@eslint-community/regexpp";
import type { AST } from "@eslint-community/regexpp";

/** A state per repeat and alternative: `(?:[a-z0-9-]{1,63}\.){1,127}` has 8,000. */
export const patternStatesMax = 20_000;

export type State =
  | { readonly kind: "match" }
  | { readonly kind: "character"; readonly holds: (codePoint: number) => boolean; readonly next: number }
  | { readonly kind: "split"; readonly next: number[] }
  | {
      readonly kind: "assertion";
      readonly assertion: "start" | "end" | "word_boundary" | "look";
      readonly negate: boolean;
      /** Of `look`: index into the program's `looks`. */
      readonly look: number;
      readonly next: number;
    };

/** One direction of reading: from `entry` on, over `states`. */
export interface Look {
  readonly entry: number;
  /** Where a lookahead matches is found from the text's end backward, a lookbehind from its start forward. */
  readonly forward: boolean;
}

export interface PatternProgram {
  readonly states: readonly State[];
  readonly entry: number;
  /** In an order in which each rests on earlier ones only. */
  readonly looks: readonly Look[];
  /** It can match at the text's start only. */
  readonly anchored: boolean;
}

/** Why there is no automaton that does what the expression says, or none that is small enough. */
export class PatternRefused extends Error {
  override readonly name = "PatternRefused";

  readonly pattern: string;
  readonly reason: "back_reference" | "too_large";

  constructor(pattern: string, reason: PatternRefused["reason"]) {
    super(`the pattern ${pattern} ${reason === "too_large" ? "is too large" : "refers back to a group"}`);
    this.pattern = pattern;
    this.reason = reason;
  }
}

/** Throws PatternRefused, or a SyntaxError. `ignoreCase`: flag i. Flag u is always set, as JSON Schema asks for. */
export function compilePattern(pattern: string, ignoreCase = false): PatternProgram {
  const parser = new RegExpParser({ ecmaVersion: 2022 });
  const { alternatives } = parser.parsePattern(pattern, 0, pattern.length, { unicode: true });
  const states: State[] = [];
  const looks: Look[] = [];
  const flags = ignoreCase ? "iu" : "u";
  const sets = new Map<string, (codePoint: number) => boolean>();

  function add(state: State): number {
    if (states.length >= patternStatesMax) throw new PatternRefused(pattern, "too_large");
    return states.push(state) - 1;
  }

  function oneOf(choices: readonly AST.Alternative[], next: number, forward: boolean): number {
    const entries = choices.map((choice) => inOrder(choice.elements, next, forward));
    const [only, ...others] = entries;
    return only !== undefined && others.length === 0 ? only : add({ kind: "split", next: entries });
  }

  function inOrder(elements: readonly AST.Element[], next: number, forward: boolean): number {
    const fromLast = forward ? elements.toReversed() : elements;
    return fromLast.reduce((entry, element) => one(element, entry, forward), next);
  }

  function one(element: AST.Element, next: number, forward: boolean): number {
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
        return add({ kind: "character", holds: holdsOf(element.raw), next });
      case "Group":
      case "CapturingGroup":
        return oneOf(element.alternatives, next, forward);
      case "Quantifier":
        return repeated(element, next, forward);
      case "Assertion":
        return asserted(element, next);
      default:
        // The sets of flag v do not occur under flag u.
        throw new PatternRefused(pattern, "back_reference");
    }
  }

  /** Greedy or not makes no difference to whether there is a match. */
  function repeated({ element, min, max }: AST.Quantifier, next: number, forward: boolean): number {
    let entry = next;
    if (max === Infinity) {
      const split: State = { kind: "split", next: [next] };
      entry = add(split);
      split.next.push(one(element, entry, forward));
    } else {
      for (let count = min; count < max; count += 1) {
        const body = one(element, entry, forward);
        if (body === entry) break;
        entry = add({ kind: "split", next: [body, next] });
      }
    }
    for (let count = 0; count < min; count += 1) {
      const body = one(element, entry, forward);
      if (body === entry) break;
      entry = body;
    }
    return entry;
  }

  function asserted(element: AST.Assertion, next: number): number {
    switch (element.kind) {
      case "start":
      case "end":
        return add({ kind: "assertion", assertion: element.kind, negate: false, look: -1, next });
      case "word": {
        const { negate } = element;
        return add({ kind: "assertion", assertion: "word_boundary", negate, look: -1, next });
      }
      case "lookahead":
      case "lookbehind": {
        const forward = element.kind === "lookbehind";
        const entry = oneOf(element.alternatives, add({ kind: "match" }), forward);
        const look = looks.push({ entry, forward }) - 1;
        return add({ kind: "assertion", assertion: "look", negate: element.negate, look, next });
      }
    }
  }

  function holdsOf(raw: string): (codePoint: number) => boolean {
    const known = sets.get(raw);
    if (known !== undefined) return known;
    const holds = characterTest(new RegExp(`^(?:${raw})$`, flags));
    sets.set(raw, holds);
    return holds;
  }

  const entry = oneOf(alternatives, add({ kind: "match" }), true);
  return { states, entry, looks, anchored: alternatives.every(beginsAtStart) };
}

function beginsAtStart({ elements: [first] }: AST.Alternative): boolean {
  return first?.type === "Assertion" && first.kind === "start";
}

const asciiCharacters = 128;

/** Asks once for each ASCII character; others are asked for each time. */
function characterTest(expression: RegExp): (codePoint: number) => boolean {
  const ascii = Array.from({ length: asciiCharacters }, (_, codePoint) =>
    expression.test(String.fromCharCode(codePoint)),
  );
  return (codePoint) => ascii[codePoint] ?? expression.test(String.fromCodePoint(codePoint));
}
