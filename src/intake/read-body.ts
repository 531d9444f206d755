// From the bytes of a request to a lead, to a refusal that is kept, or to "not a media type for leads".
import type { LeadBody } from "../domain/lead-body.ts";
import type { Refusal } from "../domain/refusal.ts";
import { bodyMediaType } from "./content-type.ts";
import { readFormBody } from "./form-body.ts";
import { readJsonBody } from "./json-body.ts";
import { readMultipartBody } from "./multipart-body.ts";

export type ReadBody = LeadBody | Refusal | { readonly kind: "media_type_unsupported" };

/** Reads a whole body, at once unless it has several parts; never throws, whatever the bytes are. */
export function readBody(rawBody: Buffer, contentType: string | undefined): ReadBody | Promise<ReadBody> {
  switch (bodyMediaType(contentType)) {
    case "json":
      return readJsonBody(rawBody);
    case "urlencoded":
      return readFormBody(rawBody);
    case "multipart":
      return readMultipartBody(rawBody, contentType ?? "");
    case "unsupported":
      return { kind: "media_type_unsupported" };
  }
}
