// Delivers leads to a destination of kind `odoo`: one record each. Odoo knows no repeats, so that a second attempt looks for
// the id first.
import { pathUnder } from "../../../config/fields/service-url.ts";
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Delivered, Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import { scalarText } from "../../../domain/values/comparison.ts";
import { parseExactly, writeExactly } from "../../../domain/values/exact-json.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { dialogueSender, fieldsFrom, jsonRequest } from "../dialogue.ts";
import type { Ask } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import { htmlLines, noteMark } from "../lead-note.ts";
import type { DeliveryMessage, FieldCreated, NewRemoteField, Sender, ShownRequest } from "../sender.ts";
import { changedRecord, memberOf, recordOf, textIn, without } from "../written-record.ts";
import type { WrittenRecord } from "../written-record.ts";
import { createAnswers, fieldsAnswers, searchAnswers, writeAnswers } from "./answers.ts";
import { crmFields, odooTypes, technicalName } from "./crm-fields.ts";
import type { OdooDestination } from "./fields.ts";

/** The field that every Odoo has, where the id stands in the last line. */
const notes = "description";

export function open(destination: OdooDestination, deps: SenderDeps): Sender {
  const { token, database } = destination;
  return dialogueSender(destination, deps, {
    origin: new URL(destination.url),
    prove: () => ({
      authorization: `bearer ${token}`,
      ...(database === undefined ? {} : { "x-odoo-database": database }),
    }),
    shown: withoutTraceback,
    deliver: (message, ask) => deliver(destination, message, ask),
    check: (ask) => checkIdField(destination, ask),
    fields: async (ask) => fieldsFrom(await askFields(destination, ask), crmFields),
    createField: (wanted, ask) => createField(destination, wanted, ask),
  });
}

export function preview(destination: OdooDestination, message: DeliveryMessage): ShownRequest {
  return showQuestion(new URL(destination.url), createRequest(destination, message), (proof) => ({
    authorization: `bearer ${proof ?? ""}`,
  }));
}

async function deliver(destination: OdooDestination, message: DeliveryMessage, ask: Ask): Promise<Outcome> {
  if (message.attempt > 1 || message.revision !== null) {
    const found = await search(destination, message, ask);
    if (found.kind === "failed") return found;
    if (found.id !== null)
      return message.revision === null
        ? arrived(destination, found.id, "same_delivery")
        : change(destination, message, found.id, ask);
  }
  const { outcome } = await ask({
    request: createRequest(destination, message),
    answers: createAnswers(pageOf(destination, "{id}")),
    isHandover: true,
  });
  return outcome;
}

async function search(
  destination: OdooDestination,
  message: DeliveryMessage,
  ask: Ask,
): Promise<{ readonly kind: "found"; readonly id: string | null } | Failed> {
  const { runIdField } = destination;
  const condition =
    runIdField === notes ? [notes, "ilike", idMark(message)] : [runIdField, "=", message.runId];
  // Lost leads are archived.
  const body = { domain: [condition], limit: 1, context: { active_test: false } };
  const reply = await ask({
    request: callRequest(destination, "crm.lead/search", body),
    answers: searchAnswers,
  });
  if (reply.kind === "failed") return reply.outcome;
  return { kind: "found", id: scalarText(valueAtPointer(reply.json, "/0")) };
}

async function change(
  destination: OdooDestination,
  message: DeliveryMessage,
  id: string,
  ask: Ask,
): Promise<Outcome> {
  // What is empty is false in Odoo.
  const record = changedRecord(message, destination.map, false);
  const body = { ids: [parseExactly(id)], vals: withId(destination, message, record) };
  const reply = await ask({
    request: callRequest(destination, "crm.lead/write", body),
    answers: writeAnswers,
    isHandover: true,
  });
  return reply.kind === "failed" ? reply.outcome : arrived(destination, id);
}

function arrived(destination: OdooDestination, id: string, duplicate?: "same_delivery"): Delivered {
  const receipt = { remoteId: id, remoteUrl: pageOf(destination, id) };
  return {
    kind: "delivered",
    httpStatus: 200,
    receipt: duplicate === undefined ? receipt : { ...receipt, duplicate },
  };
}

function createRequest(destination: OdooDestination, message: DeliveryMessage): HttpRequest {
  const record = withId(destination, message, recordOf(message));
  return callRequest(destination, "crm.lead/create", { vals_list: [record] });
}

/** The notes show HTML: what a lead says becomes no markup. */
function withId(
  { runIdField }: OdooDestination,
  message: DeliveryMessage,
  record: WrittenRecord,
): WrittenRecord {
  const said = textIn(record, notes);
  const html = said === null ? {} : { [notes]: htmlLines(said) };
  if (runIdField !== notes) return { ...record, ...html, [runIdField]: message.runId };
  const lines = [...(said === null ? [] : [htmlLines(said), ""]), idMark(message)];
  return { ...record, [notes]: lines.join("<br>") };
}

/** The same for a revision: it changes the record of the lead. */
function idMark(message: DeliveryMessage): string {
  return noteMark({ ...message, revision: null });
}

function askFields(destination: OdooDestination, ask: Ask) {
  const attributes = ["string", "type", "required", "readonly", "selection"];
  return ask({
    request: callRequest(destination, "crm.lead/fields_get", { attributes }),
    answers: fieldsAnswers,
    isLong: true,
  });
}

async function checkIdField(destination: OdooDestination, ask: Ask): Promise<Failed | null> {
  const { name, runIdField } = destination;
  const body = { allfields: [runIdField], attributes: ["type"] };
  const reply = await ask({
    request: callRequest(destination, "crm.lead/fields_get", body),
    answers: fieldsAnswers,
  });
  if (reply.kind === "failed") return reply.outcome;
  if (memberOf(reply.json)[runIdField] !== undefined) return null;
  return failure(
    "destination_configuration",
    `the leads of ${name} have no field ${runIdField}, in which the lead's id stands: create it, or let it stand in ${notes}`,
  );
}

async function createField(
  destination: OdooDestination,
  { label, type }: NewRemoteField,
  ask: Ask,
): Promise<FieldCreated> {
  const model = await ask({
    request: callRequest(destination, "ir.model/search", { domain: [["model", "=", "crm.lead"]], limit: 1 }),
    answers: searchAnswers,
  });
  if (model.kind === "failed") return { kind: "not_created", outcome: model.outcome };
  const target = technicalName(label);
  const field = {
    name: target,
    field_description: label,
    model_id: valueAtPointer(model.json, "/0"),
    ttype: odooTypes[type],
    state: "manual",
  };
  const created = await ask({
    request: callRequest(destination, "ir.model.fields/create", { vals_list: [field] }),
    answers: createAnswers(pageOf(destination, "{id}")),
  });
  if (created.kind === "failed") return { kind: "not_created", outcome: created.outcome };
  return { kind: "created", field: { target, label, type, isRequired: false } };
}

function callRequest({ url }: OdooDestination, call: string, body: object): HttpRequest {
  return jsonRequest("POST", pathUnder(url, `/json/2/${call}`), writeExactly(body));
}

function pageOf({ url }: OdooDestination, id: string): string {
  return new URL(url).origin + pathUnder(url, `/odoo/crm.lead/${id}`);
}

/** JSON-RPC has it one level deeper. */
function withoutTraceback(json: unknown): unknown {
  if (Array.isArray(json) || Object.keys(memberOf(json)).length === 0) return json;
  const said = without(memberOf(json), "debug");
  return said["error"] === undefined ? said : { ...said, error: without(memberOf(said["error"]), "data") };
}
