// Zoho's error codes that are no matter of the one lead.
import type { AnswerRule, RuleOutcome } from "../../../domain/destinations/answer-rules.ts";

/** Those marked so in the documentation are unsure. */
const codes: readonly (readonly [matches: string, outcome: RuleOutcome])[] = [
  ["^(?:TOO_MANY_REQUESTS|LIMIT_EXCEEDED)$", "throttled"],
  [
    "^(?:INVALID_TOKEN|AUTHENTICATION_FAILURE|OAUTH_SCOPE_MISMATCH|NO_PERMISSION|PERMISSION_DENIED)$",
    "credentials",
  ],
  ["^(?:INVALID_MODULE|MODULE_NOT_SUPPORTED|INVALID_URL_PATTERN|INVALID_REQUEST_METHOD)$", "configuration"],
  ["^(?:INTERNAL_ERROR|INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE)$", "transient"],
];

/** `place`: the object that has `code` and `status`; "" the whole of it. */
export function errorsAt(place: string): readonly AnswerRule[] {
  return codes.map(([matches, outcome]) => ({
    body: { pointer: at(place, "code"), matches },
    outcome,
    reason: at(place, "code"),
  }));
}

export function at(place: string, member: string): string {
  return `${place}/${member}`;
}
