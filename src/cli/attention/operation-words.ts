// What operations are called where people read them.
import { errorCatalogue, isErrorCode } from "../../domain/errors/error-catalogue.ts";
import { isOperationObstacle, operationObstacles } from "../../domain/attention/operation-obstacle.ts";
import { ofKnown, operationState } from "../../domain/attention/state-words.ts";
import type { Item } from "../frame/api-client.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Language, Texts } from "../frame/language.ts";

export type OperationView = Item<"GET /operations">;

const actionWords = {
  "dlq.retry": { en: "deliver again", de: "erneut zustellen" },
  "dlq.resolve": { en: "settle by hand", de: "von Hand erledigen" },
  "dlq.dead": { en: "give up", de: "nicht mehr zustellen" },
  "dlq.take_in": { en: "take in as leads of their own", de: "als eigene Leads annehmen" },
  "dlq.deliver_change": { en: "deliver as changes", de: "als Änderungen zustellen" },
  "runs.replay": { en: "deliver once more", de: "noch einmal zustellen" },
} as const satisfies Record<OperationView["action"], Texts>;

export function actionText({ say }: CommandContext, { action, destination }: OperationView): string {
  const text = say(ofKnown<Texts>(actionWords, action, { en: action, de: action }));
  return destination === null ? text : `${text} → ${destination}`;
}

/** One line that changes while it goes on. */
export function operationProgress({ say }: CommandContext, operation: OperationView): string {
  const seen = operation.done + operation.skipped + operation.failed;
  const of = operation.total === null ? "" : ` / ${operation.total}`;
  return `${say(operationState(operation.status))}: ${seen}${of}`;
}

/** How it ended: counts, and each obstacle with how often it was met. */
export function operationSummary({ say }: CommandContext, operation: OperationView): string[] {
  const { status, done, skipped, failed, total, error } = operation;
  const head = say({
    en: `${operationState(status).en}: ${done} of ${total ?? "?"} changed, ${skipped} skipped, ${failed} refused by the database`,
    de: `${operationState(status).de}: ${done} von ${total ?? "?"} geändert, ${skipped} übersprungen, ${failed} von der Datenbank abgelehnt`,
  });
  const obstacles = Object.entries(operation.obstacles).map(
    ([code, count]) => `  ${count} × ${say(obstacleText(code))} (${code})`,
  );
  return [head, ...obstacles, ...(error === null ? [] : [`  ${error}`])];
}

function obstacleText(code: string): Texts {
  if (isErrorCode(code)) return titles(errorCatalogue[code]);
  return isOperationObstacle(code) ? titles(operationObstacles[code]) : { en: code, de: code };
}

function titles({ en, de }: Readonly<Record<Language, { readonly title: string }>>): Texts {
  return { en: en.title, de: de.title };
}
