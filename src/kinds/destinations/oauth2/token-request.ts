// The request for an access token by client credentials (RFC 6749 section 4.4.2).
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { ClientCredentials } from "./fields.ts";

export function tokenRequest(settings: ClientCredentials): HttpRequest {
  const { tokenUrl, clientId, clientSecret, clientAuth, scope, audience } = settings;
  const url = new URL(tokenUrl);
  const isInBody = clientAuth === "body";
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...(isInBody ? { client_id: clientId, client_secret: clientSecret } : {}),
  });
  return {
    method: "POST",
    path: url.pathname + url.search,
    headers: {
      "user-agent": "LeadLedger",
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      ...(isInBody ? {} : { authorization: basic(clientId, clientSecret) }),
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
