// What Brevo answers (developers.brevo.com, contacts): 201 with an id, 204 without anything, errors as `{code, message}`.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { webPage } from "../web-page.ts";

const reason = "/message";

const refusals: readonly AnswerRule[] = [
  { status: [401, 403], outcome: "credentials", reason },
  { status: 402, outcome: "configuration", reason },
  // A list or an attribute that is not there (texts unsure).
  {
    status: 400,
    body: { pointer: reason, matches: "[Ll]ist|[Aa]ttribute" },
    outcome: "configuration",
    reason,
  },
  { status: 400, outcome: "rejected", reason },
  { status: 404, outcome: "configuration", reason },
  { status: 429, outcome: "throttled", reason, retry_after: "header:x-sib-ratelimit-reset" },
];

/** `page`: of a contact, with `{id}` in it. */
export function contactAnswers(page: string): readonly AnswerRule[] {
  return [
    webPage,
    // Somebody who is known was updated.
    { status: 204, outcome: "delivered" },
    { status: "2xx", body: { pointer: "/id", exists: true }, outcome: "delivered", id: "/id", url: page },
    { status: 400, body: { pointer: "/code", equals: "duplicate_parameter" }, outcome: "duplicate" },
    ...refusals,
  ];
}

export const readAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { pointer: "/attributes", exists: true }, outcome: "delivered" },
  ...refusals,
];

/** An empty answer is usual. */
export const attributeAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", outcome: "delivered" },
  ...refusals,
];
