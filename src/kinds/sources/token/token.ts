// A source whose sender sends a token along: Authorization: Bearer, or X-Api-Key (docs/contract.md, Credentials).
import type { Texts } from "../../../domain/errors/explained.ts";
import { credentialsReason } from "../../../domain/sources/presented-credentials.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import { validSecrets } from "../../../domain/sources/source.ts";
import type { SourceSecret } from "../../../domain/sources/source.ts";
import { sameText } from "../same-text.ts";
import { authenticated, notAuthenticated } from "../source-kind.ts";
import type { Authentication, SourceKind } from "../source-kind.ts";

export const token: SourceKind = {
  name: "token",
  signsBody: false,
  authenticate: ({ secrets }, { headers }, nowMs) => checkToken(validSecrets(secrets, nowMs), headers),
};

function checkToken(secrets: readonly SourceSecret[], headers: RequestHeaders): Authentication {
  const tokens = presentedTokens(headers);
  const reason = (): Texts => credentialsReason(headers, "Authorization: Bearer …, X-Api-Key", tokenHeaders);
  if (tokens.length === 0) return notAuthenticated("credentials_missing", reason());
  const matches = tokens.some((presented) => secrets.some(({ value }) => sameText(presented, value)));
  return matches ? authenticated : notAuthenticated("credentials_wrong", reason());
}

/** A proxy may add an Authorization of its own, so both places count. */
function presentedTokens(headers: RequestHeaders): Buffer[] {
  const bearer = /^bearer +(\S+) *$/i.exec(headerValue(headers, "authorization") ?? "")?.[1];
  const apiKey = headerValue(headers, "x-api-key");
  return [bearer, apiKey].flatMap((presented) => (presented ? [Buffer.from(presented, "latin1")] : []));
}

const tokenHeaders = ["authorization", "x-api-key"];
