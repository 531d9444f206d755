// Checks the parts of a request against their schemas, and says in words what does not fit.
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { TSchema } from "typebox";

/** The schemas are ours, and a test sees that they are valid: to look at each start costs more than to compile them. */
const common = { allErrors: false, strict: false, useDefaults: true, validateSchema: false } as const;
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

/** `body/reason must NOT have fewer than 1 characters`; never repeats a value. */
export function shapeFault(error: Error & { validation?: unknown; validationContext?: string }): string {
  const [first] = (error.validation ?? []) as ErrorObject[];
  if (first === undefined) return "the request does not have the shape that this call needs";
  const place = `${error.validationContext ?? "body"}${first.instancePath}`;
  const name = unexpectedName(first);
  return `${place} ${first.message ?? "is invalid"}${name === null ? "" : ` (${name})`}`;
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
  addFormats.default(ajv, ["date-time", "date", "uuid", "email", "uri"]);
  return ajv;
}
