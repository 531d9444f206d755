// Errors as HTTP tells them: problem details (RFC 9457) with a stable code, in the reader's language.
import { errorCatalogue } from "../domain/errors/error-catalogue.ts";
import type { ErrorCode, Language } from "../domain/errors/error-catalogue.ts";
import type { Texts } from "../domain/errors/explained.ts";
import { noticeText } from "../domain/sources/sender-notice.ts";
import type { SenderNotice } from "../domain/sources/sender-notice.ts";

export interface Problem {
  readonly status: number;
  readonly body: ProblemDetails;
}

/** RFC 9457 section 3.1; `code`, `run_id`, `dlq_id` and `reason` are extension members (3.2). */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly run_id?: string;
  /** null: the payload waits in the spool and has no entry yet. */
  readonly dlq_id?: number | null;
  /** Under which a request that was turned away is kept aside. */
  readonly quarantine_id?: string;
  /** The payload waits on local disk until the database takes it. */
  readonly stored?: "spool";
  /** What exactly is wrong with this request; never repeats payload values. */
  readonly reason?: string;
  /** Of a configuration or an edited body: each place that is wrong. */
  readonly problems?: readonly PlacedProblem[];
  /** What the sender should be corrected for besides. */
  readonly warning?: Warning;
}

export interface Warning {
  readonly code: SenderNotice["code"];
  readonly detail: string;
}

/** `code` is one of the codes of the configuration's problems; of a body `schema_violation` or `schema_check_stopped`, at a JSON pointer. */
export interface PlacedProblem {
  readonly code: string;
  readonly place: string;
  readonly message: string;
}

export type ProblemExtras = Pick<
  ProblemDetails,
  "run_id" | "dlq_id" | "quarantine_id" | "stored" | "problems"
> & {
  readonly reason?: string | Texts | undefined;
  readonly notice?: SenderNotice | undefined;
};

export const problemMediaType = "application/problem+json";

export function problem(
  code: ErrorCode,
  language: Language,
  { notice, reason, ...extras }: ProblemExtras = {},
): Problem {
  const { status, ...texts } = errorCatalogue[code];
  const { title, detail } = texts[language];
  const told = reason === undefined ? {} : { reason: typeof reason === "string" ? reason : reason[language] };
  const warning = notice === undefined ? {} : { warning: warningOf(notice, language) };
  const body = {
    type: `urn:leadledger:error:${code}`,
    title,
    status,
    detail,
    code,
    ...extras,
    ...told,
    ...warning,
  };
  return { status, body };
}

export function warningOf(notice: SenderNotice, language: Language): Warning {
  return { code: notice.code, detail: noticeText(notice, language) };
}
