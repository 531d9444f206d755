// The requests of a destination of kind `salesforce`.
import { writeExactly } from "../../../domain/values/exact-json.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import { jsonRequest } from "../dialogue.ts";
import type { LeadNote } from "../lead-note.ts";
import type { DeliveryMessage } from "../sender.ts";
import type { SalesforceDestination } from "./fields.ts";
import type { KnownRecord } from "./known-person.ts";

/** Makes the Lead, or changes the one that has this run id: neither the id nor the field of the path may stand in the body. */
export function leadRequest(
  destination: SalesforceDestination,
  { runId, mapped }: Pick<DeliveryMessage, "runId" | "mapped">,
): HttpRequest {
  const { externalIdField: field, knownPerson, assignment } = destination;
  const members = Object.entries(mapped as Readonly<Record<string, unknown>>).filter(
    ([name]) => ![field.toLowerCase(), "id"].includes(name.toLowerCase()),
  );
  const path = dataPath(destination, `/sobjects/Lead/${field}/${encodeURIComponent(runId)}`);
  const request = jsonRequest("PATCH", path, writeExactly(Object.fromEntries(members)));
  return {
    ...request,
    headers: {
      ...request.headers,
      "sforce-auto-assign": assignment === "rules" ? "TRUE" : "FALSE",
      ...(knownPerson === "save" ? { "sforce-duplicate-rule-header": "allowSave=true" } : {}),
    },
  };
}

/** Salesforce's limits. */
const subjectCharactersMax = 255;
const descriptionCharactersMax = 32_000;

export function taskRequest(
  destination: SalesforceDestination,
  { type, id }: KnownRecord,
  { title, text }: LeadNote,
): HttpRequest {
  const task = {
    Subject: title.slice(0, subjectCharactersMax),
    Description: text.slice(0, descriptionCharactersMax),
    [type === "Account" ? "WhatId" : "WhoId"]: id,
  };
  return jsonRequest("POST", dataPath(destination, "/sobjects/Task"), JSON.stringify(task));
}

/** Descriptions cannot be searched for, so those of the newest tasks are read. */
const tasksReadMax = 10;

export function tasksRequest(destination: SalesforceDestination, { type, id }: KnownRecord): HttpRequest {
  const by = type === "Account" ? "WhatId" : "WhoId";
  const query = `SELECT Description FROM Task WHERE ${by} = '${id}' ORDER BY CreatedDate DESC LIMIT ${tasksReadMax}`;
  return jsonRequest("GET", dataPath(destination, `/query?q=${encodeURIComponent(query)}`));
}

export function describeRequest(destination: SalesforceDestination): HttpRequest {
  return jsonRequest("GET", dataPath(destination, "/sobjects/Lead/describe"));
}

function dataPath({ apiVersion }: SalesforceDestination, rest: string): string {
  return `/services/data/v${apiVersion}${rest}`;
}
