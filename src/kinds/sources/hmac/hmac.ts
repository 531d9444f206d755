// A source whose sender signs every request: X-Signature over X-Timestamp and the raw body (docs/contract.md,
// Credentials).
import { timingSafeEqual } from "node:crypto";
import { credentials } from "../../../config/fields/credentials.ts";
import type { Texts } from "../../../domain/errors/explained.ts";
import { hmacSha256 } from "../../../domain/values/hmac-sha256.ts";
import type { HmacSha256 } from "../../../domain/values/hmac-sha256.ts";
import { credentialsReason } from "../../../domain/sources/presented-credentials.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import { validSecrets } from "../../../domain/sources/source.ts";
import type { SourceSecret } from "../../../domain/sources/source.ts";
import { authenticated, notAuthenticated, sourceKind } from "../source-kind.ts";
import type { Authentication, SourceRequest } from "../source-kind.ts";
import { signatureForm, staleness, timestampFault, timestampToleranceMs } from "./signature-form.ts";

export const hmac = sourceKind({
  kind: "hmac",
  label: { en: "Signature (HMAC)", de: "Signatur (HMAC)" },
  help: {
    en: "The sender signs every lead, and the secret itself never travels. The safest way, for senders that can compute a signature.",
    de: "Der Absender signiert jeden Lead, und das Geheimnis selbst wird nie gesendet. Der sicherste Weg, für Absender, die eine Signatur berechnen können.",
  },
  place: "auth",
  fields: {
    secrets: credentials({
      format: "secret",
      one: {
        label: { en: "Secret", de: "Geheimnis" },
        help: {
          en: "If you leave it empty, LeadLedger makes one and shows it this once. One that is there already stays.",
          de: "Wenn Sie es leer lassen, erzeugt LeadLedger eines und zeigt es dieses eine Mal. Ein schon vorhandenes bleibt.",
        },
        advanced: true,
      },
      several: {
        label: { en: "Several secrets", de: "Mehrere Geheimnisse" },
        help: {
          en: "Instead of one: up to ten that are valid at once, each with an end if you like.",
          de: "Statt des einen: bis zu zehn, die zugleich gelten, auf Wunsch jedes mit einem Ende.",
        },
        advanced: true,
      },
    }),
  },
  example: "auth: { kind: hmac, secret: ${WEBSITE_SECRET} }",
  proof: "signature",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) => checkSignature(validSecrets(secrets, nowMs), request, nowMs),
});

function checkSignature(
  secrets: readonly SourceSecret[],
  { headers, rawBody }: SourceRequest,
  nowMs: number,
): Authentication {
  const signature = headerValue(headers, "x-signature");
  const reason = (remark: Texts | null): Texts =>
    credentialsReason(headers, "X-Signature, X-Timestamp", signatureHeaders, remark);
  if (signature === undefined || signature === "")
    return notAuthenticated("credentials_missing", reason(null));
  const timestamp = headerValue(headers, "x-timestamp");
  if (timestamp === undefined || timestamp === "") return notAuthenticated("timestamp_missing", reason(null));
  const fault = timestampFault(timestamp, nowMs);
  if (fault !== null) return notAuthenticated("timestamp_invalid", reason(fault));
  if (Math.abs(nowMs - Number(timestamp) * 1000) > timestampToleranceMs)
    return notAuthenticated("timestamp_stale", reason(staleness(timestamp, nowMs)));
  const presented = Buffer.from(signature.toLowerCase(), "latin1");
  const matches = secrets.some((secret) => {
    const expected = Buffer.from(`sha256=${signerOf(secret)(`${timestamp}.`, rawBody)}`, "latin1");
    return presented.length === expected.length && timingSafeEqual(presented, expected);
  });
  return matches ? authenticated : notAuthenticated("credentials_wrong", reason(signatureForm(signature)));
}

const signatureHeaders = ["x-signature", "x-timestamp"];

const signers = new WeakMap<SourceSecret, HmacSha256>();

function signerOf(secret: SourceSecret): HmacSha256 {
  const known = signers.get(secret);
  if (known !== undefined) return known;
  const signer = hmacSha256(Buffer.from(secret.value, "utf8"));
  signers.set(secret, signer);
  return signer;
}
