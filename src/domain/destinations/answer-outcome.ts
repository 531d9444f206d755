// The outcome that an answer means, by rules first and by its status where no rule speaks of it.
import { parseDuration } from "../values/duration.ts";
import { answerText, headerPlace, judgeAnswer } from "./answer-rules.ts";
import type { AnswerRule, AnswerSeen, Obscurity, RuleOutcome } from "./answer-rules.ts";
import { answered, classifyStatus, failure } from "./outcome.ts";
import type { Delivered, FailureCode, Outcome } from "./outcome.ts";
import type { Receipt } from "./receipt.ts";
import { parseRetryAfter, retryAfterMaxMs } from "./retry-after.ts";

export interface AnswerTo {
  /** Of the destination. */
  readonly name: string;
  /** As of `DeliveryMessage`. */
  readonly attempt: number;
  readonly nowMs: number;
}

/** Never throws, whatever was answered. */
export function outcomeOfAnswer(rules: readonly AnswerRule[], answer: AnswerSeen, to: AnswerTo): Outcome {
  const byStatus = statusOutcome(answer, to);
  const isFinal = byStatus.kind === "failed" && byStatus.class === "permanent";
  const verdict = judgeAnswer(rules, answer, isFinal);
  switch (verdict.kind) {
    case "status":
      return byStatus;
    case "rule":
      return ruled(verdict.rule, answer, to);
    case "indeterminate":
      return {
        ...failure("destination_indeterminate", obscure(verdict.why, answer, to)),
        httpStatus: answer.status,
        retryAfterMs: headerWaitMs(answer, to),
      };
  }
}

function statusOutcome(answer: AnswerSeen, { name, nowMs }: AnswerTo): Outcome {
  const { status } = answer;
  const head = { status, retryAfter: answer.header("retry-after"), location: answer.header("location") };
  return classifyStatus(name, head, nowMs);
}

function ruled(rule: AnswerRule, answer: AnswerSeen, to: AnswerTo): Outcome {
  switch (rule.outcome) {
    case "delivered":
      return delivered(answer, receiptOf(rule, answer));
    case "unproven":
      return delivered(answer, { ...receiptOf(rule, answer), proven: false });
    case "duplicate":
      // Only of a repeat it may be said that it is the delivery itself that was there (docs/contract.md, What an answer means).
      return delivered(answer, {
        ...receiptOf(rule, answer),
        duplicate: to.attempt > 1 ? "same_delivery" : "known_person",
      });
    case "transient":
    case "throttled":
    case "credentials":
    case "configuration":
    case "rejected":
      return {
        ...failure(codes[rule.outcome], sentence(rule, rule.outcome, answer, to)),
        httpStatus: answer.status,
        retryAfterMs: rule.outcome === "rejected" ? null : waitMs(rule, answer, to),
      };
  }
}

type RuleFailure = Exclude<RuleOutcome, "delivered" | "unproven" | "duplicate">;

const codes: Readonly<Record<RuleFailure, FailureCode>> = {
  transient: "destination_error",
  throttled: "destination_throttled",
  credentials: "destination_auth",
  configuration: "destination_configuration",
  rejected: "destination_rejected",
};

/** Where the destination gives no reason. */
const plainReasons: Readonly<Record<RuleFailure, string>> = {
  transient: "it cannot take the lead now",
  throttled: "it asks to be sent less",
  credentials: "the credentials need mending",
  configuration: "something that every lead needs there is missing or set up otherwise",
  rejected: "it does not want this lead as it is",
};

const reasonLengthMax = 300;

function sentence(rule: AnswerRule, outcome: RuleFailure, answer: AnswerSeen, { name }: AnswerTo): string {
  const said = rule.reason === undefined ? null : answerText(rule.reason, answer);
  const reason = said === null ? "" : printable(said).trim().slice(0, reasonLengthMax);
  return `${answered(name, answer.status)}: ${reason === "" ? plainReasons[outcome] : wellFormed(reason)}`;
}

function obscure(why: Obscurity, answer: AnswerSeen, { name }: AnswerTo): string {
  return `${answered(name, answer.status)}, but ${obscurities[why]}, so that nobody knows whether it has the lead`;
}

const obscurities: Readonly<Record<Obscurity, string>> = {
  too_long: "its answer is longer than 64 kB",
  stalled: "the rest of its answer did not come in time",
  broken_off: "its answer broke off",
  packed: "its answer cannot be unpacked",
  empty: "its answer is empty where it should say what became of the lead",
  not_json: "its answer is no JSON",
  no_rule_fits: "its answer is none of those that mean success",
};

function delivered({ status }: AnswerSeen, receipt: Receipt): Delivered {
  const isSilent = Object.keys(receipt).length === 0;
  return { kind: "delivered", httpStatus: status, ...(isSilent ? {} : { receipt }) };
}

function receiptOf({ id, url }: AnswerRule, answer: AnswerSeen): Receipt {
  const remoteId = id === undefined ? null : answerText(id, answer);
  const remoteUrl = url === undefined ? null : addressOf(url, remoteId, answer);
  return {
    ...(remoteId === null || remoteId === "" ? {} : { remoteId }),
    ...(remoteUrl === null ? {} : { remoteUrl }),
  };
}

/** null: a part of it is missing. */
function addressOf(url: string, remoteId: string | null, answer: AnswerSeen): string | null {
  if (url.startsWith("/") || url.startsWith(headerPlace)) return answerText(url, answer);
  const valueAt = (place: string): string | null => (place === "id" ? remoteId : answerText(place, answer));
  const places = [...url.matchAll(gaps)].map(([, place = ""]) => place);
  if (places.some((place) => (valueAt(place) ?? "") === "")) return null;
  return url.replace(gaps, (_, place: string) => encodeURIComponent(wellFormed(valueAt(place) ?? "")));
}

const gaps = /\{(id|\/[^{}]*)\}/g;

function waitMs(rule: AnswerRule, answer: AnswerSeen, to: AnswerTo): number | null {
  const { retry_after: wanted } = rule;
  if (wanted === undefined) return headerWaitMs(answer, to);
  const fixedMs = parseDuration(wanted);
  if (fixedMs !== null) return Math.min(fixedMs, retryAfterMaxMs);
  const said = answerText(wanted, answer)?.trim() ?? "";
  // Some write seconds with a fraction.
  const whole = /^\d{1,9}\.\d{1,9}$/.test(said) ? String(Math.ceil(Number(said))) : said;
  return parseRetryAfter(whole, to.nowMs) ?? headerWaitMs(answer, to);
}

function headerWaitMs(answer: AnswerSeen, { nowMs }: AnswerTo): number | null {
  const said = answer.header("retry-after");
  return said === null ? null : parseRetryAfter(said, nowMs);
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** Without halves of characters, which nothing can encode. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
