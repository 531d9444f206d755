// What Dataverse's answers mean (Web API, “Compose HTTP requests and handle errors”, “Manage duplicate detection”): by
// `error.code`, never by the status alone, for a duplicate may be 412 or 500. Codes marked so are unsure.
import type { AnswerRule, BodyCondition } from "../../../domain/destinations/answer-rules.ts";

/** A rule found a duplicate; an alternate key is taken; the database has a row with this key. */
export const duplicateCodes: ReadonlySet<string> = new Set(["0x80040333", "0x80060892", "0x80040237"]);

const page: AnswerRule = {
  status: "2xx",
  header: { name: "content-type", matches: "html" },
  outcome: "configuration",
};

/** Of any request. */
const commonAnswers: readonly AnswerRule[] = [
  page,
  { status: 401, outcome: "credentials" },
  { status: 403, outcome: "credentials", reason: "/error/code" },
  { status: 429, outcome: "throttled", reason: "/error/code" },
  { status: 404, outcome: "configuration", reason: "/error/message" },
];

/** Of the request that writes the Lead; duplicates are looked at before. */
export const leadAnswers: readonly AnswerRule[] = [
  ...commonAnswers,
  { status: 204, header: { name: "odata-entityid", exists: true }, outcome: "delivered" },
  { status: "2xx", body: { pointer: "/leadid", exists: true }, outcome: "delivered" },
  // A column that is not there; the words and the code are unsure.
  {
    status: 400,
    body: said("does not exist on type|Invalid property|Could not find a property|not a declared property"),
    outcome: "configuration",
    reason: "/error/message",
  },
  {
    status: 400,
    body: said("[Aa]lternate key|key property|No .*[Kk]ey"),
    outcome: "configuration",
    reason: "/error/message",
  },
  { status: 400, outcome: "rejected", reason: "/error/code" },
  { status: 412, outcome: "rejected", reason: "/error/code" },
  { status: 500, outcome: "transient", reason: "/error/code" },
];

/** Of the request that writes a note. */
export const noteAnswers: readonly AnswerRule[] = [...commonAnswers, { status: "2xx", outcome: "delivered" }];

/** Of questions that write nothing; what is not there answers 404. */
export const readAnswers: readonly AnswerRule[] = [...commonAnswers];

function said(matches: string): BodyCondition {
  return { pointer: "/error/message", matches };
}
