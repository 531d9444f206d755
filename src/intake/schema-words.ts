// What JSON Schema's rules are called for the person who mends a lead. Speaks of rules and field names, never of values.
import type { ErrorObject } from "ajv";
import type { Language } from "../domain/errors/error-catalogue.ts";

/** Pointer (RFC 6901) to the field that is meant: of a missing one, to where it should be. */
export function pointerOfViolation({ instancePath, params }: ErrorObject): string {
  const { missingProperty, additionalProperty, unevaluatedProperty } = params as Params;
  const field = missingProperty ?? additionalProperty ?? unevaluatedProperty;
  return field === undefined ? instancePath : `${instancePath}/${escaped(field)}`;
}

/** A sentence without the field's name: it stands beside it. */
export function violationText(error: ErrorObject, language: Language): string {
  const text = rules[error.keyword]?.(error.params as Params)[language];
  return text ?? (language === "de" ? `Verletzt die Regel „${error.keyword}“.` : sentence(error.message));
}

/** For a check that was stopped before it came to an end (check-steps.ts). */
export const tooCostlyText: Readonly<Record<Language, string>> = {
  de: "Die Prüfung gegen das Schema der Quelle braucht zu viele Schritte und wurde abgebrochen. Das Schema muss einfacher werden.",
  en: "The check against the source's schema takes too many steps and was stopped. The schema must become simpler.",
};

interface Params {
  readonly missingProperty?: string;
  readonly additionalProperty?: string;
  readonly unevaluatedProperty?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly limit?: number;
  readonly comparison?: string;
  readonly multipleOf?: number;
}

type Rule = (params: Params) => Readonly<Record<Language, string>>;

const forbidden: Rule = () => ({
  de: "Dieses Feld ist nicht vorgesehen.",
  en: "The schema does not allow this field.",
});

const bound: Rule = ({ comparison = "", limit = 0 }) => ({
  de: `Muss ${comparisons[comparison]?.de ?? comparison} ${limit} sein.`,
  en: `Must be ${comparisons[comparison]?.en ?? comparison} ${limit}.`,
});

const rules: Readonly<Record<string, Rule>> = {
  required: () => ({ de: "Dieses Pflichtfeld fehlt.", en: "This required field is missing." }),
  additionalProperties: forbidden,
  unevaluatedProperties: forbidden,
  propertyNames: () => ({
    de: "Ein Feldname ist hier nicht erlaubt.",
    en: "A field's name is not allowed here.",
  }),
  type: ({ type }) => {
    const names = [type ?? ""].flat();
    return {
      de: `Muss ${names.map((name) => typeNames[name]?.de ?? name).join(" oder ")} sein.`,
      en: `Must be ${names.map((name) => typeNames[name]?.en ?? name).join(" or ")}.`,
    };
  },
  format: ({ format = "" }) => ({
    de: `Muss ${formatNames[format]?.de ?? `dem Format „${format}“ entsprechen`}${format in formatNames ? " sein" : ""}.`,
    en: `Must be ${formatNames[format]?.en ?? `of the format “${format}”`}.`,
  }),
  enum: () => ({
    de: "Muss einer der vorgesehenen Werte sein.",
    en: "Must be one of the values that the schema allows.",
  }),
  const: () => ({ de: "Muss der vorgesehene Wert sein.", en: "Must be the value that the schema names." }),
  pattern: () => ({
    de: "Hat nicht die vorgeschriebene Form.",
    en: "Does not have the form that the schema asks for.",
  }),
  minLength: ({ limit = 0 }) => ({
    de: `Muss mindestens ${limit} Zeichen lang sein.`,
    en: `Must have at least ${limit} ${limit === 1 ? "character" : "characters"}.`,
  }),
  maxLength: ({ limit = 0 }) => ({
    de: `Darf höchstens ${limit} Zeichen lang sein.`,
    en: `Must have at most ${limit} characters.`,
  }),
  minItems: ({ limit = 0 }) => ({
    de: `Braucht mindestens ${limit} ${limit === 1 ? "Eintrag" : "Einträge"}.`,
    en: `Needs at least ${limit} ${limit === 1 ? "item" : "items"}.`,
  }),
  maxItems: ({ limit = 0 }) => ({
    de: `Darf höchstens ${limit} ${limit === 1 ? "Eintrag" : "Einträge"} haben.`,
    en: `May have at most ${limit} ${limit === 1 ? "item" : "items"}.`,
  }),
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  uniqueItems: () => ({
    de: "Darf keinen Eintrag doppelt enthalten.",
    en: "Must not contain the same item twice.",
  }),
  multipleOf: ({ multipleOf = 0 }) => ({
    de: `Muss ein Vielfaches von ${multipleOf} sein.`,
    en: `Must be a multiple of ${multipleOf}.`,
  }),
  anyOf: () => ({
    de: "Muss eine der vorgesehenen Möglichkeiten erfüllen.",
    en: "Must satisfy one of the alternatives.",
  }),
  oneOf: () => ({
    de: "Muss genau eine der vorgesehenen Möglichkeiten erfüllen.",
    en: "Must satisfy exactly one of the alternatives.",
  }),
};

const comparisons: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  ">=": { de: "mindestens", en: "at least" },
  "<=": { de: "höchstens", en: "at most" },
  ">": { de: "größer als", en: "greater than" },
  "<": { de: "kleiner als", en: "less than" },
};

const typeNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  string: { de: "ein Text in Anführungszeichen", en: "a text in quotation marks" },
  number: { de: "eine Zahl", en: "a number" },
  integer: { de: "eine ganze Zahl", en: "a whole number" },
  boolean: { de: "true oder false", en: "true or false" },
  object: { de: "ein Objekt { … }", en: "an object { … }" },
  array: { de: "eine Liste [ … ]", en: "a list [ … ]" },
  null: { de: "null", en: "null" },
};

const formatNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  email: { de: "eine gültige E-Mail-Adresse", en: "a valid e-mail address" },
  "idn-email": { de: "eine gültige E-Mail-Adresse", en: "a valid e-mail address" },
  date: { de: "ein Datum wie 2026-11-26", en: "a date like 2026-11-26" },
  "date-time": {
    de: "ein Zeitpunkt wie 2026-11-26T14:05:00Z",
    en: "a point in time like 2026-11-26T14:05:00Z",
  },
  time: { de: "eine Uhrzeit wie 14:05:00Z", en: "a time like 14:05:00Z" },
  uri: { de: "eine vollständige Internetadresse", en: "a complete URL" },
  uuid: { de: "eine UUID", en: "a UUID" },
};

function sentence(message = "does not satisfy the schema"): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

function escaped(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}
