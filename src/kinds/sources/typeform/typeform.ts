// Typeform: one response to a form in each request.
import { idAt, readJsonLead, textAt } from "../json-lead.ts";
import { ownSecret } from "../own-secret.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { usualScheme } from "../signature/scheme.ts";
import { sourceKind } from "../source-kind.ts";
import { typeformSetUp } from "./set-up.ts";

const check = signatureCheck({
  ...usualScheme,
  header: "Typeform-Signature",
  encoding: "base64",
  signed: "{body}",
});

export const typeform = sourceKind({
  kind: "typeform",
  setUp: typeformSetUp,
  label: { en: "Typeform", de: "Typeform" },
  help: {
    en: "Responses of a form, signed with the webhook's secret. `form_response.token` is the lead's key.",
    de: "Antworten eines Formulars, signiert mit dem Geheimnis des Webhooks. `form_response.token` ist die Kennung des Leads.",
  },
  place: "top",
  fields: {
    secrets: ownSecret({
      label: { en: "Webhook secret", de: "Geheimnis des Webhooks" },
      help: {
        en: "Enter it at Typeform, too: Connect, Webhooks, Edit, Secret. Without it Typeform signs nothing.",
        de: "Tragen Sie es auch bei Typeform ein: Connect, Webhooks, Edit, Secret. Ohne es signiert Typeform nichts.",
      },
    }),
  },
  example: "kind: typeform",
  success: { status: 200, body: '{"status":"ok"}' },
  facts: [
    {
      en: "Any 2xx within 30 s is success. After 408, 423, 429 and 503 Typeform tries again every 2 to 3 minutes for 10 hours, after others ever more rarely (how often: unsure). 404 and 410 would disable the webhook at once: LeadLedger never answers so under the address of a source. Certificates that are self-signed are refused.",
      de: "Jedes 2xx binnen 30 s gilt als Erfolg. Nach 408, 423, 429 und 503 versucht Typeform es 10 Stunden lang alle 2 bis 3 Minuten erneut, nach anderen immer seltener (wie oft: ungesichert). 404 und 410 würden den Webhook sofort abschalten: So antwortet LeadLedger unter der Adresse einer Quelle nie. Selbst signierte Zertifikate werden abgelehnt.",
    },
  ],
  lead: { form: ["/form_response/definition/title", "/form_response/form_id"] },
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) => check(secrets, request, nowMs),
  read: (_auth, { rawBody }) =>
    readJsonLead(rawBody, (document) => {
      const token = idAt(document, "/form_response/token");
      const event = idAt(document, "/event_id");
      // A response that is not finished has the token of the finished one.
      const isWhole = (textAt(document, "/event_type") ?? "form_response") === "form_response";
      return { key: isWhole ? (token ?? event) : event };
    }),
});
