// The HTTP side that all peers share: Fastify with its own JSON parser, one route, the product's answer.
import Fastify from "fastify";
import type { AddressInfo } from "node:net";

export interface PeerLead {
  readonly anfrage_nr: string;
}

/** `accept` stores the lead durably and returns its id. Tells the parent the port. */
export async function serveLeads(accept: (lead: PeerLead) => Promise<string>): Promise<void> {
  const server = Fastify({ logger: false });
  server.post<{ Body: PeerLead }>("/webhook/lead/:source", async (request, reply) => {
    const id = await accept(request.body);
    return reply.code(202).type("application/json").send(`{"status":"accepted","run_id":"${id}"}`);
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  process.once("disconnect", () => process.exit(1));
  process.send?.({ port: (server.server.address() as AddressInfo).port });
}
