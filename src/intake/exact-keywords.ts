// Rules of JSON Schema that Ajv decides too slowly or not exactly: `uniqueItems` compares every item with every other,
// `enum` with every value on the list, and `multipleOf` divides binary fractions (19.99 would be no multiple of 0.01,
// nor 1e21 one of 1).
import type { Ajv, SchemaValidateFunction } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";
import type { DataValidateFunction } from "ajv/dist/types/index.js";

/** Of draft-07 or of draft 2020-12. */
export type AnyAjv = Ajv | Ajv2020;

type Spend = (steps: number) => void;

/** Draft 2020-12, sections 6.1.2, 6.2.1 and 6.4.3 of the validation vocabulary; draft-07 says the same. */
export function useExactKeywords(ajv: AnyAjv, spend: Spend): void {
  ajv.removeKeyword("enum").addKeyword({
    keyword: "enum",
    schemaType: "array",
    errors: true,
    compile: (allowed: readonly unknown[]) => oneOf(allowed, spend),
  });
  ajv.removeKeyword("uniqueItems").addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    errors: true,
    validate: uniqueItems(spend),
  });
  ajv.removeKeyword("multipleOf").addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    errors: true,
    validate: multipleOf(spend),
  });
}

/** A character that is written and looked up. */
const stepsPerCharacter = 2;

function oneOf(allowed: readonly unknown[], spend: Spend): DataValidateFunction {
  const texts = new Set(allowed.map(canonicalText));
  const plain = new Set(allowed);
  const validate: DataValidateFunction = (value: unknown) => {
    if (typeof value !== "object" ? plain.has(value) : texts.has(counted(value, spend))) return true;
    validate.errors = [
      {
        keyword: "enum",
        params: { allowedValues: allowed },
        message: "must be equal to one of the allowed values",
      },
    ];
    return false;
  };
  return validate;
}

function uniqueItems(spend: Spend): SchemaValidateFunction {
  const validate: SchemaValidateFunction = (isAsked: boolean, items: readonly unknown[]) => {
    if (!isAsked) return true;
    const different = new Set(items.map((item) => counted(item, spend)));
    if (different.size === items.length) return true;
    validate.errors = [{ keyword: "uniqueItems", params: {}, message: "must NOT have duplicate items" }];
    return false;
  };
  return validate;
}

function counted(value: unknown, spend: Spend): string {
  const text = canonicalText(value);
  spend(1 + stepsPerCharacter * text.length);
  return text;
}

/** The same text for values that are the same in JSON: members in any order, -0 like 0. */
function canonicalText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`,
  );
  return `{${members.sort().join(",")}}`;
}

const stepsPerDivision = 40;

function multipleOf(spend: Spend): SchemaValidateFunction {
  const validate: SchemaValidateFunction = (divisor: number, value: number) => {
    const [ofValue, ofDivisor] = [decimal(value), decimal(divisor)];
    const exponent = Math.min(ofValue.exponent, ofDivisor.exponent);
    spend(stepsPerDivision + Math.abs(ofValue.exponent - ofDivisor.exponent));
    if (whole(ofValue, exponent) % whole(ofDivisor, exponent) === 0n) return true;
    validate.errors = [
      { keyword: "multipleOf", params: { multipleOf: divisor }, message: `must be multiple of ${divisor}` },
    ];
    return false;
  };
  return validate;
}

interface Decimal {
  readonly digits: bigint;
  /** Of ten. */
  readonly exponent: number;
}

/** The number as its shortest decimal form says it, which is what stood in the JSON. */
function decimal(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** In units of ten to the power of `exponent`; at most some 640 digits, as doubles end at 1e308 and 5e-324. */
function whole({ digits, exponent: own }: Decimal, exponent: number): bigint {
  return digits * 10n ** BigInt(own - exponent);
}
