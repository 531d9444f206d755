// What bulk actions and their states are called.
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import type { Operation, OperationAction } from "../api/types.ts";
import type { Tone } from "../ui/state.tsx";

export type EntryAction = Exclude<OperationAction, "runs.replay">;

export const isAtWork = ({ status }: Pick<Operation, "status">): boolean =>
  status === "pending" || status === "running";

/** What is done without anything having been changed is no success. */
export function toneOf({ status, done, skipped, failed }: Operation): Tone {
  return status === "done" && done === 0 && skipped + failed > 0 ? "bad" : ofKnown(tones, status, "quiet");
}

const tones: Readonly<Record<Operation["status"], Tone>> = {
  pending: "waiting",
  running: "healing",
  paused: "byHand",
  cancelled: "quiet",
  done: "good",
  failed: "bad",
};

/** What a bulk action is called. */
export function actionName(texts: (typeof operationTexts)["de"], action: OperationAction): string {
  return ofKnown<string>(texts.action, action, action);
}

export const operationTexts = {
  de: {
    action: {
      "dlq.retry": "Erneut zustellen",
      "dlq.resolve": "Als erledigt markieren",
      "dlq.dead": "Nicht mehr zustellen",
      "dlq.take_in": "Als eigene Leads annehmen",
      "dlq.deliver_change": "Als Änderungen zustellen",
      "runs.replay": "Noch einmal zustellen",
    },
  },
  en: {
    action: {
      "dlq.retry": "Deliver again",
      "dlq.resolve": "Mark as settled",
      "dlq.dead": "Give up",
      "dlq.take_in": "Take in as leads of their own",
      "dlq.deliver_change": "Deliver as changes",
      "runs.replay": "Deliver once more",
    },
  },
};
