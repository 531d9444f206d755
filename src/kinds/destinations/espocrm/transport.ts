// Delivers leads to a destination of kind `espocrm`: by an API user, or into an entry point of Lead Capture.
import { pathUnder } from "../../../config/fields/service-url.ts";
import type { Delivered, Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import type { Duplicate } from "../../../domain/destinations/receipt.ts";
import { masked } from "../../../domain/destinations/shown-address.ts";
import { scalarText } from "../../../domain/values/comparison.ts";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { dialogueSender, fieldsFrom, jsonRequest } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import { leadNote, noteMark } from "../lead-note.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { changedRecord, recordOf, textIn } from "../written-record.ts";
import type { WrittenRecord } from "../written-record.ts";
import { captureAnswers, createAnswers, listAnswers, metadataAnswers, recordAnswers } from "./answers.ts";
import type { EspocrmDestination } from "./fields.ts";
import { leadFields } from "./lead-fields.ts";

/** The field that every EspoCRM has, where the id stands in the last line. */
const description = "description";

export function open(destination: EspocrmDestination, deps: SenderDeps): Sender {
  const origin = new URL(destination.url);
  if (destination.way === "lead_capture")
    return dialogueSender(destination, deps, {
      origin,
      prove: () => ({}),
      deliver: (message, ask) => capture(destination, message, ask),
    });
  const surroundings = (): Surroundings => deps.surroundings?.() ?? noSurroundings;
  return dialogueSender(destination, deps, {
    origin,
    prove: () => ({ "x-api-key": destination.token }),
    deliver: (message, ask) => deliver({ destination, message, ask, surroundings: surroundings() }),
    fields: async (ask) => fieldsFrom(await askMetadata(destination, ask), leadFields),
  });
}

export function preview(destination: EspocrmDestination, message: DeliveryMessage): ShownRequest {
  if (destination.way === "api")
    return showQuestion(new URL(destination.url), createRequest(destination, message), (proof) => ({
      "x-api-key": proof ?? "",
    }));
  const request = captureRequest(destination, message);
  return showQuestion(
    new URL(destination.url),
    { ...request, path: capturePath(destination, masked) },
    () => ({}),
  );
}

async function capture(
  destination: EspocrmDestination,
  message: DeliveryMessage,
  ask: Ask,
): Promise<Outcome> {
  const request = captureRequest(destination, message);
  return (await ask({ request, answers: captureAnswers, isHandover: true })).outcome;
}

interface Attempted {
  readonly destination: EspocrmDestination;
  readonly message: DeliveryMessage;
  readonly ask: Ask;
  readonly surroundings: Surroundings;
}

async function deliver(attempted: Attempted): Promise<Outcome> {
  const { destination, message, ask } = attempted;
  if (message.attempt > 1 || message.revision !== null) {
    const found = await search(attempted);
    if (found.kind === "failed") return found;
    if (found.id !== null)
      return message.revision === null
        ? arrived(destination, { entity: "Lead", id: found.id }, "same_delivery")
        : (await update(attempted, { entity: "Lead", id: found.id })).outcome;
  }
  const reply = await ask({
    request: createRequest(destination, message),
    answers: createAnswers(pageOf(destination, "Lead", "{id}")),
    isHandover: true,
  });
  if (reply.kind === "failed" || reply.outcome.receipt?.duplicate === undefined) return reply.outcome;
  const known = knownRecord(reply);
  if (known !== null) return addToPerson(attempted, known);
  // A repeat has looked for its own record before: this one is another's.
  return { ...reply.outcome, receipt: { ...reply.outcome.receipt, duplicate: "known_person" } };
}

interface Place {
  readonly entity: string;
  readonly id: string;
}

/** The first of the records that EspoCRM names; null: this user may not see them. */
function knownRecord({ json }: Reply): Place | null {
  const id = scalarText(valueAtPointer(json, "/0/id"));
  const entity = scalarText(valueAtPointer(json, "/0/_entityType")) ?? "Lead";
  return id === null || id === "" ? null : { entity, id };
}

async function addToPerson(attempted: Attempted, place: Place): Promise<Outcome> {
  const { destination, message, ask } = attempted;
  if (destination.knownPerson === "update") return added(destination, place, await update(attempted, place));
  if (message.attempt > 1 && (await isNoted(attempted, place)))
    return arrived(destination, place, "same_delivery");
  const { entity, id } = place;
  const post = { type: "Post", parentType: entity, parentId: id, post: notePost(attempted) };
  const reply = await ask({
    request: requestTo(destination, "POST", "/Note", post),
    answers: recordAnswers(pageOf(destination, entity, id)),
    isHandover: true,
  });
  return added(destination, place, reply);
}

/** What this one record does not take for good says nothing of the others: the lead is marked, and the destination goes on. */
function added(destination: EspocrmDestination, place: Place, reply: Reply): Outcome {
  if (reply.kind === "done") return arrived(destination, place, "added_to_person");
  if (reply.outcome.class === "transient") return reply.outcome;
  const warning = `the enquiry could not be added to the record: ${reply.outcome.message}`;
  const { receipt, ...outcome } = arrived(destination, place, "known_person");
  return { ...outcome, receipt: { ...receipt, warning } };
}

/** Whether an earlier attempt's note stands there. */
async function isNoted({ destination, message, ask }: Attempted, { entity, id }: Place): Promise<boolean> {
  const path = `/${entity}/${encodeURIComponent(id)}/posts?maxSize=50`;
  const reply = await ask({
    request: requestTo(destination, "GET", path),
    answers: listAnswers,
    isLong: true,
    isAside: true,
  });
  return reply.kind === "done" && writeExactly(reply.json).includes(noteMark(message));
}

function update({ destination, message, ask }: Attempted, { entity, id }: Place): Promise<Reply> {
  const record = message.revision === null ? recordOf(message) : changedRecord(message, destination.map);
  const path = `/${entity}/${encodeURIComponent(id)}`;
  return ask({
    request: requestTo(destination, "PUT", path, withId(destination, message, record)),
    answers: recordAnswers(pageOf(destination, entity, "{id}")),
    isHandover: true,
  });
}

async function search({
  destination,
  message,
  ask,
}: Attempted): Promise<{ readonly kind: "found"; readonly id: string | null } | Failed> {
  const { runIdField } = destination;
  const query = new URLSearchParams({
    select: "id",
    maxSize: "1",
    "where[0][type]": runIdField === description ? "contains" : "equals",
    "where[0][attribute]": runIdField,
    "where[0][value]": runIdField === description ? idMark(message) : message.runId,
  });
  const reply = await ask({
    request: requestTo(destination, "GET", `/Lead?${query.toString()}`),
    answers: listAnswers,
  });
  if (reply.kind === "failed") return reply.outcome;
  return { kind: "found", id: scalarText(valueAtPointer(reply.json, "/list/0/id")) };
}

function arrived(destination: EspocrmDestination, { entity, id }: Place, duplicate: Duplicate): Delivered {
  const receipt = { remoteId: id, remoteUrl: pageOf(destination, entity, id), duplicate };
  return { kind: "delivered", httpStatus: 200, receipt };
}

function createRequest(destination: EspocrmDestination, message: DeliveryMessage): HttpRequest {
  const request = requestTo(destination, "POST", "/Lead", withId(destination, message, recordOf(message)));
  const skip = destination.knownPerson === "create" ? { "x-skip-duplicate-check": "true" } : {};
  return { ...request, headers: { ...request.headers, ...skip } };
}

function withId(
  { runIdField }: EspocrmDestination,
  message: DeliveryMessage,
  record: WrittenRecord,
): WrittenRecord {
  if (runIdField !== description) return { ...record, [runIdField]: message.runId };
  const said = textIn(record, description);
  const mark = idMark(message);
  return { ...record, [description]: said === null ? mark : `${said}\n\n${mark}` };
}

/** The same for a revision: it changes the record of the lead. */
function idMark(message: DeliveryMessage): string {
  return noteMark({ ...message, revision: null });
}

/** The stream shows Markdown: what a lead says becomes no markup. */
function notePost({ destination, message, surroundings }: Attempted): string {
  const { text, mark } = leadNote(message, destination.language, surroundings);
  const said = text.slice(0, text.length - mark.length);
  return said.replaceAll(/[\\`*_[\]<>#!|~]/g, "\\$&").replaceAll("\n", "  \n") + mark;
}

function askMetadata(destination: EspocrmDestination, ask: Ask): Promise<Reply> {
  const request = requestTo(destination, "GET", "/Metadata?key=entityDefs.Lead.fields");
  return ask({ request, answers: metadataAnswers, isLong: true });
}

function captureRequest(destination: EspocrmDestination, message: DeliveryMessage): HttpRequest {
  const path = capturePath(destination, encodeURIComponent(destination.token));
  return jsonRequest("POST", path, writeExactly(recordOf(message)));
}

function capturePath({ url }: EspocrmDestination, key: string): string {
  return pathUnder(url, `/api/v1/LeadCapture/${key}`);
}

function requestTo({ url }: EspocrmDestination, method: string, path: string, body?: object): HttpRequest {
  return jsonRequest(
    method,
    pathUnder(url, `/api/v1${path}`),
    body === undefined ? undefined : writeExactly(body),
  );
}

function pageOf({ url }: EspocrmDestination, entity: string, id: string): string {
  return new URL(url).origin + pathUnder(url, `/#${entity}/view/${id}`);
}
