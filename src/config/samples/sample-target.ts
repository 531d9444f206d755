// What sample code has to know of a source, and the lead that it sends.
import type { DeclaredSource } from "../declared-kind.ts";
import type { Language } from "../../domain/errors/error-catalogue-entry.ts";
import { withValueAtPointer } from "../../domain/values/json-pointer.ts";
import type { KeyRule, Source } from "../../domain/sources/source.ts";

/** What a sample can prove itself with. */
export type SampleProof = Exclude<DeclaredSource["proof"], "own">;

export interface SampleTarget {
  /** `https://leads.example/webhook/lead/website` */
  readonly url: string;
  readonly proof: SampleProof;
  /** The secret itself, or the name of the environment variable that holds it. */
  readonly secret: { readonly value: string } | { readonly variable: string };
  /** Where the sender puts the key of a lead; the lead has it where that is in the body. */
  readonly key: KeyRule["kind"];
  readonly lead: Readonly<Record<string, unknown>>;
}

export interface SpokenTarget extends SampleTarget {
  readonly secret: { readonly variable: string };
  /** Of the comments. */
  readonly language: Language;
}

/** Where a header is preferred, whoever can set one had better do so. */
export function isKeyInHeader(key: KeyRule["kind"]): boolean {
  return key === "header" || key === "header_preferred";
}

/** Where there is nothing better; code that people build on makes a new one for each lead. */
export const exampleKey = "first-lead";

/** A number and an address that belong to nobody. */
const example = { name: "Erika Mustermann", email: "erika@example.com", phone: "+49 30 1234567" };

/** The source whose address the sender calls: another one's where they share it. `entry`: as it is shown, or its settings. */
export function calledSource(name: string, entry: object): string {
  const { via } = entry as { readonly via?: unknown };
  return typeof via === "string" ? via : name;
}

export function leadUrl(address: string, source: string): string {
  let end = address.length;
  while (address[end - 1] === "/") end -= 1;
  return `${address.slice(0, end)}/webhook/lead/${source}`;
}

/** With the key where the source looks for it; null: not in the body. */
export function leadWithKey(keyPointer: string | null): Readonly<Record<string, unknown>> {
  return keyPointer === null ? example : withValueAtPointer(example, keyPointer, exampleKey);
}

/** As this source would take it; its schema may give an example (JSON Schema's `examples`). */
export function exampleLeadOf({ key, person, schema }: Source): Readonly<Record<string, unknown>> {
  const members: readonly (readonly [string | null | undefined, string])[] = [
    [person?.email, example.email],
    [person?.phone, example.phone],
    [key.kind === "pointer" ? key.pointer : null, exampleKey],
  ];
  return members.reduce<Readonly<Record<string, unknown>>>(
    (lead, [pointer, value]) =>
      typeof pointer === "string" ? withValueAtPointer(lead, pointer, value) : lead,
    exampleOf(schema) ?? example,
  );
}

function exampleOf(schema: Source["schema"]): Readonly<Record<string, unknown>> | null {
  const examples = schema?.["examples"];
  const first: unknown = Array.isArray(examples) ? examples[0] : null;
  return typeof first === "object" && first !== null && !Array.isArray(first)
    ? (first as Record<string, unknown>)
    : null;
}

/** `WEBSITE_SECRET`, `WEBSITE_TOKEN`. */
export function secretVariable(source: string, proof: SampleProof): string {
  const name = source.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
  const word = proof === "signature" ? "SECRET" : "TOKEN";
  return /^[0-9]/.test(name) ? `SOURCE_${name}_${word}` : `${name}_${word}`;
}
