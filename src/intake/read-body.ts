// From the bytes of a request to a lead, to a refusal that is kept, or to "not a media type for leads".
import type { LeadBody } from "../domain/lead-body.ts";
import type { Refusal } from "../domain/refusal.ts";
import { bodyMediaType } from "./content-type.ts";
import { readFormBody } from "./form-body.ts";
import { readJsonBody } from "./json-body.ts";
import { readMultipartBody } from "./multipart-body.ts";

export type ReadBody = LeadBody | Refusal | { readonly kind: "media_type_unsupported" };

/** Reads a whole body; never throws, whatever the bytes are. Size is the caller's business. */
export async function readBody(rawBody: Buffer, contentType: string | undefined): Promise<ReadBody> {
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
