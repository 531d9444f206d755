// Delivers leads to a destination of kind `pipedrive`: the person is found or made, then the lead or the deal, which is the
// delivery, then the note at it. Pipedrive knows no repeats, so that a second attempt looks at each step what the first one
// made.
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import { misfitFailure } from "../../../domain/destinations/map-misfits.ts";
import { misfitsOf } from "../../../domain/destinations/remote-field.ts";
import { masked } from "../../../domain/destinations/shown-address.ts";
import { pathUnder } from "../../../config/fields/service-url.ts";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import type { SenderDeps, Transport } from "../destination-kind.ts";
import { dialogueSender, jsonRequest } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { leadNote } from "../lead-note.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { listAnswers } from "./answers.ts";
import { get, withinBudget } from "./api.ts";
import type { Api } from "./api.ts";
import { recordUrl, rememberCompany } from "./company.ts";
import type { KnownCompany } from "./company.ts";
import { findEnquiry, makeEnquiry, originId, writeNote } from "./enquiries.ts";
import type { Enquiry } from "./enquiries.ts";
import type { PipedriveDestination } from "./fields.ts";
import { createDealField, readFields } from "./fields-there.ts";
import { findPerson, makePerson } from "./persons.ts";
import type { Nobody, Person } from "./persons.ts";
import { rememberMade } from "./made-persons.ts";
import type { MadePersons } from "./made-persons.ts";
import { dealBody, leadBody, recordOf } from "./record.ts";
import type { PipedriveRecord } from "./record.ts";

export const pipedriveTransport: Transport<PipedriveDestination> = { open, preview };

function open(destination: PipedriveDestination, deps: SenderDeps): Sender {
  const surroundings = (): Surroundings => deps.surroundings?.() ?? noSurroundings;
  const apiOf = (ask: Ask): Api => ({ destination, ask: withinBudget(ask, deps.nowMs) });
  const desk: Desk = { company: rememberCompany(deps.nowMs), made: rememberMade(), surroundings };
  return dialogueSender(destination, deps, {
    origin: new URL(destination.baseUrl),
    prove: () => ({ "x-api-token": destination.token }),
    deliver: (message, ask) => deliver(apiOf(ask), message, desk),
    check: async (ask) => {
      const reply = await get(apiOf(ask), "/v1/users/me", {}, { answers: listAnswers });
      return reply.kind === "failed" ? reply.outcome : null;
    },
    fields: (ask) => readFields(apiOf(ask)),
    createField: (wanted, ask) => createDealField(apiOf(ask), wanted),
  });
}

/** What is kept between attempts. */
interface Desk {
  readonly company: KnownCompany;
  readonly made: MadePersons;
  readonly surroundings: () => Surroundings;
}

async function deliver(api: Api, message: DeliveryMessage, desk: Desk): Promise<Outcome> {
  const record = recordOf(message, api.destination.map);
  const there = await personAndEnquiry(api, message, record, desk, null);
  if (there.kind === "failed") return there;
  const { person, enquiry, isRepeat, isUnsure } = there;
  const noted = await note(api, message, enquiry.id, desk);
  if (noted.kind === "failed") return noted;
  const company = await desk.company.domain(api);
  const receipt: Receipt = {
    ...enquiry.outcome.receipt,
    remoteId: enquiry.id,
    ...(company === null ? {} : { remoteUrl: recordUrl(company, api.destination.record, enquiry.id) }),
    ...(isUnsure ? { maybeTwice: true } : {}),
    ...(isRepeat ? { duplicate: "same_delivery" } : person.isKnown ? { duplicate: "added_to_person" } : {}),
    ...(noted.warning === null ? {} : { warning: noted.warning }),
  };
  return { ...enquiry.outcome, receipt };
}

interface There {
  readonly kind: "there";
  readonly person: Person;
  readonly enquiry: Enquiry;
  /** An earlier attempt made it. */
  readonly isRepeat: boolean;
  /** An earlier attempt may have made another. */
  readonly isUnsure: boolean;
}

/** `without`: a person who is gone, whom the search still knows. */
async function personAndEnquiry(
  api: Api,
  message: DeliveryMessage,
  record: PipedriveRecord,
  desk: Desk,
  without: number | null,
): Promise<There | Failed> {
  const isRepeat = message.attempt > 1;
  const found = await foundPerson(api, message, record, desk, without);
  if (found.kind === "failed") return found;
  if (found.kind === "person" && isRepeat) {
    const enquiry = await findEnquiry(api, message, record.enquiry, found.id);
    if (enquiry?.kind === "failed") return enquiry;
    if (enquiry !== null) return { kind: "there", person: found, enquiry, isRepeat: true, isUnsure: false };
  }
  const person =
    found.kind === "person" ? found : await desk.made.once(message, record, () => makePerson(api, record));
  if (person.kind === "failed") return indicted(api, person);
  const reply = await makeEnquiry(api, message, record.enquiry, person.id);
  if (isGone(reply) && without === null) {
    desk.made.forget(person.id);
    return personAndEnquiry(api, message, record, desk, person.id);
  }
  if (reply.kind === "failed") return indicted(api, reply.outcome);
  const id = reply.outcome.receipt?.remoteId;
  if (id === undefined)
    return failure("destination_bad_response", `${api.destination.name} gave a record without an id`);
  const enquiry = { kind: "enquiry", id, outcome: reply.outcome } as const;
  const isUnsure = found.kind === "nobody" && !found.isSure;
  return { kind: "there", person, enquiry, isRepeat: false, isUnsure };
}

/** Of those who were made here moments ago the search may know nothing yet (unsure). */
async function foundPerson(
  api: Api,
  message: DeliveryMessage,
  record: PipedriveRecord,
  { made }: Desk,
  without: number | null,
): Promise<Person | Failed | Nobody> {
  const person = await made.find(message, record);
  return person ?? findPerson(api, record, message.attempt > 1, without);
}

function isGone(reply: Reply): boolean {
  return reply.kind === "failed" && reply.status === 404 && reply.outcome.class === "transient";
}

/** A refusal names no field in words that could be read, so that the map is compared with the fields. */
async function indicted(api: Api, outcome: Failed): Promise<Failed> {
  if (outcome.httpStatus !== 400 || outcome.class !== "permanent") return outcome;
  const { name, map } = api.destination;
  const read = await readFields(api);
  const misfit = read.kind === "fields" ? misfitFailure(name, misfitsOf(map, read.fields)) : null;
  return misfit === null ? outcome : { ...misfit, httpStatus: outcome.httpStatus };
}

interface Noted {
  readonly kind: "noted";
  readonly warning: string | null;
}

async function note(api: Api, message: DeliveryMessage, id: string, desk: Desk): Promise<Noted | Failed> {
  const { note: wanted, language, name, record } = api.destination;
  if (wanted === "never") return { kind: "noted", warning: null };
  const end = await writeNote(api, id, leadNote(message, language, desk.surroundings()), message.attempt > 1);
  if (end.kind !== "failed") return { kind: "noted", warning: null };
  if (end.class === "permanent")
    return { kind: "noted", warning: `the note with the enquiry was refused: ${end.message}` };
  return {
    ...end,
    message: `${end.message}; ${name} has the ${record}, and not yet the note with the enquiry`,
  };
}

/** The two requests that write, of a lead whose person is not there; the person's id is not known before. */
function preview(destination: PipedriveDestination, message: DeliveryMessage): ShownRequest {
  const { baseUrl, record, runIdField, map } = destination;
  const { person, enquiry } = recordOf(message, map);
  const id = originId(message);
  const own = runIdField === undefined ? {} : { [runIdField]: id };
  const second = record === "lead" ? leadBody(enquiry, 0, id) : dealBody(enquiry, 0, own);
  const path = pathUnder(baseUrl, record === "lead" ? "/v1/leads" : "/api/v2/deals");
  const body = [
    `POST ${pathUnder(baseUrl, "/api/v2/persons")}`,
    writeExactly(person),
    "",
    `POST ${path}`,
    writeExactly(second),
  ].join("\n");
  const request = jsonRequest("POST", path, body);
  return {
    method: request.method,
    url: new URL(baseUrl).origin + path,
    headers: { ...request.headers, "x-api-token": masked },
    body,
  };
}
