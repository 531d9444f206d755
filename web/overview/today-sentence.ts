// How today goes, in one sentence.
import type { Overview } from "../api/types.ts";
import type { Language } from "./cause-phrases.ts";

type Today = Overview["today"];
type Count = (value: number) => string;

/** Without full stop: `412 Leads heute, alle zugestellt`. */
export function todaySentence(today: Today, language: Language, count: Count): string {
  const text = texts[language];
  const { received } = today;
  if (received === 0) return text.none;
  const leads = received === 1 ? text.one : text.many(count(received));
  if (today.delivered === received) return `${leads}, ${received === 1 ? text.delivered : text.allDelivered}`;
  const parts = [
    ...part(today.delivered, text.delivered, count),
    ...part(today.being_delivered, text.beingDelivered, count),
    ...failedParts(today, language, count),
    ...part(today.resolved_by_hand, text.byHand, count),
    ...part(today.no_destination, text.toNobody, count),
  ];
  return `${leads}: ${parts.join(", ")}`;
}

function failedParts({ failed, ...of }: Today, language: Language, count: Count): string[] {
  const text = texts[language];
  const { retrying, need_decision: needDecision, given_up: givenUp } = of;
  if (retrying === null || needDecision === null || givenUp === null) return part(failed, text.failed, count);
  return [
    ...part(retrying, text.retrying(retrying === 1), count),
    ...part(needDecision, text.needDecision(needDecision === 1), count),
    ...part(givenUp, text.givenUp, count),
  ];
}

function part(value: number, words: string, count: Count): string[] {
  return value === 0 ? [] : [`${count(value)} ${words}`];
}

const texts = {
  de: {
    none: "heute noch keine Leads",
    one: "1 Lead heute",
    many: (received: string) => `${received} Leads heute`,
    allDelivered: "alle zugestellt",
    delivered: "zugestellt",
    beingDelivered: "in Zustellung",
    failed: "noch nicht zugestellt",
    retrying: (isOne: boolean) => (isOne ? "wird erneut versucht" : "werden erneut versucht"),
    needDecision: (isOne: boolean) => (isOne ? "braucht eine Entscheidung" : "brauchen eine Entscheidung"),
    givenUp: "aufgegeben",
    byHand: "von Hand erledigt",
    toNobody: "ohne Ziel",
  },
  en: {
    none: "no leads yet today",
    one: "1 lead today",
    many: (received: string) => `${received} leads today`,
    allDelivered: "all delivered",
    delivered: "delivered",
    beingDelivered: "being delivered",
    failed: "not delivered yet",
    retrying: (isOne: boolean) => (isOne ? "is being retried" : "are being retried"),
    needDecision: (isOne: boolean) => (isOne ? "needs a decision" : "need a decision"),
    givenUp: "given up",
    byHand: "settled by hand",
    toNobody: "without destination",
  },
} as const;
