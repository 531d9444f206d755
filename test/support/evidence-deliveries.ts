// A destination that keeps no more than how often each delivery came, so that it can outlive hundreds of thousands.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface DeliveryLog {
  readonly url: string;
  /** How often a delivery was taken. */
  countOf(id: string): number;
  /** Ids of deliveries that were taken more than once. */
  twice(): string[];
  /** When (ms since 1970) each attempt came, of deliveries whose first one was refused. */
  readonly attemptsMs: ReadonlyMap<string, readonly number[]>;
  close(): Promise<void>;
}

/** `refusesFirst`: the deliveries whose first attempt is answered with 503. */
export async function startDeliveryLog(
  refusesFirst: (id: string) => boolean = () => false,
): Promise<DeliveryLog> {
  const counts = new Map<string, number>();
  const attemptsMs = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const id = String(request.headers["webhook-id"]);
    request.resume();
    request.once("end", () => response.writeHead(take(id)).end());
  });
  const take = (id: string): number => {
    if (refusesFirst(id)) {
      const attempts = attemptsMs.get(id) ?? [];
      attemptsMs.set(id, [...attempts, Date.now()]);
      if (attempts.length === 0) return 503;
    }
    counts.set(id, (counts.get(id) ?? 0) + 1);
    return 200;
  };
  // A connection that waits for its next delivery is not cut in the moment in which that is sent.
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/leads`,
    countOf: (id) => counts.get(id) ?? 0,
    twice: () => [...counts].filter(([, count]) => count > 1).map(([id]) => id),
    attemptsMs,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}
