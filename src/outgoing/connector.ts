// Guarded sockets, for kinds that speak something else than HTTP.
import type { Socket } from "node:net";
import { connectGuarded } from "./guarded-connect.ts";
import type { ConnectTarget } from "./guarded-connect.ts";
import { connectOptionsOf } from "./outgoing.ts";
import type { OutgoingDeps, Reach } from "./outgoing.ts";

export interface Connector {
  /**
   * A socket to an address that was checked, whoever it is that listens there; it is the caller's to end. Rejects for
   * `classifyTransportError`, and with `delivery_interrupted` after `close`.
   */
  connect(target: ConnectTarget): Promise<Socket>;
  /** Connections that are still being made are dropped. */
  close(): void;
}

export function openConnector(reach: Reach, deps: OutgoingDeps): Connector {
  const closing = new AbortController();
  const options = connectOptionsOf(reach, deps, closing.signal);
  return {
    connect: (target) => connectGuarded(target, options),
    close: () => closing.abort(),
  };
}
