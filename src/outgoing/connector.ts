// Guarded sockets, for kinds that speak something else than HTTP.
import type { Socket } from "node:net";
import { connectErrorOf, ConnectError } from "./connect-error.ts";
import { addressesFor, connectGuarded } from "./guarded-connect.ts";
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
  /**
   * For clients that open their sockets by themselves: `open` is given an address that was checked, and the next one where
   * nobody answers at it. Whoever is given an address looks nothing up. Such a client goes through no proxy, so where one
   * is prescribed this rejects, as `connect` does.
   */
  byAddress<T>(
    target: Pick<ConnectTarget, "hostname" | "port">,
    open: (address: string) => Promise<T>,
  ): Promise<T>;
  /** Connections that are still being made are dropped. */
  close(): void;
}

export function openConnector(reach: Reach, deps: OutgoingDeps): Connector {
  const closing = new AbortController();
  const options: ConnectOptions = { ...connectOptionsOf(reach, deps, closing.signal), speaks: "other" };
  return {
    connect: (target) => connectGuarded(target, options),
    authorities: async () => options.ca?.(),
    byAddress: (target, open) => openByAddress(target, options, open),
    close: () => closing.abort(),
  };
}

async function openByAddress<T>(
  target: Pick<ConnectTarget, "hostname" | "port">,
  options: ConnectOptions,
  open: (address: string) => Promise<T>,
): Promise<T> {
  let nobody = new ConnectError("destination_dns", `${target.hostname} has no address`);
  for (const address of await addressesFor(target, options)) {
    try {
      return await open(address);
    } catch (error) {
      const failed = connectErrorOf(error);
      if (failed?.code !== "destination_connect") throw error;
      nobody = failed;
    }
  }
  throw nobody;
}
