// Where things stand in a JSON text that somebody is writing: the line of each member, or where it stops being JSON.
// Every number may have as many digits as it likes: nothing is converted.

export type SyntaxFault =
  | "value_expected"
  | "text_not_closed"
  | "character_not_allowed"
  | "escape_wrong"
  | "number_wrong"
  | "name_expected"
  | "colon_expected"
  | "comma_or_end_expected"
  | "more_behind_the_end"
  | "too_deep"
  | "not_an_object";

export interface Place {
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export type JsonPlaces =
  /** By JSON pointer (RFC 6901): where its value's name begins, or the value where it has none. */
  | { readonly ok: true; readonly places: ReadonlyMap<string, Place> }
  | { readonly ok: false; readonly fault: SyntaxFault; readonly at: Place };

/** As many as the server takes (src/bodies/json-scanner.ts). */
const depthMax = 64;

export function findPlaces(text: string): JsonPlaces {
  const offsets = new Map<string, number>();
  const scanner = new Scanner(text, offsets);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { ok: false, fault: error.fault, at: placeAt(text, error.offset) };
  }
  return {
    ok: true,
    places: new Map([...offsets].map(([pointer, offset]) => [pointer, placeAt(text, offset)])),
  };
}

/** The place of a pointer, or of what holds it where it is missing. */
export function placeOf(places: ReadonlyMap<string, Place>, pointer: string): Place | null {
  for (let rest = pointer; ; rest = rest.slice(0, rest.lastIndexOf("/"))) {
    const found = places.get(rest);
    if (found !== undefined) return found;
    if (!rest.includes("/")) return null;
  }
}

class Stop extends Error {
  readonly fault: SyntaxFault;
  readonly offset: number;

  constructor(fault: SyntaxFault, offset: number) {
    super(fault);
    this.fault = fault;
    this.offset = offset;
  }
}

class Scanner {
  #at = 0;
  readonly #text: string;
  readonly #offsets: Map<string, number>;

  constructor(text: string, offsets: Map<string, number>) {
    this.#text = text;
    this.#offsets = offsets;
  }

  document(): void {
    this.#space();
    const start = this.#at;
    this.#offsets.set("", start);
    this.#value("", 0);
    this.#space();
    if (this.#at < this.#text.length) this.#stop("more_behind_the_end");
    if (this.#text[start] !== "{") throw new Stop("not_an_object", start);
  }

  #value(pointer: string, depth: number): void {
    if (depth > depthMax) this.#stop("too_deep");
    const first = this.#text[this.#at];
    if (first === "{") this.#object(pointer, depth);
    else if (first === "[") this.#list(pointer, depth);
    else if (first === '"') this.#string();
    else if (first === "-" || (first !== undefined && first >= "0" && first <= "9")) this.#number();
    else this.#word();
  }

  #object(pointer: string, depth: number): void {
    this.#at++;
    this.#space();
    if (this.#took("}")) return;
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#stop("name_expected");
      const start = this.#at;
      const member = `${pointer}/${escaped(this.#string())}`;
      this.#offsets.set(member, start);
      this.#space();
      if (!this.#took(":")) this.#stop("colon_expected");
      this.#space();
      this.#value(member, depth + 1);
      this.#space();
      if (this.#took("}")) return;
      if (!this.#took(",")) this.#stop("comma_or_end_expected");
      this.#space();
    }
  }

  #list(pointer: string, depth: number): void {
    this.#at++;
    this.#space();
    if (this.#took("]")) return;
    for (let index = 0; ; index++) {
      const item = `${pointer}/${index}`;
      this.#offsets.set(item, this.#at);
      this.#value(item, depth + 1);
      this.#space();
      if (this.#took("]")) return;
      if (!this.#took(",")) this.#stop("comma_or_end_expected");
      this.#space();
    }
  }

  #string(): string {
    const start = this.#at++;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw new Stop("text_not_closed", start);
      if (character === "\n") throw new Stop("text_not_closed", start);
      if (character < " ") this.#stop("character_not_allowed");
      if (character === "\\") this.#escape();
      else {
        this.#at++;
        if (character === '"') return JSON.parse(this.#text.slice(start, this.#at)) as string;
      }
    }
  }

  #escape(): void {
    const match = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.#text.slice(this.#at, this.#at + 6));
    if (match === null) this.#stop("escape_wrong");
    this.#at += match[0].length;
  }

  #number(): void {
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = this.#at;
    const match = number.exec(this.#text);
    if (match === null) this.#stop("number_wrong");
    this.#at += match[0].length;
    if (/[\d.eE+-]/.test(this.#text[this.#at] ?? "")) this.#stop("number_wrong");
  }

  #word(): void {
    const word = ["true", "false", "null"].find((each) => this.#text.startsWith(each, this.#at));
    if (word === undefined) this.#stop("value_expected");
    this.#at += word.length;
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #took(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #stop(fault: SyntaxFault): never {
    throw new Stop(fault, this.#at);
  }
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { offset, line: before.split("\n").length, column: offset - lineStart + 1 };
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
