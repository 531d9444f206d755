// What came back when a lead's data were asked for: a JSON object, or why there is none.
import { completionFailure } from "../../../domain/leads/completion.ts";
import type { CompletionFailure } from "../../../domain/leads/completion.ts";
import { parseRetryAfter } from "../../../domain/destinations/retry-after.ts";
import { parseExactly } from "../../../domain/values/exact-json.ts";
import type { Answer, ExchangeEnd } from "../../../outgoing/exchange.ts";
import { headerText } from "../../../outgoing/response-excerpt.ts";
import { classifyTransportError } from "../../../outgoing/transport-error.ts";

export type JsonMembers = Readonly<Record<string, unknown>>;

export interface JsonAnswer {
  readonly kind: "json";
  readonly status: number;
  readonly members: JsonMembers;
  readonly answer: Answer;
}

/** `vendor`: as people know it. */
export function jsonAnswer(vendor: string, end: ExchangeEnd): JsonAnswer | CompletionFailure {
  if (end.kind !== "answered") return completionFailure(...notAnswered(vendor, end));
  const { status, bodyStart } = end;
  const members = objectIn(bodyStart);
  if (members !== null) return { kind: "json", status, members, answer: end };
  if (status === 429) return throttled(vendor, end);
  return status >= 500
    ? completionFailure("completion_unreachable", `${vendor} answered ${status}`, retryAfterMsOf(end))
    : completionFailure(
        "completion_answer_unusable",
        `${vendor} answered ${status} without JSON that can be read`,
      );
}

export function throttled(vendor: string, answer: Answer, waitMs: number | null = null): CompletionFailure {
  return completionFailure(
    "completion_throttled",
    `${vendor} asks for a pause (${answer.status})`,
    waitMs ?? retryAfterMsOf(answer),
  );
}

export function isObject(value: unknown): value is JsonMembers {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the vendor says, without the token: it may repeat what it was given. */
export function withoutToken(text: string, token: string): string {
  return token === "" ? text : text.replaceAll(token, "***");
}

function retryAfterMsOf({ headers }: Answer): number | null {
  const retryAfter = headerText(headers, "retry-after");
  return retryAfter === null ? null : parseRetryAfter(retryAfter, Date.now());
}

function notAnswered(
  vendor: string,
  end: Exclude<ExchangeEnd, Answer>,
): [code: CompletionFailure["code"], message: string] {
  if (end.kind === "interrupted") return ["completion_unreachable", "LeadLedger was stopped meanwhile"];
  if (end.kind === "timed_out") return ["completion_unreachable", `${vendor} did not answer in time`];
  const { code, message } = classifyTransportError(end.error, { name: vendor, timeoutMs: end.elapsedMs });
  return [
    code === "destination_address_forbidden" ? "completion_address_forbidden" : "completion_unreachable",
    message,
  ];
}

function objectIn(bytes: Buffer): JsonMembers | null {
  try {
    const value = parseExactly(bytes.toString("utf8"));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
