// The tiles that the set-up of a source begins with, from what all kinds declare.
import type { DeclaredKinds } from "./declared-kind.ts";
import type { SetUp, Tile } from "./set-up.ts";

export interface TileOfKinds extends Tile {
  readonly setUps: readonly (SetUp & { readonly kind: string; readonly hasVendorCheck: boolean })[];
}

/** In the order in which people are offered them. */
export function tilesOf({ sources }: DeclaredKinds): readonly TileOfKinds[] {
  const all = sources.flatMap(({ kind, setUp, hasVendorCheck = false }) =>
    setUp.map((each) => ({ ...each, kind, hasVendorCheck })),
  );
  const tiles = new Map(all.map(({ tile }) => [tile.id, tile]));
  return [...tiles.values()]
    .toSorted((one, other) => one.rank - other.rank)
    .map((tile) => ({ ...tile, setUps: all.filter((each) => each.tile.id === tile.id) }));
}

/** undefined: there is none of this id. */
export function setUpOf({ sources }: DeclaredKinds, id: string) {
  return sources
    .flatMap((declared) => declared.setUp.map((setUp) => ({ declared, setUp })))
    .find(({ setUp }) => setUp.id === id);
}
