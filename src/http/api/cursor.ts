// Cursors of lists: where a page ended, so that the next one goes on there however many leads pour in meanwhile.

/** What the next page comes after, as the list's ORDER BY reads it. */
export type CursorValues = readonly (string | number)[];

export function encodeCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** null: not a cursor of a list with `length` columns to order by. */
export function decodeCursor(text: string, length: number): CursorValues | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const isCursor =
      Array.isArray(values) &&
      values.length === length &&
      values.every((value) => typeof value === "string" || Number.isSafeInteger(value));
    return isCursor ? (values as CursorValues) : null;
  } catch {
    return null;
  }
}

export type ReadCursor<Position> =
  { readonly ok: true; readonly after: Position | null } | { readonly ok: false };

/** Of a list whose position is one text. `pattern` keeps what is no position out of the database. */
export function readTextCursor(cursor: string | undefined, pattern: RegExp): ReadCursor<string> {
  if (cursor === undefined) return { ok: true, after: null };
  const [after] = decodeCursor(cursor, 1) ?? [];
  return typeof after === "string" && pattern.test(after) ? { ok: true, after } : { ok: false };
}

/** Of a list that is ordered by an id. */
export function readIdCursor(cursor: string | undefined): ReadCursor<number> {
  const read = readTextCursor(cursor, /^[1-9][0-9]{0,15}$/);
  if (!read.ok) return read;
  const after = read.after === null ? null : Number(read.after);
  return after === null || Number.isSafeInteger(after) ? { ok: true, after } : { ok: false };
}

export function nextCursor(position: string | null): string | null {
  return position === null ? null : encodeCursor([position]);
}
