// What Zoho CRM's answers to a new field mean (“Create Custom Field”).
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { commonAnswers } from "./answers.ts";

export const fieldAnswers: readonly AnswerRule[] = [
  ...commonAnswers,
  { status: "2xx", body: { pointer: "/fields/0/status", equals: "success" }, outcome: "delivered" },
  {
    status: ["2xx", 400],
    body: { pointer: "/fields/0/status", equals: "error" },
    outcome: "rejected",
    reason: "/fields/0/message",
  },
  { status: 400, outcome: "rejected", reason: "/message" },
];
