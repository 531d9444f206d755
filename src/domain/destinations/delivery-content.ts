// What of a lead goes to a destination, decided for each delivery at the time it is sent, because a lead may be completed
// or changed until then: nothing, where its condition is not met; what its map makes of it; or our own JSON as it is.
import { unmetPlace } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { deliveryDocument } from "./delivery-body.ts";
import { mapLead } from "./map-lead.ts";
import type { TargetMap } from "./target-map.ts";

/** As far as a destination says it. */
export interface Wanted {
  readonly when?: Condition | undefined;
  readonly map?: TargetMap | undefined;
  /** JSONata, in place of a map. */
  readonly expression?: string | undefined;
}

export type DeliveryContent =
  /** `mapped`: what the map made; undefined: there is no map. */
  | { readonly kind: "send"; readonly mapped: unknown }
  /** What is sent is for its expression to say, about the delivery as JSON with exact numbers. */
  | { readonly kind: "evaluate"; readonly expression: string; readonly document: unknown }
  /** `place`: the part of the condition that is not met, `when.all[1]`. */
  | { readonly kind: "skip"; readonly place: string }
  /** Targets that must not be empty, and are. */
  | { readonly kind: "incomplete"; readonly targets: readonly string[] };

/** `body`: as made by `deliveryBody`. Never throws for one of these. */
export function deliveryContent({ when, map, expression }: Wanted, body: string): DeliveryContent {
  if (when === undefined && map === undefined && expression === undefined) return asItIs;
  const document = deliveryDocument(body);
  const unmet = when === undefined ? null : unmetPlace(when, document);
  if (unmet !== null) return { kind: "skip", place: unmet };
  if (expression !== undefined) return { kind: "evaluate", expression, document };
  if (map === undefined) return asItIs;
  const mapped = mapLead(map, document);
  return mapped.kind === "mapped"
    ? { kind: "send", mapped: mapped.value }
    : { kind: "incomplete", targets: mapped.targets };
}

const asItIs: DeliveryContent = { kind: "send", mapped: undefined };
