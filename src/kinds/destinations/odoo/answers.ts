// What Odoo's JSON-2 answers (odoo/documentation, developer/reference/external_api.rst): true statuses, and a serialised
// exception `{name, message, arguments, context, debug}`; `debug` is a traceback. Names of exceptions are unsure.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { webPage } from "../web-page.ts";

const reason = "/message";
/** Messages of the database repeat what stands in a row; the exception's name says enough. */
const nameAlone = "/name";

const refusals: readonly AnswerRule[] = [
  // JSON-RPC, at an address of Odoo before 19, answers 200 with the error inside.
  {
    status: "2xx",
    body: { pointer: "/error/data/name", matches: "AccessDenied|AccessError" },
    outcome: "credentials",
  },
  {
    status: "2xx",
    body: { pointer: "/error/data/name", matches: "ValidationError|UserError" },
    outcome: "rejected",
    reason: "/error/data/message",
  },
  {
    status: "2xx",
    body: { pointer: "/error", exists: true },
    outcome: "transient",
    reason: "/error/message",
  },
  {
    status: ["4xx", "5xx"],
    body: { pointer: reason, matches: "[Ii]nvalid field|[Uu]nknown field" },
    outcome: "configuration",
    reason,
  },
  {
    status: ["4xx", "5xx"],
    body: { pointer: "/name", matches: "AccessDenied|AccessError|Unauthorized" },
    outcome: "credentials",
    reason,
  },
  {
    status: ["4xx", "5xx"],
    body: { pointer: nameAlone, matches: "ValidationError|UserError" },
    outcome: "rejected",
    reason,
  },
  {
    status: ["4xx", "5xx"],
    body: { pointer: nameAlone, matches: "Violation" },
    outcome: "rejected",
    reason: nameAlone,
  },
  { status: [401, 403], outcome: "credentials", reason },
  // No such database, no CRM, or an Odoo before 19.
  { status: 404, outcome: "configuration", reason },
  { status: 429, outcome: "throttled", reason },
  { status: "5xx", outcome: "transient", reason: nameAlone },
  { status: "4xx", outcome: "rejected", reason },
];

/** `[142]` */
export function createAnswers(page: string): readonly AnswerRule[] {
  return [
    webPage,
    { status: "2xx", body: { pointer: "/0", exists: true }, outcome: "delivered", id: "/0", url: page },
    ...refusals,
  ];
}

/** `true` */
export const writeAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { matches: "^\\s*true\\s*$" }, outcome: "delivered" },
  ...refusals,
];

/** A list, perhaps an empty one. */
export const searchAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { matches: "^\\s*\\[" }, outcome: "delivered" },
  ...refusals,
];

/** By the names of fields. */
export const fieldsAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { pointer: "/error", missing: true }, outcome: "delivered" },
  ...refusals,
];
