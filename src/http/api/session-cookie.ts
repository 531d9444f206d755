// The cookie of a session (RFC 6265): no script reads it, no other site's request carries it.
import type { FastifyRequest } from "fastify";

export const sessionCookieName = "leadledger_session";

/** `null`: forgets it. */
export function sessionCookie(request: FastifyRequest, token: string | null, lifetimeMs: number): string {
  const maxAgeSeconds = token === null ? 0 : Math.floor(lifetimeMs / 1000);
  // Over TLS, or behind a proxy that is believed and says that it was https.
  const secure = request.protocol === "https" ? "; Secure" : "";
  return `${sessionCookieName}=${token ?? ""}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}

/** null: none came along. */
export function sessionTokenOf(request: FastifyRequest): string | null {
  return request.cookies[sessionCookieName] ?? null;
}
