// /api/docs and /api/openapi.json, answered by the documentation (documentation.ts), which is made for the first who looks.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { upwards } from "../../upwards.ts";
import type { Route } from "../frame/route.ts";

/** They hold for one connection, and this answer goes out on another one. */
const ofTheConnection = new Set(["connection", "keep-alive", "transfer-encoding"]);

/** `prefix`: below which the routes are served. */
export function documentationRoutes(server: FastifyInstance, routes: readonly Route[], prefix: string): void {
  const documentation = madeOnce(async () => {
    const { makeDocumentation } = await import("./documentation.ts");
    return makeDocumentation(routes, prefix);
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const pages = await documentation();
    // Also for HEAD, from which Fastify takes the body away when it knows how long it is.
    const { statusCode, headers, rawPayload } = await pages.inject({
      method: "GET",
      url: request.url,
      headers: request.headers,
    });
    if (statusCode === 404) {
      reply.callNotFound();
      return reply;
    }
    for (const [name, value] of Object.entries(headers)) {
      if (!ofTheConnection.has(name)) reply.header(name, value);
    }
    if (typeof headers.location === "string")
      reply.header("location", `${upwards(request.url)}${headers.location.slice(1)}`);
    if (/^\/api\/docs(?:\?|$)/.test(request.url)) {
      const html = rawPayload.toString("utf8").replaceAll('"/api/docs/', '"docs/');
      return reply.code(statusCode).header("content-length", Buffer.byteLength(html)).send(html);
    }
    return reply.code(statusCode).send(rawPayload);
  };
  for (const url of ["/api/docs", "/api/docs/*", "/api/openapi.json"]) server.get(url, answer);
}

/** Whoever asks while it is being made waits for the same one; a failure is not remembered. */
export function madeOnce<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | null = null;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    }));
}
