// The request for an access token: by client credentials (RFC 6749 section 4.4.2), with a refresh token (section 6), or by
// an assertion that a key of our own signs (RFC 7523 section 2.1).
import type { HttpRequest } from "../../../outgoing/http-client.ts";

/** What a token is asked for with. */
export type TokenGrant = ClientGrant | AssertionGrant;

export interface AssertionGrant {
  readonly tokenUrl: string;
  /** Signed anew for each request, because it ends soon (jwt-assertion.ts). */
  readonly assertion: (nowMs: number) => string;
}

export interface ClientGrant {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** null: the token server wants none. */
  readonly clientSecret: string | null;
  readonly clientAuth: "basic" | "body";
  readonly scope?: string;
  readonly audience?: string;
  /** Absent: by client credentials. */
  readonly refreshToken?: string;
}

/** `refreshToken`: in place of the grant's own, where the token server gave another. */
export function tokenRequest(grant: TokenGrant, nowMs: number, refreshToken?: string): HttpRequest {
  if (isAssertion(grant)) return formRequest(grant.tokenUrl, assertionForm(grant, nowMs));
  return clientRequest(refreshToken === undefined ? grant : { ...grant, refreshToken });
}

export function isAssertion(grant: TokenGrant): grant is AssertionGrant {
  return "assertion" in grant;
}

function assertionForm({ assertion }: AssertionGrant, nowMs: number): URLSearchParams {
  return new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: assertion(nowMs),
  });
}

function clientRequest(grant: ClientGrant): HttpRequest {
  const { tokenUrl, clientId, clientSecret, clientAuth, scope, audience, refreshToken } = grant;
  const isInBody = clientAuth === "body";
  const body = new URLSearchParams({
    ...(refreshToken === undefined
      ? { grant_type: "client_credentials" }
      : { grant_type: "refresh_token", refresh_token: refreshToken }),
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...(isInBody ? { client_id: clientId } : {}),
    ...(isInBody && clientSecret !== null ? { client_secret: clientSecret } : {}),
  });
  return formRequest(tokenUrl, body, isInBody ? {} : { authorization: basic(clientId, clientSecret ?? "") });
}

function formRequest(
  tokenUrl: string,
  form: URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  const url = new URL(tokenUrl);
  return {
    method: "POST",
    path: url.pathname + url.search,
    headers: {
      "user-agent": "LeadLedger",
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      ...headers,
    },
    body: form.toString(),
  };
}

/** Section 2.3.1: both are form-encoded before they are joined. */
function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString("base64")}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
