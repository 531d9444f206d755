// Calendly: somebody booked an appointment, or answered a routing form.
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import { idAt, keyOfAll, readJsonLead, textAt } from "../json-lead.ts";
import { ownSecret } from "../own-secret.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { usualScheme } from "../signature/scheme.ts";
import { sourceKind } from "../source-kind.ts";
import { calendlySetUp } from "./set-up.ts";

const check = signatureCheck({
  ...usualScheme,
  header: "Calendly-Webhook-Signature",
  format: "t={timestamp},v1={signature}",
});

const leadEvents = ["invitee.created", "routing_form_submission.created"];

export const calendly = sourceKind({
  kind: "calendly",
  setUp: calendlySetUp,
  label: { en: "Calendly", de: "Calendly" },
  help: {
    en: "Who books an appointment or answers a routing form is a lead; who moves or cancels an appointment is none. `payload.uri` and `event` are the lead's key.",
    de: "Wer einen Termin bucht oder ein Routing-Formular ausfüllt, ist ein Lead; wer einen Termin verschiebt oder absagt, keiner. `payload.uri` und `event` sind die Kennung des Leads.",
  },
  place: "top",
  fields: {
    secrets: ownSecret({
      label: { en: "Signing key", de: "Signing Key" },
      help: {
        en: "The `signing_key` with which the webhook was subscribed; of OAuth apps Calendly shows it once.",
        de: "Der `signing_key`, mit dem der Webhook abonniert wurde; bei OAuth-Apps zeigt Calendly ihn einmal.",
      },
    }),
  },
  example: "kind: calendly",
  success: { status: 200, body: '{"status":"ok"}' },
  facts: [
    {
      en: "Any 2xx is success; Calendly waits 10 s for the connection and 15 s for the answer, follows no redirects, tries again over 24 hours and then disables the subscription if another message failed, too. 410 would delete it: LeadLedger never answers so under the address of a source.",
      de: "Jedes 2xx gilt als Erfolg; Calendly wartet 10 s auf die Verbindung und 15 s auf die Antwort, folgt keinen Weiterleitungen, versucht es 24 Stunden lang erneut und schaltet das Abonnement dann ab, wenn auch eine andere Meldung scheiterte. 410 würde es löschen: So antwortet LeadLedger unter der Adresse einer Quelle nie.",
    },
  ],
  lead: {
    name: "/payload/name",
    first_name: "/payload/first_name",
    last_name: "/payload/last_name",
    email: "/payload/email",
    form: ["/payload/scheduled_event/name", "/payload/routing_form"],
    "utm.source": "/payload/tracking/utm_source",
    "utm.medium": "/payload/tracking/utm_medium",
    "utm.campaign": "/payload/tracking/utm_campaign",
    "utm.content": "/payload/tracking/utm_content",
    "utm.term": "/payload/tracking/utm_term",
  },
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) => check(secrets, request, nowMs),
  read: (_auth, { rawBody }) =>
    readJsonLead(rawBody, (document) => {
      const event = textAt(document, "/event");
      if (event !== null && !leadEvents.includes(event)) return "no_lead";
      // The second half of a move: the first one is invitee.canceled.
      if ((valueAtPointer(document, "/payload/old_invitee") ?? null) !== null) return "no_lead";
      return { key: keyOfAll(idAt(document, "/payload/uri"), event) };
    }),
});
