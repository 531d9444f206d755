// Delivers leads to a destination of kind `brevo`: creates the contact, or updates it where the person is known. A number that
// belongs to somebody else costs no lead: it is left out, or is what the person is found by.
import { pathUnder } from "../../../config/fields/service-url.ts";
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Delivered, Outcome } from "../../../domain/destinations/outcome.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import { scalarText } from "../../../domain/values/comparison.ts";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { dialogueSender, fieldsFrom, jsonRequest } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import type { DeliveryMessage, FieldCreated, NewRemoteField, Sender, ShownRequest } from "../sender.ts";
import { memberOf, recordOf, textIn, without } from "../written-record.ts";
import type { WrittenRecord } from "../written-record.ts";
import { attributeAnswers, contactAnswers, readAnswers } from "./answers.ts";
import { attributeName, brevoTypes, contactFields } from "./contact-fields.ts";
import type { BrevoDestination } from "./fields.ts";

/** Of a contact; the address is unsure. */
const page = "https://app.brevo.com/contact/index/{id}";

export function open(destination: BrevoDestination, deps: SenderDeps): Sender {
  return dialogueSender(destination, deps, {
    origin: new URL(destination.baseUrl),
    prove: () => ({ "api-key": destination.token }),
    deliver: (message, ask) => deliver(destination, message, ask),
    fields: async (ask) => fieldsFrom(await askAttributes(destination, ask), contactFields),
    createField: (wanted, ask) => createAttribute(destination, wanted, ask),
  });
}

export function preview(destination: BrevoDestination, message: DeliveryMessage): ShownRequest {
  return showQuestion(
    new URL(destination.baseUrl),
    createRequest(destination, message, recordOf(message)),
    (proof) => ({ "api-key": proof ?? "" }),
  );
}

async function deliver(destination: BrevoDestination, message: DeliveryMessage, ask: Ask): Promise<Outcome> {
  const record = recordOf(message);
  const email = textIn(record, "email");
  const phone = textIn(memberOf(record["attributes"]), "SMS");
  if (email === null && phone === null)
    return failure(
      "required_field_missing",
      `${destination.name} finds people by e-mail address or mobile number (SMS), and this lead gives neither`,
    );
  const reply = await create(destination, message, record, ask);
  if (phone === null || !isAboutNumber(reply)) return ended(destination, message, record, reply, ask);
  if (email === null) return updateByNumber(destination, message, record, ask, reply);
  const rest = withoutNumber(record);
  const again = await create(destination, message, rest, ask);
  return ended(destination, message, rest, again, ask, numberLeftOut);
}

const numberLeftOut = "the mobile number (SMS) was left out: it is not valid there, or another contact's";

/** Of a number that another contact has, or that is none: 400 although the person could be stored. */
function isAboutNumber({ status, json }: Reply): boolean {
  const code = scalarText(valueAtPointer(json, "/code")) ?? "";
  const text = scalarText(valueAtPointer(json, "/message")) ?? "";
  return status === 400 && (code === "duplicate_parameter" || /SMS|phone/i.test(text));
}

function create(
  destination: BrevoDestination,
  message: DeliveryMessage,
  record: WrittenRecord,
  ask: Ask,
): Promise<Reply> {
  const request = createRequest(destination, message, record);
  return ask({ request, answers: contactAnswers(page), isHandover: true });
}

/** The person that the number belongs to; if it is nobody's, the number was refused (`refusal`), and no other lead's is. */
async function updateByNumber(
  destination: BrevoDestination,
  message: DeliveryMessage,
  record: WrittenRecord,
  ask: Ask,
  refusal: Reply,
): Promise<Outcome> {
  const body = { ...withoutNumber(record), ...listsOf(destination) };
  const request = requestTo(destination, "PUT", contactPath(record), body);
  const reply = await ask({ request, answers: contactAnswers(page), isHandover: true });
  if (reply.status === 404 && refusal.kind === "failed") return refusal.outcome;
  return ended(destination, message, record, reply, ask);
}

/** What Brevo dropped without a word is known only by reading. */
async function ended(
  destination: BrevoDestination,
  message: DeliveryMessage,
  record: WrittenRecord,
  reply: Reply,
  ask: Ask,
  warning?: string,
): Promise<Outcome> {
  if (reply.kind === "failed") return reply.outcome;
  // What has arrived before is updated: who is refused as known is somebody else.
  if (reply.outcome.receipt?.duplicate !== undefined)
    return withReceipt(reply.outcome, {}, { duplicate: "known_person" });
  if (reply.status === 400) return reply.outcome;
  const read = await ask({
    request: requestTo(destination, "GET", contactPath(record)),
    answers: readAnswers,
    isLong: true,
    isAside: true,
  });
  const isKnown = reply.status === 204 && message.attempt === 1 && message.revision === null;
  return withReceipt(reply.outcome, {
    ...foundIn(read),
    ...(isKnown ? { duplicate: "added_to_person" } : {}),
    ...warningOf([...(warning === undefined ? [] : [warning]), ...dropped(record, read)]),
  });
}

function withReceipt(outcome: Delivered, more: Receipt, instead: Receipt = {}): Delivered {
  const receipt = { ...more, ...outcome.receipt, ...instead };
  return Object.keys(receipt).length === 0 ? outcome : { ...outcome, receipt };
}

function foundIn({ kind, json }: Reply): Receipt {
  const id = kind === "done" ? scalarText(valueAtPointer(json, "/id")) : null;
  return id === null ? {} : { remoteId: id, remoteUrl: page.replace("{id}", encodeURIComponent(id)) };
}

function warningOf(sentences: readonly string[]): Receipt {
  return sentences.length === 0 ? {} : { warning: sentences.join("; ") };
}

const namedMax = 10;

function dropped(record: WrittenRecord, { kind, json }: Reply): readonly string[] {
  if (kind === "failed") return [];
  const kept = memberOf(valueAtPointer(json, "/attributes"));
  const missing = Object.keys(memberOf(record["attributes"])).filter((name) => kept[name] === undefined);
  if (missing.length === 0) return [];
  return [
    `Brevo did not keep ${missing.slice(0, namedMax).join(", ")}: no such attribute, or of another type`,
  ];
}

function createRequest(
  destination: BrevoDestination,
  { runId }: DeliveryMessage,
  record: WrittenRecord,
): HttpRequest {
  // `forceMerge` would delete a contact.
  const body = {
    ...without(record, "forceMerge"),
    ext_id: runId,
    ...listsOf(destination),
    updateEnabled: true,
  };
  return requestTo(destination, "POST", "/contacts", body);
}

function listsOf({ listIds }: BrevoDestination): { readonly listIds?: readonly number[] } {
  return listIds.length === 0 ? {} : { listIds: listIds.map(Number) };
}

function withoutNumber(record: WrittenRecord): WrittenRecord {
  return { ...record, attributes: without(memberOf(record["attributes"]), "SMS") };
}

/** By the address, or by the number. */
function contactPath(record: WrittenRecord): string {
  const email = textIn(record, "email");
  const phone = textIn(memberOf(record["attributes"]), "SMS") ?? "";
  return email === null
    ? `/contacts/${encodeURIComponent(phone)}?identifierType=phone_id`
    : `/contacts/${encodeURIComponent(email)}?identifierType=email_id`;
}

function askAttributes(destination: BrevoDestination, ask: Ask): Promise<Reply> {
  const request = requestTo(destination, "GET", "/contacts/attributes");
  return ask({ request, answers: readAnswers, isLong: true });
}

async function createAttribute(
  destination: BrevoDestination,
  { label, type }: NewRemoteField,
  ask: Ask,
): Promise<FieldCreated> {
  const name = attributeName(label);
  const path = `/contacts/attributes/normal/${encodeURIComponent(name)}`;
  const request = requestTo(destination, "POST", path, { type: brevoTypes[type] });
  const reply = await ask({ request, answers: attributeAnswers });
  if (reply.kind === "failed") return { kind: "not_created", outcome: reply.outcome };
  return { kind: "created", field: { target: `attributes.${name}`, label: name, type, isRequired: false } };
}

function requestTo({ baseUrl }: BrevoDestination, method: string, path: string, body?: object): HttpRequest {
  return jsonRequest(
    method,
    pathUnder(baseUrl, `/v3${path}`),
    body === undefined ? undefined : writeExactly(body),
  );
}
