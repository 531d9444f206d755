// LinkedIn Lead Sync: notifications of leads by their ids, of leads that were deleted, and the challenge that LinkedIn
// repeats every two hours.
import { hmacSha256 } from "../../../domain/values/hmac-sha256.ts";
import { validSecrets } from "../../../domain/sources/source.ts";
import { queryOf } from "../handshake-words.ts";
import { idAt, keyOfAll, readJsonLead, textAt } from "../json-lead.ts";
import { ownSecret } from "../own-secret.ts";
import { signatureCheck } from "../signature/check-signature.ts";
import { usualScheme } from "../signature/scheme.ts";
import { optionalSecret } from "../../../config/fields/secret-fields.ts";
import { completionFields, withoutTokenHelp } from "../completion/completion-fields.ts";
import { linkedinBaseUrl, linkedinComplete, linkedinVersion } from "./fetch-lead.ts";
import { ownIds, viaField } from "../sharing/sharing.ts";
import { sourceKind } from "../source-kind.ts";
import { linkedinLeadSyncSetUp } from "./set-up.ts";
import { linkedinCheck } from "./vendor-check.ts";

/** The word belongs to what is signed, not to the header (learn.microsoft.com, Webhook validation). */
const check = signatureCheck({
  ...usualScheme,
  header: "X-LI-Signature",
  format: "{signature}",
  signed: "hmacsha256={body}",
});

/**
 * LinkedIn sends a UUID. Nothing else is answered: who could have any text signed here could sign bodies, which begin with
 * `hmacsha256=`.
 */
const challengePattern = /^[A-Za-z0-9-]{1,64}$/;

/** `urn:li:versionedLeadGenForm:(urn:li:leadGenForm:72,1)` is `urn:li:leadGenForm:72`, and 72 (Microsoft Learn, URNs and IDs). */
function shortOfUrn(urn: string): readonly string[] {
  const [inner, id] = /urn:li:[A-Za-z]+:([0-9]+)/.exec(urn) ?? [];
  return inner === undefined || id === undefined ? [] : [inner, id];
}

export const linkedinLeadSync = sourceKind({
  kind: "linkedin-lead-sync",
  setUp: linkedinLeadSyncSetUp,
  label: { en: "LinkedIn Lead Sync", de: "LinkedIn Lead Sync" },
  help: {
    en: "LinkedIn tells of new leads by their ids; with an access token LeadLedger fetches the answers of the form right after it has taken the lead, and delivers it only then. `leadGenFormResponse` and `leadAction` are the lead's key. That a lead was deleted there (`DELETED`) is no lead: it is kept aside as a request to erase, for a person to decide.",
    de: "LinkedIn meldet neue Leads mit ihren Kennungen; mit einem Access Token holt LeadLedger die Antworten des Formulars gleich nach der Annahme ab und stellt den Lead erst dann zu. `leadGenFormResponse` und `leadAction` sind die Kennung des Leads. Dass dort ein Lead gelöscht wurde (`DELETED`), ist kein Lead: Es wird als Löschwunsch beiseitegelegt, über den ein Mensch entscheidet.",
  },
  place: "top",
  fields: {
    secrets: ownSecret(
      {
        label: { en: "Client secret", de: "Client Secret" },
        help: {
          en: "Of your app in LinkedIn's developer portal, under Auth. A source with `via` needs none.",
          de: "Das Ihrer App im Entwicklerportal von LinkedIn, unter Auth. Eine Quelle mit `via` braucht keines.",
        },
      },
      "via",
    ),
    accessToken: optionalSecret("access_token", {
      label: { en: "Access token", de: "Access Token" },
      help: {
        en: `With it the leads' data are fetched; of a member with the scope r_marketing_leadgen_automation. It ends after about 60 days: enter a new one in time. ${withoutTokenHelp.en}`,
        de: `Damit werden die Daten der Leads abgeholt; von einem Mitglied mit dem Scope r_marketing_leadgen_automation. Es läuft nach etwa 60 Tagen ab: Tragen Sie rechtzeitig ein neues ein. ${withoutTokenHelp.de}`,
      },
    }),
    via: viaField,
    organizations: ownIds("organizations", {
      label: { en: "Organisations and ad accounts", de: "Organisationen und Werbekonten" },
      help: {
        en: "Owners of the leads that are this source's: urn:li:organization:1234, urn:li:sponsoredAccount:5678, or the number alone. Empty: all that come here.",
        de: "Eigentümer der Leads, die dieser Quelle gehören: urn:li:organization:1234, urn:li:sponsoredAccount:5678 oder nur die Nummer. Leer: alle, die hier ankommen.",
      },
      example: "urn:li:organization:1234",
    }),
    forms: ownIds("forms", {
      label: { en: "Forms", de: "Formulare" },
      help: {
        en: "Lead forms that are this source's, whatever their version is: urn:li:leadGenForm:7234246, or the number alone. What names a form comes before what names the owner alone. Empty: all forms.",
        de: "Lead-Formulare, die dieser Quelle gehören, in jeder Version: urn:li:leadGenForm:7234246 oder nur die Nummer. Wer ein Formular nennt, geht vor dem, der nur den Eigentümer nennt. Leer: alle Formulare.",
      },
      example: "urn:li:leadGenForm:7234246",
    }),
    ...completionFields({ vendor: "LinkedIn", baseUrl: linkedinBaseUrl, apiVersion: linkedinVersion }),
  },
  completes: ({ accessToken }) => typeof accessToken === "string" && accessToken !== "",
  complete: linkedinComplete,
  vendorCheck: linkedinCheck,
  sharedBy: [
    {
      key: "organizations",
      member: "organizations",
      pointers: ["/owner", "/owner/organization", "/owner/sponsoredAccount"],
      alsoWritten: shortOfUrn,
    },
    { key: "forms", member: "forms", pointers: ["/leadGenForm"], alsoWritten: shortOfUrn },
  ],
  example: "kind: linkedin-lead-sync",
  success: { status: 200, body: '{"status":"ok"}' },
  facts: [
    {
      en: "LinkedIn expects 200. It asks for its challenge every 2 hours and within 3 s, which is answered also while the database is away; three failures in a row block the address until its owner starts it again. Whether notifications are signed and repeated is not documented for Lead Sync itself (unsure); one without a signature is turned away.",
      de: "LinkedIn erwartet 200. Es stellt alle 2 Stunden seine Rückfrage (Challenge), die binnen 3 s beantwortet sein muss; das geschieht auch, während die Datenbank fort ist. Drei Fehlschläge hintereinander sperren die Adresse, bis ihr Inhaber sie neu startet. Ob Meldungen signiert und wiederholt werden, ist für Lead Sync selbst nicht dokumentiert (ungesichert); eine ohne Signatur wird abgewiesen.",
    },
  ],
  lead: { form: "/leadGenForm" },
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, request, nowMs) => check(secrets, request, nowMs),
  read: (_auth, { rawBody }) =>
    readJsonLead(rawBody, (document) => {
      const type = textAt(document, "/type");
      const action = textAt(document, "/leadAction");
      if (type !== null && type !== "LEAD_ACTION") return "no_lead";
      if (action === "DELETED")
        return { kind: "leads", leads: [], setAside: [{ code: "erasure_requested", bytes: rawBody }] };
      return { key: keyOfAll(idAt(document, "/leadGenFormResponse"), action) };
    }),
  handshake: ({ secrets }, { target }, nowMs) => {
    const challengeCode = queryOf(target).get("challengeCode");
    const [secret] = validSecrets(secrets, nowMs);
    if (challengeCode === null || !challengePattern.test(challengeCode) || secret === undefined) return null;
    const challengeResponse = hmacSha256(Buffer.from(secret.value))(challengeCode);
    return {
      status: 200,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ challengeCode, challengeResponse }),
    };
  },
});
