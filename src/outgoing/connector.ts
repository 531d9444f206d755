// Guarded sockets, for kinds that speak something else than HTTP.
import type { Socket } from "node:net";
import { connectGuarded } from "./guarded-connect.ts";
import type { ConnectOptions, ConnectTarget } from "./guarded-connect.ts";
import { connectOptionsOf } from "./outgoing.ts";
import type { OutgoingDeps, Reach } from "./outgoing.ts";

export interface Connector {
  /**
   * A socket to an address that was checked, whoever it is that listens there; it is the caller's to end. Rejects for
   * `classifyTransportError`, and with `delivery_interrupted` after `close`.
   */
  connect(target: ConnectTarget): Promise<Socket>;
  /**
   * PEM of the certificate authorities to trust instead of the public ones, for what begins TLS in the midst of its own
   * protocol; undefined: those of the machine. Rejects with `ConnectError` where the file cannot be used.
   */
  authorities(): Promise<string | undefined>;
  /** Connections that are still being made are dropped. */
  close(): void;
}

export function openConnector(reach: Reach, deps: OutgoingDeps): Connector {
  const closing = new AbortController();
  const options: ConnectOptions = { ...connectOptionsOf(reach, deps, closing.signal), speaks: "other" };
  return {
    connect: (target) => connectGuarded(target, options),
    authorities: async () => options.ca?.(),
    close: () => closing.abort(),
  };
}
