// Delivers leads to a destination of kind `zoho`: one upsert, and a note where the person was known.
import type { Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import { dialogueSender, fieldsFrom, lookupFailed } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { leadNote } from "../lead-note.ts";
import type { LeadNote } from "../lead-note.ts";
import { openAccessTokens } from "../oauth2/access-tokens.ts";
import type { DeliveryMessage, FieldCreated, NewRemoteField, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import { readAnswers, recordAnswers } from "./answers.ts";
import { dataCenters } from "./data-centers.ts";
import type { ZohoDestination } from "./fields.ts";
import { leadFields } from "./lead-fields.ts";
import { fieldAnswers } from "./new-field.ts";
import {
  fieldsRequest,
  insertRequest,
  newFieldRequest,
  noteRequest,
  notesRequest,
  phoneRequest,
  updateRequest,
  upsertRequest,
} from "./requests.ts";
import type { ZohoRecord } from "./requests.ts";

/** Throws TypeError when an address cannot be parsed: configuration has seen to that before. */
export function open(destination: ZohoDestination, deps: SenderDeps): Sender {
  const { oauth, dataCenter } = destination;
  const { clientId, clientSecret, refreshToken } = oauth;
  const tokenUrl = oauth.tokenUrl ?? `${dataCenters[dataCenter].accounts}/oauth/v2/token`;
  const grant = { tokenUrl, clientId, clientSecret, refreshToken, clientAuth: "body" } as const;
  return dialogueSender(destination, deps, {
    origin: originOf(destination),
    tokens: openAccessTokens(destination, grant, deps),
    prove: zohoToken,
    deliver(message, ask) {
      const note = leadNote(message, destination.language, deps.surroundings?.() ?? noSurroundings);
      return deliver({ destination, message, note, ask });
    },
    fields: async (ask) =>
      fieldsFrom(await ask({ request: fieldsRequest(destination), answers: readAnswers }), leadFields),
    createField: (wanted, ask) => createField(destination, wanted, ask),
  });
}

export function preview(destination: ZohoDestination, message: DeliveryMessage): ShownRequest {
  return showQuestion(originOf(destination), firstWrite(destination, recordOf(message)), zohoToken);
}

function originOf({ baseUrl, dataCenter }: ZohoDestination): URL {
  return new URL(baseUrl ?? dataCenters[dataCenter].api);
}

function zohoToken(token: string | null): Readonly<Record<string, string>> {
  return token === null ? {} : { authorization: `Zoho-oauthtoken ${token}` };
}

interface Delivering {
  readonly destination: ZohoDestination;
  readonly message: DeliveryMessage;
  readonly note: LeadNote;
  readonly ask: Ask;
}

async function deliver(delivering: Delivering): Promise<Outcome> {
  const { destination, message, ask } = delivering;
  const record = recordOf(message);
  const known = await knownByPhone(delivering, record);
  if (known !== null && "outcome" in known) return known.outcome;
  const request =
    known === null ? firstWrite(destination, record) : updateRequest(destination, known.id, record);
  const reply = await ask({ request, answers: recordAnswers(addressOf(destination)), isHandover: true });
  if (isDuplicate(reply)) return atDuplicate(delivering, reply);
  if (reply.kind === "failed") return reply.outcome;
  // Nobody finds again what was made without an address, unless its number was found.
  if (known === null && record["Email"] === undefined && message.attempt > 1)
    return marked(reply.outcome, { maybeTwice: true });
  const wasThere = known !== null || textAt(reply, "/data/0/action") === "update";
  const id = textAt(reply, "/data/0/details/id");
  if (!wasThere || id === null) return reply.outcome;
  const createdAt = known?.createdAt ?? textAt(reply, "/data/0/details/Created_Time");
  return toKnown(delivering, id, createdAt, reply.outcome);
}

function firstWrite(destination: ZohoDestination, record: ZohoRecord) {
  return record["Email"] === undefined
    ? insertRequest(destination, record)
    : upsertRequest(destination, record);
}

interface Known {
  readonly id: string;
  readonly createdAt: string | null;
}

/** Zoho looks for addresses itself. A repeat looks in any case, for its first attempt may have arrived. */
async function knownByPhone(
  { destination, message, ask }: Delivering,
  record: ZohoRecord,
): Promise<Known | { readonly outcome: Failed } | null> {
  const phone = record["Phone"] ?? record["Mobile"];
  const looks =
    destination.duplicateCheck === "email_or_phone" || message.attempt > 1 || message.revision !== null;
  if (record["Email"] !== undefined || typeof phone !== "string" || !looks) return null;
  const reply = await ask({ request: phoneRequest(destination, phone), answers: readAnswers, isAside: true });
  if (reply.kind === "failed") return { outcome: reply.outcome };
  if (reply.status === 204) return null;
  const id = textAt(reply, "/data/0/id");
  if (id === null) return { outcome: lookupFailed(destination, "the search for the phone number") };
  const createdAt = textAt(reply, "/data/0/Created_Time");
  // Where numbers tell nobody apart, it can only be what an earlier attempt at this lead has made.
  if (destination.duplicateCheck !== "email_or_phone" && !isOwn(message, createdAt)) return null;
  return { id, createdAt };
}

/** A repeat may have found what its own first attempt made, which is younger than the lead. */
async function toKnown(
  delivering: Delivering,
  id: string,
  createdAt: string | null,
  outcome: Extract<Outcome, { kind: "delivered" }>,
): Promise<Outcome> {
  const { message } = delivering;
  // A change of the lead has changed its record, or the one of the person.
  if (message.revision !== null) return outcome;
  if (message.attempt > 1) {
    const noted = await hasNote(delivering, id);
    if (typeof noted !== "boolean") return noted;
    if (noted) return marked(outcome, { duplicate: "added_to_person" });
    if (isOwn(message, createdAt)) return marked(outcome, { duplicate: "same_delivery" });
  }
  return addNote(delivering, id, outcome);
}

function isOwn({ delivery }: DeliveryMessage, createdAt: string | null): boolean {
  if (delivery === undefined || createdAt === null) return false;
  const { received_at: receivedAt } = JSON.parse(delivery) as { readonly received_at?: string };
  return Date.parse(createdAt) >= Date.parse(receivedAt ?? "") - clockSkewMs;
}

/** Zoho tells times in whole seconds, by a clock of its own. */
const clockSkewMs = 2_000;

async function addNote(
  { destination, note, ask }: Delivering,
  id: string,
  outcome: Extract<Outcome, { kind: "delivered" }>,
): Promise<Outcome> {
  const request = noteRequest(destination, id, note);
  const reply = await ask({ request, answers: recordAnswers(addressOf(destination)) });
  if (reply.kind === "done") return marked(outcome, { duplicate: "added_to_person" });
  if (reply.outcome.class === "transient") return reply.outcome;
  const warning = `the Lead was brought up to date, but no note could be made at it: ${reply.outcome.message}`;
  return marked(outcome, { duplicate: "known_person", warning });
}

async function hasNote({ destination, note, ask }: Delivering, id: string): Promise<boolean | Failed> {
  const request = notesRequest(destination, id);
  const reply = await ask({ request, answers: readAnswers, isLong: true, isAside: true });
  if (reply.kind === "failed") return reply.outcome.class === "transient" ? reply.outcome : false;
  const notes = valueAtPointer(reply.json, "/data");
  return (
    Array.isArray(notes) &&
    notes.some((each) => {
      const content = valueAtPointer(each, "/Note_Content");
      return typeof content === "string" && content.includes(note.mark);
    })
  );
}

function isDuplicate(reply: Reply): boolean {
  return textAt(reply, "/data/0/code") === "DUPLICATE_DATA" || textAt(reply, "/code") === "DUPLICATE_DATA";
}

/** Another unique field is taken: nothing was written. Where the record's id stands is unsure. */
async function atDuplicate(delivering: Delivering, reply: Reply): Promise<Outcome> {
  const { destination, message } = delivering;
  const places = ["/data/0/details/id", "/data/0/details/duplicate_record/id", "/details/id"];
  const id = places.map((place) => textAt(reply, place)).find((each) => each !== null) ?? null;
  const receipt: Receipt =
    id === null
      ? {}
      : { remoteId: id, remoteUrl: addressOf(destination).replace("{id}", encodeURIComponent(id)) };
  const outcome = { kind: "delivered", httpStatus: reply.status, receipt } as const;
  if (id === null) return marked(outcome, { duplicate: "known_person" });
  if (message.attempt > 1) {
    const noted = await hasNote(delivering, id);
    if (typeof noted !== "boolean") return noted;
    if (noted) return marked(outcome, { duplicate: "added_to_person" });
  }
  return addNote(delivering, id, outcome);
}

function marked(outcome: Extract<Outcome, { kind: "delivered" }>, receipt: Receipt): Outcome {
  return { ...outcome, receipt: { ...outcome.receipt, ...receipt } };
}

function addressOf({ dataCenter }: ZohoDestination): string {
  return `${dataCenters[dataCenter].screens}/crm/tab/Leads/{id}`;
}

function textAt({ json }: Reply, pointer: string): string | null {
  const value = valueAtPointer(json, pointer);
  return typeof value === "string" ? value : null;
}

/** The id of a record is Zoho's to give. */
function recordOf({ mapped = {} }: DeliveryMessage): ZohoRecord {
  const members = Object.entries(mapped as ZohoRecord).filter(([name]) => name !== "id");
  return Object.fromEntries(members);
}

async function createField(
  destination: ZohoDestination,
  wanted: NewRemoteField,
  ask: Ask,
): Promise<FieldCreated> {
  const made = await ask({ request: newFieldRequest(destination, wanted), answers: fieldAnswers });
  if (made.kind === "failed") return { kind: "not_created", outcome: made.outcome };
  const read = await ask({ request: fieldsRequest(destination), answers: readAnswers });
  if (read.kind === "failed") return { kind: "not_created", outcome: read.outcome };
  const field = leadFields(read.json).find(({ label }) => label === wanted.label);
  return field === undefined
    ? { kind: "not_created", outcome: lookupFailed(destination, "the list of fields") }
    : { kind: "created", field };
}
