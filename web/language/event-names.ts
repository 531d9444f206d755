// What happened, in a few words, for each type of event that LeadLedger itself writes.
import { eventTypeOf } from "../../src/domain/log/event-types.ts";
import type { Language } from "./languages.ts";

export { eventTypeNames } from "../../src/domain/log/event-types.ts";

/** An event of somebody's own program, or of a newer node, has the name that it gave. */
export function eventName(type: string, language: Language): string {
  return eventTypeOf(type)?.name[language] ?? type;
}
