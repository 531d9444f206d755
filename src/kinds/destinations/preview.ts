// What an attempt would send, for people to look at.
import { declaredOf } from "../../config/declared-kind.ts";
import type { Wanted } from "../../domain/destinations/delivery-content.ts";
import type { Evaluate } from "../../domain/destinations/expression.ts";
import type { Destination } from "../../domain/destinations/destination.ts";
import type { DestinationKind } from "./destination-kind.ts";
import { messageFor } from "./message.ts";
import type { MadeMessage } from "./message.ts";
import type { DeliveryMessage, ShownRequest } from "./sender.ts";
import type { Surroundings } from "./surroundings.ts";

export type Previewed =
  | { readonly kind: "request"; readonly request: ShownRequest; readonly message: DeliveryMessage }
  /** Nothing would be sent of this lead. */
  | Exclude<MadeMessage, { kind: "message" }>;

/** null: nothing is sent to destinations of that kind. `delivery`: with the body as made by `deliveryBody`. */
export type PreviewRequest = (
  destination: Destination & Wanted,
  delivery: Omit<DeliveryMessage, "mapped">,
  nowMs: number,
) => Promise<Previewed | null>;

export function previewRequest(
  kinds: readonly DestinationKind[],
  surroundings: () => Promise<Surroundings>,
  evaluate: Evaluate,
): PreviewRequest {
  return async (destination, delivery, nowMs) => {
    const transport = await declaredOf(kinds, destination.kind)?.transport?.();
    if (transport === undefined) return null;
    const made = await messageFor(destination, delivery, evaluate);
    if (made.kind !== "message") return made;
    const { message } = made;
    const request = await transport.preview(destination, message, nowMs, await surroundings());
    return { kind: "request", request, message };
  };
}
