// Every stable code of the product and what people are told about it, wherever the code appears: in answers of HTTP, in
// error_code, in the log, in the overview and /health, under a message of the command line.
import type { ProblemCode } from "../config/problem.ts";
import { nearestName } from "../config/nearest-name.ts";
import { errorCatalogue, isErrorCode } from "../domain/errors/error-catalogue.ts";
import { responsibles, safeties, safetyAnswer } from "../domain/errors/explained.ts";
import type { Explained, Language } from "../domain/errors/explained.ts";
import { completionTexts } from "../domain/errors/completion-texts.ts";
import { failureTexts } from "../domain/errors/failure-texts.ts";
import { operationObstacles } from "../domain/attention/operation-obstacle.ts";
import { senderNoticeTexts } from "../domain/sources/sender-notice.ts";
import { suspicionTexts } from "../domain/sources/suspicion.ts";
import { alarmTexts } from "./alarms.ts";
import { commandFailures } from "./command-failures.ts";
import { databaseObstacleTexts } from "./database-obstacles.ts";
import { explainProblem } from "./configuration-problems.ts";
import { configurationTitles } from "./configuration-titles.ts";
import { embeddedDatabaseFailures } from "./embedded-database-failures.ts";
import { areas } from "./explanation.ts";
import type { Area, Explanation } from "./explanation.ts";
import { healthTroubles } from "./health-troubles.ts";
import { ledgerFindingTexts } from "./ledger-findings.ts";
import { ledgerRuleTexts } from "./ledger-rules.ts";
import { deliveryEventTexts } from "./log-of-delivery.ts";
import { intakeEventTexts } from "./log-of-intake.ts";
import { processEventTexts } from "./log-of-process.ts";
import { startFailures } from "./start-failures.ts";

const configurationCodes = Object.keys(configurationTitles) as readonly ProblemCode[];

/** By area; a code is in one of them. */
export const explainedCodes: Readonly<Record<Area, Readonly<Record<string, Explained>>>> = {
  http: { ...errorCatalogue, ...senderNoticeTexts, ...suspicionTexts },
  delivery: { ...failureTexts, ...completionTexts },
  operation: operationObstacles,
  configuration: Object.fromEntries(configurationCodes.map((code) => [code, explainProblem(code)])),
  start: { ...startFailures, ...embeddedDatabaseFailures, ...databaseObstacleTexts, ...commandFailures },
  database: ledgerRuleTexts,
  alarm: alarmTexts,
  health: healthTroubles,
  log: { ...intakeEventTexts, ...deliveryEventTexts, ...processEventTexts },
  verify: ledgerFindingTexts,
};

/** All of them, by area and then by code. */
export function explainAll(language: Language): readonly Explanation[] {
  return areas.flatMap((area) =>
    Object.keys(explainedCodes[area])
      .toSorted()
      .flatMap((code) => explain(code, language) ?? []),
  );
}

/** null: there is no such code. */
export function explain(code: string, language: Language): Explanation | null {
  const area = areas.find((each) => Object.hasOwn(explainedCodes[each], code));
  const found = area === undefined ? undefined : explainedCodes[area][code];
  if (area === undefined || found === undefined) return null;
  const { safe, who } = found;
  const { title, happened, todo } = found[language];
  return {
    code,
    area,
    title,
    what_happened: happened,
    safe: safeties[safe].verdict,
    lead_safe: safetyAnswer(safe, language),
    what_to_do: todo,
    responsible: who,
    who: responsibles[who][language],
    ...(isErrorCode(code) ? { http_status: errorCatalogue[code].status } : {}),
  };
}

const similarMax = 5;

/** Codes that somebody may have meant: the nearest one, and those that contain what was typed. */
export function similarCodes(typed: string): readonly string[] {
  const codes = areas.flatMap((area) => Object.keys(explainedCodes[area]));
  const nearest = nearestName(typed, codes);
  const part = typed.toLowerCase().replaceAll(/[\s-]+/g, "_");
  const containing = part.length < 3 ? [] : codes.filter((code) => code.includes(part));
  return [...new Set([...(nearest === null ? [] : [nearest]), ...containing])].slice(0, similarMax);
}
