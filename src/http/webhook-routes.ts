// Which requests bring leads: the plain ones are told by their first look, all others by Fastify's router.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";
import type { NoteRefused } from "../intake/intake.ts";
import { sourceNameOf } from "./lead-requests.ts";
import type { LeadRequests } from "./lead-requests.ts";

/** Whether leads are posted to this path; something, such as a token, may stand behind the source's name. */
export function isWebhook(path: string): boolean {
  return /^\/webhook\/lead(?:\/|$)/.test(path);
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

export function webhookRoutes(server: FastifyInstance, leads: LeadRequests, noteRefused: NoteRefused): void {
  for (const url of ["/webhook/lead", "/webhook/lead/:source"]) {
    server.post<{ Params: { source?: string } }>(url, { config: { takesLeads: true } }, (request, reply) => {
      reply.hijack();
      leads.receive(request.raw, reply.raw, request.params.source ?? null);
    });
    server.get<{ Params: { source?: string } }>(url, (request, reply) => {
      const isAnswered =
        request.method === "GET" && leads.handshake(request.raw, reply.raw, request.params.source ?? null);
      if (isAnswered) reply.hijack();
      else reply.callNotFound();
    });
  }
  for (const url of ["/webhook/lead", "/webhook/lead/:source", "/webhook/lead/:source/*"])
    server.options<{ Params: { source?: string } }>(url, (request, reply) => {
      if (leads.preflight(request.raw, reply.raw, request.params.source ?? null)) reply.hijack();
      else reply.callNotFound();
    });
  // A token may stand behind the source's name, where a sender can set nothing but the address. Whatever stands there, 404
  // would tell some senders to give up.
  server.post<{ Params: { source: string; "*": string } }>(
    "/webhook/lead/:source/*",
    { config: { takesLeads: true } },
    (request, reply) => {
      const { source, "*": rest } = request.params;
      if (leads.isConfigured(source) && !hasDotSegment(`${source}/${rest}`)) {
        reply.hijack();
        leads.receive(request.raw, reply.raw, source);
      } else {
        noteRefused(sourceNameOf(source, undefined), "source_unknown");
        reply.callNotFound();
      }
    },
  );
}

/** Which another program on the way may take for a way up (RFC 3986 section 5.2.4). */
function hasDotSegment(path: string): boolean {
  return path.split("/").some((segment) => segment === "." || segment === "..");
}

/** What is known of a request that is turned away before anything reads its lead. */
export interface UnreadRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly xSource: string | string[] | undefined;
}

/** Methods with a body: a sender's, not somebody's who looks at the address in a browser. */
const sendingMethods = new Set(["POST", "PUT", "PATCH"]);

/** Counts it for its source if it would have brought a lead. */
export function noteUnread(
  noteRefused: NoteRefused,
  { method, url, xSource }: UnreadRequest,
  code: ErrorCode,
): void {
  const path = (url?.split("?")[0] ?? "").replaceAll(/\/{2,}/g, "/");
  if (!sendingMethods.has(method ?? "") || !isWebhook(path)) return;
  const inPath = path.split("/")[3];
  noteRefused(sourceNameOf(inPath === undefined || inPath === "" ? null : decoded(inPath), xSource), code);
}

/** "": it cannot be decoded, and so is no name. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

/** The beginning of a request that node's parser could not read to the end of its headers; null: it says nothing. */
export function beginningOf(packet: Buffer): UnreadRequest | null {
  const text = packet.toString("latin1", 0, beginningBytesMax);
  const [, method, url] = /^([A-Z]{3,7}) (\S{1,4096}) HTTP\/1\.[01]\r?\n/.exec(text) ?? [];
  if (method === undefined) return null;
  return { method, url, xSource: /\nx-source:[ \t]*([^\r\n]{0,1024})/i.exec(text)?.[1] };
}

const beginningBytesMax = 64 * 1024;

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body is left unread for the route's handler. */
    takesLeads?: boolean;
  }
}
