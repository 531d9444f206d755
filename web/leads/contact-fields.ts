// What of a lead's body is worth showing as a contact: found by the names that German and English forms give their fields.
// A mistake here only moves a value from the card to the complete data below it.
import { ExactNumber } from "../../src/domain/values/exact-json.ts";

export type ContactKind = "name" | "company" | "email" | "phone" | "address" | "message";

export interface ContactField {
  readonly kind: ContactKind;
  /** As the form calls it. */
  readonly fieldName: string;
  readonly value: string;
}

/** In the order in which a card lists them. */
export const contactKinds: readonly ContactKind[] = [
  "name",
  "company",
  "email",
  "phone",
  "address",
  "message",
];

/** Of one kind in the order of the body. */
export function contactFields(body: unknown): readonly ContactField[] {
  const found: ContactField[] = [];
  collect(body, 0, found);
  return contactKinds.flatMap((kind) => found.filter((field) => field.kind === kind)).slice(0, fieldsMax);
}

/** First and last name as one. */
export function nameOf(fields: readonly ContactField[]): string {
  const names = fields.filter(({ kind }) => kind === "name");
  const isFirst = ({ fieldName }: ContactField): boolean => /vor|first|given/i.test(fieldName);
  const inOrder = [...names.filter(isFirst), ...names.filter((name) => !isFirst(name))];
  return [...new Set(inOrder.map(({ value }) => value))].join(" ");
}

function collect(value: unknown, depth: number, found: ContactField[]): void {
  if (typeof value !== "object" || value === null || depth > depthMax || found.length >= fieldsMax) return;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) collect(item, depth + 1, found);
    return;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const answer = labelledAnswer(fields);
  if (answer !== null) {
    add(answer.label, answer.value, found);
    return;
  }
  for (const [name, member] of Object.entries(fields)) {
    if (typeof member === "string" || typeof member === "number") add(name, String(member), found);
    else if (member instanceof ExactNumber) add(name, member.text, found);
    else collect(member, depth + 1, found);
  }
}

function add(fieldName: string, value: string, found: ContactField[]): void {
  const kind = contactKind(fieldName);
  if (kind !== null && value.trim() !== "") found.push({ kind, fieldName, value });
}

/** Form builders send lists of `{"column_id":"EMAIL","string_value":"…"}`. */
function labelledAnswer(fields: Readonly<Record<string, unknown>>): { label: string; value: string } | null {
  const value = ["string_value", "value", "answer"].map((name) => fields[name]).find(isText);
  const label = ["column_id", "name", "label", "key", "field", "title"]
    .map((name) => fields[name])
    .find(isText);
  return value === undefined || label === undefined ? null : { label, value };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** "E-Mail-Adresse", "form_fields[email]" and "EMAIL" are one name. */
export function contactKind(fieldName: string): ContactKind | null {
  const innermost = /\[([^[\]]+)\]$/.exec(fieldName)?.[1] ?? fieldName;
  const name = innermost
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9äöü]/g, "");
  return kinds.find(({ pattern }) => pattern.test(name))?.kind ?? null;
}

/** The first that fits. Technical names that end alike (`campaign_name`, `form_name`) are none of these. */
const kinds: readonly { readonly pattern: RegExp; readonly kind: ContactKind }[] = [
  { kind: "email", pattern: /e?mail(?:adresse|address|addr|id|1)?$/ },
  {
    kind: "phone",
    pattern:
      /(?:phone|telefon|telephone|handy|mobil|mobile|rufnummer|telefonnummer|handynummer|mobilnummer|phonenumber|telnr|whatsapp)$|^(?:tel|fon|cell)$/,
  },
  {
    kind: "company",
    pattern: /^(?:firma|firmenname|unternehmen|company|companyname|organisation|organization)$/,
  },
  {
    kind: "name",
    pattern:
      /^(?:name|vorname|nachname|zuname|familienname|kunde|kundenname|ansprechpartner|contact|kontakt|interessent)$|(?:first|last|full|sur|given|family|your|contact|customer|ihr)name$/,
  },
  {
    kind: "address",
    pattern:
      /(?:strasse|street|(?<!ip)adresse|(?<!ip)address|anschrift|hausnummer|plz|postleitzahl|zipcode|postcode|postalcode|wohnort)$|^(?:ort|stadt|city|town|zip)$/,
  },
  {
    kind: "message",
    pattern:
      /(?:nachricht|message|anliegen|mitteilung|kommentar|comments?|bemerkung|anfrage)$|^(?:text|freitext|wunsch|frage|beschreibung|betreff|subject|notiz|notes?)$/,
  },
];

const depthMax = 5;
const fieldsMax = 24;
