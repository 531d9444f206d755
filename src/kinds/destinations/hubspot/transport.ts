// Delivers leads to a destination of kind `hubspot`: the contact is the delivery, and the enquiry a note at it. A note that
// cannot be written now makes the attempt fail, because the contact is found again and the note looked for; one that is
// refused for good is a warning.
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import { deliveryId } from "../../../domain/destinations/delivery-message.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import { masked } from "../../../domain/destinations/shown-address.ts";
import type { SenderDeps, Transport } from "../destination-kind.ts";
import { dialogueSender, jsonRequest } from "../dialogue.ts";
import type { Ask } from "../dialogue.ts";
import { textAt } from "../json-reply.ts";
import { leadNote } from "../lead-note.ts";
import { rememberRepeats } from "../repeats.ts";
import type { Attempt, Repeats } from "../repeats.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { contactUrl, rememberAccount } from "./account.ts";
import type { KnownAccount } from "./account.ts";
import { emptyWriteAnswers, propertyAnswers } from "./answers.ts";
import { askObjects, askPart, pathOf } from "./api.ts";
import type { Api } from "./api.ts";
import { withinBudget } from "./budget.ts";
import { writeContact } from "./contacts.ts";
import type { Contact } from "./contacts.ts";
import type { HubspotDestination } from "./fields.ts";
import { createProperty, readFields } from "./fields-there.ts";
import { writeNote } from "./notes.ts";
import { propertiesOf } from "./properties-of-lead.ts";

export const hubspotTransport: Transport<HubspotDestination> = { open, preview };

function open(destination: HubspotDestination, deps: SenderDeps): Sender {
  const account = rememberAccount(deps.nowMs);
  const surroundings = (): Surroundings => deps.surroundings?.() ?? noSurroundings;
  const timezone = (): string => account.current()?.timezone ?? surroundings().timezone;
  const apiOf = (ask: Ask): Api => ({ destination, ask: withinBudget(ask, timezone, deps.nowMs) });
  const desk: Desk = { account, surroundings, repeats: rememberRepeats(deps.nowMs), nowMs: deps.nowMs };
  return dialogueSender(destination, deps, {
    origin: new URL(destination.baseUrl),
    prove: () => ({ authorization: `Bearer ${destination.token}` }),
    deliver: (message, ask) => deliver(apiOf(ask), message, desk),
    check: (ask) => mayWrite(apiOf(ask)),
    fields: (ask) => readFields(apiOf(ask)),
    createField: (wanted, ask) => createProperty(apiOf(ask), wanted),
  });
}

/** What is kept between attempts. */
interface Desk {
  readonly account: KnownAccount;
  readonly surroundings: () => Surroundings;
  readonly repeats: Repeats;
  readonly nowMs: () => number;
}

async function deliver(api: Api, message: DeliveryMessage, desk: Desk): Promise<Outcome> {
  const { destination } = api;
  const attempt = desk.repeats.begin(
    deliveryId(message.runId, destination.name, message.revision),
    message.attempt,
  );
  const properties = propertiesOf(message, destination.map);
  const contact = await writeContact(api, message, properties, () => attempt.sending());
  if (contact.kind === "failed") {
    if (isRefusal(contact)) attempt.refused();
    return contact;
  }
  const noted = await note(api, message, contact, desk);
  if (noted.kind === "failed") return noted;
  return arrived(api, contact, noted, attempt, desk);
}

/** What became of the note: `unwanted`: by choice, or because nobody knows where. */
type Noted =
  | { readonly kind: "written" | "there" | "unwanted" }
  | { readonly kind: "refused"; readonly warning: string }
  | Failed;

async function note(api: Api, message: DeliveryMessage, contact: Contact, desk: Desk): Promise<Noted> {
  const { note: wanted, language, name } = api.destination;
  const isWanted = wanted === "always" || (wanted === "known_person" && contact.isKnown);
  if (!isWanted || contact.id === null) return { kind: "unwanted" };
  const said = leadNote(message, language, desk.surroundings());
  const end = await writeNote(api, contact.id, said, desk.nowMs(), message.attempt > 1);
  if (end.kind !== "failed") return end;
  if (end.class === "permanent")
    return { kind: "refused", warning: `the note with the enquiry was refused: ${end.message}` };
  return {
    ...end,
    message: `${end.message}; ${name} has the contact, and not yet the note with the enquiry`,
  };
}

async function arrived(
  api: Api,
  { id, isKnown, isUnsafe, hasAll, outcome, warning }: Contact,
  noted: Exclude<Noted, Failed>,
  attempt: Attempt,
  { account }: Desk,
): Promise<Outcome> {
  const isRepeat = attempt.delivered() !== null;
  const where = id === null ? null : await account.read(api);
  const isStored = hasAll || noted.kind === "written" || noted.kind === "there";
  const warnings = [warning, noted.kind === "refused" ? noted.warning : null].filter((each) => each !== null);
  const receipt: Receipt = {
    ...outcome.receipt,
    ...(id === null ? {} : { remoteId: id }),
    ...(id === null || where === null ? {} : { remoteUrl: contactUrl(where, id) }),
    ...(isRepeat && isUnsafe ? { maybeTwice: true } : {}),
    ...duplicateOf(isKnown, isStored, isRepeat, noted),
    ...(warnings.length === 0 ? {} : { warning: warnings.join("; ") }),
  };
  return { ...outcome, receipt };
}

/** A contact that a repeat finds may be the one that the first attempt made: of it nothing is said. */
function duplicateOf(isKnown: boolean, isStored: boolean, isRepeat: boolean, noted: Noted): Receipt {
  if (noted.kind === "there") return { duplicate: "same_delivery" };
  if (!isKnown || (isRepeat && isStored)) return {};
  return { duplicate: isStored ? "added_to_person" : "known_person" };
}

/** Whether it is certain that nothing was written. */
function isRefusal({ code, httpStatus }: Failed): boolean {
  return httpStatus !== null && httpStatus >= 400 && httpStatus < 500 && code !== "destination_indeterminate";
}

/** Writes with nothing in them, which have no effect: whether the key may write contacts, and notes where they are wanted. */
async function mayWrite(api: Api): Promise<Failed | null> {
  const paths = [
    "contacts/batch/upsert",
    ...(api.destination.note === "never" ? [] : ["notes/batch/create"]),
  ];
  for (const path of paths) {
    const reply = await askObjects(api, "POST", path, { inputs: [] }, { answers: emptyWriteAnswers });
    if (reply.kind === "failed") return reply.outcome;
  }
  return unfitProperty(api);
}

/** The property that leads without e-mail are told apart by. */
async function unfitProperty(api: Api): Promise<Failed | null> {
  const { runIdProperty, name } = api.destination;
  if (runIdProperty === undefined) return null;
  const path = `contacts/${encodeURIComponent(runIdProperty)}`;
  const reply = await askPart(api, "GET", "crm/properties", path, undefined, { answers: propertyAnswers });
  if (reply.kind === "failed") return reply.outcome;
  if (textAt(reply.json, "/hasUniqueValue") === "true") return null;
  return failure("destination_configuration", `${runIdProperty} of ${name} does not require unique values`);
}

/** The first request of an attempt that writes, of a lead whose contact is not there. */
function preview(destination: HubspotDestination, message: DeliveryMessage): ShownRequest {
  const { baseUrl, runIdProperty, map } = destination;
  const properties = propertiesOf(message, map);
  const { email, ...others } = properties;
  const { runId } = message;
  const upsert = (idProperty: string, id: string, rest: object): readonly [string, unknown] => [
    "contacts/batch/upsert",
    { inputs: [{ id, idProperty, properties: rest, objectWriteTraceId: runId }] },
  ];
  const [path, body] =
    email !== undefined
      ? upsert("email", email, others)
      : runIdProperty !== undefined
        ? upsert(runIdProperty, runId, properties)
        : (["contacts", { properties, objectWriteTraceId: runId }] as const);
  const request = jsonRequest("POST", pathOf(destination, "crm/objects", path), JSON.stringify(body));
  return {
    method: request.method,
    url: new URL(baseUrl).origin + request.path,
    headers: { ...request.headers, authorization: `Bearer ${masked}` },
    body: request.body,
  };
}
