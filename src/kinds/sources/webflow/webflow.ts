// Webflow: one submission of a form in each request; signed where the hook was made by an app or the API, and with a token in
// the address where it was made in the dashboard.
import { idAt, readJsonLead, textAt } from "../json-lead.ts";
import { ownSecret } from "../own-secret.ts";
import { checkTokenOr } from "../token-in-request.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { usualScheme } from "../signature/scheme.ts";
import { sourceKind } from "../source-kind.ts";
import { webflowSetUp } from "./set-up.ts";

const check = signatureCheck({
  ...usualScheme,
  header: "x-webflow-signature",
  format: "{signature}",
  signed: "{timestamp}:{body}",
  timestampHeader: "x-webflow-timestamp",
  timestampUnit: "ms",
});

export const webflow = sourceKind({
  kind: "webflow",
  setUp: webflowSetUp,
  label: { en: "Webflow", de: "Webflow" },
  help: {
    en: "Submissions of forms. Hooks that an app or the API made are signed. Those made in Webflow's dashboard carry no signature: put the secret behind the address, `/webhook/lead/NAME/SECRET`. `payload.id` is the lead's key.",
    de: "Absendungen von Formularen. Webhooks, die eine App oder die API angelegt hat, sind signiert. Solche aus der Oberfläche von Webflow sind es nicht: Hängen Sie das Geheimnis an die Adresse, `/webhook/lead/NAME/GEHEIMNIS`. `payload.id` ist die Kennung des Leads.",
  },
  place: "top",
  fields: {
    secrets: ownSecret({
      label: { en: "Secret", de: "Geheimnis" },
      help: {
        en: "The webhook's secret, which Webflow shows once; of an OAuth app its client secret; or the text behind the address.",
        de: "Das Geheimnis des Webhooks, das Webflow einmal zeigt; bei einer OAuth-App ihr Client Secret; oder der Text hinter der Adresse.",
      },
    }),
  },
  example: "kind: webflow",
  success: { status: 200, body: '{"status":"ok"}' },
  facts: [
    {
      en: "Exactly 200 within 30 s is success; Webflow makes three attempts, 10 minutes apart. Values may be numbers: a phone's leading zero or plus is then lost at the sender. The flat shape of version 1 (unsure) is taken, too.",
      de: "Nur genau 200 binnen 30 s gilt als Erfolg; Webflow versucht es dreimal, im Abstand von 10 Minuten. Werte können Zahlen sein: Die führende Null oder das Plus einer Telefonnummer ist dann schon beim Absender verloren. Die flache Form der Version 1 (ungesichert) wird auch angenommen.",
    },
  ],
  lead: { form: ["/payload/name", "/name"] },
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) =>
    checkTokenOr(check, {
      secrets,
      request,
      nowMs,
      signatureHeader: "x-webflow-signature",
      ownName: null,
    }),
  read: (_auth, { rawBody }) =>
    readJsonLead(rawBody, (document) =>
      (textAt(document, "/triggerType") ?? "form_submission") === "form_submission"
        ? { key: idAt(document, "/payload/id") ?? idAt(document, "/_id") }
        : "no_lead",
    ),
});
