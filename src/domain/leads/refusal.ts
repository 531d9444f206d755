// Why a body cannot become a lead: a stable code for machines and a sentence for the person who has to mend it.

import type { ReadAs } from "./lead-body.ts";

/** They become `error_code` of the failed run and of its DLQ entry, so a code never changes its meaning. */
export const refusalCodes = [
  "body_empty",
  "body_not_utf8",
  "body_not_an_object",
  "json_malformed",
  "json_too_deep",
  "json_number_out_of_range",
  "json_nul_character",
  "json_lone_surrogate",
  "json_duplicate_key",
  "form_malformed",
  "multipart_malformed",
  "schema_violation",
  "schema_check_stopped",
  "key_pointer_missing",
  "leads_too_many",
  "page_unknown",
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** They are written in one transaction; some systems send that many at once. */
export const leadsPerRequestMax = 1_000;

/** What is refused is kept: as a failed run with an open DLQ entry. */
export interface Refusal {
  readonly kind: "unreadable";
  readonly code: RefusalCode;
  /** Says what is wrong and where; names fields, but never repeats what they contain. */
  readonly message: string;
  /** A JSON pointer, "line 3, column 7" or "byte 12"; null when the body as a whole is meant. */
  readonly at: string | null;
  readonly readAs?: ReadAs;
}

export function refusal(code: RefusalCode, message: string, at: string | null = null): Refusal {
  return { kind: "unreadable", code, message, at };
}
