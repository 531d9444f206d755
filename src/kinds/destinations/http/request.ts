// The request that brings a lead to a destination of kind `http` (docs/contract.md, Outgoing requests), and the same for people to look at.
import {
  deliveryHeaders,
  deliveryId,
  isReservedHeader,
} from "../../../domain/destinations/delivery-message.ts";
import { looksLikeToken, masked, shownPath } from "../../../domain/destinations/shown-address.ts";
import type { DeliveryMessage, ShownRequest } from "../sender.ts";
import { fixedProof, hmacHeaders, signs } from "./auth.ts";
import { httpBody } from "./body.ts";
import type { HttpDestination } from "./fields.ts";

export interface DeliveryRequest {
  readonly method: "POST" | "PUT" | "PATCH";
  readonly url: URL;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case, in the order in which they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Throws TypeError when the destination's URL cannot be parsed: configuration has seen to that before. */
export function deliveryRequest(
  destination: HttpDestination,
  message: DeliveryMessage,
  nowMs: number,
): DeliveryRequest {
  const id = deliveryId(message.runId, destination.name, message.revision);
  const { text: body, contentType } = httpBody(destination, message);
  const { secret, retiring, auth, method } = destination;
  const { url, path, headers } = sameForAll(destination);
  return {
    method,
    url,
    path,
    // Ours win over theirs.
    headers: {
      ...headers,
      ...deliveryHeaders({ id, body, contentType, secret, retiring, nowMs }),
      ...(signs(auth) ? hmacHeaders(auth, body, nowMs) : {}),
    },
    body,
  };
}

type SameForAll = Pick<DeliveryRequest, "url" | "path" | "headers">;

const prepared = new WeakMap<HttpDestination, SameForAll>();

/** What all requests to a destination share, made once. */
function sameForAll(destination: HttpDestination): SameForAll {
  const known = prepared.get(destination);
  if (known !== undefined) return known;
  const proof = fixedProof(destination.auth);
  const url = withQuery(new URL(destination.url), { ...destination.query, ...proof.query });
  const headers = { ...ownHeaders(destination), ...proof.headers };
  const made = { url, path: url.pathname + url.search, headers };
  prepared.set(destination, made);
  return made;
}

/** Behind what stands there; spaces are written as %20, which every receiver reads. */
function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  const added = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  if (added.length > 0)
    url.search = [...(url.search === "" ? [] : [url.search.slice(1)]), ...added].join("&");
  return url;
}

function ownHeaders(destination: HttpDestination): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": "LeadLedger" };
  for (const [name, value] of Object.entries(destination.headers)) {
    if (!isReservedHeader(name)) headers[name.toLowerCase()] = value;
  }
  return headers;
}

/**
 * The request as it goes over the wire, with the headers that the connection adds; but values of configured headers, of
 * the URL's query and whatever in its path looks like a token are masked: addresses and headers often carry credentials.
 * No access token is fetched for it.
 */
export function showRequest(request: DeliveryRequest, destination: HttpDestination): ShownRequest {
  const { method, url, headers, body } = request;
  const { auth } = destination;
  const hidden = new Set([
    ...Object.keys(destination.headers).map((name) => name.toLowerCase()),
    ...Object.keys(fixedProof(auth).headers),
  ]);
  const shown = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    hidden.has(name) && !isOurs(name) ? masked : value,
  ]);
  return {
    method,
    url: maskedUrl(url),
    headers: {
      host: url.host,
      connection: "keep-alive",
      ...Object.fromEntries(shown),
      ...(auth.kind === "oauth2" ? { authorization: `Bearer ${masked}` } : {}),
      "content-length": String(Buffer.byteLength(body)),
    },
    body,
  };
}

function isOurs(name: string): boolean {
  return isReservedHeader(name);
}

function maskedUrl(url: URL): string {
  const query = [...url.searchParams.keys()].map(
    (name) => `${looksLikeToken(name) ? masked : encodeURIComponent(name)}=${masked}`,
  );
  return `${url.origin}${shownPath(url.pathname)}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}
