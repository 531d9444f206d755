// Whether a browser sends a request because another site made it: a cookie goes along with those, too.
import type { FastifyRequest } from "fastify";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Beside the cookie's SameSite=Strict: a change must say by Sec-Fetch-Site (W3C Fetch Metadata) or, from older browsers,
 * by Origin that it comes from a page of ours. A program that sends neither uses no browser's cookie.
 */
export function isFromElsewhere(request: FastifyRequest): boolean {
  if (safeMethods.has(request.method)) return false;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  return originHost(origin) !== host;
}

function originHost(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
