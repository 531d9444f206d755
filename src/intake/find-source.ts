// One source as the database's configuration has it at this moment, for calls that are rare.
import type { Destination } from "../domain/destinations/destination.ts";
import type { Source } from "../domain/sources/source.ts";
import type { SourceKind } from "../kinds/sources/source-kind.ts";
import { createSourceDirectory } from "./source-directory.ts";
import type { KnownSource } from "./source-directory.ts";

/** null: there is none of this name. */
export function findSourceIn(
  parts: { readonly sources: readonly Source[]; readonly destinations: readonly Destination[] },
  name: string,
  kinds: readonly SourceKind[],
): KnownSource | null {
  if (!parts.sources.some((each) => each.name === name)) return null;
  const directory = createSourceDirectory(false, kinds);
  // Its own, and those whose leads come over its address.
  const concerned = parts.sources.filter((each) => each.name === name || each.auth["via"] === name);
  directory.replace(concerned, parts.destinations);
  return directory.find(name);
}
