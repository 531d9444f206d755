// What Zoho CRM's answers mean (REST API v8, “Upsert Records”, “Status Codes and Errors”): each record has a verdict of its
// own inside whatever the status is; errors of the whole request stand at the top.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { at, errorsAt } from "./error-codes.ts";

/** When the credits of 24 hours come back nobody says (unsure). */
const creditsPause = "1h";

/** Of any request. */
export const commonAnswers: readonly AnswerRule[] = [
  { status: "2xx", header: { name: "content-type", matches: "html" }, outcome: "configuration" },
  {
    status: 429,
    header: { name: "x-api-credits-remaining", matches: "^0$" },
    outcome: "throttled",
    reason: "/code",
    retry_after: creditsPause,
  },
  { status: 429, outcome: "throttled", reason: "/code" },
  { status: 401, outcome: "credentials", reason: "/code" },
  { status: 403, outcome: "credentials", reason: "/code" },
  ...errorsAt(""),
  { status: 404, outcome: "configuration", reason: "/code" },
];

/** Of a request that writes one record; `url`: where people see it, `{id}` in it. */
export function recordAnswers(url: string): readonly AnswerRule[] {
  return [
    ...commonAnswers,
    {
      status: "2xx",
      body: { pointer: at("/data/0", "status"), equals: "success" },
      outcome: "delivered",
      id: "/data/0/details/id",
      url,
    },
    ...errorsAt("/data/0"),
    {
      status: "2xx",
      body: { pointer: "/data/0/status", equals: "error" },
      outcome: "rejected",
      reason: "/data/0/code",
    },
    { status: "2xx", body: { pointer: "/status", equals: "error" }, outcome: "rejected", reason: "/code" },
    { status: 400, outcome: "rejected", reason: "/code" },
  ];
}

/** Of questions that write nothing: 204 where nothing is found. */
export const readAnswers: readonly AnswerRule[] = commonAnswers;
