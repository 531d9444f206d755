// A source whose sender sends a token along: Authorization: Bearer, or X-Api-Key (docs/contract.md, Credentials).
import { credentials } from "../../../config/fields/credentials.ts";
import type { Texts } from "../../../domain/errors/explained.ts";
import { credentialsReason } from "../../../domain/sources/presented-credentials.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import { validSecrets } from "../../../domain/sources/source.ts";
import type { SourceSecret } from "../../../domain/sources/source.ts";
import { sameText } from "../same-text.ts";
import { authenticated, notAuthenticated, sourceKind } from "../source-kind.ts";
import type { Authentication } from "../source-kind.ts";

export const token = sourceKind({
  kind: "token",
  label: { en: "Token", de: "Token" },
  help: {
    en: "The sender sends a token along. Simple, and right for most forms and tools.",
    de: "Der Absender schickt ein Token mit. Einfach, und für die meisten Formulare und Werkzeuge das Richtige.",
  },
  place: "auth",
  isUsual: true,
  fields: {
    secrets: credentials({
      format: "token",
      one: {
        label: { en: "Token", de: "Token" },
        help: {
          en: "If you leave it empty, LeadLedger makes one and shows it this once. One that is there already stays.",
          de: "Wenn Sie es leer lassen, erzeugt LeadLedger eines und zeigt es dieses eine Mal. Ein schon vorhandenes bleibt.",
        },
        advanced: true,
      },
      several: {
        label: { en: "Several tokens", de: "Mehrere Tokens" },
        help: {
          en: "Instead of one: up to ten that are valid at once, each with an end if you like.",
          de: "Statt des einen: bis zu zehn, die zugleich gelten, auf Wunsch jedes mit einem Ende.",
        },
        advanced: true,
      },
    }),
  },
  example: "auth: { kind: token, secret: ${WEBSITE_TOKEN} }",
  proof: "bearer",
  signsBody: false,
  authenticate: ({ secrets }, { headers }, nowMs) => checkToken(validSecrets(secrets, nowMs), headers),
});

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
