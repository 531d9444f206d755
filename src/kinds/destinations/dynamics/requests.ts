// The requests of a destination of kind `dynamics`.
import { hash } from "node:crypto";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import { jsonRequest } from "../dialogue.ts";
import type { LeadNote } from "../lead-note.ts";
import type { DeliveryMessage } from "../sender.ts";
import type { DynamicsDestination } from "./fields.ts";

export interface DynamicsRecord {
  readonly table: "lead" | "contact";
  readonly id: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Makes the Lead, or changes the one with this run id. */
export function leadRequest(
  destination: DynamicsDestination,
  { runId, mapped }: Pick<DeliveryMessage, "runId" | "mapped">,
): HttpRequest {
  const { keyField, knownPerson } = destination;
  // Neither the id nor the key of the path may stand in the body.
  const members = Object.entries(mapped as Members).filter(
    ([name]) => !["leadid", keyField?.toLowerCase()].includes(name.toLowerCase()),
  );
  const path = dataPath(destination, `/leads(${keyOf(destination, runId)})`);
  const request = odata(jsonRequest("PATCH", path, writeExactly(Object.fromEntries(members))));
  return {
    ...request,
    headers: {
      ...request.headers,
      "mscrm.suppressduplicatedetection": knownPerson === "create" ? "true" : "false",
    },
  };
}

/** Whether the Lead with this run id is there. */
export function ownLeadRequest(destination: DynamicsDestination, runId: string): HttpRequest {
  return odata(
    jsonRequest("GET", dataPath(destination, `/leads(${keyOf(destination, runId)})?$select=leadid`)),
  );
}

const columns = {
  email: { lead: ["emailaddress1"], contact: ["emailaddress1"] },
  phone: { lead: ["telephone1", "mobilephone"], contact: ["telephone1", "mobilephone"] },
} as const;

/** The newest record of a person. */
export function personRequest(
  destination: DynamicsDestination,
  table: DynamicsRecord["table"],
  by: keyof typeof columns,
  value: string,
): HttpRequest {
  const filter = columns[by][table].map((column) => `${column} eq ${literal(value)}`).join(" or ");
  const query = `$select=${table}id&$filter=${encodeURIComponent(filter)}&$orderby=createdon%20desc&$top=1`;
  return odata(jsonRequest("GET", dataPath(destination, `/${table}s?${query}`)));
}

/** Under an id that follows from its mark, so that a repeat writes the same note. */
export function noteRequest(
  destination: DynamicsDestination,
  { table, id }: DynamicsRecord,
  { title, text, mark }: LeadNote,
): HttpRequest {
  const note = { subject: title, notetext: text, [`objectid_${table}@odata.bind`]: `/${table}s(${id})` };
  const path = dataPath(destination, `/annotations(${uuidOf(`${mark} ${id}`)})`);
  return odata(jsonRequest("PATCH", path, JSON.stringify(note)));
}

const attributes = "EntityDefinitions(LogicalName='lead')";

export function columnsRequest(destination: DynamicsDestination): HttpRequest {
  const select = "LogicalName,AttributeType,DisplayName,IsValidForCreate,IsValidForUpdate";
  return odata(jsonRequest("GET", dataPath(destination, `/${attributes}/Attributes?$select=${select}`)));
}

/** Of columns that are a choice. */
export function optionsRequest(destination: DynamicsDestination): HttpRequest {
  const type = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
  const expand = "$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)";
  const path = `/${attributes}/Attributes/${type}?$select=LogicalName&${expand}`;
  return odata(jsonRequest("GET", dataPath(destination, path)));
}

/** To other tables: they are written as `name@odata.bind`. */
export function lookupsRequest(destination: DynamicsDestination): HttpRequest {
  const select = "ReferencingAttribute,ReferencingEntityNavigationPropertyName";
  return odata(
    jsonRequest("GET", dataPath(destination, `/${attributes}/ManyToOneRelationships?$select=${select}`)),
  );
}

export function keysRequest(destination: DynamicsDestination): HttpRequest {
  return odata(
    jsonRequest(
      "GET",
      dataPath(destination, `/${attributes}/Keys?$select=KeyAttributes,EntityKeyIndexStatus`),
    ),
  );
}

function keyOf({ keyField }: DynamicsDestination, runId: string): string {
  return keyField === undefined ? runId : `${keyField}=${encodeURIComponent(literal(runId))}`;
}

/** OData 4.0, ABNF: quotes are doubled. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function odata(request: HttpRequest): HttpRequest {
  const version = { "odata-version": "4.0", "odata-maxversion": "4.0" };
  return { ...request, headers: { ...request.headers, ...version } };
}

function dataPath({ apiVersion }: DynamicsDestination, rest: string): string {
  return `/api/data/v${apiVersion}${rest}`;
}

/** RFC 9562 section 5.8: a version for what one makes oneself. */
function uuidOf(text: string): string {
  const digits = hash("sha256", text, "hex");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
