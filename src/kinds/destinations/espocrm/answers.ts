// What EspoCRM 10 answers (espocrm/espocrm @2cde9d9, application/Espo/Core and /Modules/Crm); its reasons stand in a header.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { webPage } from "../web-page.ts";

const reason = "header:x-status-reason";

const refusals: readonly AnswerRule[] = [
  { status: [401, 403], outcome: "credentials", reason },
  { status: 404, outcome: "configuration", reason },
  // EspoCRM never says it, a proxy before it may.
  { status: 429, outcome: "throttled", reason },
  { status: "4xx", outcome: "rejected", reason },
  { status: "5xx", outcome: "transient", reason },
];

/** `page`: of a record, with `{id}` in it. 409 is a duplicate only where the header says so: it is also modified, locked. */
export function createAnswers(page: string): readonly AnswerRule[] {
  return [
    ...recordAnswers(page).slice(0, 2),
    {
      status: 409,
      header: { name: "x-status-reason", matches: "^duplicate$" },
      outcome: "duplicate",
      id: "/0/id",
      url: page.replace("{id}", "{/0/id}"),
    },
    ...refusals,
  ];
}

/** The record itself. */
export function recordAnswers(page: string): readonly AnswerRule[] {
  return [
    webPage,
    { status: "2xx", body: { pointer: "/id", exists: true }, outcome: "delivered", id: "/id", url: page },
    ...refusals,
  ];
}

export const listAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { pointer: "/list", exists: true }, outcome: "delivered" },
  ...refusals,
];

export const metadataAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { matches: "^\\s*\\{" }, outcome: "delivered" },
  ...refusals,
];

/** `true`; 404: the key is wrong or the entry point inactive; 500: double opt-in, and the lead has no e-mail address. */
export const captureAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { matches: "^\\s*true\\s*$" }, outcome: "delivered" },
  { status: 500, outcome: "rejected", reason },
  ...refusals,
];
