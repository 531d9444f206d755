// What Pipedrive's answers mean (developers.pipedrive.com, API v1 and v2). Its sentences are in the user's language, so that
// no rule looks at them.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";

/** Whatever was asked. */
const refusals: readonly AnswerRule[] = [
  { status: "2xx", header: { name: "content-type", matches: "html" }, outcome: "configuration" },
  { status: "2xx", body: { pointer: "/success", equals: false }, outcome: "rejected", reason: "/error" },
  { status: 401, outcome: "credentials", reason: "/error" },
  // The plan has no room for it.
  { status: 402, outcome: "configuration", reason: "/error" },
  // A right that is missing is said in JSON. Whoever asked too much for too long is kept out before it comes to that (unsure).
  { status: 403, body: { pointer: "/success", equals: false }, outcome: "credentials", reason: "/error" },
  { status: 403, body: { pointer: "/error", exists: true }, outcome: "credentials", reason: "/error" },
  { status: 403, outcome: "throttled", retry_after: "10m" },
  // Until when, budget.ts says (headers unsure).
  {
    status: 429,
    header: { name: "x-daily-ratelimit-token-remaining", equals: 0 },
    outcome: "throttled",
  },
  {
    status: 429,
    header: { name: "x-ratelimit-remaining", equals: 0 },
    outcome: "throttled",
    retry_after: "2s",
  },
];

/** What is not there at all: a version that was taken down. A record that is gone is said in JSON. */
const gone: readonly AnswerRule[] = [
  { status: 404, body: { pointer: "/success", equals: false }, outcome: "transient", reason: "/error" },
  { status: [404, 405, 410], outcome: "configuration" },
];

export const writeAnswers: readonly AnswerRule[] = [
  ...refusals,
  {
    status: "2xx",
    body: [
      { pointer: "/success", equals: true },
      { pointer: "/data/id", exists: true },
    ],
    outcome: "delivered",
    id: "/data/id",
  },
  ...gone,
  { status: 400, outcome: "rejected", reason: "/error" },
];

/** A question that is refused says nothing of the lead. */
export const listAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: "2xx", body: { pointer: "/success", equals: true }, outcome: "delivered" },
  ...gone,
  { status: 400, outcome: "configuration", reason: "/error" },
];

/** Of a field that is made. */
export const fieldAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: "2xx", body: { pointer: "/success", equals: true }, outcome: "delivered" },
  ...gone,
  { status: 400, outcome: "rejected", reason: "/error" },
];
