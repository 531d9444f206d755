// Walks over a JSON text once and finds what JSON.parse would pass or hide but a ledger must not take.
//
// JSON.parse alone is not enough: it keeps the last of two equal keys, turns 1e999 into Infinity, passes NUL
// characters and lone surrogates that jsonb refuses, and its error messages quote the payload.
import type { RefusalCode } from "../domain/leads/refusal.ts";

/** Objects and arrays within each other. */
export const jsonDepthMax = 64;
/** jsonb writes numbers without exponent, so 1e100000 would become 100 kB of text. */
export const jsonExponentMax = 308;
export const jsonNumberDigitsMax = 400;

export interface JsonFault {
  readonly code: Extract<RefusalCode, `json_${string}`>;
  /** Position in the text, in UTF-16 units. */
  readonly index: number;
  /** Keys and indexes that lead to the value with the fault. */
  readonly path: string[];
  /** What should have stood there; only for `json_malformed`. */
  readonly expected: string;
}

/** null if the text is one JSON value (RFC 8259) that can be kept exactly. */
export function findJsonFault(text: string): JsonFault | null {
  const scanner = new JsonScanner(text);
  scanner.document();
  return scanner.fault;
}

/** Recursive, which is safe because the depth is limited; each method answers whether it may go on. */
class JsonScanner {
  fault: JsonFault | null = null;
  readonly #text: string;
  #at = 0;
  #stringHasEscape = false;

  constructor(text: string) {
    this.#text = text;
  }

  document(): boolean {
    this.#skipSpace();
    if (!this.#value(1)) return false;
    this.#skipSpace();
    return this.#at === this.#text.length || this.#expected("nothing more after the value");
  }

  #value(depth: number): boolean {
    switch (this.#text.charCodeAt(this.#at)) {
      case openBrace:
        return this.#object(depth);
      case openBracket:
        return this.#array(depth);
      case quote:
        return this.#string();
      case 0x74:
        return this.#literal("true");
      case 0x66:
        return this.#literal("false");
      case 0x6e:
        return this.#literal("null");
      default:
        return this.#number();
    }
  }

  #object(depth: number): boolean {
    if (depth > jsonDepthMax) return this.#fail("json_too_deep");
    this.#at++;
    this.#skipSpace();
    if (this.#take(closeBrace)) return true;
    const keys = new SeenKeys();
    for (;;) {
      const start = this.#at;
      if (this.#text.charCodeAt(start) !== quote) return this.#expected("a field name in double quotes");
      if (!this.#string()) return false;
      const key = this.#keyText(start);
      if (!keys.add(key)) {
        this.#fail("json_duplicate_key", start);
        return this.#within(key);
      }
      this.#skipSpace();
      if (!this.#take(colon)) return this.#expected('":" after the field name');
      this.#skipSpace();
      if (!this.#value(depth + 1)) return this.#within(key);
      this.#skipSpace();
      if (this.#take(closeBrace)) return true;
      if (!this.#take(comma)) return this.#expected('"," or "}"');
      this.#skipSpace();
    }
  }

  #array(depth: number): boolean {
    if (depth > jsonDepthMax) return this.#fail("json_too_deep");
    this.#at++;
    this.#skipSpace();
    if (this.#take(closeBracket)) return true;
    for (let index = 0; ; index++) {
      if (!this.#value(depth + 1)) return this.#within(String(index));
      this.#skipSpace();
      if (this.#take(closeBracket)) return true;
      if (!this.#take(comma)) return this.#expected('"," or "]"');
      this.#skipSpace();
    }
  }

  #string(): boolean {
    const text = this.#text;
    let at = this.#at + 1;
    this.#stringHasEscape = false;
    for (;;) {
      const unit = text.charCodeAt(at);
      if (unit === quote) {
        this.#at = at + 1;
        return true;
      }
      if (unit === backslash) {
        this.#at = at;
        if (!this.#escape()) return false;
        at = this.#at;
      } else if (unit >= 0x20) {
        at++;
      } else {
        this.#at = at;
        if (Number.isNaN(unit)) return this.#expected("the closing double quote of a text");
        return this.#expected("an escape (\\n, \\t, …) instead of a control character");
      }
    }
  }

  #escape(): boolean {
    this.#stringHasEscape = true;
    const start = this.#at;
    const letter = this.#text.charAt(start + 1);
    if (letter !== "u") {
      if (letter === "" || !'"\\/bfnrt'.includes(letter)) return this.#expected("a valid escape");
      this.#at = start + 2;
      return true;
    }
    const unit = this.#hexUnit(start);
    if (unit === null) return this.#expected("four hexadecimal digits after \\u");
    if (unit === 0) return this.#fail("json_nul_character", start);
    if (unit < 0xd800 || unit > 0xdfff) {
      this.#at = start + 6;
      return true;
    }
    const second = unit <= 0xdbff ? this.#hexUnit(start + 6) : null;
    if (second === null || second < 0xdc00 || second > 0xdfff)
      return this.#fail("json_lone_surrogate", start);
    this.#at = start + 12;
    return true;
  }

  #hexUnit(at: number): number | null {
    const escape = this.#text.slice(at, at + 6);
    return /^\\u[0-9a-fA-F]{4}$/.test(escape) ? Number.parseInt(escape.slice(2), 16) : null;
  }

  #number(): boolean {
    const start = this.#at;
    this.#take(minus);
    const integerStart = this.#at;
    let digits = this.#digits();
    if (digits === 0) return this.#expected(this.#at === start ? "a value" : "a digit");
    if (digits > 1 && this.#text.charCodeAt(integerStart) === zero) {
      return this.#expected("no zero at the start of a number", integerStart);
    }
    if (this.#take(point)) {
      const fraction = this.#digits();
      if (fraction === 0) return this.#expected("a digit");
      digits += fraction;
    }
    if (digits > jsonNumberDigitsMax) return this.#fail("json_number_out_of_range", start);
    return this.#exponent(start);
  }

  #exponent(numberStart: number): boolean {
    if (!this.#take(0x65) && !this.#take(0x45)) return true;
    if (!this.#take(minus)) this.#take(plus);
    const start = this.#at;
    if (this.#digits() === 0) return this.#expected("a digit");
    // Number() of a very long run of digits is Infinity, which is out of range as well.
    if (Number(this.#text.slice(start, this.#at)) <= jsonExponentMax) return true;
    return this.#fail("json_number_out_of_range", numberStart);
  }

  #digits(): number {
    const start = this.#at;
    let unit = this.#text.charCodeAt(this.#at);
    while (unit >= zero && unit <= nine) unit = this.#text.charCodeAt(++this.#at);
    return this.#at - start;
  }

  #literal(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return this.#expected("a value");
    this.#at += word.length;
    return true;
  }

  #keyText(start: number): string {
    if (this.#stringHasEscape) return JSON.parse(this.#text.slice(start, this.#at)) as string;
    return this.#text.slice(start + 1, this.#at - 1);
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  #take(unit: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== unit) return false;
    this.#at++;
    return true;
  }

  #expected(expected: string, index = this.#at): false {
    // A raw NUL is broken JSON too, but "NUL character" is what helps the person who has to find it.
    const code = this.#text.charCodeAt(index) === 0 ? "json_nul_character" : "json_malformed";
    this.fault = { code, index, path: [], expected };
    return false;
  }

  #fail(code: JsonFault["code"], index = this.#at): false {
    this.fault = { code, index, path: [], expected: "" };
    return false;
  }

  #within(key: string): false {
    this.fault?.path.unshift(key);
    return false;
  }
}

/** Most objects have few keys, and comparing a few is cheaper than hashing them. */
class SeenKeys {
  readonly #few: string[] = [];
  #many: Set<string> | null = null;

  /** false if the key was seen before. */
  add(key: string): boolean {
    if (this.#many !== null) return this.#many.size < this.#many.add(key).size;
    if (this.#few.includes(key)) return false;
    this.#few.push(key);
    if (this.#few.length === fewKeysMax) this.#many = new Set(this.#few);
    return true;
  }
}

const fewKeysMax = 8;

const quote = 0x22;
const plus = 0x2b;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
