// Whether a browser sends a request because another site made it: a cookie goes along with those, too.
import type { FastifyRequest } from "fastify";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import { askedFrom } from "../../reach.ts";
import type { Reach } from "../../reach.ts";
import type { Refused } from "./route.ts";
import { refuse } from "./route.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Beside the cookie's SameSite=Strict: a change must say by Sec-Fetch-Site (W3C Fetch Metadata) or, where that is missing
 * (older browsers, and plain http), by Origin that it comes from a page of ours. A program that sends neither uses no
 * browser's cookie. null: it may be done.
 */
export function refuseFromElsewhere(
  request: FastifyRequest,
  reach: Reach,
  language: Language,
): Refused | null {
  if (safeMethods.has(request.method)) return null;
  const site = request.headers["sec-fetch-site"];
  if (site === "same-origin" || site === "none") return null;
  const { origin } = request.headers;
  if (site !== undefined) return refuse("cross_site_request", { reason: texts[language].site(shown(site)) });
  if (origin === undefined) return null;
  const ours = ownHosts(request, reach);
  const protocol = /^https?:/.exec(origin)?.[0];
  const from = hostOf(origin);
  if (from !== null && ours.some((host) => hostOf(`${protocol}//${host}`) === from)) return null;
  const isUntrusted =
    request.headers["x-forwarded-host"] !== undefined || request.headers["forwarded"] !== undefined
      ? !reach.isTrusted(peerOf(request))
      : false;
  const { wrongOrigin, untrustedProxy } = texts[language];
  const reason = wrongOrigin(shown(origin), ours.map(shown), from === null ? null : shown(origin));
  return refuse("cross_site_request", {
    reason: isUntrusted ? `${reason} ${untrustedProxy(peerOf(request))}` : reason,
  });
}

/** A browser's page cannot choose any of these headers: whatever the proxy kept or said is where the page is from. */
function ownHosts(request: FastifyRequest, reach: Reach): string[] {
  const hosts = [reach.publicUrl?.host, askedFrom(request, reach).host, request.headers.host];
  return [...new Set(hosts.filter((host) => host !== undefined && host !== ""))] as string[];
}

/** Without the protocol's own port. */
function hostOf(address: string): string | null {
  return /^https?:\/\//.test(address) && URL.canParse(address) ? new URL(address).host : null;
}

function peerOf({ raw }: FastifyRequest): string {
  return (raw.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

const shownCharactersMax = 200;

function shown(header: string | string[]): string {
  const text = Array.isArray(header) ? header.join(", ") : header;
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, shownCharactersMax);
}

/** `address`: what public_url would be; null: no page of ours can be there. */
const texts = {
  en: {
    site: (site: string) => `The browser says that another page asked for it (Sec-Fetch-Site: ${site}).`,
    wrongOrigin: (origin: string, expected: readonly string[], address: string | null) =>
      `The browser's page is at ${origin}; expected was ${expected.join(" or ")} (Origin and Host).${
        address === null
          ? ""
          : ` If LeadLedger is reached at ${address} through a reverse proxy, set public_url: ${address} in leadledger.yaml, or let the proxy pass on the host (Host or X-Forwarded-Host) and name the proxy in trust_proxy.`
      }`,
    untrustedProxy: (peer: string) =>
      `The request has X-Forwarded-Host or Forwarded, but trust_proxy does not name ${peer}, where it came from.`,
  },
  de: {
    site: (site: string) =>
      `Der Browser sagt, dass eine andere Seite sie ausgelöst hat (Sec-Fetch-Site: ${site}).`,
    wrongOrigin: (origin: string, expected: readonly string[], address: string | null) =>
      `Die Seite im Browser hat die Adresse ${origin}; erwartet war ${expected.join(" oder ")} (Origin und Host).${
        address === null
          ? ""
          : ` Ist LeadLedger über einen Reverse-Proxy unter ${address} erreichbar, setzen Sie public_url: ${address} in leadledger.yaml, oder lassen Sie den Proxy den Rechnernamen weitergeben (Host oder X-Forwarded-Host) und nennen Sie den Proxy in trust_proxy.`
      }`,
    untrustedProxy: (peer: string) =>
      `Die Anfrage enthält X-Forwarded-Host oder Forwarded, aber ${peer}, woher sie kam, steht nicht in trust_proxy.`,
  },
} as const;
