// What an attempt would send, for people to look at.
import { declaredOf } from "../../config/declared-kind.ts";
import type { Destination } from "../../domain/destinations/destination.ts";
import type { DestinationKind } from "./destination-kind.ts";
import type { DeliveryMessage, ShownRequest } from "./sender.ts";
import type { Surroundings } from "./surroundings.ts";

/** null: nothing is sent to destinations of that kind. */
export type PreviewRequest = (
  destination: Destination,
  message: DeliveryMessage,
  nowMs: number,
) => Promise<ShownRequest | null>;

export function previewRequest(
  kinds: readonly DestinationKind[],
  surroundings: () => Promise<Surroundings>,
): PreviewRequest {
  return async (destination, message, nowMs) => {
    const transport = await declaredOf(kinds, destination.kind)?.transport?.();
    return transport?.preview(destination, message, nowMs, await surroundings()) ?? null;
  };
}
