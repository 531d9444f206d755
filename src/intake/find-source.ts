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
  const source = parts.sources.find((each) => each.name === name);
  if (source === undefined) return null;
  const directory = createSourceDirectory(false, kinds);
  directory.replace([source], parts.destinations);
  return directory.find(name);
}
