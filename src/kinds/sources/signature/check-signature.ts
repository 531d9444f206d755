// Whether a request bears a signature by one of its source's secrets, under the scheme of whoever sends.
import { timingSafeEqual } from "node:crypto";
import type { Texts } from "../../../domain/errors/explained.ts";
import { credentialsReason } from "../../../domain/sources/presented-credentials.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import { validSecrets } from "../../../domain/sources/source.ts";
import type { SourceSecret } from "../../../domain/sources/source.ts";
import { authenticated, notAuthenticated } from "../source-kind.ts";
import type { Authentication, SourceRequest } from "../source-kind.ts";
import { signatureHeaderReader } from "./presented-signature.ts";
import { listNames } from "./scheme.ts";
import type { SignatureScheme } from "./scheme.ts";
import { hasSlot, signedContentOf, signedMessage } from "./signed-content.ts";
import type { SignedValues } from "./signed-content.ts";
import { staleness, timestampFault, timestampMs } from "./signed-time.ts";
import { signWith, signingKeyOf, unfilled } from "./signing-key.ts";
import type { Sign } from "./signing-key.ts";
import { uriForms } from "./signed-uri.ts";
import { wrongSignature } from "./wrong-signature.ts";

/**
 * Any of the secrets that are valid at `nowMs` (milliseconds since 1970) will do, as will any of several signatures.
 * Constant in time as to what the right signature is; never throws, whatever the request is.
 */
export type CheckSignature = (
  secrets: readonly SourceSecret[] | undefined,
  request: SourceRequest,
  nowMs: number,
) => Authentication;

/** Reads the scheme once; what is checked for each request is as cheap as it can be. */
export function signatureCheck(scheme: SignatureScheme): CheckSignature {
  const { format, timestampUnit, toleranceMs } = scheme;
  const content = signedContentOf(scheme.signed);
  const readHeader = signatureHeaderReader(format);
  const header = scheme.header.toLowerCase();
  const names = listNames(format);
  const isTimed = names !== null || hasSlot(content, "timestamp");
  const timestampHeader = isTimed && names === null ? scheme.timestampHeader.toLowerCase() : null;
  const idHeader = hasSlot(content, "id") ? scheme.idHeader.toLowerCase() : null;
  const hasUri = hasSlot(content, "uri");
  const timestampPlace = names === null ? scheme.timestampHeader : `${names.timestamp} in ${scheme.header}`;
  const lookedFor = [
    scheme.header,
    ...(timestampHeader === null ? [] : [scheme.timestampHeader]),
    ...(idHeader === null ? [] : [scheme.idHeader]),
  ].join(", ");
  const lookedIn = [header, timestampHeader, idHeader].filter((name) => name !== null);
  const signers = new WeakMap<SourceSecret, Sign>();

  return (secrets, request, nowMs) => {
    const { headers, rawBody } = request;
    const reason = (remark: Texts | null): Texts => credentialsReason(headers, lookedFor, lookedIn, remark);
    const value = headerValue(headers, header);
    if (value === undefined || value === "") return notAuthenticated("credentials_missing", reason(null));
    if (value === scheme.unsigned)
      return notAuthenticated("credentials_missing", reason(unsignedRemark(scheme)));
    const presented = readHeader(value);
    const wrong = (values: readonly SignedValues[]): Texts =>
      wrongSignature(scheme, { header: value, signatures: presented.signatures, values, secrets, nowMs });
    let timestamp = "";
    if (isTimed) {
      const given = timestampHeader === null ? presented.timestamp : headerValue(headers, timestampHeader);
      if (given === null || given === undefined || given === "")
        return names !== null && presented.signatures.length === 0
          ? notAuthenticated("credentials_wrong", reason(wrong([])))
          : notAuthenticated("timestamp_missing", reason(null));
      const fault = timestampFault(given, timestampPlace, timestampUnit, nowMs);
      if (fault !== null) return notAuthenticated("timestamp_invalid", reason(fault));
      const atMs = timestampMs(given, timestampUnit);
      if (Math.abs(nowMs - atMs) > toleranceMs) {
        const remark = staleness(given, timestampPlace, { atMs, nowMs, toleranceMs });
        // Nobody can have recorded yet what is signed for later: that clock is wrong.
        return notAuthenticated("timestamp_stale", reason(remark), atMs < nowMs);
      }
      timestamp = given;
    }
    const id = (idHeader === null ? undefined : headerValue(headers, idHeader)) ?? "";
    if (idHeader !== null && id === "") return notAuthenticated("credentials_missing", reason(null));
    const candidates = presented.signatures.map(comparable);
    const uris = hasUri ? uriForms(request) : noUri;
    for (const uri of uris) {
      const message = signedMessage(content, { body: rawBody, timestamp, id, uri });
      for (const secret of validSecrets(secrets, nowMs)) {
        const expected = Buffer.from(signerOf(secret)(message.head, message.body), "latin1");
        for (const candidate of candidates)
          if (candidate.length === expected.length && timingSafeEqual(candidate, expected))
            return authenticated;
      }
    }
    const values = uris.map((uri) => ({ body: rawBody, timestamp, id, uri }));
    return notAuthenticated("credentials_wrong", reason(uris.length === 0 ? noAddress : wrong(values)));
  };

  function signerOf(secret: SourceSecret): Sign {
    const known = signers.get(secret);
    if (known !== undefined) return known;
    const key = signingKeyOf(secret.value, scheme.secretEncoding);
    // Nobody can have signed with what is no key; configuration refuses it.
    const signer = key === null ? () => "" : signWith(key, scheme.algorithm, scheme.encoding);
    signers.set(secret, signer);
    return signer;
  }

  function comparable(signature: string): Buffer {
    return Buffer.from(scheme.encoding === "hex" ? signature.toLowerCase() : unfilled(signature), "latin1");
  }
}

const noUri: readonly string[] = [""];

const noAddress: Texts = {
  en: "The address that was called is signed, and it is not known here: set public_url.",
  de: "Die aufgerufene Adresse ist mitsigniert und hier nicht bekannt: Tragen Sie public_url ein.",
};

function unsignedRemark({ header }: SignatureScheme): Texts {
  return {
    en: `${header} says that nothing is signed: the sender has no secret yet. Set the source's secret there.`,
    de: `${header} sagt, dass nichts signiert ist: Der Absender hat noch kein Geheimnis. Tragen Sie dort das Geheimnis der Quelle ein.`,
  };
}
