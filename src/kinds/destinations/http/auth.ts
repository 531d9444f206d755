// What a way of proving adds to a request: fixed headers and parameters, or a signature over what is sent. Access tokens,
// which are fetched, the sender adds (oauth2/access-tokens.ts).
import { createHmac } from "node:crypto";
import type { HttpAuth } from "./auth-fields.ts";

type Pairs = Readonly<Record<string, string>>;

/** The same with every request; names of headers in lower case. */
export interface FixedProof {
  readonly headers: Pairs;
  readonly query: Pairs;
}

const nothing: FixedProof = { headers: {}, query: {} };

export function fixedProof(auth: HttpAuth): FixedProof {
  const proof = proofs[auth.kind] as (auth: HttpAuth) => FixedProof;
  return proof(auth);
}

type Auth<Kind> = Extract<HttpAuth, { readonly kind: Kind }>;

const proofs: { readonly [Kind in HttpAuth["kind"]]: (auth: Auth<Kind>) => FixedProof } = {
  none: () => nothing,
  basic: ({ username, password }) => inHeader("authorization", basic(username, password ?? "")),
  bearer: ({ token }) => inHeader("authorization", `Bearer ${token}`),
  api_key: ({ in: place, name, key }) =>
    place === "query" ? { headers: {}, query: { [name]: key } } : inHeader(name.toLowerCase(), key),
  oauth2: () => nothing,
  hmac: () => nothing,
  standard_webhooks: () => nothing,
};

function inHeader(name: string, value: string): FixedProof {
  return { headers: { [name]: value }, query: {} };
}

/** The way that signs what is sent. */
export type HmacAuth = Auth<"hmac">;

export function signs(auth: HttpAuth): auth is HmacAuth {
  return "algorithm" in auth;
}

const usualHeader = "x-signature";

/** Names in lower case. RFC 2104; the key is the secret's UTF-8 bytes. */
export function hmacHeaders(auth: HmacAuth, body: string, nowMs: number): Record<string, string> {
  const timestamp = auth.signed === "{body}" ? null : String(Math.floor(nowMs / 1_000));
  const signed = timestamp === null ? body : `${timestamp}.${body}`;
  const signature = createHmac(auth.algorithm, auth.secret).update(signed).digest(auth.encoding);
  return {
    ...(timestamp === null ? {} : { "x-timestamp": timestamp }),
    [(auth.header ?? usualHeader).toLowerCase()]: `${auth.prefix ?? ""}${signature}`,
  };
}

/** RFC 7617, in UTF-8. */
function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}
