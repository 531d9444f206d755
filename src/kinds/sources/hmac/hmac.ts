// A source whose sender signs every request: by default X-Signature over X-Timestamp and the raw body (docs/contract.md,
// Credentials), or in whatever way its fields say.
import { credentials } from "../../../config/fields/credentials.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import type { CheckSignature } from "../signature/check-signature.ts";
import { checkSecretEncoding, isUsual, schemeFields, schemeOf } from "../signature/scheme-fields.ts";
import { sourceKind } from "../source-kind.ts";
import { hmacSetUp } from "./set-up.ts";

export const hmac = sourceKind({
  kind: "hmac",
  setUp: hmacSetUp,
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
    ...schemeFields,
  },
  check: checkSecretEncoding,
  example: "auth: { kind: hmac, secret: ${WEBSITE_SECRET} }",
  proof: "signature",
  hasUsualProof: (settings) => isUsual({ kind: "", ...settings }),
  signsBody: true,
  authenticate: (auth, request, nowMs) => checkOf(auth)(auth.secrets, request, nowMs),
  // What is signed beside the body is the sender's own id, the same for every repeat.
  idOfRequest: (auth, { headers }) => {
    const { signed, idHeader } = schemeOf(auth);
    return signed.includes("{id}") ? (headerValue(headers, idHeader.toLowerCase()) ?? null) : null;
  },
});

/** A scheme is read once for each source, not for each request. */
const checks = new WeakMap<SourceAuth, CheckSignature>();

function checkOf(auth: SourceAuth): CheckSignature {
  const known = checks.get(auth);
  if (known !== undefined) return known;
  const check = signatureCheck(schemeOf(auth));
  checks.set(auth, check);
  return check;
}
