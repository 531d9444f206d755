// Payloads of what arrives as JSON text: written piece by piece where every lead passes, its members named as declared.
import type { EventPayload } from "./event-types.ts";

/** What the events of one arrival may hold. */
type ArrivalMember = keyof EventPayload<"lead_received"> | keyof EventPayload<"lead_rejected">;

/** `"source":"website"`; `json`: the value as JSON text. */
export function payloadMember(name: ArrivalMember, json: string): string {
  return `"${name}":${json}`;
}
