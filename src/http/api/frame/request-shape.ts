// Checks the parts of a request against their schemas, and says in words what does not fit.
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { TSchema } from "typebox";
import { timeOrDayFormat } from "./schemas.ts";

/** The schemas are ours, and a test sees that they are valid: to look at each start costs more than to compile them. */
const common = {
  allErrors: false,
  strict: false,
  useDefaults: true,
  validateSchema: false,
  // For `hintOf`, which looks at the value; it is never repeated.
  verbose: true,
} as const;
/** Bodies say what they mean. */
const exact = withFormats(new Ajv2020({ ...common, coerceTypes: false }));
/** In a path or a query everything is text, and one value of a list looks like a single one. */
const fromText = withFormats(new Ajv2020({ ...common, coerceTypes: "array" }));

/**
 * Marks the schema of a body that describes more than it checks: the rules of leadledger.yaml check it, and say in the
 * reader's language what does not fit.
 */
export const checkedByConfiguration = { "x-checked-by": "leadledger.yaml" } as const;

export interface PartCheck {
  (value: unknown): boolean;
  /** Of the latest call. */
  errors?: ErrorObject[] | null;
}

/** Compiles at the first call: most calls of the API are not made between one start and the next. */
export function checkRequestPart(schema: TSchema, part: string): PartCheck {
  let compiled: ValidateFunction | undefined;
  const check: PartCheck = (value) => {
    compiled ??= compile(schema, part);
    if (!("x-checked-by" in schema)) made(schema, value);
    const fits = compiled(value);
    check.errors = compiled.errors ?? null;
    return fits;
  };
  return check;
}

function compile(schema: TSchema, part: string): ValidateFunction {
  if ("x-checked-by" in schema) return exact.compile({});
  return (part === "body" ? exact : fromText).compile(schema);
}

/** Has no row: the database counts ids up from 1. */
const idOfNothing = Number.MAX_SAFE_INTEGER;

interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
  readonly "x-id"?: boolean;
  readonly "x-one-or-list"?: boolean;
}

/** The value as it is checked, its members in place: one value becomes a list of one, and no id is beyond what exists. */
function made(schema: Described, value: unknown): unknown {
  if (schema["x-id"] === true) return existingId(value);
  const list =
    schema["x-one-or-list"] === true && value !== undefined && !Array.isArray(value) ? [value] : value;
  const { items, properties, anyOf } = schema;
  if (Array.isArray(list)) return items === undefined ? list : list.map((item) => made(items, item));
  const id = anyOf?.find((each) => each["x-id"] === true);
  if (id !== undefined && typeof list === "number") return existingId(list);
  if (properties === undefined || typeof list !== "object" || list === null) return list;
  const members = list as Record<string, unknown>;
  for (const [name, member] of Object.entries(properties))
    if (Object.hasOwn(members, name)) members[name] = made(member, members[name]);
  return list;
}

/** Whole numbers that are no id, or are written unlike one (`007`, `-1`), are that of nothing; other things stay. */
function existingId(value: unknown): unknown {
  if (typeof value === "string") {
    // "1e3" and "0x10" are numbers to whoever reads the text as one.
    if (value.trim() === "" || !Number.isInteger(Number(value))) return value;
    return /^[1-9]\d{0,15}$/.test(value) && Number.isSafeInteger(Number(value)) ? value : String(idOfNothing);
  }
  if (typeof value !== "number" || !Number.isInteger(value)) return value;
  return value >= 1 && Number.isSafeInteger(value) ? value : idOfNothing;
}

/** `body/reason must NOT have fewer than 1 characters`; never repeats a value. */
export function shapeFault(error: Error & { validation?: unknown; validationContext?: string }): string {
  const [first] = (error.validation ?? []) as ErrorObject[];
  if (first === undefined) return "the request does not have the shape that this call needs";
  const place = `${error.validationContext ?? "body"}${first.instancePath}`;
  const name = unexpectedName(first);
  return `${place} ${wordsOf(first)}${name === null ? "" : ` (${name})`}`;
}

function wordsOf({ keyword, params, message, data }: ErrorObject): string {
  const { format } = params as { readonly format?: string };
  if (keyword !== "format" || (format !== timeOrDayFormat && format !== "date-time"))
    return message ?? "is invalid";
  const expected =
    format === timeOrDayFormat
      ? "must be a time with its zone (2026-11-25T09:00:00+01:00) or a day (2026-11-25)"
      : "must be a time with its zone (2026-11-25T09:00:00+01:00)";
  // In a query a plus sign is a space (form encoding).
  const lostPlus = typeof data === "string" && /T[\d:.]+ \d\d:?\d\d$/i.test(data);
  return lostPlus ? `${expected}; in a query a + is written %2B` : expected;
}

function unexpectedName({ params }: ErrorObject): string | null {
  const { additionalProperty, allowedValues } = params as {
    additionalProperty?: string;
    allowedValues?: readonly unknown[];
  };
  if (additionalProperty !== undefined) return additionalProperty;
  return allowedValues === undefined ? null : allowedValues.join(", ");
}

function withFormats(ajv: Ajv2020): Ajv2020 {
  addFormats.default(ajv, ["uuid", "email", "uri"]);
  const isTime = formatOf("date-time");
  const isDay = formatOf("date");
  // PostgreSQL has no year 0.
  const hasYear = (text: string): boolean => !text.startsWith("0000");
  ajv.addFormat("date-time", (text) => hasYear(text) && isTime(text));
  ajv.addFormat("date", (text) => hasYear(text) && isDay(text));
  ajv.addFormat(timeOrDayFormat, (text) => hasYear(text) && (isTime(text) || isDay(text)));
  return ajv;
}

/** As the library checks it. */
function formatOf(name: "date" | "date-time"): (text: string) => boolean {
  const pristine = new Ajv2020();
  addFormats.default(pristine, [name]);
  const check = pristine.compile<string>({ type: "string", format: name });
  return (text) => check(text);
}
