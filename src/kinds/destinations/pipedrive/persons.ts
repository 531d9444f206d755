// Whom a lead is from in Pipedrive: found by e-mail, then by telephone, or made. Pipedrive takes the same person twice.
import type { Failed } from "../../../domain/destinations/outcome.ts";
import { failure } from "../../../domain/destinations/outcome.ts";
import { normalisePhone } from "../../../domain/values/phone-number.ts";
import { listAt, textAt } from "../json-reply.ts";
import { listAnswers, writeAnswers } from "./answers.ts";
import { get, post } from "./api.ts";
import type { Api } from "./api.ts";
import type { PipedriveRecord } from "./record.ts";

export interface Person {
  readonly kind: "person";
  readonly id: number;
  readonly isKnown: boolean;
}

export interface Nobody {
  readonly kind: "nobody";
  /** An earlier attempt made none; false: too many were made since to tell. */
  readonly isSure: boolean;
}

/** `isRepeat`: an earlier attempt may have made the person moments ago. `without`: one who is gone. */
export async function findPerson(
  api: Api,
  record: PipedriveRecord,
  isRepeat: boolean,
  without: number | null,
): Promise<Person | Failed | Nobody> {
  const isSame = sameAs(record);
  for (const [fields, term] of termsOf(record)) {
    const query = { term, fields, exact_match: "true", limit: "20" };
    const reply = await get(api, "/api/v2/persons/search", query, { answers: listAnswers });
    if (reply.kind === "failed") return reply.outcome;
    const items = listAt(reply.json, "/data/items").map((each) => memberOf(each, "item"));
    const id = oldest(
      items.filter((item) => isSame(item)),
      without,
    );
    if (id !== null) return { kind: "person", id, isKnown: true };
  }
  return isRepeat ? amongNewest(api, isSame, without) : { kind: "nobody", isSure: true };
}

export async function makePerson(api: Api, { person }: PipedriveRecord): Promise<Person | Failed> {
  const reply = await post(api, "/api/v2/persons", person, { answers: writeAnswers });
  if (reply.kind === "failed") return reply.outcome;
  const id = idIn(reply.json, "/data/id");
  return id === null
    ? failure("destination_bad_response", `${api.destination.name} gave a person without an id`)
    : { kind: "person", id, isKnown: false };
}

/** Leads with more than that are rare, and each search costs tokens of the day. */
const numbersSearchedMax = 2;

function termsOf({ emails, phones }: PipedriveRecord): readonly (readonly ["email" | "phone", string])[] {
  const [email] = emails;
  return [
    ...(email === undefined ? [] : [["email", email] as const]),
    ...phones.slice(0, numbersSearchedMax).map((phone) => ["phone", phone] as const),
  ];
}

const newestMax = 100;

/** The search may not know the last seconds (unsure); the list does. */
async function amongNewest(
  api: Api,
  isSame: (person: unknown) => boolean,
  without: number | null,
): Promise<Person | Failed | Nobody> {
  const query = { sort_by: "id", sort_direction: "desc", limit: String(newestMax) };
  const reply = await get(api, "/api/v2/persons", query, { answers: listAnswers, isLong: true });
  if (reply.kind === "failed") return reply.outcome;
  const newest = listAt(reply.json, "/data");
  const id = oldest(
    newest.filter((each) => isSame(each)),
    without,
  );
  if (id !== null) return { kind: "person", id, isKnown: false };
  return { kind: "nobody", isSure: newest.length < newestMax };
}

/** By address or number; a lead with neither is recognised by the name alone, which only its own repeat asks for. */
function sameAs({ emails, phones, person }: PipedriveRecord): (theirs: unknown) => boolean {
  const numbers = new Set(phones.map((phone) => normalisePhone(phone) ?? phone));
  const hasNeither = emails.length === 0 && phones.length === 0;
  return (theirs) => {
    if (hasNeither) return textAt(theirs, "/name") === person["name"];
    return (
      valuesAt(theirs, "/emails").some((email) => emails.includes(email.trim().toLowerCase())) ||
      valuesAt(theirs, "/phones").some((phone) => numbers.has(normalisePhone(phone) ?? phone))
    );
  };
}

/** A search gives texts, a list objects. */
function valuesAt(person: unknown, pointer: string): readonly string[] {
  return listAt(person, pointer).flatMap((each) =>
    typeof each === "string" ? each : (textAt(each, "/value") ?? []),
  );
}

function oldest(persons: readonly unknown[], without: number | null): number | null {
  const ids = persons.flatMap((each) => idIn(each, "/id") ?? []).filter((id) => id !== without);
  return ids.length === 0 ? null : Math.min(...ids);
}

/** null: none, or no number that can be sent again as it is. */
function idIn(json: unknown, pointer: string): number | null {
  const id = Number(textAt(json, pointer) ?? Number.NaN);
  return Number.isSafeInteger(id) ? id : null;
}

function memberOf(json: unknown, name: string): unknown {
  return typeof json === "object" && json !== null
    ? (json as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
