// How Pipedrive's API is asked. Leads and notes are in version 1 alone, all else in version 2.
import { pathUnder } from "../../../config/fields/service-url.ts";
import { untilMidnightMs } from "../../../domain/calendar/next-midnight.ts";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import { jsonRequest } from "../dialogue.ts";
import type { Ask, Question, Reply } from "../dialogue.ts";
import type { PipedriveDestination } from "./fields.ts";

/** One attempt's way to ask. */
export interface Api {
  readonly destination: PipedriveDestination;
  readonly ask: Ask;
}

export type Query = Readonly<Record<string, string>>;

export function get(
  { destination, ask }: Api,
  path: string,
  query: Query,
  manner: Omit<Question, "request">,
): Promise<Reply> {
  const asked = new URLSearchParams(query).toString();
  const whole = pathUnder(destination.baseUrl, asked === "" ? path : `${path}?${asked}`);
  return ask({ ...manner, request: jsonRequest("GET", whole) });
}

export function post(
  { destination, ask }: Api,
  path: string,
  body: unknown,
  manner: Omit<Question, "request">,
): Promise<Reply> {
  const request = jsonRequest("POST", pathUnder(destination.baseUrl, path), writeExactly(body));
  return ask({ ...manner, request });
}

/** When a day's tokens are gone, nothing is taken until the next day (of UTC, unsure), and no `Retry-After` says so. */
export function withinBudget(ask: Ask, nowMs: () => number): Ask {
  return async (question) => {
    const reply = await ask(question);
    const isGone =
      reply.kind === "failed" &&
      reply.status === 429 &&
      reply.header("x-daily-ratelimit-token-remaining")?.trim() === "0";
    if (!isGone) return reply;
    return { ...reply, outcome: { ...reply.outcome, retryAfterMs: untilMidnightMs("UTC", nowMs()) } };
  };
}
