// Lead forms of Google Ads: JSON whose member google_key is the proof.
import { credentials } from "../../../config/fields/credentials.ts";
import { isLosslessNumber, parse as parseLossless } from "lossless-json";
import { readJsonBody } from "../../../bodies/json-body.ts";
import type { LeadBody } from "../../../domain/leads/lead-body.ts";
import { validSecrets } from "../../../domain/sources/source.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import { sameText } from "../same-text.ts";
import { oneLead } from "../read-any.ts";
import { authenticated, notAuthenticated, sourceKind } from "../source-kind.ts";
import type { Answered, Authentication, SourceAnswer, SourceRequest } from "../source-kind.ts";
import { replaced } from "../token-credentials.ts";
import { googleAdsLeadFormSetUp } from "./set-up.ts";

export const googleAdsLeadForm = sourceKind({
  kind: "google-ads-lead-form",
  setUp: googleAdsLeadFormSetUp,
  label: { en: "Google Ads lead form", de: "Google-Ads-Lead-Formular" },
  help: {
    en: "A lead form of Google Ads. In the form, under Export leads, Webhook, enter this source's address and the key. The key stands in every request and is not kept; `lead_id` recognises a repeat, to the digit; what Google marks as a test (`is_test`) is delivered and never counted. Everything kept is answered 200, a wrong key with 401, what could not be kept with 503. Whether Google sends again, and which codes it distinguishes, is not documented (unsure).",
    de: "Ein Lead-Formular von Google Ads. Tragen Sie im Formular unter „Leads exportieren“, Webhook, die Adresse dieser Quelle und den Schlüssel ein. Der Schlüssel steht in jeder Anfrage und wird nicht aufbewahrt; `lead_id` erkennt Wiederholungen, auf die Ziffer genau; was Google als Test kennzeichnet (`is_test`), wird zugestellt und nie gezählt. Auf alles, was aufbewahrt ist, folgt 200, auf einen falschen Schlüssel 401, auf alles, was sich nicht aufbewahren ließ, 503. Ob Google noch einmal sendet und welche Codes es unterscheidet, ist nicht dokumentiert (unsicher).",
  },
  place: "top",
  fields: {
    secrets: credentials({
      name: "google_key",
      format: "secret",
      one: {
        label: { en: "Google key", de: "Google-Schlüssel" },
        help: {
          en: "The key that you enter in the form, at most 50 characters. If you leave it empty, LeadLedger makes one and shows it this once.",
          de: "Der Schlüssel, den Sie im Formular eintragen, höchstens 50 Zeichen. Wenn Sie ihn leer lassen, erzeugt LeadLedger einen und zeigt ihn dieses eine Mal.",
        },
        advanced: true,
      },
      several: {
        label: { en: "Several Google keys", de: "Mehrere Google-Schlüssel" },
        help: {
          en: "Instead of one: up to ten that are valid at once, each with an end if you like.",
          de: "Statt des einen: bis zu zehn, die zugleich gelten, auf Wunsch jeder mit einem Ende.",
        },
        advanced: true,
      },
    }),
  },
  // Nothing that is refused comes again.
  onKeyReuse: "keep_first",
  example: "kind: google-ads-lead-form, google_key: ${GOOGLE_KEY}",
  proof: "own",
  signsBody: true,
  lead: { form: "/form_id", campaign: "/campaign_id", "click_ids.gclid": "/gcl_id" },
  success: { status: 200, body: null },
  authenticate: checkKey,
  withoutSecrets: withoutKey,
  read: (_auth, { rawBody }) => {
    const body = readJsonBody(rawBody);
    const isTest = body.kind === "lead" && isTrue(body.value["is_test"]);
    const key = body.kind === "lead" ? leadId(body) : null;
    return oneLead(body, rawBody, key, isTest ? true : undefined);
  },
  answer: (_auth, answered) => notKept(answered),
});

function checkKey({ secrets }: SourceAuth, { rawBody }: SourceRequest, nowMs: number): Authentication {
  const key = keyIn(rawBody);
  if (key === null)
    return notAuthenticated("credentials_missing", {
      en: "Looked for: the member google_key of a JSON body. It was not there.",
      de: "Gesucht: google_key im JSON der Anfrage. Es war nicht da.",
    });
  const presented = Buffer.from(key);
  return validSecrets(secrets, nowMs).some(({ value }) => sameText(presented, value))
    ? authenticated
    : notAuthenticated("credentials_wrong", {
        en: `Looked for: the member google_key of the JSON body. It was there, with ${key.length} characters.`,
        de: `Gesucht: google_key im JSON der Anfrage. Es war da, mit ${key.length} Zeichen.`,
      });
}

/** null: there is none that is not empty. */
function keyIn(rawBody: Buffer): string | null {
  try {
    const body = JSON.parse(rawBody.toString("utf8").replace(/^\uFEFF/, "")) as Record<
      string,
      unknown
    > | null;
    const key = body?.["google_key"];
    return (typeof key === "string" && key !== "") || typeof key === "number" ? String(key) : null;
  } catch {
    return null;
  }
}

/** As bytes, so that what cannot be read as JSON is without it too. */
function withoutKey({ secrets = [] }: SourceAuth, { rawBody }: SourceRequest): Buffer {
  const text = rawBody.toString("latin1");
  const stripped = text.replace(keyMember, "");
  const body = stripped === text ? rawBody : Buffer.from(stripped, "latin1");
  return secrets.reduce((rest, { value }) => (value === "" ? rest : replaced(rest, value)), body);
}

/** With the comma before or behind it; a body that is too large may be cut within. */
const keyMember =
  /,\s*"google_key"\s*:\s*(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^",}\]\s]+)|"google_key"\s*:\s*(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^",}\]\s]+)\s*,?/g;

/** int64, which is more than a JavaScript number holds. */
function leadId({ json, value }: LeadBody): string | null {
  const id = value["lead_id"];
  if (typeof id === "string") return id.trim() === "" ? null : id.trim();
  if (typeof id !== "number") return null;
  const exact = (parseLossless(json) as Record<string, unknown>)["lead_id"];
  return isLosslessNumber(exact) ? exact.value : null;
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** A 4xx is for a wrong key alone: whatever else was not kept has to come again. */
function notKept({ outcome, status }: Answered): SourceAnswer | null {
  const isOurs = (outcome === "turned_away" || outcome === "later") && status !== 401 && status < 500;
  return isOurs
    ? {
        status: 503,
        headers: { "Content-Type": "application/json", "Retry-After": "60" },
        body: '{"status":"not_stored"}',
      }
    : null;
}
