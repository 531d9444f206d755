// By which number a plugin knows an entry. The numbers are those of one website, so its address is part of the key.
import { headerValue } from "../../../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import type { LeadBody, LeadFields } from "../../../domain/leads/lead-body.ts";

/** null: it has no number, or nobody knows of which website. */
export function entryKey({ value }: LeadBody, headers: RequestHeaders): string | null {
  const entry = numbered(value, headers);
  if (entry === null) return null;
  const site = siteIn(headers) ?? originOf(entry.page);
  return site === null ? null : `${entry.plugin}:${site}:${entry.id}`;
}

interface NumberedEntry {
  readonly plugin: "fluent" | "gravity" | "wpforms";
  readonly id: string;
  readonly page: unknown;
}

function numbered(value: LeadFields, headers: RequestHeaders): NumberedEntry | null {
  const submission = value["__submission"];
  if (isObject(submission)) {
    const id = idOf(submission["id"]);
    return id === null ? null : { plugin: "fluent", id, page: submission["source_url"] };
  }
  if (value["form_id"] !== undefined && value["date_created"] !== undefined) {
    const id = idOf(value["id"]);
    return id === null ? null : { plugin: "gravity", id, page: value["source_url"] };
  }
  if (headers["x-wpforms-webhook-id"] === undefined) return null;
  const id = idOf(value["entry_id"]);
  return id === null ? null : { plugin: "wpforms", id, page: value["page_url"] ?? value["url"] };
}

function idOf(id: unknown): string | null {
  if (typeof id === "number") return Number.isSafeInteger(id) ? String(id) : null;
  return typeof id === "string" && /^[0-9]{1,20}$/.test(id) ? id : null;
}

/** `WordPress/6.5; https://example.org` */
function siteIn(headers: RequestHeaders): string | null {
  return (
    /^WordPress\/[^;\s]{1,40}; (https?:\/\/\S{1,200})$/.exec(headerValue(headers, "user-agent") ?? "")?.[1] ??
    null
  );
}

function originOf(page: unknown): string | null {
  return typeof page === "string" && URL.canParse(page) ? new URL(page).origin : null;
}

function isObject(value: unknown): value is LeadFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
