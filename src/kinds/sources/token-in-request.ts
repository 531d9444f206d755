// Senders that sign, or else can only repeat a text of ours: in a header, in the query, or behind the source's name.
import type { Texts } from "../../domain/errors/explained.ts";
import { credentialsReason } from "../../domain/sources/presented-credentials.ts";
import { headerValue } from "../../domain/sources/request-headers.ts";
import { validSecrets } from "../../domain/sources/source.ts";
import type { SourceSecret } from "../../domain/sources/source.ts";
import { queryOf } from "./handshake-words.ts";
import { sameText } from "./same-text.ts";
import type { CheckSignature } from "./signature/check-signature.ts";
import { authenticated, notAuthenticated } from "./source-kind.ts";
import type { Authentication, SourceRequest } from "./source-kind.ts";

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
  if (tokens.some((token) => live.some(({ value }) => sameText(token, value)))) return authenticated;
  if (headerValue(request.headers, signatureHeader) !== undefined) return check(secrets, request, nowMs);
  if (tokens.length > 0) return notAuthenticated("credentials_wrong", reasonOf(proof));
  return notAuthenticated("credentials_missing", reasonOf(proof));
}

function tokensIn(request: SourceRequest, ownName: string | null): readonly Buffer[] {
  const { headers } = request;
  const authorization = headerValue(headers, "authorization") ?? "";
  const found = [
    authorization.replace(/^bearer +/i, ""),
    headerValue(headers, "x-api-key"),
    ownName === null ? undefined : headerValue(headers, ownName.toLowerCase()),
  ].map((text) => Buffer.from(text ?? "", "latin1"));
  const inAddress = textsInAddress(request, ownName).map((text) => Buffer.from(text, "utf8"));
  return [...found, ...inAddress].filter((token) => token.length > 0);
}

function textsInAddress({ target }: SourceRequest, ownName: string | null): readonly string[] {
  const query = queryOf(target);
  return [query.get("token"), ownName === null ? null : query.get(ownName), lastPart(target)].filter(
    (text) => text !== null,
  );
}

/** What stands behind the source's name in `/webhook/lead/website/…`; null: nothing, or it cannot be decoded. */
function lastPart(target: string): string | null {
  const written = /^\/webhook\/lead\/[^/?]+\/([^/?]+)/.exec(target)?.[1];
  if (written === undefined) return null;
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

function reasonOf({ request, signatureHeader, ownName }: TokenOrSignature): Texts {
  const own = ownName === null ? [] : [ownName];
  const lookedFor = [signatureHeader, "Authorization", "X-Api-Key", ...own];
  return credentialsReason(
    request.headers,
    `${lookedFor.join(", ")}, ?token=…, /webhook/lead/…/…`,
    lookedFor.map((name) => name.toLowerCase()),
    textsInAddress(request, ownName).length === 0 ? null : inAddressTexts,
  );
}

const inAddressTexts: Texts = {
  en: "A text stood in the address, but it is not this source's secret.",
  de: "In der Adresse stand ein Text, aber nicht das Geheimnis dieser Quelle.",
};
