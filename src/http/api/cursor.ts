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
