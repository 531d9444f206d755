// Runs a regular expression over a text in a time that grows with the text's length and no faster, whatever the
// expression: all its states go through the text together (Thompson's simulation), where JavaScript's engine would try
// one way after the other. Only whether it matches is asked, so groups and greed need no looking after.
import { compilePattern } from "./pattern-program.ts";
import type { Look, PatternProgram, State } from "./pattern-program.ts";

export interface LinearPattern {
  /** Whether the expression matches somewhere in the text, as `RegExp.prototype.test` with flag u would say. */
  test(text: string): boolean;
}

type Spend = (steps: number) => void;

/** `spend` is told of the steps taken, and may throw. Throws PatternRefused, or a SyntaxError. */
export function linearPattern(pattern: string, spend: Spend, ignoreCase = false): LinearPattern {
  const program = compilePattern(pattern, ignoreCase);
  const seen: Seen = { round: 0, states: new Float64Array(program.states.length) };
  return {
    test(text) {
      const reading: Reading = { program, text, tables: [], seen, spend };
      for (const look of program.looks) reading.tables.push(placesOf(reading, look));
      let found = false;
      read(reading, { entry: program.entry, forward: true }, program.anchored, () => (found = true));
      return found;
    },
  };
}

interface Reading {
  readonly program: PatternProgram;
  readonly text: string;
  /** For each look of the program that has been read: 1 at each index of the text at which it holds. */
  readonly tables: Uint8Array[];
  readonly seen: Seen;
  readonly spend: Spend;
}

/** In which round each state was reached last; a round is one place of one reading. Kept, so that nothing is cleared. */
interface Seen {
  round: number;
  readonly states: Float64Array;
}

/** Steps are told in portions. */
const stepsPerPortion = 256;

function placesOf(reading: Reading, look: Look): Uint8Array {
  const places = new Uint8Array(reading.text.length + 1);
  read(reading, look, false, (index) => {
    places[index] = 1;
    return false;
  });
  return places;
}

/** `onMatch` is called with every index at which a match ends; true ends the reading. */
function read(
  reading: Reading,
  { entry, forward }: Look,
  anchored: boolean,
  onMatch: (index: number) => boolean,
): void {
  const { program, text, seen, spend } = reading;
  const { states } = program;
  const pending: number[] = [];
  const end = forward ? text.length : 0;
  let index = text.length - end;
  let here: CharacterState[] = [];
  let coming: CharacterState[] = [];
  let steps = 0;

  for (;;) {
    seen.round += 1;
    let isOver = coming.some((state) => reach(state.next));
    if (!isOver && (!anchored || index === 0)) isOver = reach(entry);
    isOver ||= index === end || (anchored && here.length === 0);
    steps += 1;
    if (isOver || steps >= stepsPerPortion) {
      spend(steps);
      steps = 0;
    }
    if (isOver) return;
    const codePoint = forward ? codePointAt(text, index) : codePointBefore(text, index);
    index += (codePoint > 0xffff ? 2 : 1) * (forward ? 1 : -1);
    coming = here.filter((state) => state.holds(codePoint));
    here = [];
  }

  /** Follows what takes no character from `first` on; true: a match that ends the reading. */
  function reach(first: number): boolean {
    let at: number | undefined = first;
    do {
      if (seen.states[at] === seen.round) continue;
      seen.states[at] = seen.round;
      steps += 1;
      const state: State | undefined = states[at];
      if (state === undefined) continue;
      if (state.kind === "character") here.push(state);
      else if (state.kind === "split") for (const next of state.next) pending.push(next);
      else if (state.kind === "assertion") {
        if (holdsAt(reading, state, index)) pending.push(state.next);
      } else if (onMatch(index)) return true;
    } while ((at = pending.pop()) !== undefined);
    return false;
  }
}

type CharacterState = Extract<State, { kind: "character" }>;
type Assertion = Extract<State, { kind: "assertion" }>;

function holdsAt({ text, tables }: Reading, { assertion, negate, look }: Assertion, index: number): boolean {
  switch (assertion) {
    case "start":
      return index === 0;
    case "end":
      return index === text.length;
    case "word_boundary":
      return (isWord(text.charCodeAt(index - 1)) !== isWord(text.charCodeAt(index))) !== negate;
    case "look":
      return (tables[look]?.[index] === 1) !== negate;
  }
}

/** [A-Za-z0-9_]; NaN, as beyond the text's ends, is none. */
function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  );
}

/** `index` is one of the text's. */
function codePointAt(text: string, index: number): number {
  return text.codePointAt(index) ?? 0;
}

function codePointBefore(text: string, index: number): number {
  const low = text.charCodeAt(index - 1);
  const high = text.charCodeAt(index - 2);
  const isPair = low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff;
  return isPair ? codePointAt(text, index - 2) : low;
}
