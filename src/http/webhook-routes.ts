// Which requests bring leads: the plain ones are told by their first look, all others by Fastify's router.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { LeadRequests } from "./lead-requests.ts";

/** Whether leads are posted to this path. */
export function isWebhook(path: string): boolean {
  return /^\/webhook\/lead(\/[^/]*)?\/?$/.test(path);
}

// Nothing in it to decode, to normalise or to refuse.
const plainPath = /^\/webhook\/lead(?:\/([A-Za-z0-9_-]{1,255}))?$/;

/**
 * Takes a request that needs no router: routing, hooks and parsers of Fastify would be a good part of what a lead costs.
 * false: the request is somebody else's, or not quite so plain.
 */
export function takePlainLead(
  leads: LeadRequests,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.method !== "POST" || request.headers.host === undefined) return false;
  const match = plainPath.exec(request.url ?? "");
  if (match === null) return false;
  leads.receive(request, response, match[1] ?? null);
  return true;
}

export function webhookRoutes(server: FastifyInstance, leads: LeadRequests): void {
  for (const url of ["/webhook/lead", "/webhook/lead/:source"]) {
    server.post<{ Params: { source?: string } }>(url, { config: { takesLeads: true } }, (request, reply) => {
      reply.hijack();
      leads.receive(request.raw, reply.raw, request.params.source ?? null);
    });
  }
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body is left unread for the route's handler. */
    takesLeads?: boolean;
  }
}
