// Tally: one response to a form in each request.
import { idAt, readJsonLead, textAt } from "../json-lead.ts";
import { ownSecret } from "../own-secret.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { usualScheme } from "../signature/scheme.ts";
import { sourceKind } from "../source-kind.ts";
import { tallySetUp } from "./set-up.ts";

const check = signatureCheck({
  ...usualScheme,
  header: "Tally-Signature",
  format: "{signature}",
  encoding: "base64",
  signed: "{body}",
});

export const tally = sourceKind({
  kind: "tally",
  setUp: tallySetUp,
  label: { en: "Tally", de: "Tally" },
  help: {
    en: "Responses of a form, signed with the webhook's signing secret. `data.responseId` is the lead's key.",
    de: "Antworten eines Formulars, signiert mit dem Signing Secret des Webhooks. `data.responseId` ist die Kennung des Leads.",
  },
  place: "top",
  fields: {
    secrets: ownSecret({
      label: { en: "Signing secret", de: "Signing Secret" },
      help: {
        en: "Switch it on at Tally beside the webhook's address and enter it there, too. Without it Tally signs nothing.",
        de: "Schalten Sie es bei Tally neben der Adresse des Webhooks ein und tragen Sie es auch dort ein. Ohne es signiert Tally nichts.",
      },
    }),
  },
  example: "kind: tally",
  success: { status: 200, body: '{"status":"ok"}' },
  facts: [
    {
      en: "Any 2xx within 10 s (unsure) is success; Tally tries again after 5 min, 30 min, 1 h, 6 h and 1 d (unsure). There is no time in what is signed.",
      de: "Jedes 2xx binnen 10 s (ungesichert) gilt als Erfolg; Tally versucht es nach 5 min, 30 min, 1 h, 6 h und 1 d erneut (ungesichert). Signiert wird ohne eine Zeit.",
    },
  ],
  lead: { form: ["/data/formName", "/data/formId"] },
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) => check(secrets, request, nowMs),
  read: (_auth, { rawBody }) =>
    readJsonLead(rawBody, (document) =>
      (textAt(document, "/eventType") ?? "FORM_RESPONSE") === "FORM_RESPONSE"
        ? { key: idAt(document, "/data/responseId") ?? idAt(document, "/eventId") }
        : "no_lead",
    ),
});
