// The cookie of a session (RFC 6265): no script reads it, no other site's request carries it.
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";

export interface SessionCookie {
  /** `leadledger_session_<8 hex digits>`: its own for each installation. */
  readonly name: string;
  /** For `Set-Cookie`. */
  begin(scope: CookieScope, token: string, lifetimeMs: number): string;
  /** For `Set-Cookie`: the browser forgets the one that came along. */
  end(scope: CookieScope, request: FastifyRequest): string;
  /** null: none came along. */
  tokenOf(request: FastifyRequest): string | null;
}

/** How the browser reaches us. */
export interface CookieScope {
  readonly protocol: "http" | "https";
  /** Of the path that all of LeadLedger is below; `/` if it has the host to itself. */
  readonly path: string;
}

/** Of sessions that began before each installation had a name of its own: they go on until they end. */
const formerName = "leadledger_session";
const digestCharacters = 8;

/**
 * Browsers keep cookies by host and leave the port out (RFC 6265 section 8.5): two installations on one host would sign
 * people out of each other if they shared a name.
 * @param fingerprint of the installation's root key, the same on all of its nodes
 */
export function sessionCookieOf(fingerprint: string): SessionCookie {
  const digest = createHash("sha256").update(`session-cookie:${fingerprint}`).digest("hex");
  const name = `${formerName}_${digest.slice(0, digestCharacters)}`;
  return {
    name,
    begin: (scope, token, lifetimeMs) => written(name, token, scope, Math.floor(lifetimeMs / 1000)),
    end: (scope, { cookies }) =>
      cookies[name] === undefined && cookies[formerName] !== undefined
        ? written(formerName, "", { ...scope, path: "/" }, 0)
        : written(name, "", scope, 0),
    tokenOf: ({ cookies }) => cookies[name] ?? cookies[formerName] ?? null,
  };
}

function written(
  name: string,
  token: string,
  { protocol, path }: CookieScope,
  maxAgeSeconds: number,
): string {
  const secure = protocol === "https" ? "; Secure" : "";
  return `${name}=${token}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}
