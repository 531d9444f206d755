// The JSON Schema of a source: whether a lead's body satisfies it, and if not, where and why in words.
import { Ajv } from "ajv";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Language } from "../domain/error-catalogue.ts";
import { errorText } from "../domain/log.ts";
import { pointerOfViolation, violationText } from "./schema-words.ts";

export interface SchemaViolation {
  /** JSON pointer to the value at fault; "" is the body. */
  readonly pointer: string;
  /** Names the place and the rule; never repeats the value. */
  readonly message: string;
}

export type BodyValidator = (value: unknown) => SchemaViolation | null;

/**
 * Compiles a schema of draft 2020-12, or of draft-07 if `$schema` says so. The validator changes nothing in the value.
 * Throws an Error if the schema itself is not valid, refers to another document, or is asynchronous.
 * `pattern` runs as a JavaScript regular expression: a pattern that backtracks exponentially stops the whole process,
 * so a schema must come from whoever runs LeadLedger, never from a sender.
 */
export function compileBodySchema(schema: Readonly<Record<string, unknown>>): BodyValidator {
  if (schema["$async"] === true) throw new Error("An asynchronous schema ($async) is not supported.");
  const validate = compile(schema);
  return (value) => (validate(value) ? null : violation(validate));
}

/** More of them help nobody. */
const violationsMax = 50;

/** Everything that is wrong with a value, in the language of the person who mends it. Never repeats the value. */
export function listSchemaViolations(
  schema: Readonly<Record<string, unknown>>,
  value: unknown,
  language: Language,
): readonly SchemaViolation[] {
  const validate = compile(schema, { ...options, allErrors: true });
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, violationsMax).map((error) => ({
    pointer: pointerOfViolation(error),
    message: violationText(error, language),
  }));
}

/** Why a schema cannot be used; null: it can. */
export function rejectBodySchema(schema: Readonly<Record<string, unknown>>): string | null {
  try {
    compileBodySchema(schema);
    return null;
  } catch (error) {
    return errorText(error);
  }
}

function compile(schema: Readonly<Record<string, unknown>>, settings = options): ValidateFunction {
  const draft = schema["$schema"];
  if (typeof draft === "string" && draft.includes("draft-07")) {
    const ajv = new Ajv(settings);
    addFormats.default(ajv);
    return ajv.compile(schema);
  }
  const ajv = new Ajv2020(settings);
  addFormats.default(ajv);
  return ajv.compile(schema);
}

function violation(validate: ValidateFunction): SchemaViolation {
  const error = validate.errors?.[0];
  if (error === undefined) return { pointer: "", message: "The body does not satisfy the source's schema." };
  const place = error.instancePath === "" ? "The body" : error.instancePath;
  return { pointer: error.instancePath, message: `${place} ${ruleInWords(error)}.` };
}

/** Ajv's messages speak of the rule and of field names, not of values. */
function ruleInWords(error: ErrorObject): string {
  const words = error.message ?? "does not satisfy the source's schema";
  switch (error.keyword) {
    case "additionalProperties":
    case "unevaluatedProperties":
    case "propertyNames":
      return `has a field that the schema does not allow`;
    case "enum":
      return "must be one of the values that the schema allows";
    default:
      return words;
  }
}

const options: Options = {
  strict: false,
  allErrors: false,
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  /** `required: ["constructor"]` must not be satisfied by what every object inherits. */
  ownProperties: true,
  logger: false,
};
