// What Google's Sheets API answers (developers.google.com/sheets/api), for each request.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { webPage } from "../web-page.ts";

const reason = "/error/message";

const refusals: readonly AnswerRule[] = [
  { status: 401, outcome: "credentials", reason },
  { status: 403, body: { pointer: "/error/status", equals: "RESOURCE_EXHAUSTED" }, outcome: "throttled" },
  // The spreadsheet is not shared with the service account, or the API is not enabled in its project.
  { status: 403, outcome: "credentials", reason },
  { status: 404, outcome: "configuration", reason },
  { status: 429, outcome: "throttled", reason },
  {
    status: 400,
    // A tab that was renamed; a column that is not there; a range that is protected; a spreadsheet that is full.
    body: {
      pointer: reason,
      matches: "Unable to parse range|exceeds grid limits|protected cell|above the limit of",
    },
    outcome: "configuration",
    reason,
  },
  { status: 400, outcome: "rejected", reason },
];

/** Rows of an empty range are left out of the answer; its range never is. */
export const readAnswers: readonly AnswerRule[] = [
  webPage,
  { status: "2xx", body: { pointer: "/range", exists: true }, outcome: "delivered" },
  { status: "2xx", body: { pointer: "/values", exists: true }, outcome: "delivered" },
  ...refusals,
];

/** `url`: of the spreadsheet. */
export function appendAnswers(url: string): readonly AnswerRule[] {
  return [webPage, written("/updates/updatedRange", url), ...refusals];
}

export function updateAnswers(url: string): readonly AnswerRule[] {
  return [webPage, written("/updatedRange", url), ...refusals];
}

function written(id: string, url: string): AnswerRule {
  return { status: "2xx", body: { pointer: id, exists: true }, outcome: "delivered", id, url };
}
