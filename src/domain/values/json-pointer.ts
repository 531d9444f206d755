// JSON pointers (RFC 6901): how a configuration names a place in a lead, and how a message does.

/** The tokens of a pointer, unescaped (RFC 6901 section 4); null if it is not a pointer. "" is the whole document. */
export function parsePointer(pointer: string): readonly string[] | null {
  const known = parsed.get(pointer);
  if (known !== undefined) return known;
  const tokens = tokensOf(pointer);
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(pointer, tokens);
  return tokens;
}

/** Pointers are configuration's: the same few are asked for with every lead. */
const parsed = new Map<string, readonly string[] | null>();
const parsedMax = 1_000;

function tokensOf(pointer: string): readonly string[] | null {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return null;
  const tokens = pointer.slice(1).split("/");
  return pointer.includes("~") ? tokens.map(unescapeToken) : tokens;
}

export function formatPointer(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** What stands at the pointer; undefined if nothing does. Only own properties count: `/constructor` is no data. */
export function valueAtPointer(document: unknown, pointer: string): unknown {
  const tokens = parsePointer(pointer);
  if (tokens === null) return undefined;
  let value = document;
  for (const token of tokens) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value) && !/^(?:0|[1-9][0-9]*)$/.test(token)) return undefined;
    if (!Object.hasOwn(value, token)) return undefined;
    value = (value as Record<string, unknown>)[token];
  }
  return value;
}

/** A copy in which `value` stands at the pointer; objects on the way there are made where there are none. */
export function withValueAtPointer(
  document: Readonly<Record<string, unknown>>,
  pointer: string,
  value: unknown,
): Record<string, unknown> {
  return put(document, parsePointer(pointer) ?? [], value) as Record<string, unknown>;
}

function put(place: unknown, [token, ...rest]: readonly string[], value: unknown): unknown {
  if (token === undefined) return value;
  const isObject = typeof place === "object" && place !== null && !Array.isArray(place);
  const members = isObject ? (place as Readonly<Record<string, unknown>>) : {};
  const inner = Object.hasOwn(members, token) ? members[token] : undefined;
  // Own members, whatever they are called.
  return Object.fromEntries([...Object.entries(members), [token, put(inner, rest, value)]]);
}

function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
