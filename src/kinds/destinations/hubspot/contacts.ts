// A lead's contact in HubSpot: made or changed by its e-mail address; without one found by telephone number, or made.
import type { Delivered, Failed } from "../../../domain/destinations/outcome.ts";
import { failure } from "../../../domain/destinations/outcome.ts";
import { nationalNumber, normalisePhone } from "../../../domain/values/phone-number.ts";
import type { Reply } from "../dialogue.ts";
import { listAt, textAt } from "../json-reply.ts";
import type { DeliveryMessage } from "../sender.ts";
import { createAnswers, listAnswers, updateAnswers, upsertAnswers } from "./answers.ts";
import { askObjects } from "./api.ts";
import type { Api } from "./api.ts";
import type { Properties } from "./properties-of-lead.ts";

export interface Contact {
  readonly kind: "contact";
  /** null: a rule of the destination's own took an answer without one for a success. */
  readonly id: string | null;
  /** It was there before. */
  readonly isKnown: boolean;
  /** It was made by a request that a repeat would not find again. */
  readonly isUnsafe: boolean;
  /** What the lead says is in its properties; false: those that were filled stayed as they were. */
  readonly hasAll: boolean;
  readonly outcome: Delivered;
  readonly warning: string | null;
}

/** `sending`: called before something is written. */
export async function writeContact(
  api: Api,
  message: DeliveryMessage,
  properties: Properties,
  sending: () => void,
): Promise<Contact | Failed> {
  const { email } = properties;
  const { runIdProperty } = api.destination;
  if (email !== undefined) {
    sending();
    return upserted(api, message, "email", email, properties);
  }
  const found = await byPhone(api, properties);
  if (found?.kind === "failed") return found;
  sending();
  if (found !== null) return completed(api, found, properties, null);
  return runIdProperty === undefined
    ? created(api, message, properties)
    : upserted(api, message, runIdProperty, message.runId, properties);
}

/** The property by which it is found is not written: an address may be one of several that the contact has. */
async function upserted(
  api: Api,
  { runId }: DeliveryMessage,
  idProperty: string,
  id: string,
  properties: Properties,
): Promise<Contact | Failed> {
  const others = Object.fromEntries(Object.entries(properties).filter(([name]) => name !== idProperty));
  const input = { id, idProperty, properties: others, objectWriteTraceId: runId };
  const manner = { answers: upsertAnswers, isHandover: true };
  const reply = await askObjects(api, "POST", "contacts/batch/upsert", { inputs: [input] }, manner);
  if (reply.kind === "failed") return reply.outcome;
  if (reply.outcome.receipt?.duplicate !== undefined) return conflicting(api, reply, properties);
  return {
    kind: "contact",
    id: reply.outcome.receipt?.remoteId ?? null,
    isKnown: idProperty === "email" && textAt(reply.json, "/results/0/new") === "false",
    isUnsafe: false,
    hasAll: true,
    outcome: reply.outcome,
    warning: stageWarning(properties, textAt(reply.json, "/results/0/properties/lifecyclestage")),
  };
}

async function created(
  api: Api,
  { runId }: DeliveryMessage,
  properties: Properties,
): Promise<Contact | Failed> {
  const body = { properties, objectWriteTraceId: runId };
  const reply = await askObjects(api, "POST", "contacts", body, { answers: createAnswers, isHandover: true });
  if (reply.kind === "failed") return reply.outcome;
  if (reply.outcome.receipt?.duplicate !== undefined) return conflicting(api, reply, properties);
  return {
    kind: "contact",
    id: reply.outcome.receipt?.remoteId ?? null,
    isKnown: false,
    isUnsafe: true,
    hasAll: true,
    outcome: reply.outcome,
    warning: stageWarning(properties, textAt(reply.json, "/properties/lifecyclestage")),
  };
}

/** HubSpot has the contact and stored nothing: it is completed, so that the enquiry is not lost. */
async function conflicting(
  api: Api,
  { outcome }: Reply & { readonly kind: "done" },
  properties: Properties,
): Promise<Contact | Failed> {
  const { email } = properties;
  const known = outcome.receipt?.remoteId;
  const idProperty = known === undefined ? "&idProperty=email" : "";
  const id = known ?? email;
  if (id === undefined)
    return failure(
      "destination_error",
      `${api.destination.name} has this contact and does not say which it is`,
    );
  const names = encodeURIComponent(Object.keys(properties).join(","));
  const path = `contacts/${encodeURIComponent(id)}?properties=${names}${idProperty}`;
  const reply = await askObjects(api, "GET", path, undefined, { answers: updateAnswers });
  if (reply.kind === "failed") return reply.outcome;
  return completed(api, { kind: "found", json: reply.json, reply, others: 0 }, properties, null);
}

interface Found {
  readonly kind: "found";
  /** The contact. */
  readonly json: unknown;
  readonly reply: Reply & { readonly kind: "done" };
  /** How many more have the number. */
  readonly others: number;
}

const searchedMax = 20;

/** The oldest of those with one of the lead's numbers; null: there is none. */
async function byPhone(api: Api, properties: Properties): Promise<Found | Failed | null> {
  const numbers = [properties["phone"], properties["mobilephone"]].flatMap((text) => normalised(text) ?? []);
  const [number] = numbers;
  if (number === undefined) return null;
  const national = nationalNumber(number) ?? number;
  const wanted = [
    ["hs_searchable_calculated_phone_number", national],
    ["hs_searchable_calculated_mobile_number", national],
    ["phone", number],
    ["mobilephone", number],
  ];
  const search = {
    filterGroups: wanted.map(([propertyName, value]) => ({
      filters: [{ propertyName, operator: "EQ", value }],
    })),
    properties: [...new Set([...Object.keys(properties), "phone", "mobilephone"])],
    sorts: [{ propertyName: "createdate", direction: "ASCENDING" }],
    limit: searchedMax,
  };
  const manner = { answers: listAnswers, isLong: true };
  const reply = await askObjects(api, "POST", "contacts/search", search, manner);
  if (reply.kind === "failed") return reply.outcome;
  // The calculated properties leave out the country.
  const same = listAt(reply.json, "/results").filter((contact) =>
    ["/properties/phone", "/properties/mobilephone"].some((pointer) => {
      const theirs = normalised(textAt(contact, pointer) ?? undefined);
      return theirs !== null && numbers.includes(theirs);
    }),
  );
  const [json] = same;
  return json === undefined ? null : { kind: "found", json, reply, others: same.length - 1 };
}

function normalised(text: string | undefined): string | null {
  return text === undefined ? null : normalisePhone(text);
}

/** A number may be a whole family's: what stands there stays, and what is empty is filled. */
async function completed(
  api: Api,
  { json, reply, others }: Found,
  properties: Properties,
  warning: string | null,
): Promise<Contact | Failed> {
  const id = textAt(json, "/id");
  if (id === null)
    return failure("destination_bad_response", `${api.destination.name} gave a contact without an id`);
  const missing = Object.entries(properties).filter(
    ([name]) => name !== "email" && (textAt(json, `/properties/${name}`) ?? "") === "",
  );
  const contact = {
    kind: "contact",
    id,
    isKnown: true,
    isUnsafe: false,
    hasAll: missing.length === Object.keys(properties).length,
    warning: others === 0 ? warning : `${others + 1} contacts have this number, the oldest has the lead`,
  } as const;
  if (missing.length === 0) return { ...contact, outcome: withoutReceipt(reply.outcome) };
  const body = { properties: Object.fromEntries(missing) };
  const manner = { answers: updateAnswers, isHandover: true };
  const changed = await askObjects(api, "PATCH", `contacts/${encodeURIComponent(id)}`, body, manner);
  if (changed.kind === "failed") return changed.outcome;
  return { ...contact, outcome: withoutReceipt(changed.outcome) };
}

function withoutReceipt({ httpStatus }: Delivered): Delivered {
  return { kind: "delivered", httpStatus };
}

/** A stage never moves backwards, unless it is cleared before. */
function stageWarning({ lifecyclestage: sent }: Properties, is: string | null): string | null {
  return sent === undefined || is === null || is === sent
    ? null
    : `lifecyclestage is ${is}, not ${sent}: HubSpot moves a contact forward only`;
}
