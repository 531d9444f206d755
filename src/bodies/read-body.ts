// From the bytes of a request to a lead, to a refusal that is kept, or to "not a media type for leads".
import type { LeadBody } from "../domain/leads/lead-body.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { actualFormat, jsonInForm, mayBeForm } from "./actual-format.ts";
import { bodyMediaType } from "./content-type.ts";
import { readFormBody } from "./form-body.ts";
import { readJsonBody } from "./json-body.ts";
import { boundaryOf, readMultipartBody } from "./multipart-body.ts";

const unsupported = { kind: "media_type_unsupported" } as const;

export type ReadBody = LeadBody | Refusal | typeof unsupported;

/**
 * Reads a whole body, at once unless it has several parts; never throws, whatever the bytes are. What the body is counts
 * for more than what it is called; where the two differ, the result says as what it was read (`readAs`). Texts are in
 * UTF-8 by now (`textBody`).
 */
export function readBody(rawBody: Buffer, contentType: string | undefined): ReadBody | Promise<ReadBody> {
  switch (bodyMediaType(contentType)) {
    case "json":
      return readJsonBody(rawBody);
    case "urlencoded":
      return readAsItIs(rawBody) ?? readUrlencoded(rawBody, contentType);
    case "multipart":
      return readMultipart(rawBody, contentType ?? "");
    case "unsupported":
      return readAsItIs(rawBody) ?? unsupported;
  }
}

/** null: it cannot be told from the body itself. */
function readAsItIs(rawBody: Buffer): ReadBody | Promise<ReadBody> | null {
  const actual = actualFormat(rawBody);
  switch (actual?.kind) {
    case undefined:
      return null;
    case "json":
      return { ...readJsonBody(actual.body), readAs: "json" };
    case "multipart":
      return readMultipartBody(rawBody, actual.boundary).then((read) => ({ ...read, readAs: "multipart" }));
    case "markup":
      return unsupported;
  }
}

function readUrlencoded(rawBody: Buffer, contentType: string | undefined): ReadBody {
  const json = jsonInForm(rawBody);
  if (json !== null) return { ...readJsonBody(json), readAs: "json" };
  return mayBeForm(rawBody) ? readFormBody(rawBody, contentType) : unsupported;
}

/** Nothing that is JSON has a boundary in it. */
function readMultipart(rawBody: Buffer, contentType: string): ReadBody | Promise<ReadBody> {
  const actual = actualFormat(rawBody);
  if (actual?.kind === "json") return { ...readJsonBody(actual.body), readAs: "json" };
  return readMultipartBody(rawBody, boundaryOf(contentType));
}
