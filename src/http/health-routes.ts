// GET /health (audited), /livez, /readyz and /metrics.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";

export interface HealthDeps {
  /** Writes the `health_check` event; resolves to false when leads cannot be stored now. */
  readonly recordHealthCheck: (at: string) => Promise<boolean>;
  /** What does not work as it should although leads can be accepted; empty: all is well. Short stable words. */
  readonly troubles: () => readonly string[];
  /** What waits on disk for the database; null: there is no spool. */
  readonly spool: () => {
    readonly records: number;
    readonly bytes: number;
    readonly oldest_seconds: number;
  } | null;
  /** Whether a lead can be accepted now. */
  readonly canAccept: () => Promise<boolean>;
  /** Prometheus text. */
  readonly metrics: () => Promise<{ contentType: string; text: string }>;
  readonly now: () => Date;
}

export function healthRoutes(server: FastifyInstance, deps: HealthDeps): void {
  server.get("/health", (request, reply) => {
    reply.hijack();
    void answerHealthCheck(deps, request.raw, reply.raw);
  });

  server.get("/livez", (_request, reply) => reply.send({ status: "ok" }));

  server.get("/readyz", async (_request, reply) => {
    const ready = await deps.canAccept().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ok" : "unavailable" });
  });

  server.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await deps.metrics();
    return reply.type(contentType).send(text);
  });
}

const unavailableRetryAfterSeconds = 5;

/** Takes a plain `GET /health` past the router, as plain leads are; false: it is another request. */
export function takePlainHealthCheck(
  deps: HealthDeps,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.url !== "/health" || request.method !== "GET" || request.headers.host === undefined) {
    return false;
  }
  void answerHealthCheck(deps, request, response);
  return true;
}

async function answerHealthCheck(
  deps: HealthDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const recorded = await deps.recordHealthCheck(deps.now().toISOString()).catch(() => false);
  const troubles = deps.troubles();
  const body = !recorded
    ? { status: "unavailable" }
    : troubles.length === 0
      ? { status: "ok" }
      : { status: "degraded", troubles, ...(deps.spool() === null ? {} : { spool: deps.spool() }) };
  const text = JSON.stringify(body);
  if (!recorded) response.setHeader("Retry-After", unavailableRetryAfterSeconds);
  response
    .writeHead(recorded ? 200 : 503, {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(text),
    })
    .end(request.method === "HEAD" ? undefined : text);
}
