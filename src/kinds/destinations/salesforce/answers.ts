// What Salesforce's answers mean (REST API developer guide, “sObject Rows by External ID” and “Status Codes and Error
// Responses”): errors are lists of `{ message, errorCode, fields }`. Messages that repeat what a lead says are not shown.
import type { AnswerRule, BodyCondition } from "../../../domain/destinations/answer-rules.ts";

/** The rolling limit of 24 hours gives back a little at a time. */
const limitPause = "15m";

/** Of any request. */
export const commonAnswers: readonly AnswerRule[] = [
  { header: { name: "content-type", matches: "html" }, status: "2xx", outcome: "configuration" },
  {
    status: 403,
    body: [coded("REQUEST_LIMIT_EXCEEDED"), said("[Cc]oncurrent")],
    outcome: "throttled",
    reason: "/0/message",
  },
  {
    status: 403,
    body: coded("REQUEST_LIMIT_EXCEEDED"),
    outcome: "throttled",
    reason: "/0/message",
    retry_after: limitPause,
  },
  {
    status: [400, 403],
    // Not `…_ON_CROSS_REFERENCE_ENTITY`: that is a record which this one lead refers to.
    body: coded("^(?:API_DISABLED_FOR_ORG|API_CURRENTLY_DISABLED|INSUFFICIENT_ACCESS(?:_OR_READONLY)?)$"),
    outcome: "credentials",
    reason: "/0/message",
  },
  { status: 401, outcome: "credentials", reason: "/0/errorCode" },
  { status: [500, 503], outcome: "transient", reason: "/0/errorCode" },
];

/** Of the request that writes the Lead; `DUPLICATES_DETECTED` and `DUPLICATE_VALUE` are looked at before (known-person.ts). */
export function leadAnswers(origin: string): readonly AnswerRule[] {
  const url = `${origin}/{id}`;
  return [
    ...commonAnswers,
    // Before version 46.0.
    { status: 204, outcome: "delivered" },
    { status: "2xx", body: { pointer: "/success", equals: true }, outcome: "delivered", id: "/id", url },
    {
      status: "2xx",
      body: { pointer: "/success", equals: false },
      outcome: "rejected",
      reason: "/errors/0/statusCode",
    },
    { status: 400, body: coded("^UNABLE_TO_LOCK_ROW$"), outcome: "transient", reason: "/0/errorCode" },
    {
      status: 400,
      body: [
        coded("^CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY$"),
        said("UNABLE_TO_LOCK_ROW|unable to obtain exclusive access|Too many SOQL queries"),
      ],
      outcome: "transient",
      reason: "/0/errorCode",
    },
    {
      status: 400,
      body: coded("^(?:INVALID_FIELD|INVALID_FIELD_FOR_INSERT_UPDATE|INVALID_TYPE)$"),
      outcome: "configuration",
      reason: "/0/message",
    },
    // The external id's field, or the version, is not there.
    { status: 404, outcome: "configuration", reason: "/0/message" },
    {
      status: 400,
      body: coded("^(?:REQUIRED_FIELD_MISSING|FIELD_CUSTOM_VALIDATION_EXCEPTION)$"),
      outcome: "rejected",
      reason: "/0/message",
    },
    { status: 400, outcome: "rejected", reason: "/0/errorCode" },
  ];
}

/** Of the request that writes a task. */
export const taskAnswers: readonly AnswerRule[] = [
  ...commonAnswers,
  { status: 201, body: { pointer: "/success", equals: true }, outcome: "delivered", id: "/id" },
  { status: 400, body: coded("^UNABLE_TO_LOCK_ROW$"), outcome: "transient", reason: "/0/errorCode" },
];

/** Of questions that write nothing. */
export const readAnswers: readonly AnswerRule[] = [
  ...commonAnswers,
  { status: 404, outcome: "configuration", reason: "/0/message" },
];

function coded(matches: string): BodyCondition {
  return { pointer: "/0/errorCode", matches };
}

function said(matches: string): BodyCondition {
  return { pointer: "/0/message", matches };
}
