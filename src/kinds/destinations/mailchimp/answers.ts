// What Mailchimp answers (mailchimp.com/developer/marketing, error glossary): the member, or a problem with a title
// (RFC 7807).
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { webPage } from "../web-page.ts";

const reason = "/detail";

const refusals: readonly AnswerRule[] = [
  { status: [401, 403], outcome: "credentials", reason },
  { status: 404, outcome: "configuration", reason },
  { status: 429, outcome: "throttled", reason },
  { status: "4xx", outcome: "rejected", reason },
  { status: "5xx", outcome: "transient", reason },
];

/** `page`: of a member, with `{/web_id}` in it. */
export function memberAnswers(page: string): readonly AnswerRule[] {
  return [
    webPage,
    { status: "2xx", body: { pointer: "/id", exists: true }, outcome: "delivered", id: "/id", url: page },
    {
      status: 400,
      // Unsubscribed, bounced or deleted for good: known, and must not be forced. The last two are unsure.
      body: { pointer: "/title", matches: "Compliance State|Forgotten Email|Member Exists" },
      outcome: "duplicate",
    },
    ...refusals,
  ];
}

export const fieldsAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { pointer: "/merge_fields", exists: true }, outcome: "delivered" },
  ...refusals,
];

export const createdAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { pointer: "/tag", exists: true }, outcome: "delivered" },
  ...refusals,
];
