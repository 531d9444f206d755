// Sources and destinations are looked after in the same way.
import type { Destination, Source } from "../api/types.ts";

/** As in the API's paths and in the dashboard's. */
export type PartKind = "sources" | "destinations";

export interface Parts {
  readonly sources: Source;
  readonly destinations: Destination;
}
export type Part = Parts[PartKind];

export function pathOf(kind: PartKind, name: string): string {
  return `/${kind}/${encodeURIComponent(name)}`;
}
