// From which website a request comes, as its browser says it, and whether that is one of those that may: weak as a proof,
// because whoever writes a program can say anything, but no page can make a browser say something else.
import { headerValue } from "../../../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import type { HandshakeRequest, SourceAnswer } from "../source-kind.ts";

/** `https://www.example.com`, or `https://*.example.com` for all hosts below; empty: any website. */
export type Origins = readonly string[];

/** Whether it can stand in the list: a scheme, a host, perhaps a port, and nothing behind it. */
export function isOrigin(text: string): boolean {
  const plain = text.replace(/^(https?:\/\/)\*\./i, "$1");
  return URL.canParse(plain) && /^https?:\/\/[^/?#@\s*]+\/?$/i.test(plain);
}

/**
 * The website that a browser names (Fetch, section 3.1, Origin; else the origin of Referer); null: it names none, as
 * programs, or hides it (`Origin: null`), as pages that set a strict policy.
 */
export function originOf(headers: RequestHeaders): string | null {
  const origin = headerValue(headers, "origin");
  const named = origin ?? headerValue(headers, "referer");
  return named === undefined ? null : webOrigin(named);
}

export function isAllowed(origins: Origins, origin: string): boolean {
  return origins.length === 0 || isListed(origins, origin);
}

export function isListed(origins: Origins, origin: string): boolean {
  return origins.some((each) => {
    const [scheme = "", domain] = each.toLowerCase().split("*.");
    if (domain === undefined) return webOrigin(each) === origin;
    return origin.startsWith(scheme) && origin.slice(scheme.length).endsWith(`.${domain.replace(/\/$/, "")}`);
  });
}

/** What lets a script of an allowed page read the answer; null: no script asks, or it may not. */
export function corsHeaders(origins: Origins, headers: RequestHeaders): Readonly<Record<string, string>> {
  const origin = headerValue(headers, "origin");
  const named = origin === undefined ? null : webOrigin(origin);
  if (origins.length === 0) return origin === undefined ? {} : { "Access-Control-Allow-Origin": "*" };
  // The answer is another one for another website, which whoever keeps answers has to know.
  const isReadable = named !== null && isListed(origins, named);
  return isReadable ? { "Access-Control-Allow-Origin": named, Vary: "Origin" } : { Vary: "Origin" };
}

/** Whether a script may send what no plain form can (Fetch, section 4.8): JSON, and headers of its own. */
export function preflightAnswer(origins: Origins, { headers }: HandshakeRequest): SourceAnswer | null {
  if (headerValue(headers, "access-control-request-method") === undefined) return null;
  const cors = corsHeaders(origins, headers);
  if (cors["Access-Control-Allow-Origin"] === undefined) return { status: 403, headers: cors, body: "" };
  return {
    status: 204,
    headers: {
      ...cors,
      "Access-Control-Allow-Methods": "POST",
      "Access-Control-Allow-Headers":
        "Content-Type, Idempotency-Key, X-Idempotency-Key, Authorization, X-Api-Key",
      "Access-Control-Max-Age": String(preflightKeptSeconds),
    },
    body: "",
  };
}

const preflightKeptSeconds = 7_200;

/** null: a page has none, like a file or a sandbox. */
function webOrigin(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, origin } = new URL(address);
  return protocol === "https:" || protocol === "http:" ? origin : null;
}
