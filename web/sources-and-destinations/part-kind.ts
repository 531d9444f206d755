// Sources and destinations are looked after in the same way.
import type { Destination, Source } from "../api/types.ts";

/** As in the API's paths and in the dashboard's. */
export type PartKind = "sources" | "destinations";

export type Part = Source | Destination;

export function pathOf(kind: PartKind, name: string): string {
  return `/${kind}/${encodeURIComponent(name)}`;
}
