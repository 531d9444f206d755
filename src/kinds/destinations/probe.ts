// Whether a connection to a destination can be made; nothing is sent.
import type { Destination } from "../../domain/destinations/destination.ts";
import { classifyTransportError } from "../../outgoing/transport-error.ts";
import type { Whom } from "../../outgoing/transport-error.ts";
import type { DestinationKind } from "./destination-kind.ts";
import { withSender } from "./one-sender.ts";
import type { Reachability } from "./sender.ts";

/** null for a kind that nothing is sent to. */
export function probeDestination(
  kinds: readonly DestinationKind[],
  destination: Destination,
): Promise<Reachability | null> {
  return withSender(kinds, destination, (sender) => sender.probe());
}

/** What a sender's `probe` says when `connect` resolves with the address that answered, or rejects. */
export async function probeWith(whom: Whom, connect: () => Promise<string>): Promise<Reachability> {
  const startedMs = performance.now();
  try {
    const address = await connect();
    return { reachable: true, address, durationMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    const { code, message } = classifyTransportError(error, whom);
    return { reachable: false, code, message };
  }
}
