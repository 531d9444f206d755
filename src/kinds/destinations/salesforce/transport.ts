// Delivers leads to a destination of kind `salesforce`: one upsert by the run id, and a task where the person is known.
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import { dialogueSender, fieldsFrom } from "../dialogue.ts";
import type { Ask, Question, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { leadNote } from "../lead-note.ts";
import type { LeadNote } from "../lead-note.ts";
import { openAccessTokens } from "../oauth2/access-tokens.ts";
import { bearer } from "../oauth2/bearer.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import { leadAnswers, readAnswers, taskAnswers } from "./answers.ts";
import { watchApiUsage } from "./api-usage.ts";
import type { SalesforceDestination } from "./fields.ts";
import { isConverted, isOwnClash, knownPersonIn } from "./known-person.ts";
import type { KnownPerson, KnownRecord } from "./known-person.ts";
import { externalIdProblem, leadFields } from "./lead-fields.ts";
import { describeRequest, leadRequest, taskRequest, tasksRequest } from "./requests.ts";

/** Throws TypeError when the address cannot be parsed: configuration has seen to that before. */
export function open(destination: SalesforceDestination, deps: SenderDeps): Sender {
  const { baseUrl, oauth, name } = destination;
  const tokenUrl = new URL("/services/oauth2/token", baseUrl).href;
  const usage = watchApiUsage(name, deps.nowMs);
  return dialogueSender(destination, deps, {
    origin: new URL(baseUrl),
    tokens: openAccessTokens(destination, { ...oauth, tokenUrl, clientAuth: "body" }, deps),
    prove: bearer,
    async deliver(message, ask) {
      const held = usage.hold();
      if (held !== null) return held;
      const noted: Ask = async (question) => {
        const reply = await ask(question);
        usage.note(reply.header("sforce-limit-info"));
        return reply;
      };
      const note = leadNote(message, destination.language, deps.surroundings?.() ?? noSurroundings);
      return deliver(destination, message, note, noted);
    },
    check: (ask) => externalIdCheck(destination, ask),
    fields: async (ask) => fieldsFrom(await ask(describeQuestion(destination)), leadFields),
  });
}

export function preview(destination: SalesforceDestination, message: DeliveryMessage): ShownRequest {
  return showQuestion(new URL(destination.baseUrl), leadRequest(destination, withRecord(message)), bearer);
}

async function deliver(
  destination: SalesforceDestination,
  message: DeliveryMessage,
  note: LeadNote,
  ask: Ask,
): Promise<Outcome> {
  const { baseUrl, externalIdField, name } = destination;
  const reply = await ask({
    request: leadRequest(destination, withRecord(message)),
    answers: leadAnswers(new URL(baseUrl).origin),
    isHandover: true,
  });
  if (reply.kind === "done") return written(reply, message);
  if (reply.status === 300) return severalOutcome;
  if (reply.status !== 400) return reply.outcome;
  if (isConverted(reply.json)) return convertedOutcome(message);
  if (isOwnClash(reply.json, externalIdField))
    return failure("destination_error", `${name} was making this Lead at that moment`);
  const known = knownPersonIn(reply.json, externalIdField);
  if (known === null) return reply.outcome;
  return addToPerson({ destination, message, note, ask }, known);
}

/** A repeat that changed a Lead found the one that an earlier attempt had made. */
function written({ outcome, json }: Extract<Reply, { kind: "done" }>, message: DeliveryMessage): Outcome {
  const wasThere = message.attempt > 1 && message.revision === null;
  if (!wasThere || valueAtPointer(json, "/created") !== false) return outcome;
  return { ...outcome, receipt: { ...outcome.receipt, duplicate: "same_delivery" } };
}

/** Somebody has made a contact of it already, so it had arrived. */
function convertedOutcome({ revision }: DeliveryMessage): Outcome {
  const warning = "the Lead has been converted, so its change was not written";
  const receipt: Receipt = { duplicate: "same_delivery", ...(revision === null ? {} : { warning }) };
  return { kind: "delivered", httpStatus: 400, receipt };
}

/** 300: nothing was written, because several have this run id. */
const severalOutcome: Outcome = {
  kind: "delivered",
  httpStatus: 300,
  receipt: {
    duplicate: "same_delivery",
    maybeTwice: true,
    warning: "several Leads have this run id, so none was changed: the external ID field is not unique",
  },
};

interface Adding {
  readonly destination: SalesforceDestination;
  readonly message: DeliveryMessage;
  readonly note: LeadNote;
  readonly ask: Ask;
}

/** A task that cannot be made is tried again where that may help; else the lead is marked as one that is not there. */
async function addToPerson(adding: Adding, { records }: KnownPerson): Promise<Outcome> {
  const { destination, message, ask, note } = adding;
  const [record] = records;
  if (record === undefined || destination.knownPerson === "count") return lost(destination, record);
  const isThere = message.attempt > 1 ? await hasTask(adding, record) : false;
  if (typeof isThere !== "boolean") return isThere;
  if (isThere) return added(destination, record);
  const reply = await ask({ request: taskRequest(destination, record, note), answers: taskAnswers });
  if (reply.kind === "done") return added(destination, record);
  if (reply.outcome.class === "transient") return reply.outcome;
  return lost(destination, record, `no task could be made at it: ${reply.outcome.message}`);
}

async function hasTask({ destination, note, ask }: Adding, record: KnownRecord): Promise<boolean | Failed> {
  const reply = await ask({ request: tasksRequest(destination, record), answers: readAnswers, isLong: true });
  if (reply.kind === "failed") return reply.outcome.class === "transient" ? reply.outcome : false;
  const tasks = valueAtPointer(reply.json, "/records");
  return (
    Array.isArray(tasks) &&
    tasks.some((task) => {
      const description = valueAtPointer(task, "/Description");
      return typeof description === "string" && description.includes(note.mark);
    })
  );
}

function added(destination: SalesforceDestination, record: KnownRecord): Outcome {
  const receipt = { ...recordReceipt(destination, record), duplicate: "added_to_person" } as const;
  return { kind: "delivered", httpStatus: 400, receipt };
}

function lost(destination: SalesforceDestination, record?: KnownRecord, warning?: string): Outcome {
  const receipt: Receipt = {
    ...(record === undefined ? {} : recordReceipt(destination, record)),
    duplicate: "known_person",
    ...(warning === undefined ? {} : { warning }),
  };
  return { kind: "delivered", httpStatus: 400, receipt };
}

function recordReceipt({ baseUrl }: SalesforceDestination, { id }: KnownRecord): Receipt {
  return { remoteId: id, remoteUrl: `${new URL(baseUrl).origin}/${id}` };
}

function describeQuestion(destination: SalesforceDestination): Question {
  return { request: describeRequest(destination), answers: readAnswers };
}

async function externalIdCheck(destination: SalesforceDestination, ask: Ask): Promise<Failed | null> {
  const { name, externalIdField: field } = destination;
  const reply = await ask(describeQuestion(destination));
  if (reply.kind === "failed") return reply.outcome;
  switch (externalIdProblem(reply.json, field)) {
    case null:
      return null;
    case "missing":
      return failure(
        "destination_configuration",
        `${name} has no field ${field} at its Lead, or its user may not see it: in Salesforce, Setup › Object Manager › Lead › Fields & Relationships › New`,
      );
    case "no_external_id":
      return failure(
        "destination_configuration",
        `the field ${field} of ${name} must be “Unique” and an “External ID”: in Salesforce, Setup › Object Manager › Lead › Fields & Relationships`,
      );
  }
}

/** What has no map, such as a lead in a preview, has none of a record's fields. */
function withRecord({ runId, mapped = {} }: DeliveryMessage): Pick<DeliveryMessage, "runId" | "mapped"> {
  return { runId, mapped };
}
