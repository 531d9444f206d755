// Checks where a source sends: whether the destinations are there, and whether groups that take turns are groups.
import { groupMembersMax, weightMax } from "../domain/leads/distribution.ts";
import { formatPointer } from "../domain/values/json-pointer.ts";
import { valueKindOf } from "./check-structure.ts";
import { isMapping } from "./fields/settings.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said, ValueKind } from "./problem.ts";
import type { YamlFile } from "./yaml-file.ts";

/** As `OfClient`; undefined: nobody knows. */
interface Named {
  readonly name: string;
  readonly client: string | null | undefined;
}

export function checkTo(
  { name: source, client, to }: Named & { readonly to: unknown },
  destinations: readonly Named[] | null,
  file: YamlFile,
  note: (list: "problems" | "warnings", tokens: readonly string[], said: Said) => void,
): void {
  if (!Array.isArray(to)) return;
  const known = destinations === null ? null : new Map(destinations.map((each) => [each.name, each.client]));
  const path = ["sources", source, "to"];
  if (to.length === 0) note("warnings", path, { code: "sends_to_nobody", params: { source } });
  const listed = new Set<string>();
  const noteIn = (place: readonly string[], said: Said): void => note("problems", [...path, ...place], said);
  for (const { place, name: entry } of namesOf(to, noteIn)) {
    const entryPath = [...path, ...place];
    const name = file.fromEnvironment.has(formatPointer(entryPath)) ? null : entry;
    const others = known?.get(entry);
    if (known !== null && !known.has(entry)) {
      const names = [...known.keys()];
      const suggestion = name === null ? null : nearestName(name, names);
      note("problems", entryPath, {
        code: "destination_unknown",
        params: { name, suggestion, known: names },
      });
    } else if (client !== undefined && others !== undefined && others !== client) {
      note("problems", entryPath, {
        code: "destination_of_other_client",
        params: {
          source,
          name,
          client: file.fromEnvironment.has(formatPointer(["sources", source, "client"])) ? null : client,
        },
      });
    } else if (listed.has(entry)) {
      note("problems", entryPath, { code: "destination_listed_twice", params: { name } });
    }
    listed.add(entry);
  }
}

interface NamedEntry {
  /** Within `to`. */
  readonly place: readonly string[];
  readonly name: string;
}

/** What groups of `to` may be, and all the names in it. */
function namesOf(to: readonly unknown[], note: (place: readonly string[], said: Said) => void): NamedEntry[] {
  return to.flatMap((entry, index): NamedEntry[] => {
    const place = [String(index)];
    if (typeof entry === "string") return [{ place, name: entry }];
    // Neither a name nor a group: reported as such.
    if (!isMapping(entry)) return [];
    onlyMembers(entry, ["one_of", "skip_paused"], place, note);
    const { one_of: members, skip_paused: skipPaused = false } = entry;
    if (typeof skipPaused !== "boolean") note([...place, "skip_paused"], wrongType("boolean", skipPaused));
    if (!Array.isArray(members)) {
      note(
        members === undefined ? place : [...place, "one_of"],
        members === undefined
          ? { code: "key_missing", params: { key: "one_of", example: "one_of: [anna, bernd]" } }
          : wrongType("list", members),
      );
      return [];
    }
    if (members.length === 0) note([...place, "one_of"], { code: "list_empty", params: {} });
    if (members.length > groupMembersMax)
      note([...place, "one_of"], { code: "list_too_long", params: { entriesMax: groupMembersMax } });
    return members.flatMap((member: unknown, at) =>
      nameOfMember(member, [...place, "one_of", String(at)], note),
    );
  });
}

function nameOfMember(
  member: unknown,
  place: readonly string[],
  note: (place: readonly string[], said: Said) => void,
): NamedEntry[] {
  if (typeof member === "string") return [{ place, name: member }];
  if (!isMapping(member)) {
    note(place, wrongType("text", member));
    return [];
  }
  onlyMembers(member, ["destination", "weight"], place, note);
  const { destination, weight = 1 } = member;
  if (typeof weight !== "number") note([...place, "weight"], wrongType("whole_number", weight));
  else if (!Number.isInteger(weight) || weight < 1 || weight > weightMax)
    note([...place, "weight"], { code: "number_range", params: { min: 1, max: weightMax } });
  if (typeof destination === "string") return [{ place: [...place, "destination"], name: destination }];
  const missing = {
    code: "key_missing",
    params: { key: "destination", example: "destination: anna" },
  } as const;
  if (destination === undefined) note(place, missing);
  else note([...place, "destination"], wrongType("text", destination));
  return [];
}

function onlyMembers(
  entry: Record<string, unknown>,
  known: readonly string[],
  place: readonly string[],
  note: (place: readonly string[], said: Said) => void,
): void {
  for (const key of Object.keys(entry)) {
    if (known.includes(key)) continue;
    note([...place, key], {
      code: "unknown_key",
      params: { key, suggestion: nearestName(key, known), known },
    });
  }
}

function wrongType(expected: ValueKind, value: unknown): Said {
  return { code: "wrong_type", params: { expected, found: valueKindOf(value) } };
}
