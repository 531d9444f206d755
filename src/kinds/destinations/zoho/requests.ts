// The requests of a destination of kind `zoho`.
import { writeExactly } from "../../../domain/values/exact-json.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import { jsonRequest } from "../dialogue.ts";
import type { LeadNote } from "../lead-note.ts";
import type { NewRemoteField } from "../sender.ts";
import type { ZohoDestination } from "./fields.ts";

export type ZohoRecord = Readonly<Record<string, unknown>>;

/** Makes a Lead, or changes the one with this e-mail address. */
export function upsertRequest(destination: ZohoDestination, record: ZohoRecord): HttpRequest {
  return write(destination, "POST", "/Leads/upsert", {
    data: [record],
    duplicate_check_fields: ["Email"],
    ...trigger(destination),
  });
}

export function insertRequest(destination: ZohoDestination, record: ZohoRecord): HttpRequest {
  return write(destination, "POST", "/Leads", { data: [record], ...trigger(destination) });
}

export function updateRequest(destination: ZohoDestination, id: string, record: ZohoRecord): HttpRequest {
  return write(destination, "PUT", "/Leads", { data: [{ ...record, id }], ...trigger(destination) });
}

/** By any field of phone numbers. */
export function phoneRequest(destination: ZohoDestination, phone: string): HttpRequest {
  return read(
    destination,
    `/Leads/search?phone=${encodeURIComponent(phone)}&fields=id,Created_Time&per_page=1`,
  );
}

/** Zoho's limits (unsure). */
const titleCharactersMax = 120;
const contentCharactersMax = 32_000;

export function noteRequest(
  destination: ZohoDestination,
  id: string,
  { title, text }: LeadNote,
): HttpRequest {
  const note = {
    Note_Title: title.slice(0, titleCharactersMax),
    Note_Content: text.slice(0, contentCharactersMax),
  };
  return write(destination, "POST", `/Leads/${encodeURIComponent(id)}/Notes`, { data: [note] });
}

export function notesRequest(destination: ZohoDestination, id: string): HttpRequest {
  const query = "fields=Note_Content&sort_by=id&sort_order=desc&per_page=10";
  return read(destination, `/Leads/${encodeURIComponent(id)}/Notes?${query}`);
}

export function fieldsRequest(destination: ZohoDestination): HttpRequest {
  return read(destination, "/settings/fields?module=Leads");
}

const newTypes = { text: "text", number: "double", boolean: "boolean", date: "date" } as const;

export function newFieldRequest(destination: ZohoDestination, { label, type }: NewRemoteField): HttpRequest {
  const field = {
    field_label: label,
    data_type: newTypes[type],
    ...(type === "text" ? { length: 255 } : {}),
  };
  return write(destination, "POST", "/settings/fields?module=Leads", { fields: [field] });
}

function trigger({ workflows }: ZohoDestination): { readonly trigger?: readonly string[] } {
  return workflows === "none" ? { trigger: [] } : {};
}

function write({ apiVersion }: ZohoDestination, method: string, rest: string, body: unknown): HttpRequest {
  return jsonRequest(method, `/crm/${apiVersion}${rest}`, writeExactly(body));
}

function read({ apiVersion }: ZohoDestination, rest: string): HttpRequest {
  return jsonRequest("GET", `/crm/${apiVersion}${rest}`);
}
