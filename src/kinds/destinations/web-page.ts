// A web page in the place of an answer: of a sign-in, a proxy, a maintenance. The address leads elsewhere.
import type { AnswerRule } from "../../domain/destinations/answer-rules.ts";

/** Comes first: as JSON such a page would only be unreadable. */
export const webPage: AnswerRule = {
  status: "2xx",
  header: { name: "content-type", matches: "html" },
  outcome: "configuration",
};
