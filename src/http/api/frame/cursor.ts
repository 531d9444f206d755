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
      values.every((value) =>
        // A text of PostgreSQL holds no NUL.
        typeof value === "string" ? !value.includes("\0") : Number.isSafeInteger(value),
      );
    return isCursor ? (values as CursorValues) : null;
  } catch {
    return null;
  }
}

/** Whether the day and the time that a text begins with exist (`2026-02-31` does not). */
export function isCalendarTime(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d))?/.exec(text) ?? [];
  const parts = found.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return (
    year >= 100 &&
    time.getUTCMonth() === month - 1 &&
    time.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

export type ReadCursor<Position> =
  { readonly ok: true; readonly after: Position | null } | { readonly ok: false };

/** Of a list whose position is one text. `pattern` keeps what is no position out of the database. */
export function readTextCursor(cursor: string | undefined, pattern: RegExp): ReadCursor<string> {
  if (cursor === undefined) return { ok: true, after: null };
  const [after] = decodeCursor(cursor, 1) ?? [];
  return typeof after === "string" &&
    pattern.test(after) &&
    (!startsWithDay.test(after) || isCalendarTime(after))
    ? { ok: true, after }
    : { ok: false };
}

const startsWithDay = /^\d{4}-/;

/** Of a list that is ordered by an id. */
export function readIdCursor(cursor: string | undefined): ReadCursor<number> {
  const read = readTextCursor(cursor, /^[1-9][0-9]{0,15}$/);
  if (!read.ok) return read;
  const after = read.after === null ? null : Number(read.after);
  return after === null || Number.isSafeInteger(after) ? { ok: true, after } : { ok: false };
}

/** Of a list that is ordered by an id, whose cursor holds it as a number; undefined: not a cursor of it. */
export function readNumberCursor(cursor: string | undefined): number | null | undefined {
  if (cursor === undefined) return null;
  const [id] = decodeCursor(cursor, 1) ?? [];
  return typeof id === "number" && id >= 1 ? id : undefined;
}

export function nextCursor(position: string | null): string | null {
  return position === null ? null : encodeCursor([position]);
}
