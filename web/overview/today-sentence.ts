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
    ...openParts(today, language, count),
    ...part(today.resolved_by_hand, text.byHand, count),
    ...part(today.withdrawn, text.withdrawn, count),
    ...part(today.no_destination, text.toNobody, count),
  ];
  return `${leads}: ${parts.join(", ")}`;
}

/** What wants attention among them stands beside this sentence, counted over all days. */
function openParts(today: Today, language: Language, count: Count): string[] {
  const text = texts[language];
  const { unfinished, given_up: givenUp } = today;
  if (unfinished === null || givenUp === null)
    return part(today.being_delivered + today.failed, text.notDelivered, count);
  return [...part(unfinished, text.open, count), ...part(givenUp, text.givenUp, count)];
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
    open: "noch offen",
    notDelivered: "noch nicht zugestellt",
    givenUp: "aufgegeben",
    byHand: "von Hand erledigt",
    withdrawn: "zurückgezogen",
    toNobody: "ohne Ziel",
  },
  en: {
    none: "no leads yet today",
    one: "1 lead today",
    many: (received: string) => `${received} leads today`,
    allDelivered: "all delivered",
    delivered: "delivered",
    open: "still open",
    notDelivered: "not delivered yet",
    givenUp: "given up",
    byHand: "settled by hand",
    withdrawn: "withdrawn",
    toNobody: "without destination",
  },
} as const;
