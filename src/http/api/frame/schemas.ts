// Shapes that many calls of the API share.
import { Type } from "typebox";
import type { TArrayOptions, TSchema } from "typebox";

/** The database's dates become ISO 8601 on their way out. */
export function timestamp(description: string) {
  return Type.Unsafe<Date | string>({ type: "string", format: "date-time", description });
}

/** A time in a request; it stays text, so that microseconds are kept. */
export function timestampText(description: string) {
  return Type.String({ format: "date-time", description });
}

/** A time in a filter, or a day: that of the reporting time zone (ledger/connection/reporting-time-sql.ts). */
export function timeOrDay(description: string) {
  return Type.String({
    format: timeOrDayFormat,
    description: `${description} A day (2026-11-25) is that of the reporting time zone.`,
    examples: ["2026-11-25T09:00:00+01:00", "2026-11-25"],
  });
}

/** Of our own: what it means stands in request-shape.ts. */
export const timeOrDayFormat = "time-or-day";

/** In a body, too, one of them may stand alone. */
export function listOf<Item extends TSchema>(item: Item, options: TArrayOptions) {
  return Type.Array(item, { ...options, "x-one-or-list": true });
}

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

export function oneOf<const Values extends readonly string[]>(values: Values, description?: string) {
  return Type.Unsafe<Values[number]>({
    type: "string",
    enum: [...values],
    ...(description === undefined ? {} : { description }),
  });
}

/** Closed: an unknown member is a mistake of the caller, who is told. */
export const closed = { additionalProperties: false } as const;

/** Ids in a filter. */
export const filterIdsMax = 1_000;

export const pageLimitMax = 500;
export const pageLimitDefault = 50;

/** Query parameters of every list. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimitMax,
      default: pageLimitDefault,
      description: "How many at most.",
    }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 512, description: "`next_cursor` of the page before." }),
  ),
};

/** One page of a list; newest first unless said otherwise. */
export function page<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    next_cursor: nullable(Type.String({ description: "For the next page; null: this was the last one." })),
  });
}

export const runId = Type.String({ format: "uuid", description: "The lead's id." });
/** As the database gives them; a number that can be none of them is that of nothing, so the answer to it is 404. */
export const numericId = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER, "x-id": true } as const;
export const dlqId = Type.Integer({ ...numericId, description: "The entry's id." });
export const partName = Type.String({ minLength: 1, maxLength: 255 });
export const reason = Type.String({
  minLength: 1,
  maxLength: 2_000,
  pattern: "\\S",
  description: "Why; it stays in the audit log.",
});
