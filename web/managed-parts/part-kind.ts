// Sources and destinations are looked after in the same way; what differs beside their views is their names.
import type { Destination, Source } from "../api/types.ts";

/** As in the API's paths and in the dashboard's. */
export type PartKind = "sources" | "destinations";

export type Part = Source | Destination;

export const partNames = {
  de: {
    sources: { the: "die Quelle", this: "diese Quelle", a: "Quelle" },
    destinations: { the: "das Ziel", this: "dieses Ziel", a: "Ziel" },
  },
  en: {
    sources: { the: "the source", this: "this source", a: "source" },
    destinations: { the: "the destination", this: "this destination", a: "destination" },
  },
};

export function pathOf(kind: PartKind, name: string): string {
  return `/${kind}/${encodeURIComponent(name)}`;
}
