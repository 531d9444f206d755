// Forms of WordPress plugins that post what was entered (Contact Form 7 with an add-on, Gravity Forms, WPForms, Fluent Forms,
// Ninja Forms): their shapes are told apart by themselves.
import { leadFromNested } from "../../../bodies/nested-fields.ts";
import { readJsonBody } from "../../../bodies/json-body.ts";
import type { LeadBody } from "../../../domain/leads/lead-body.ts";
import type { Refusal } from "../../../domain/leads/refusal.ts";
import { inCharset } from "../lead-of-fields.ts";
import { oneLead, readAny } from "../read-any.ts";
import { readSentFields } from "../read-form.ts";
import type { SentFields } from "../read-form.ts";
import { sourceKind } from "../source-kind.ts";
import type { LeadsRead, SourceRequest } from "../source-kind.ts";
import { checkToken, tokenField, withoutToken } from "../token-credentials.ts";
import { entryKey } from "./entry-key.ts";
import { withEscapedText } from "./template-json.ts";
import { wordpressFormSetUp } from "./set-up.ts";

export const wordpressForm = sourceKind({
  kind: "wordpress-form",
  setUp: wordpressFormSetUp,
  label: { en: "WordPress form", de: "WordPress-Formular" },
  help: {
    en: "A form of Contact Form 7 (with CF7 to Webhook or CF7 to API), Gravity Forms, WPForms, Fluent Forms or Ninja Forms: enter this source's address in the plugin's webhook. The token goes into a header where the plugin has own headers (CF7 to Webhook, Gravity, Fluent), else into the address, as its last part. JSON is the better format. Keep the plugin's own mail and its list of entries switched on as a safety net: all but CF7 to Webhook ignore the answer and never send again. The numbers that Gravity and Fluent (and WPForms, where `entry_id` is mapped) give their entries are the key, for each website; all others are recognised by their content. Shapes of the paid add-ons' newest versions are not known for certain (unsure).",
    de: "Ein Formular von Contact Form 7 (mit „CF7 to Webhook“ oder „CF7 to API“), Gravity Forms, WPForms, Fluent Forms oder Ninja Forms: Tragen Sie die Adresse dieser Quelle im Webhook des Plugins ein. Das Token kommt in eine Kopfzeile, wenn das Plugin eigene hat (CF7 to Webhook, Gravity, Fluent), sonst als letzter Teil in die Adresse. JSON ist das bessere Format. Lassen Sie die Mail des Plugins und seine Liste der Einträge als Sicherheitsnetz an: Alle außer „CF7 to Webhook“ beachten die Antwort nicht und senden nie noch einmal. Die Nummern, die Gravity und Fluent (und WPForms, wenn `entry_id` zugeordnet ist) ihren Einträgen geben, sind die Kennung, je Website; alles andere wird am Inhalt erkannt. Wie die neuesten Fassungen der bezahlten Erweiterungen senden, ist nicht gesichert (unsicher).",
  },
  place: "top",
  fields: { secrets: tokenField("token") },
  // Nothing that is refused comes again.
  onKeyReuse: "keep_first",
  example: "kind: wordpress-form, token: ${WORDPRESS_TOKEN}",
  proof: "own",
  signsBody: false,
  lead: { page: ["/__submission/source_url", "/source_url"] },
  success: { status: 200, body: null },
  authenticate: checkToken,
  withoutSecrets: withoutToken,
  read: (_auth, request) => readEntry(request),
});

async function readEntry(request: SourceRequest): Promise<LeadsRead> {
  const sent = await readSentFields(request);
  const body = sent === null ? await readJson(request) : sent.kind === "unreadable" ? sent : leadOf(sent);
  const key = body.kind === "lead" ? entryKey(body, request.headers) : null;
  return oneLead(body, request.rawBody, key);
}

/** Ninja Forms puts all of it into one field as JSON, if told so; the field's name can be chosen. */
function leadOf({ fields, charset }: SentFields): LeadBody {
  const [only, ...others] = fields;
  const text = only !== undefined && others.length === 0 && typeof only[1] === "string" ? only[1] : "";
  const parsed = text.startsWith("{") ? readJsonBody(Buffer.from(text)) : null;
  return inCharset(parsed?.kind === "lead" ? parsed : leadFromNested(fields), charset);
}

/** A template of CF7 to Webhook inserts what was typed as it is: a line break or a quotation mark makes it no JSON. */
async function readJson(request: SourceRequest): Promise<LeadBody | Refusal> {
  const read = await readAny(request);
  if (read.kind === "lead" || read.code !== "json_malformed") return read;
  const mended = readJsonBody(withEscapedText(request.rawBody));
  // With a charset its bytes are kept beside it.
  return mended.kind === "lead" ? inCharset(mended, "utf-8") : read;
}
