// What HubSpot's answers mean, request by request (developers.hubspot.com, API 2026-03: error handling, batch upsert; codes
// that are marked are unsure). All of an error's members are optional by contract.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";

/** Where the errors of one input stand: of a request that was refused, and of a batch that was done in part. */
const errorPlaces = [
  ...[0, 1, 2, 3, 4].map((index) => `/errors/${index}`),
  ...[0, 1, 2].map((index) => `/errors/0/errors/${index}`),
];

/** Every lead would meet them: a property that is gone or may not be written, one that an administrator made required. */
const faultsOfTheAccount = "^(PROPERTY_DOESNT_EXIST|READ_ONLY_VALUE|MISSING_REQUIRED_PROPERTY)$|REQUIRED";

const misconfigured: readonly AnswerRule[] = errorPlaces.map((place) => ({
  status: [400, "2xx"],
  body: { pointer: `${place}/code`, matches: faultsOfTheAccount },
  outcome: "configuration",
  reason: `${place}/message`,
}));

/** Whatever was asked. */
const refusals: readonly AnswerRule[] = [
  { status: "2xx", header: { name: "content-type", matches: "html" }, outcome: "configuration" },
  { status: [401, 403], outcome: "credentials", reason: "/message" },
  // Moved to another data centre: for hours.
  { status: [423, 477], outcome: "transient", reason: "/category" },
  {
    status: 429,
    body: { pointer: "/policyName", matches: "TEN_SECONDLY" },
    outcome: "throttled",
    retry_after: "10s",
  },
  {
    status: 429,
    body: { pointer: "/policyName", matches: "SECONDLY" },
    outcome: "throttled",
    retry_after: "1s",
  },
  {
    status: 429,
    body: { pointer: "/message", matches: "secondly limit" },
    outcome: "throttled",
    retry_after: "1s",
  },
  // Until when, limits.ts says.
  { status: 429, body: { pointer: "/policyName", equals: "DAILY" }, outcome: "throttled" },
];

/** The path is the version's, and no lead's. */
const goneAddress: AnswerRule = {
  status: [404, 405, 410],
  outcome: "configuration",
  reason: "/message",
};

/** The one input of a batch. */
const batchErrors: readonly AnswerRule[] = [
  inBatch("^CONFLICT$", { outcome: "duplicate", id: "/errors/0/context/existingId/0" }),
  inBatch("RATE_LIMIT", { outcome: "throttled", retry_after: "10s" }),
  inBatch("SCOPE|AUTHENTICATION|BANNED", { outcome: "credentials", reason: "/errors/0/message" }),
  inBatch("VALIDATION|INVALID", { outcome: "rejected", reason: "/errors/0/category" }),
  { status: "2xx", body: { pointer: "/errors/0", exists: true }, outcome: "transient" },
];

const refusedContact: readonly AnswerRule[] = [
  {
    status: 409,
    body: { pointer: "/context/existingId/0", exists: true },
    outcome: "duplicate",
    id: "/context/existingId/0",
  },
  {
    status: 409,
    body: { pointer: "/errors/0/context/existingId/0", exists: true },
    outcome: "duplicate",
    id: "/errors/0/context/existingId/0",
  },
  { status: 409, outcome: "duplicate" },
  // What the codes say stands in the answer; its sentences repeat what the lead says.
  {
    status: 400,
    body: { pointer: "/errors/0/code", exists: true },
    outcome: "rejected",
    reason: "/errors/0/code",
  },
  { status: 400, outcome: "rejected", reason: "/category" },
];

export const upsertAnswers: readonly AnswerRule[] = [
  ...refusals,
  ...misconfigured,
  {
    status: "2xx",
    body: [
      { pointer: "/results/0/id", exists: true },
      { pointer: "/errors/0", missing: true },
    ],
    outcome: "delivered",
    id: "/results/0/id",
  },
  ...batchErrors,
  ...refusedContact,
  goneAddress,
];

const contact: readonly AnswerRule[] = [
  ...refusals,
  ...misconfigured,
  { status: "2xx", body: { pointer: "/id", exists: true }, outcome: "delivered", id: "/id" },
  ...refusedContact,
];

export const createAnswers: readonly AnswerRule[] = [...contact, goneAddress];

/** Of a contact that was found: if it is gone meanwhile, the lead is tried again, and finds another or none. */
export const updateAnswers: readonly AnswerRule[] = [
  ...contact,
  { status: 404, outcome: "transient", reason: "/category" },
];

/** Of lists: contacts, notes, properties, owners. A question that is refused says nothing of the lead. */
export const listAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: "2xx", body: { pointer: "/results", exists: true }, outcome: "delivered" },
  { status: 400, outcome: "configuration", reason: "/message" },
  goneAddress,
];

/** Of what is asked by the id of a contact, which may be gone by then: the lead is tried again, and finds another or none. */
export const associationAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: "2xx", body: { pointer: "/id", exists: true }, outcome: "delivered" },
  { status: [400, 404], outcome: "transient", reason: "/category" },
];

export const noteAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: "2xx", body: { pointer: "/id", exists: true }, outcome: "delivered" },
  { status: 404, outcome: "transient", reason: "/category" },
  { status: 400, outcome: "rejected", reason: "/category" },
];

export const accountAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: "2xx", body: { pointer: "/portalId", exists: true }, outcome: "delivered" },
];

export const propertyAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: "2xx", body: { pointer: "/name", exists: true }, outcome: "delivered" },
  { status: [400, 409], outcome: "rejected", reason: "/message" },
  goneAddress,
];

/** Of a write with nothing in it: whatever is said of it but that it may not be made is well. */
export const emptyWriteAnswers: readonly AnswerRule[] = [
  ...refusals,
  { status: ["2xx", 400], outcome: "delivered" },
];

function inBatch(
  category: string,
  rule: Pick<AnswerRule, "outcome" | "id" | "reason" | "retry_after">,
): AnswerRule {
  return { status: "2xx", body: { pointer: "/errors/0/category", matches: category }, ...rule };
}
