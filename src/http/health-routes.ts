// GET /health (audited), /livez, /readyz and /metrics.
import type { FastifyInstance } from "fastify";

export interface HealthParts {
  /** Writes the `health_check` event; resolves to false when leads cannot be stored now. */
  readonly recordHealthCheck: (at: string) => Promise<boolean>;
  /** What does not work as it should although leads can be accepted; empty: all is well. Short stable words. */
  readonly troubles: () => readonly string[];
  /** Whether a lead can be accepted now. */
  readonly canAccept: () => Promise<boolean>;
  /** Prometheus text. */
  readonly metrics: () => Promise<{ contentType: string; text: string }>;
  readonly now: () => Date;
}

export function healthRoutes(server: FastifyInstance, parts: HealthParts): void {
  server.get("/health", async (_request, reply) => {
    const recorded = await parts.recordHealthCheck(parts.now().toISOString());
    if (!recorded) return reply.code(503).header("retry-after", 5).send({ status: "unavailable" });
    const troubles = parts.troubles();
    return reply.send(troubles.length === 0 ? { status: "ok" } : { status: "degraded", troubles });
  });

  server.get("/livez", (_request, reply) => reply.send({ status: "ok" }));

  server.get("/readyz", async (_request, reply) => {
    const ready = await parts.canAccept().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ok" : "unavailable" });
  });

  server.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await parts.metrics();
    return reply.type(contentType).send(text);
  });
}
