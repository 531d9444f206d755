// Whether a connection to a destination can be made; nothing is sent.
import type { Destination } from "../../domain/destinations/destination.ts";
import { proxyRulesOf } from "../outgoing/proxy.ts";
import { createSender } from "./registry.ts";
import type { Reachability } from "./sender.ts";

/** From this machine, through its proxy if it has one; null for a kind that nothing is sent to. */
export async function probeDestination(destination: Destination): Promise<Reachability | null> {
  const sender = createSender(destination, { nowMs: Date.now, proxy: proxyRulesOf(process.env) });
  if (sender === null) return null;
  try {
    return await sender.probe();
  } finally {
    await sender.close();
  }
}
