// HubSpot: workflows that send a contact, with our secret as their API key, and apps that send lists of events, signed (v3).
import { optionalText } from "../../../config/fields/plain-fields.ts";
import { readJsonBody } from "../../../bodies/json-body.ts";
import { readJsonList } from "../../../bodies/json-list.ts";
import { parse } from "lossless-json";
import { idAt, keyOfAll, readJsonLead, textAt } from "../json-lead.ts";
import type { ExactJson } from "../json-lead.ts";
import { ownSecret } from "../own-secret.ts";
import { checkTokenOr } from "../token-in-request.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { checkHeaderName } from "../signature/scheme-fields.ts";
import { usualScheme } from "../signature/scheme.ts";
import { sourceKind } from "../source-kind.ts";
import type { LeadsRead, SetAside, SourceLead } from "../source-kind.ts";
import { hubspotSetUp } from "./set-up.ts";

/** developers.hubspot.com, Validating requests, v3. */
const check = signatureCheck({
  ...usualScheme,
  header: "X-HubSpot-Signature-v3",
  format: "{signature}",
  encoding: "base64",
  signed: "{method}{uri}{body}{timestamp}",
  timestampHeader: "X-HubSpot-Request-Timestamp",
  timestampUnit: "ms",
});

export const hubspot = sourceKind({
  kind: "hubspot",
  setUp: hubspotSetUp,
  label: { en: "HubSpot", de: "HubSpot" },
  help: {
    en: "Workflows that send a webhook with an API key, or an app of your own whose webhooks HubSpot signs (v3). Each event of an app is a lead, but deletions are none; a request of HubSpot to erase a contact is kept aside for a person to decide. The key is portal, subscription, event and time, or contact and time.",
    de: "Workflows, die einen Webhook mit API-Schlüssel senden, oder eine eigene App, deren Webhooks HubSpot signiert (v3). Jedes Ereignis einer App ist ein Lead, Löschungen sind keiner; die Aufforderung von HubSpot, einen Kontakt zu löschen, wird beiseitegelegt, und ein Mensch entscheidet. Die Kennung besteht aus Portal, Abonnement, Ereignis und Zeit oder aus Kontakt und Zeit.",
  },
  place: "top",
  fields: {
    secrets: ownSecret({
      label: { en: "API key or client secret", de: "API-Schlüssel oder Client Secret" },
      help: {
        en: "For a workflow: choose “API key” there and enter this as its value; HubSpot sends it in no test request. For an app: its client secret.",
        de: "Für einen Workflow: Wählen Sie dort „API-Schlüssel“ und tragen Sie dies als Wert ein; in Testanfragen sendet HubSpot ihn nicht mit. Für eine App: ihr Client Secret.",
      },
    }),
    apiKeyName: {
      ...optionalText("api_key_name", {
        label: { en: "Name of the API key", de: "Name des API-Schlüssels" },
        help: {
          en: "As it is called in the workflow, in a header or in the query. Absent: Authorization, X-Api-Key, or `token` in the query.",
          de: "Wie er im Workflow heißt, als Header oder als Parameter der Adresse. Ohne Angabe: Authorization, X-Api-Key oder `token` in der Adresse.",
        },
        example: "X-HubSpot-Key",
        advanced: true,
      }),
      check: checkHeaderName("api_key_name"),
    },
  },
  // Nothing that is refused comes again.
  onKeyReuse: "keep_first",
  example: "kind: hubspot",
  success: { status: 200, body: '{"status":"ok"}' },
  facts: [
    {
      en: "Any 2xx is success; HubSpot waits 3 s for the connection and 30 s for the answer. Workflows try again for up to 3 days, beginning with 1 minute, at most 8 hours apart, but not after a 4xx other than 429; `Retry-After` is read in milliseconds, and LeadLedger gives it so. A signature is over the address that HubSpot called: behind a proxy set `public_url`. In a workflow choose POST; GET brings no lead.",
      de: "Jedes 2xx gilt als Erfolg; HubSpot wartet 3 s auf die Verbindung und 30 s auf die Antwort. Workflows versuchen es bis zu 3 Tage lang erneut, anfangs nach 1 Minute, höchstens 8 Stunden auseinander, aber nicht nach einem 4xx außer 429; `Retry-After` liest HubSpot in Millisekunden, und so gibt LeadLedger es an. Signiert ist auch die Adresse, die HubSpot aufrief: Hinter einem Proxy geben Sie `public_url` an. Wählen Sie im Workflow POST; mit GET kommt kein Lead.",
    },
  ],
  // The old API writes each property as an object with its value.
  lead: {
    first_name: ["/properties/firstname/value", "/properties/firstname", "/firstname"],
    last_name: ["/properties/lastname/value", "/properties/lastname", "/lastname"],
    email: ["/properties/email/value", "/properties/email", "/email"],
    company: ["/properties/company/value", "/properties/company", "/company"],
    phones: {
      all: [
        ...["/properties/phone/value", "/properties/phone", "/phone"],
        ...["/properties/mobilephone/value", "/properties/mobilephone", "/mobilephone"],
      ],
    },
  },
  proof: "own",
  signsBody: true,
  retryAfterUnit: "ms",
  authenticate: ({ secrets, apiKeyName }, request, nowMs) =>
    checkTokenOr(check, {
      secrets,
      request,
      nowMs,
      signatureHeader: "x-hubspot-signature-v3",
      ownName: typeof apiKeyName === "string" ? apiKeyName : null,
    }),
  read: (_auth, { rawBody }) =>
    beginsList(rawBody)
      ? eventsIn(rawBody)
      : readJsonLead(rawBody, (contact) => ({ key: keyOfContact(contact) })),
});

function beginsList(rawBody: Buffer): boolean {
  return /^[\ufeff\s]*\[/.test(rawBody.toString("utf8", 0, 64));
}

function eventsIn(rawBody: Buffer): LeadsRead {
  const items = readJsonList(rawBody, null);
  if ("code" in items) return items;
  const leads: SourceLead[] = [];
  const setAside: SetAside[] = [];
  for (const bytes of items) {
    const body = readJsonBody(bytes);
    const event = body.kind === "lead" ? parse(body.json) : null;
    const type = textAt(event, "/subscriptionType") ?? "";
    if (type.endsWith(".privacyDeletion")) setAside.push({ code: "erasure_requested", bytes });
    else if (!/\.(?:deletion|merge|restore)$/.test(type)) leads.push({ body, bytes, key: keyOfEvent(event) });
  }
  return setAside.length === 0 ? { kind: "leads", leads } : { kind: "leads", leads, setAside };
}

function keyOfEvent(event: ExactJson): string | null {
  const [portal, subscription, id, at] = ["/portalId", "/subscriptionId", "/eventId", "/occurredAt"].map(
    (pointer) => idAt(event, pointer),
  );
  return keyOfAll(portal ?? null, subscription ?? null, id ?? null, at ?? null);
}

/** As the old API writes a contact, as the new one does, or flat. */
function keyOfContact(contact: ExactJson): string | null {
  const first = (...pointers: readonly string[]): string | null =>
    pointers.map((pointer) => idAt(contact, pointer)).find((id) => id !== null) ?? null;
  const id = first(
    "/vid",
    "/hs_object_id",
    "/properties/hs_object_id/value",
    "/properties/hs_object_id",
    "/id",
  );
  const at = first(
    ...["/timestamp", "/occurredAt", "/lastmodifieddate", "/properties/lastmodifieddate/value"],
    ...["/properties/lastmodifieddate", "/hs_lastmodifieddate"],
  );
  return keyOfAll(id, at);
}
