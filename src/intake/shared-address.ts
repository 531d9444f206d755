// To which of the sources that share an address a lead belongs.
import { chooseClaim, idsIn, speaksAgainst } from "../domain/sources/shared-address.ts";
import { parseExactly } from "../domain/values/exact-json.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import type { KnownSource, Sharing } from "./source-directory.ts";

/** Whose a lead is that came to the address of `source`; `fault`: nobody lists it. */
export function ownerOf(
  { source }: KnownSource,
  { marks, sources, claims }: Sharing,
  bodyJson: string,
): { readonly owner: KnownSource } | { readonly fault: Refusal } {
  const ids = idsIn(marks, parseExactly(bodyJson));
  const place = chooseClaim(claims, ids);
  const owner = place === null ? undefined : sources[place];
  if (owner !== undefined) return { owner };
  const named = marks.map(
    ({ member }, mark) => `${member}: ${ids[mark]?.[0]?.slice(0, idCharactersMax) ?? "–"}`,
  );
  return {
    fault: refusal(
      "page_unknown",
      `No source that shares the address of ${source.name} lists ${named.join(", ")}.`,
    ),
  };
}

/**
 * Whose a lead is that a person brings for `source`, which shares the address of another one: its own unless the ids in it
 * say otherwise. `null`: it names ids that nobody lists.
 */
export function chosenOwnerOf(
  source: KnownSource,
  { marks, sources, claims }: Sharing,
  bodyJson: string,
): KnownSource | null {
  const ids = idsIn(marks, parseExactly(bodyJson));
  const place = chooseClaim(claims, ids);
  const named = place === null ? undefined : sources[place];
  if (named !== undefined) return named.source.name === source.source.name ? source : named;
  const own = claims[sources.findIndex((each) => each.source.name === source.source.name)];
  return own !== undefined && speaksAgainst(own, ids) ? null : source;
}

const idCharactersMax = 100;
