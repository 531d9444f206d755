// HubSpot's budget of a day: when it is used up, nothing is taken until the account's next day, and no `Retry-After` says so.
import { untilMidnightMs } from "../../../domain/calendar/next-midnight.ts";
import type { Ask } from "../dialogue.ts";
import { textAt } from "../json-reply.ts";

/** `timezone`: of the account. */
export function withinBudget(ask: Ask, timezone: () => string, nowMs: () => number): Ask {
  return async (question) => {
    const reply = await ask(question);
    if (reply.kind === "done" || reply.status !== 429 || textAt(reply.json, "/policyName") !== "DAILY")
      return reply;
    const retryAfterMs = untilMidnightMs(timezone(), nowMs());
    return { ...reply, outcome: { ...reply.outcome, retryAfterMs } };
  };
}
