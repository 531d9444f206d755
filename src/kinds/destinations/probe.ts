// Whether a connection to a destination can be made; nothing is sent.
import { declaredOf } from "../../config/declared-kind.ts";
import type { Destination } from "../../domain/destinations/destination.ts";
import { proxyRulesOf } from "../../outgoing/proxy.ts";
import { classifyTransportError } from "../../outgoing/transport-error.ts";
import type { Whom } from "../../outgoing/transport-error.ts";
import type { DestinationKind } from "./destination-kind.ts";
import type { Reachability } from "./sender.ts";

/** From this machine, through its proxy if it has one; null for a kind that nothing is sent to. */
export async function probeDestination(
  kinds: readonly DestinationKind[],
  destination: Destination,
): Promise<Reachability | null> {
  const transport = await declaredOf(kinds, destination.kind)?.transport?.();
  if (transport === undefined) return null;
  const sender = transport.open(destination, { nowMs: Date.now, proxy: proxyRulesOf(process.env) });
  try {
    return await sender.probe();
  } finally {
    await sender.close();
  }
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
