// Ajv for schemas that people write: a check that would take too long is ended. Patterns run in an engine of our own
// whose time grows with the text alone, and the code that Ajv makes is given a meter at every place that can be passed
// more than once for the same lead: functions (of `$ref`), loops, lists of members, texts, errors.
import { Ajv } from "ajv";
import type { ErrorObject, Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { createCheckSteps } from "./check-steps.ts";
import type { CheckSteps } from "./check-steps.ts";
import { useExactKeywords } from "./exact-keywords.ts";
import type { AnyAjv } from "./exact-keywords.ts";
import { linearPattern } from "../domain/values/linear-pattern.ts";

export interface BoundedAjv {
  readonly ajv: AnyAjv;
  readonly steps: CheckSteps;
}

export function createBoundedAjv(isDraft07: boolean, allErrors: boolean): BoundedAjv {
  const steps = createCheckSteps();
  const spend = (count: number): void => {
    steps.spend(count);
  };
  const regExp = Object.assign(
    (pattern: string) => ({ ...linearPattern(pattern, spend), toString: () => pattern }),
    { code: "linearPattern" },
  );
  const settings: Options = { ...options, allErrors, code: { regExp, process: meter, optimize: false } };
  const ajv: AnyAjv = isDraft07 ? new Ajv(settings) : new Ajv2020(settings);
  addFormats.default(ajv);
  // The only one of the formats' expressions that is not linear: `\S+` before `:\S*@`.
  const url = linearPattern((addFormats.default.get("url") as RegExp).source, spend, true);
  ajv.addFormat("url", (text: string) => url.test(text));
  useExactKeywords(ajv, spend);
  // In the code that Ajv makes, `self` is this object.
  Object.assign(ajv, { meter: meterFor(spend) });
  return { ajv, steps };
}

/** Throws an Error if it is no schema of its draft, or of a draft that nobody here knows. */
export function checkIsSchema(schema: Readonly<Record<string, unknown>>, isDraft07: boolean): void {
  void (isDraft07 ? metaDraft07 : meta2020).validateSchema(schema, true);
}

/** What a schema is, is compiled once: it takes longer than most schemas. */
const metaOptions: Options = { strict: false, logger: false };
const metaDraft07 = new Ajv(metaOptions);
const meta2020 = new Ajv2020(metaOptions);
addFormats.default(metaDraft07);
addFormats.default(meta2020);

const options: Options = {
  /** `checkIsSchema` does that. */
  validateSchema: false,
  strict: false,
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  /** `required: ["constructor"]` must not be satisfied by what every object inherits. */
  ownProperties: true,
  logger: false,
  /** Copies of what `$ref` names are for small things only: a thousand copies of a large one are a program of megabytes. */
  inlineRefs: 30,
};

interface Meter {
  spend(steps: number): void;
  keys(value: object): string[];
  isText(value: unknown): boolean;
  joined(errors: ErrorObject[], more: readonly ErrorObject[]): ErrorObject[];
}

/** A text is counted a few times over by rules on its length and its format. */
const charactersPerStep = 2;

function meterFor(spend: (steps: number) => void): Meter {
  return {
    spend,
    keys(value) {
      const keys = Object.keys(value);
      spend(keys.length);
      return keys;
    },
    isText(value) {
      if (typeof value !== "string") return false;
      spend(Math.floor(value.length / charactersPerStep));
      return true;
    },
    /** Ajv would copy all of them for each new one. */
    joined(errors, more) {
      spend(stepsPerError * more.length);
      errors.push(...more);
      return errors;
    },
  };
}

/** As far as Ajv's code is passed without a further function or loop, so much of it is a step. */
const codeCharactersPerStep = 400;
const stepsPerError = 50;

// Texts stand in double quotes, and what is in them is left alone.
const metered =
  /(?<text>"(?:[^"\\]|\\.)*")|(?<start>\bfunction validate\d+\(data, \{(?:[^"{}]|"[^"]*"|\{\})*\}=\{\}\)\{|\bfor\((?:[^(){}"]|\((?:[^()"]|"(?:[^"\\]|\\.)*")*\))*\)\{)|typeof (?<value>data\d*(?:\.[\w$]+|\["(?:[^"\\]|\\.)*"\])?|key\d+) === "string"|(?<error>\berrors\+\+;)/g;

function meter(code: string): string {
  const weight = Math.ceil(code.length / codeCharactersPerStep);
  return code
    .replaceAll(metered, (found: string, ...rest: unknown[]) => {
      const { start, value, error } = rest.at(-1) as Partial<Record<string, string>>;
      if (start !== undefined) return `${found}self.meter.spend(${weight});`;
      if (value !== undefined) return `self.meter.isText(${value})`;
      if (error !== undefined) return `${found}self.meter.spend(${stepsPerError});`;
      return found;
    })
    .replaceAll(/"(?:[^"\\]|\\.)*"|\bObject\.keys\(|\bvErrors\.concat\(/g, (found) => {
      if (found.startsWith('"')) return found;
      return found.startsWith("O") ? "self.meter.keys(" : "self.meter.joined(vErrors, ";
    });
}
