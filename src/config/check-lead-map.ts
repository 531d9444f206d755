// What can be wrong with a source's `map`: members that a lead does not have, and its rules.
import { isMappedMember } from "../domain/leads/map-rules.ts";
import { mappedMembers } from "../domain/leads/vocabulary.ts";
import { checkRule, isMapping } from "./check-map-rules.ts";
import type { NoteInMap } from "./check-map-rules.ts";
import { nearestName } from "./nearest-name.ts";

/** Looks at whatever is a mapping; the schema says when it is none. */
export function checkLeadMap(map: unknown, note: NoteInMap): void {
  if (!isMapping(map)) return;
  for (const [name, rule] of Object.entries(map)) {
    if (isMappedMember(name)) checkRule(rule, [name], note);
    else {
      const known = [...mappedMembers, "utm.source", "click_ids.gclid"];
      const suggestion = nearestName(name, known);
      note([name], { code: "unknown_key", params: { key: name, suggestion, known } });
    }
  }
}
