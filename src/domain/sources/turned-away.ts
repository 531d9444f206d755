// Why a request that would have brought a lead was turned away: nothing of it became a run or an entry.
import type { ErrorCode } from "../errors/error-catalogue.ts";

/** The sender's, or whoever set the source up, has something to mend. */
export const refusalsToMend = [
  "source_unknown",
  "credentials_missing",
  "credentials_wrong",
  "timestamp_missing",
  "timestamp_invalid",
  "timestamp_stale",
  "idempotency_key_missing",
  "idempotency_key_invalid",
  "source_name_invalid",
  "body_too_large",
  "media_type_unsupported",
  "content_coding_unsupported",
  "content_coding_broken",
  "erasure_requested",
  "headers_too_large",
  "request_malformed",
  "method_not_allowed",
  "source_paused",
  "role_without_intake",
  "intake_overloaded",
  "ledger_unavailable",
  "internal_error",
] as const satisfies readonly ErrorCode[];

/** They pass by themselves if the sender tries again, as most do. */
export const passingRefusals = ["rate_limited", "request_timeout"] as const satisfies readonly ErrorCode[];

export type TurnedAwayCode = (typeof refusalsToMend)[number] | (typeof passingRefusals)[number];

export function isPassing(code: string): boolean {
  return (passingRefusals as readonly string[]).includes(code);
}
