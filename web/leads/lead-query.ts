// What the address of the list says, as the filter of GET /runs.
import type { Filter } from "../api/list.ts";
import { dayLimit, endOfDay, startOfDay } from "../language/zoned-day.ts";

/** What somebody typed into the search field is taken for. */
export type SearchKind = "id" | "email" | "phone" | "name" | "key" | "record";

/** Where a lead stands, as people say it. */
export const standings = [
  "unfinished",
  "accepted",
  "delivered",
  "retrying",
  "needs_decision",
  "given_up",
  "refused",
  "no_destination",
  "resolved_by_hand",
  "withdrawn",
  "failed",
] as const;
export type Standing = (typeof standings)[number];

/** Ways to arrive that one should know of; members of the filter. */
export const arrivals = ["unproven", "maybe_twice", "known_person", "added_to_person", "warning"] as const;

export type LeadFilter = Filter<"GET /runs">;

/** In the order in which a lead's state is told (lead-state.tsx): what waits for a person before what heals itself. */
const filterOf: Readonly<Record<Standing, LeadFilter>> = {
  unfinished: { unfinished: true },
  accepted: { status: "accepted" },
  delivered: { status: "processed", outcome: "delivered" },
  retrying: { retrying: true, needs_decision: false, refused: false },
  needs_decision: { needs_decision: true, refused: false },
  given_up: { given_up: true, needs_decision: false, retrying: false, refused: false },
  refused: { refused: true },
  no_destination: { outcome: "no_destination" },
  resolved_by_hand: { outcome: "resolved_by_hand" },
  withdrawn: { outcome: "withdrawn" },
  failed: { status: "failed" },
};

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const phonePattern = /^(?:\+|\(?0)[\d\s()/.-]*$/;
/** Digits in groups: no key looks like this. */
const groupedPhonePattern = /^\d[\d()/.-]* [\d\s()/.-]*\d$/;
const phoneDigitsMin = 6;
/** Words of letters alone, the first with a capital one or one of several: keys have digits in them. */
const namePattern = /^(?:\p{Lu}[\p{L}\p{M}.'’`´,-]+|[\p{L}\p{M}.'’`´,-]+ [\p{L}\p{M}.'’`´, -]+)$/u;

/** `tel:+49…`, `mailto:…` as links say it; a number without + and 0 that only a German one looks like. */
const phoneLinkPattern = /^(?:tel|callto|sms|phone|telefon|mobil|handy)\.?\s?:/i;
const bareGermanPattern = /^49[1-9]\d{7,11}$/;

/** As it was copied: marks that cannot be seen stand around it, and signs of other widths in it. */
function plainOf(copied: string): string {
  return copied
    .replaceAll(/\p{Cf}/gu, "")
    .normalize("NFKC")
    .replaceAll(/\p{Zs}/gu, " ")
    .replaceAll(/[\p{Pd}\u2212]/gu, "-")
    .trim();
}

export function kindOfSearch(typed: string): SearchKind {
  const text = plainOf(typed);
  if (idPattern.test(text)) return "id";
  if (/^[^\s@]+@[^\s@]+$/.test(text) || /<[^<>\s@]+@[^<>\s@]+>$/.test(text) || /^mailto:/i.test(text))
    return "email";
  if (phoneLinkPattern.test(text) || bareGermanPattern.test(text)) return "phone";
  const digits = text.replaceAll(/\D/g, "").length;
  const isPhone = phonePattern.test(text) || groupedPhonePattern.test(text);
  if (isPhone && digits >= phoneDigitsMin) return "phone";
  return namePattern.test(text) ? "name" : "key";
}

const memberOf: Readonly<Record<SearchKind, string>> = {
  id: "run_id",
  email: "email",
  phone: "phone",
  name: "name",
  key: "idempotency_key",
  record: "remote_id",
};

/** Only for roles that see person data. */
export function isPersonal(kind: SearchKind): kind is "email" | "phone" | "name" {
  return kind === "email" || kind === "phone" || kind === "name";
}

/** What a text may always be: a key, or the number of the lead's record at a destination. */
export const saidKinds = ["key", "record"] as const;
export type SaidKind = (typeof saidKinds)[number];

export interface Search {
  readonly text: string;
  readonly kind: SearchKind;
  /** What somebody said that it is, whatever it looks like. */
  readonly saidToBe: SaidKind | null;
}

/** null: nothing is looked for. */
export function searchOf(address: URLSearchParams): Search | null {
  const text = (address.get("q") ?? "").trim();
  if (text === "") return null;
  const saidToBe = saidKinds.find((said) => said === address.get("as")) ?? null;
  const kind = saidToBe ?? kindOfSearch(text);
  return { text: kind === "id" ? plainOf(text) : text, kind, saidToBe };
}

export function leadFilter(address: URLSearchParams, timezone: string): LeadFilter {
  const search = searchOf(address);
  const standing = standings.find((each) => each === address.get("state"));
  const test = address.get("test");
  const arrival = arrivals.find((each) => each === address.get("arrived"));
  return {
    ...(search === null ? {} : { [memberOf[search.kind]]: search.text }),
    ...(standing === undefined ? {} : filterOf[standing]),
    ...(arrival === undefined ? {} : { [arrival]: true }),
    ...named("source", address.get("source")),
    ...named("destination", address.get("destination")),
    ...named("received_from", dayLimit(address.get("from"), timezone, startOfDay)),
    ...named("received_to", dayLimit(address.get("to"), timezone, endOfDay)),
    ...(test === "true" || test === "false" ? { test: test === "true" } : {}),
  };
}

/** How many filters beside the search field narrow the list. */
export function filterCount(address: URLSearchParams): number {
  return filterNames.filter((name) => (address.get(name) ?? "") !== "").length;
}

export const filterNames = ["state", "arrived", "source", "destination", "from", "to", "test"] as const;

function named(name: string, value: string | null): LeadFilter {
  return value === null || value === "" ? {} : { [name]: value };
}
