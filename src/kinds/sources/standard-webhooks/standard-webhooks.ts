// A source whose sender signs by Standard Webhooks 1.0, or as Svix does it, which is the same under other names.
import { headerValue } from "../../../domain/sources/request-headers.ts";
import { readBody } from "../../../bodies/read-body.ts";
import { ownSecret } from "../own-secret.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { usualScheme } from "../signature/scheme.ts";
import type { SignatureScheme } from "../signature/scheme.ts";
import { noteUndecodable } from "../signature/scheme-fields.ts";
import { sourceKind } from "../source-kind.ts";
import type { LeadsRead, SourceRequest } from "../source-kind.ts";
import { standardWebhooksSetUp } from "./set-up.ts";

/** Standard Webhooks 1.0, Signature scheme; `v1` is HMAC-SHA256. */
function schemeUnder(prefix: string): SignatureScheme {
  return {
    ...usualScheme,
    header: `${prefix}-Signature`,
    format: "v1,{signature}",
    encoding: "base64",
    secretEncoding: "whsec",
    signed: "{id}.{timestamp}.{body}",
    timestampHeader: `${prefix}-Timestamp`,
    idHeader: `${prefix}-Id`,
  };
}

const checkStandard = signatureCheck(schemeUnder("Webhook"));
const checkSvix = signatureCheck(schemeUnder("Svix"));

export const standardWebhooks = sourceKind({
  kind: "standard-webhooks",
  setUp: standardWebhooksSetUp,
  label: { en: "Standard Webhooks (Svix)", de: "Standard Webhooks (Svix)" },
  help: {
    en: "A system that signs by Standard Webhooks 1.0; the headers may be called `webhook-…` or, as Svix has them, `svix-…`. The header `webhook-id` is the lead's key.",
    de: "Ein System, das nach Standard Webhooks 1.0 signiert; die Header dürfen `webhook-…` oder, wie bei Svix, `svix-…` heißen. Der Header `webhook-id` ist die Kennung des Leads.",
  },
  place: "top",
  fields: {
    secrets: ownSecret({
      label: { en: "Signing secret", de: "Signaturgeheimnis" },
      help: {
        en: "As the sender shows it: base64, usually behind `whsec_`.",
        de: "Wie der Absender es zeigt: Base64, meist hinter `whsec_`.",
      },
    }),
  },
  check: ({ entry, note }) => noteUndecodable("whsec", entry, note),
  madeSecret: "whsec",
  example: "kind: standard-webhooks",
  facts: [
    {
      en: "Any 2xx is success; senders try again over days. Times are tolerated for 5 minutes.",
      de: "Jedes 2xx gilt als Erfolg; Absender versuchen es über Tage erneut. Zeiten dürfen 5 Minuten abweichen.",
    },
  ],
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) =>
    request.headers["webhook-signature"] === undefined && request.headers["svix-signature"] !== undefined
      ? checkSvix(secrets, request, nowMs)
      : checkStandard(secrets, request, nowMs),
  read: (_auth, request) => {
    const read = readBody(request.rawBody, headerValue(request.headers, "content-type"));
    return read instanceof Promise ? read.then((body) => leadIn(body, request)) : leadIn(read, request);
  },
});

function leadIn(body: Awaited<ReturnType<typeof readBody>>, { headers, rawBody }: SourceRequest): LeadsRead {
  if (body.kind === "media_type_unsupported") return body;
  const key = headerValue(headers, "webhook-id") ?? headerValue(headers, "svix-id") ?? null;
  return { kind: "leads", leads: [{ body, bytes: rawBody, key }] };
}
