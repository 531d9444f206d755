// Finds the addresses of a destination's name.
import { lookup } from "node:dns/promises";

/** All addresses of a name; throws what `node:dns` throws. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** The operating system's way, so that /etc/hosts and a company's own name service count. */
export const systemResolve: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: "verbatim" });
  return found.map((entry) => entry.address);
};

/**
 * At most one lookup of a name at a time; whoever asks meanwhile shares its answer. The operating system's
 * lookups occupy node's few worker threads, so a name service that hangs under one destination with many
 * connections would otherwise hold up every other destination. Nothing is remembered once it is answered.
 */
export function sharedResolve(resolve: Resolve): Resolve {
  const underWay = new Map<string, Promise<readonly string[]>>();
  return (hostname) => {
    const running = underWay.get(hostname);
    if (running !== undefined) return running;
    const started = resolve(hostname).finally(() => underWay.delete(hostname));
    underWay.set(hostname, started);
    return started;
  };
}
