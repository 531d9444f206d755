// A source whose sender sends a token along: in a header, or where it can set none, in the address (docs/contract.md,
// Credentials).
import { sourceKind } from "../source-kind.ts";
import { checkToken, tokenField, withoutToken } from "../token-credentials.ts";
import { tokenSetUp } from "./set-up.ts";

export const token = sourceKind({
  kind: "token",
  setUp: tokenSetUp,
  label: { en: "Token", de: "Token" },
  help: {
    en: "The sender sends a token along. Simple, and right for most forms and tools. In a header where the sender can set one (`Authorization: Bearer`, `X-Api-Key`, Basic password); else in the address, as its last part or as `?token=`.",
    de: "Der Absender schickt ein Token mit. Einfach, und für die meisten Formulare und Werkzeuge das Richtige. In einer Kopfzeile, wenn der Absender eine setzen kann (`Authorization: Bearer`, `X-Api-Key`, Basic-Passwort); sonst in der Adresse, als letzter Teil oder als `?token=`.",
  },
  place: "auth",
  isUsual: true,
  fields: { secrets: tokenField() },
  example: "auth: { kind: token, secret: ${WEBSITE_TOKEN} }",
  proof: "bearer",
  signsBody: false,
  authenticate: checkToken,
  withoutSecrets: withoutToken,
});
