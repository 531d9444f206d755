// What is said about a time zone of the file that cannot be the reporting time zone.
import { say } from "../../config/problem-texts.ts";
import type { TimezoneMisfit } from "../../config/judge-timezone.ts";
import type { Language } from "./language.ts";

/** With its place, and its code for `leadledger explain`. */
export function timezoneText(configPath: string, misfit: TimezoneMisfit, language: Language): string {
  return `${configPath}: timezone: ${say(misfit, language)} [${misfit.code}]`;
}
