// Meta Lead Ads (Facebook, Instagram): notifications of new leads, several in one request, and the handshake by which Meta
// asks whether the address is ours.
import { optionalSecret } from "../../../config/fields/secret-fields.ts";
import { sameText } from "../same-text.ts";
import { idAt, leadOfPart, listAt, noLead, readJsonLead, textAt, withoutList } from "../json-lead.ts";
import type { ExactJson } from "../json-lead.ts";
import { ownSecret } from "../own-secret.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { usualScheme } from "../signature/scheme.ts";
import { plainText, queryOf } from "../handshake-words.ts";
import { completionFields, withoutTokenHelp } from "../completion/completion-fields.ts";
import { metaApiVersion, metaBaseUrl, metaComplete } from "./fetch-lead.ts";
import { ownIds, viaField } from "../sharing/sharing.ts";
import { sourceKind } from "../source-kind.ts";
import type { SourceLead } from "../source-kind.ts";
import { metaLeadAdsSetUp } from "./set-up.ts";
import { metaCheck } from "./vendor-check.ts";

/** The header is the lower-case hex digest of the body; there is no time, the id guards against replay. */
const check = signatureCheck({ ...usualScheme, header: "X-Hub-Signature-256", signed: "{body}" });

export const metaLeadAds = sourceKind({
  kind: "meta-lead-ads",
  setUp: metaLeadAdsSetUp,
  label: { en: "Meta Lead Ads (Facebook, Instagram)", de: "Meta Lead Ads (Facebook, Instagram)" },
  help: {
    en: "Meta tells of new leads by their ids; with a page token LeadLedger fetches the answers of the form right after it has taken the lead, and delivers it only then. `leadgen_id` is the lead's key. Other events of the page are no leads.",
    de: "Meta meldet neue Leads mit ihren Kennungen; mit einem Seiten-Token holt LeadLedger die Antworten des Formulars gleich nach der Annahme ab und stellt den Lead erst dann zu. `leadgen_id` ist die Kennung des Leads. Andere Ereignisse der Seite sind keine Leads.",
  },
  place: "top",
  fields: {
    secrets: ownSecret(
      {
        label: { en: "App secret", de: "App-Geheimnis" },
        help: {
          en: "In Meta's app dashboard under App settings, Basic. A source with `via` needs none.",
          de: "In Metas App-Dashboard unter App-Einstellungen, Allgemeines. Eine Quelle mit `via` braucht keines.",
        },
      },
      "via",
    ),
    verifyToken: optionalSecret("verify_token", {
      label: { en: "Verify token", de: "Token zur Verifizierung" },
      help: {
        en: "A text of your own, which you enter at Meta beside the address; without it Meta cannot set up the webhook.",
        de: "Ein selbst gewählter Text, den Sie bei Meta neben der Adresse eintragen; ohne ihn lässt sich der Webhook bei Meta nicht einrichten.",
      },
    }),
    pageToken: optionalSecret("page_token", {
      label: { en: "Page token", de: "Seiten-Token" },
      help: {
        en: `With it the leads' data are fetched; best one of a system user, which does not expire. ${withoutTokenHelp.en}`,
        de: `Damit werden die Daten der Leads abgeholt; am besten das eines Systemnutzers, das nicht abläuft. ${withoutTokenHelp.de}`,
      },
    }),
    via: viaField,
    pages: ownIds("pages", {
      label: { en: "Pages", de: "Seiten" },
      help: {
        en: "Ids of the Facebook pages whose leads are this source's, as text in quotes: they have up to 17 digits. Empty: all that come here.",
        de: "Kennungen der Facebook-Seiten, deren Leads dieser Quelle gehören, als Text in Anführungszeichen: Sie haben bis zu 17 Ziffern. Leer: alle, die hier ankommen.",
      },
      example: "104996544488123",
    }),
    forms: ownIds("forms", {
      label: { en: "Forms", de: "Formulare" },
      help: {
        en: "Ids of lead forms that are this source's; what names a form comes before what names the page alone. Empty: all forms.",
        de: "Kennungen der Lead-Formulare, die dieser Quelle gehören; wer ein Formular nennt, geht vor dem, der nur die Seite nennt. Leer: alle Formulare.",
      },
      example: "900719925474099312",
    }),
    ...completionFields({ vendor: "Meta", baseUrl: metaBaseUrl, apiVersion: metaApiVersion }),
  },
  completes: ({ pageToken }) => typeof pageToken === "string" && pageToken !== "",
  complete: metaComplete,
  vendorCheck: metaCheck,
  sharedBy: [
    { key: "pages", member: "pages", pointers: ["/page_id"] },
    { key: "forms", member: "forms", pointers: ["/form_id"] },
  ],
  example: "kind: meta-lead-ads",
  success: { status: 200, body: "EVENT_RECEIVED" },
  facts: [
    {
      en: "Meta expects 200. It tries again at once, then ever more rarely over 36 hours, and then drops the notification; their order is not guaranteed. Up to 1,000 leads may come in one request (unsure).",
      de: "Meta erwartet 200. Es versucht es sofort erneut, dann immer seltener über 36 Stunden, und verwirft die Meldung danach; die Reihenfolge ist nicht garantiert. Bis zu 1.000 Leads können in einer Anfrage kommen (ungesichert).",
    },
  ],
  lead: { form: "/form_id", campaign: "/campaign_name" },
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) => check(secrets, request, nowMs),
  read: (_auth, { rawBody }) =>
    readJsonLead(rawBody, (document) => {
      const entries = listAt(document, "/entry");
      if (entries === null) return withoutList("entry");
      if (textAt(document, "/object") !== "page") return noLead;
      return { kind: "leads", leads: entries.flatMap(leadsOfPage) };
    }),
  handshake: ({ verifyToken }, { target }) => {
    const query = queryOf(target);
    const challenge = query.get("hub.challenge");
    if (query.get("hub.mode") !== "subscribe" || challenge === null) return null;
    const token = Buffer.from(query.get("hub.verify_token") ?? "");
    const isOurs = typeof verifyToken === "string" && verifyToken !== "" && sameText(token, verifyToken);
    return isOurs
      ? plainText(200, challenge)
      : plainText(403, "hub.verify_token is not the verify_token of this source.");
  },
});

/** An app gets other changes of its pages, too. */
function leadsOfPage(entry: ExactJson): readonly SourceLead[] {
  const page = (entry as { readonly id?: unknown } | null)?.id;
  return (listAt(entry, "/changes") ?? [])
    .filter((change) => textAt(change, "/field") === "leadgen")
    .map((change) => {
      const value = (change as { readonly value?: unknown }).value;
      const key = idAt(value, "/leadgen_id");
      const isWhole = typeof value !== "object" || value === null || Object.hasOwn(value, "page_id");
      return leadOfPart(isWhole || page === undefined ? (value ?? change) : { ...value, page_id: page }, key);
    });
}
