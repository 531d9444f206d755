// One lead of whatever a body is, for kinds whose senders never send again: nothing of theirs is turned away as an unknown
// media type, it is kept as a lead that needs a person.
import { readBody } from "../../bodies/read-body.ts";
import { singleHeader } from "../../domain/sources/request-headers.ts";
import type { LeadBody } from "../../domain/leads/lead-body.ts";
import { refusal } from "../../domain/leads/refusal.ts";
import type { Refusal } from "../../domain/leads/refusal.ts";
import type { LeadsRead, SourceRequest } from "./source-kind.ts";

export async function readAny({ headers, rawBody }: SourceRequest): Promise<LeadBody | Refusal> {
  const read = await readBody(rawBody, singleHeader(headers["content-type"]));
  return read.kind === "media_type_unsupported"
    ? refusal("body_not_an_object", "A lead is JSON or a form, but the body is neither.")
    : read;
}

export function oneLead(
  body: LeadBody | Refusal,
  bytes: Buffer,
  key: string | null = null,
  test?: true,
): LeadsRead {
  return { kind: "leads", leads: [{ body, bytes, key, ...(test === undefined ? {} : { test }) }] };
}
