// Delivers leads to a destination of kind `dynamics`: one upsert by the run id, and a note where duplicate detection refuses.
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import { dialogueSender } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { leadNote } from "../lead-note.ts";
import type { LeadNote } from "../lead-note.ts";
import { openAccessTokens } from "../oauth2/access-tokens.ts";
import { bearer } from "../oauth2/bearer.ts";
import type { DeliveryMessage, FieldsRead, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import { duplicateCodes, leadAnswers, noteAnswers, readAnswers } from "./answers.ts";
import type { DynamicsDestination } from "./fields.ts";
import { keyProblem, leadColumns } from "./lead-columns.ts";
import {
  columnsRequest,
  keysRequest,
  leadRequest,
  lookupsRequest,
  noteRequest,
  optionsRequest,
  ownLeadRequest,
  personRequest,
} from "./requests.ts";
import type { DynamicsRecord } from "./requests.ts";

/** Throws TypeError when the address cannot be parsed: configuration has seen to that before. */
export function open(destination: DynamicsDestination, deps: SenderDeps): Sender {
  const { baseUrl, oauth } = destination;
  const origin = new URL(baseUrl);
  const { tenant, clientId, clientSecret } = oauth;
  const tokenUrl =
    oauth.tokenUrl ?? `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
  const scope = `${origin.origin}/.default`;
  const grant = { tokenUrl, clientId, clientSecret, scope, clientAuth: "body" } as const;
  return dialogueSender(destination, deps, {
    origin,
    tokens: openAccessTokens(destination, grant, deps),
    prove: bearer,
    deliver(message, ask) {
      const note = leadNote(message, destination.language, deps.surroundings?.() ?? noSurroundings);
      return deliver(destination, message, note, ask);
    },
    check: (ask) => keyCheck(destination, ask),
    fields: (ask) => readColumns(destination, ask),
  });
}

export function preview(destination: DynamicsDestination, message: DeliveryMessage): ShownRequest {
  return showQuestion(new URL(destination.baseUrl), leadRequest(destination, withRecord(message)), bearer);
}

async function deliver(
  destination: DynamicsDestination,
  message: DeliveryMessage,
  note: LeadNote,
  ask: Ask,
): Promise<Outcome> {
  const request = leadRequest(destination, withRecord(message));
  const reply = await ask({ request, answers: leadAnswers, isHandover: true });
  if (reply.kind === "done") return written(destination, reply);
  if (!duplicateCodes.has(String(codeOf(reply)).toLowerCase())) return reply.outcome;
  // That the lead is there does not mean that its change is.
  const own = message.revision === null ? await ownLead(destination, message, ask) : null;
  if (own !== null) return own;
  return addToPerson(destination, message, note, ask, reply.status);
}

function codeOf({ json }: Reply): unknown {
  const code = valueAtPointer(json, "/error/code");
  return typeof code === "string" ? code : "";
}

/** `OData-EntityId: https://acme.crm4.dynamics.com/api/data/v9.2/leads(5b5e…)` */
function written(
  destination: DynamicsDestination,
  { outcome, json, header }: Extract<Reply, { kind: "done" }>,
): Outcome {
  const inHeader = /\(([0-9a-f-]{36})\)/i.exec(header("odata-entityid") ?? "")?.[1];
  const inBody = valueAtPointer(json, "/leadid");
  const id = inHeader ?? (typeof inBody === "string" ? inBody : undefined);
  if (id === undefined) return outcome;
  return {
    ...outcome,
    receipt: { ...recordReceipt(destination, { table: "lead", id }), ...outcome.receipt },
  };
}

/** A duplicate of itself is a repeat; null: it is another one's. */
async function ownLead(
  destination: DynamicsDestination,
  { runId }: DeliveryMessage,
  ask: Ask,
): Promise<Outcome | null> {
  const reply = await ask({
    request: ownLeadRequest(destination, runId),
    answers: readAnswers,
    isAside: true,
  });
  if (reply.kind === "failed") return reply.outcome.class === "transient" ? reply.outcome : null;
  const id = valueAtPointer(reply.json, "/leadid");
  if (typeof id !== "string") return null;
  const receipt = recordReceipt(destination, { table: "lead", id });
  return { ...reply.outcome, receipt: { ...receipt, duplicate: "same_delivery" } };
}

async function addToPerson(
  destination: DynamicsDestination,
  message: DeliveryMessage,
  note: LeadNote,
  ask: Ask,
  httpStatus: number | null,
): Promise<Outcome> {
  const lost = (receipt: Receipt): Outcome => ({
    kind: "delivered",
    httpStatus,
    receipt: { ...receipt, duplicate: "known_person" },
  });
  if (destination.knownPerson === "count") return lost({});
  const record = await findPerson(destination, message, ask);
  if (record === null) return lost({});
  if ("kind" in record) return record;
  const reply = await ask({ request: noteRequest(destination, record, note), answers: noteAnswers });
  const receipt = recordReceipt(destination, record);
  if (reply.kind === "done")
    return { kind: "delivered", httpStatus, receipt: { ...receipt, duplicate: "added_to_person" } };
  if (reply.outcome.class === "transient") return reply.outcome;
  return lost({ ...receipt, warning: `no note could be made at it: ${reply.outcome.message}` });
}

/** Dataverse does not say which record a rule found. null: none is found. */
async function findPerson(
  destination: DynamicsDestination,
  message: DeliveryMessage,
  ask: Ask,
): Promise<DynamicsRecord | Failed | null> {
  const { mapped } = withRecord(message);
  const textAt = (column: string): string | null => {
    const value = valueAtPointer(mapped, `/${column}`);
    return typeof value === "string" ? value : null;
  };
  const email = textAt("emailaddress1");
  const value = email ?? textAt("telephone1") ?? textAt("mobilephone");
  if (value === null) return null;
  for (const table of ["lead", "contact"] as const) {
    const request = personRequest(destination, table, email === null ? "phone" : "email", value);
    const reply = await ask({ request, answers: readAnswers, isAside: true });
    if (reply.kind === "failed" && reply.outcome.class === "transient") return reply.outcome;
    const id = valueAtPointer(reply.json, `/value/0/${table}id`);
    if (reply.kind === "done" && typeof id === "string") return { table, id };
  }
  return null;
}

function recordReceipt({ baseUrl }: DynamicsDestination, { table, id }: DynamicsRecord): Receipt {
  const query = `etn=${table}&pagetype=entityrecord&id=${encodeURIComponent(id)}`;
  return { remoteId: id, remoteUrl: `${new URL(baseUrl).origin}/main.aspx?${query}` };
}

async function readColumns(destination: DynamicsDestination, ask: Ask): Promise<FieldsRead> {
  const answers: unknown[] = [];
  for (const requestOf of [columnsRequest, optionsRequest, lookupsRequest]) {
    const reply = await ask({ request: requestOf(destination), answers: readAnswers });
    if (reply.kind === "failed") return { kind: "unread", outcome: reply.outcome };
    answers.push(reply.json);
  }
  const [columns, choices, lookups] = answers;
  return { kind: "fields", fields: leadColumns(columns, choices, lookups) };
}

async function keyCheck(destination: DynamicsDestination, ask: Ask): Promise<Failed | null> {
  const { name, keyField } = destination;
  if (keyField === undefined) return null;
  const reply = await ask({ request: keysRequest(destination), answers: readAnswers });
  if (reply.kind === "failed") return reply.outcome;
  switch (keyProblem(reply.json, keyField)) {
    case null:
      return null;
    case "missing":
      return failure(
        "destination_configuration",
        `${name} has no alternate key of ${keyField} alone: in Power Apps, Tables › Lead › Keys › New key`,
      );
    case "not_ready":
      return failure(
        "destination_configuration",
        `the alternate key of ${keyField} at ${name} is not active yet: in Power Apps, Tables › Lead › Keys`,
      );
  }
}

/** What has no map, such as a lead in a preview, has none of a record's fields. */
function withRecord({ runId, mapped = {} }: DeliveryMessage): Pick<DeliveryMessage, "runId" | "mapped"> {
  return { runId, mapped };
}
