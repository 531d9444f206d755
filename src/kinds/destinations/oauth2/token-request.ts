// The request for an access token: by client credentials (RFC 6749 section 4.4.2), or with a refresh token (section 6).
import type { HttpRequest } from "../../../outgoing/http-client.ts";

/** What a token is asked for with. */
export interface TokenGrant {
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

export function tokenRequest(grant: TokenGrant): HttpRequest {
  const { tokenUrl, clientId, clientSecret, clientAuth, scope, audience, refreshToken } = grant;
  const url = new URL(tokenUrl);
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
  return {
    method: "POST",
    path: url.pathname + url.search,
    headers: {
      "user-agent": "LeadLedger",
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      ...(isInBody ? {} : { authorization: basic(clientId, clientSecret ?? "") }),
    },
    body: body.toString(),
  };
}

/** Section 2.3.1: both are form-encoded before they are joined. */
function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString("base64")}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
