// What a lead's map made, as Pipedrive takes it: a person, and a lead or a deal of theirs. Pure.
import { ExactNumber, parseExactly } from "../../../domain/values/exact-json.ts";
import { scalarText } from "../../../domain/values/comparison.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import type { DeliveryMessage } from "../sender.ts";
import { membersOf } from "../json-reply.ts";

export type Members = Readonly<Record<string, unknown>>;

export interface PipedriveRecord {
  /** Of version 2 of the API. */
  readonly person: Members;
  /** In lower case. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** Members of a lead or a deal, by the names of version 2. */
  readonly enquiry: Members;
}

export function recordOf({ mapped }: DeliveryMessage, map: TargetMap): PipedriveRecord {
  const parts = new Map(membersOf(mapped));
  const { emails, phones, ...person } = typed("person", parts.get("person"), map);
  const addresses = textsOf(emails).map((text) => text.trim().toLowerCase());
  const numbers = textsOf(phones);
  return {
    person: withCustomFields({
      ...person,
      ...(addresses.length === 0 ? {} : { emails: addresses.map(labelled) }),
      ...(numbers.length === 0 ? {} : { phones: numbers.map(labelled) }),
    }),
    emails: addresses,
    phones: numbers,
    enquiry: typed("lead", parts.get("lead"), map),
  };
}

/** For `POST /api/v2/deals`. */
export function dealBody(enquiry: Members, personId: number, own: Members): Members {
  return withCustomFields({ ...enquiry, ...own, person_id: personId });
}

/** For `POST /v1/leads`: custom fields at the top, the value with its currency, no pipeline. */
export function leadBody(enquiry: Members, personId: number, originId: string): Members {
  const { value, currency, org_id: organization, ...rest } = enquiry;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !dealsAlone.has(name))),
    ...(value === undefined ? {} : { value: valueOf(value, currency) }),
    ...(organization === undefined ? {} : { organization_id: organization }),
    person_id: personId,
    origin_id: originId,
  };
}

const dealsAlone: ReadonlySet<string> = new Set(["pipeline_id", "stage_id"]);

/** Keys of custom fields are random, of 40 hexadecimal digits. */
export function isCustomKey(name: string): boolean {
  return /^[0-9a-f]{40}$/.test(name);
}

/** A lead needs both (unsure); whoever says no currency has the euro. */
function valueOf(value: unknown, currency: unknown): unknown {
  const isAmount = value instanceof ExactNumber || typeof value === "number";
  return isAmount ? { amount: value, currency: currency ?? "EUR" } : value;
}

function withCustomFields(members: Members): Members {
  const entries = Object.entries(members);
  const custom = entries.filter(([name]) => isCustomKey(name));
  const plain = Object.fromEntries(entries.filter(([name]) => !isCustomKey(name)));
  return custom.length === 0 ? plain : { ...plain, custom_fields: Object.fromEntries(custom) };
}

const idMembers: ReadonlySet<string> = new Set([
  "owner_id",
  "org_id",
  "pipeline_id",
  "stage_id",
  "visible_to",
]);

/** Ids and amounts are numbers; forms give them as texts. */
function typed(part: string, value: unknown, map: TargetMap): Members {
  return Object.fromEntries(
    membersOf(value).map(([name, each]) => [name, typedMember(name, each, map[`${part}.${name}`])]),
  );
}

function typedMember(name: string, value: unknown, rule: TargetMap[string] | undefined): unknown {
  if (name === "label_ids") return Array.isArray(value) ? (value as unknown) : [value];
  const isNumber = name === "value" || idMembers.has(name) || (isCustomKey(name) && isChosen(rule));
  return isNumber ? asNumber(value) : value;
}

/** One of a field's options, which have numbers: no lead says those. */
function isChosen(rule: TargetMap[string] | undefined): boolean {
  return typeof rule === "object" && ("constant" in rule || "table" in rule);
}

function asNumber(value: unknown): unknown {
  const isDecimal = typeof value === "string" && /^(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(value.trim());
  return isDecimal ? parseExactly(value.trim()) : value;
}

function labelled(value: string, index: number): object {
  return { value, primary: index === 0, label: "work" };
}

function textsOf(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.flatMap((each) => scalarText(each) ?? []).filter((text) => text.trim() !== "");
}
