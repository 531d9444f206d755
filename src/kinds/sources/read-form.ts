// The fields of a request that a form sent, url-encoded or in parts, for kinds that make something of their own of them.
import { actualFormat } from "../../bodies/actual-format.ts";
import { bodyMediaType } from "../../bodies/content-type.ts";
import { readFormFields } from "../../bodies/form-body.ts";
import type { FormField } from "../../bodies/form-fields.ts";
import { boundaryOf, readMultipartFields } from "../../bodies/multipart-body.ts";
import { singleHeader } from "../../domain/sources/request-headers.ts";
import type { Refusal } from "../../domain/leads/refusal.ts";
import type { SourceRequest } from "./source-kind.ts";

export interface SentFields {
  readonly kind: "fields";
  readonly fields: readonly FormField[];
  /** null: UTF-8. */
  readonly charset: string | null;
}

/** null: it is JSON, or nothing that has fields; whatever reads any lead can say. */
export function readSentFields({
  headers,
  rawBody,
}: SourceRequest): SentFields | Refusal | null | Promise<SentFields | Refusal> {
  const contentType = singleHeader(headers["content-type"]);
  const actual = actualFormat(rawBody);
  if (actual !== null && actual.kind !== "multipart") return null;
  switch (bodyMediaType(contentType)) {
    case "multipart":
      return readMultipartFields(rawBody, boundaryOf(contentType ?? ""));
    case "urlencoded":
      return actual === null
        ? readFormFields(rawBody, contentType)
        : readMultipartFields(rawBody, actual.boundary);
    case "json":
    case "unsupported":
      return actual === null ? null : readMultipartFields(rawBody, actual.boundary);
  }
}

/** The first of this name that is a text; null: there is none. */
export function fieldIn(fields: readonly FormField[], name: string): string | null {
  const found = fields.find(([each, value]) => each === name && typeof value === "string");
  return typeof found?.[1] === "string" ? found[1] : null;
}
