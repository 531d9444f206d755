// The JSON Schema of a source: whether a lead's body satisfies it, and if not, where and why in words. Schemas are
// people's input and bodies are anybody's, so what a check may cost is bounded (bounded-ajv.ts).
import type { ErrorObject, ValidateFunction } from "ajv";
import type { Language } from "../domain/errors/error-catalogue.ts";
import { errorText } from "../domain/node/log.ts";
import { checkIsSchema, createBoundedAjv } from "./bounded-ajv.ts";
import { checkStepsMax, StepsUsedUp } from "./check-steps.ts";
import { PatternRefused } from "../domain/values/pattern-program.ts";
import { pointerOfViolation, tooCostlyText, violationText } from "./schema-words.ts";

export interface SchemaViolation {
  /** `schema_check_stopped`: whether the body satisfies the schema is not known, because that takes too many steps. */
  readonly code: "schema_violation" | "schema_check_stopped";
  /** JSON pointer to the value at fault; "" is the body. */
  readonly pointer: string;
  /** Names the place and the rule; never repeats the value. */
  readonly message: string;
}

export type BodyValidator = (value: unknown) => SchemaViolation | null;

/** Why a schema cannot be used. */
export type SchemaFault =
  | { readonly code: "schema_rejected"; readonly params: { readonly detail: string } }
  | { readonly code: "schema_pattern_refers_back"; readonly params: { readonly pattern: string } }
  | { readonly code: "schema_pattern_too_large"; readonly params: { readonly pattern: string } }
  | {
      readonly code: "schema_too_large";
      readonly params: { readonly partsMax: number; readonly depthMax: number };
    }
  | { readonly code: "schema_too_costly"; readonly params: object };

type Schema = Readonly<Record<string, unknown>>;

/** Objects and lists in a schema; compiling takes 0.2 to 0.5 ms for each, and more of them a deeper stack than there is. */
const schemaPartsMax = 2_000;
const schemaDepthMax = 100;

/** What even the emptiest lead may cost: more, and the schema goes in circles. */
const emptyCheckStepsMax = checkStepsMax / 100;

/**
 * Compiles a schema of draft 2020-12, or of draft-07 if `$schema` says so. The validator changes nothing in the value,
 * throws nothing, and ends after `checkStepsMax` steps. Throws an Error if the schema itself is not valid, refers to
 * another document, is asynchronous, or is nothing that can be checked within bounds.
 */
export function compileBodySchema(schema: Schema): BodyValidator {
  const { check } = compile(schema, false);
  return (value) => {
    const found = check(value, checkStepsMax);
    if (found === "stopped") return checkStopped;
    return found === null ? null : violation(found[0]);
  };
}

const checkStopped: SchemaViolation = {
  code: "schema_check_stopped",
  pointer: "",
  message: `Checking the body against the source's schema takes more than ${checkStepsMax} steps and was stopped.`,
};

/**
 * As `compileBodySchema`; for a schema that is in use already. Where it cannot be used any more, its leads are kept
 * unchecked, as those whose check was stopped are. `onFault` is told why.
 */
export function compileStoredSchema(
  schema: Schema,
  onFault: (fault: SchemaFault) => void = () => undefined,
): BodyValidator {
  try {
    return compileBodySchema(schema);
  } catch (error) {
    onFault(faultOf(error));
    return () => checkStopped;
  }
}

/** More of them help nobody. */
const violationsMax = 50;

/** Everything that is wrong with a value, in the language of the person who mends it. Never repeats the value. */
export function listSchemaViolations(
  schema: Schema,
  value: unknown,
  language: Language,
): readonly SchemaViolation[] {
  const found = compile(schema, true).check(value, checkStepsMax);
  if (found === "stopped") return [{ ...checkStopped, message: tooCostlyText[language] }];
  return (found ?? []).slice(0, violationsMax).map((error) => ({
    code: "schema_violation",
    pointer: pointerOfViolation(error),
    message: violationText(error, language),
  }));
}

/** Why a schema cannot be used; null: it can. */
export function rejectBodySchema(schema: Schema): SchemaFault | null {
  try {
    const { check } = compile(schema, false);
    // Whatever is wrong with these values is found at once, unless the schema leads back to itself without end.
    const samples = [{}, [], "", 0, null];
    const isEndless = samples.some((value) => check(value, emptyCheckStepsMax) === "stopped");
    return isEndless ? { code: "schema_too_costly", params: {} } : null;
  } catch (error) {
    return faultOf(error);
  }
}

/** Null: the value satisfies the schema. */
type Check = (value: unknown, stepsMax: number) => readonly ErrorObject[] | "stopped" | null;

function compile(schema: Schema, allErrors: boolean): { readonly check: Check } {
  if (schema["$async"] === true) throw new Error("An asynchronous schema ($async) is not supported.");
  if (isTooLarge(schema)) throw new SchemaTooLarge();
  const draft = schema["$schema"];
  const isDraft07 = typeof draft === "string" && draft.includes("draft-07");
  checkIsSchema(schema, isDraft07);
  const { ajv, steps } = createBoundedAjv(isDraft07, allErrors);
  const validate: ValidateFunction = ajv.compile(schema);
  return {
    check(value, stepsMax) {
      try {
        return steps.within(stepsMax, () => (validate(value) ? null : (validate.errors ?? [])));
      } catch (error) {
        // RangeError: the stack is used up, by a schema that leads back to itself without going deeper into the value.
        if (error instanceof StepsUsedUp || error instanceof RangeError) return "stopped";
        throw error;
      }
    },
  };
}

class SchemaTooLarge extends Error {
  override readonly name = "SchemaTooLarge";

  constructor() {
    super(`A schema may have ${schemaPartsMax} objects and lists, ${schemaDepthMax} levels deep.`);
  }
}

function isTooLarge(schema: Schema): boolean {
  const pending: { readonly value: object; readonly depth: number }[] = [{ value: schema, depth: 1 }];
  let parts = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    parts += 1;
    if (parts > schemaPartsMax || next.depth > schemaDepthMax) return true;
    for (const value of Object.values(next.value) as unknown[]) {
      if (typeof value === "object" && value !== null) pending.push({ value, depth: next.depth + 1 });
    }
  }
  return false;
}

const patternShownCharacters = 80;

function faultOf(error: unknown): SchemaFault {
  // While it was compiled: a reference that names itself.
  if (error instanceof RangeError) return { code: "schema_too_costly", params: {} };
  if (error instanceof SchemaTooLarge)
    return { code: "schema_too_large", params: { partsMax: schemaPartsMax, depthMax: schemaDepthMax } };
  if (!(error instanceof PatternRefused))
    return { code: "schema_rejected", params: { detail: errorText(error) } };
  const pattern = error.pattern.slice(0, patternShownCharacters);
  const code = error.reason === "too_large" ? "schema_pattern_too_large" : "schema_pattern_refers_back";
  return { code, params: { pattern } };
}

function violation(error: ErrorObject | undefined): SchemaViolation {
  const code = "schema_violation";
  if (error === undefined)
    return { code, pointer: "", message: "The body does not satisfy the source's schema." };
  const place = error.instancePath === "" ? "The body" : error.instancePath;
  return { code, pointer: error.instancePath, message: `${place} ${ruleInWords(error)}.` };
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
