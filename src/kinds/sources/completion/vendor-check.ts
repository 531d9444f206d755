// What a kind declares whose vendor can be asked whether leads will come and can be fetched, before the first one does.
import type { CompletionFailure } from "../../../domain/leads/completion.ts";
import type { Texts } from "../../../domain/errors/explained.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import type { CompletionReach, Get } from "./complete.ts";

export interface VendorCheck {
  /** Where it is asked. */
  reach(auth: SourceAuth): CompletionReach;
  /**
   * Asks in as many requests as it needs, each of which ends in time. Never throws for what the other side does. Tokens
   * stand in headers alone, and in nothing of what comes back.
   */
  ask(auth: SourceAuth, get: Get): Promise<readonly CheckedItem[]>;
}

/** `unknown`: nobody could say, now or ever. */
export type CheckedState = "ok" | "wrong" | "unknown";

export interface CheckedItem {
  /** Stable; several may be about different pages. */
  readonly item: string;
  readonly state: CheckedState;
  readonly label: Texts;
  readonly found: Texts;
  /** null: nothing. */
  readonly todo: Texts | null;
}

/** At most so many pages or organisations are asked about at once. */
export const checkedIdsMax = 20;

/** What did not come back as it should: the vendor's own words, or why there are none. */
export function itemOfFailure(
  { item, label }: Pick<CheckedItem, "item" | "label">,
  { code, message }: CompletionFailure,
  todo: Texts,
): CheckedItem {
  const isForNow =
    code === "completion_unreachable" ||
    code === "completion_throttled" ||
    code === "completion_failed_for_now";
  return {
    item,
    label,
    state: isForNow ? "unknown" : "wrong",
    found: { en: message, de: message },
    todo: isForNow ? againLater : todo,
  };
}

/** `todo`: how to get one. */
export function itemWithoutToken(label: Texts, todo: Texts): CheckedItem {
  return {
    item: "token",
    state: "wrong",
    label,
    found: {
      en: "There is none: destinations get the ids of leads only, and nothing can be checked.",
      de: "Es fehlt: Ziele bekommen nur die Kennungen der Leads, und prüfen lässt sich nichts.",
    },
    todo,
  };
}

const againLater: Texts = {
  en: "Check again later; from here the vendor could not be asked now.",
  de: "Prüfen Sie später noch einmal; von hier aus ließ sich der Anbieter gerade nicht fragen.",
};
