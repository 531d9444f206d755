// Senders that sign, or else can only repeat a text of ours: in a header, in the query, or behind the source's name.
import type { Texts } from "../../domain/errors/explained.ts";
import { credentialsReason } from "../../domain/sources/presented-credentials.ts";
import { headerValue } from "../../domain/sources/request-headers.ts";
import { validSecrets } from "../../domain/sources/source.ts";
import type { SourceSecret } from "../../domain/sources/source.ts";
import { queryOf } from "./handshake-words.ts";
import type { CheckSignature } from "./signature/check-signature.ts";
import { authenticated, notAuthenticated } from "./source-kind.ts";
import type { Authentication, SourceRequest } from "./source-kind.ts";
import { isAmong, tokensInAddress, tokensInHeaders } from "./token-credentials.ts";

export interface TokenOrSignature {
  readonly secrets: readonly SourceSecret[] | undefined;
  readonly request: SourceRequest;
  readonly nowMs: number;
  /** In lower case. */
  readonly signatureHeader: string;
  /** Of a header or a parameter of the query that holds the token, besides the usual ones. */
  readonly ownName: string | null;
}

/** Either will do: both show that the sender knows the secret. */
export function checkTokenOr(check: CheckSignature, proof: TokenOrSignature): Authentication {
  const { secrets, request, nowMs, signatureHeader, ownName } = proof;
  const tokens = tokensIn(request, ownName);
  const live = validSecrets(secrets, nowMs);
  if (isAmong(tokens, live)) return authenticated;
  if (headerValue(request.headers, signatureHeader) !== undefined) return check(secrets, request, nowMs);
  if (tokens.length > 0) return notAuthenticated("credentials_wrong", reasonOf(proof));
  return notAuthenticated("credentials_missing", reasonOf(proof));
}

function tokensIn({ headers, target }: SourceRequest, ownName: string | null): readonly Buffer[] {
  // Some send it as it is, without a scheme before it.
  const names = ownName === null ? ["authorization"] : ["authorization", ownName.toLowerCase()];
  const asTheyAre = names.map((name) => Buffer.from(headerValue(headers, name) ?? "", "latin1"));
  return [...tokensInHeaders(headers), ...asTheyAre, ...inAddressOf(target, ownName)].filter(
    (token) => token.length > 0,
  );
}

function inAddressOf(target: string, ownName: string | null): readonly Buffer[] {
  const own = ownName === null || ownName === "token" ? [] : queryOf(target).getAll(ownName);
  return [...tokensInAddress(target), ...own.map((text) => Buffer.from(text))];
}

function reasonOf({ request, signatureHeader, ownName }: TokenOrSignature): Texts {
  const own = ownName === null ? [] : [ownName];
  const lookedFor = [signatureHeader, "Authorization", "X-Api-Key", ...own];
  return credentialsReason(
    request.headers,
    `${lookedFor.join(", ")}, ?token=…, /webhook/lead/…/…`,
    lookedFor.map((name) => name.toLowerCase()),
    inAddressOf(request.target, ownName).length === 0 ? null : inAddressTexts,
  );
}

const inAddressTexts: Texts = {
  en: "A text stood in the address, but it is not this source's secret.",
  de: "In der Adresse stand ein Text, aber nicht das Geheimnis dieser Quelle.",
};
