// A form of Elementor Pro: labels and answers, or, with "Advanced Data", fields with all that is known of them.
import { leadFromFields } from "../../../bodies/form-fields.ts";
import type { FormField } from "../../../bodies/form-fields.ts";
import { leadFromNested } from "../../../bodies/nested-fields.ts";
import type { LeadBody } from "../../../domain/leads/lead-body.ts";
import { inCharset } from "../lead-of-fields.ts";
import { oneLead, readAny } from "../read-any.ts";
import { readSentFields } from "../read-form.ts";
import { sourceKind } from "../source-kind.ts";
import type { LeadsRead, SourceRequest } from "../source-kind.ts";
import { checkToken, tokenField, withoutToken } from "../token-credentials.ts";
import { elementorSetUp } from "./set-up.ts";

export const elementor = sourceKind({
  kind: "elementor",
  setUp: elementorSetUp,
  label: { en: "Elementor (WordPress)", de: "Elementor (WordPress)" },
  help: {
    en: "A form of Elementor Pro. Under Actions After Submit choose Webhook, enter this source's address with the token as its last part, and switch Advanced Data on: then the fields have ids, else only their translated labels. Keep the action Email switched on as a safety net. Elementor takes 200 alone for success, waits 5 seconds, and never sends again. WordPress reaches no private addresses and no ports but 80, 443 and 8080: a LeadLedger in your own network does not get these leads. Paths of uploaded files on the server are not kept.",
    de: "Ein Formular von Elementor Pro. Wählen Sie unter „Aktionen nach dem Absenden“ Webhook, tragen Sie die Adresse dieser Quelle mit dem Token als letztem Teil ein, und schalten Sie „Erweiterte Daten“ ein: Dann haben die Felder Kennungen, sonst nur ihre übersetzten Beschriftungen. Lassen Sie die Aktion E-Mail als Sicherheitsnetz an. Elementor hält nur 200 für einen Erfolg, wartet 5 Sekunden und sendet nie noch einmal. WordPress erreicht keine privaten Adressen und keine Ports außer 80, 443 und 8080: Ein LeadLedger im eigenen Netz bekommt diese Leads nicht. Pfade hochgeladener Dateien auf dem Server bleiben nicht erhalten.",
  },
  place: "top",
  fields: { secrets: tokenField("token") },
  // Nothing that is refused comes again.
  onKeyReuse: "keep_first",
  example: "kind: elementor, token: ${ELEMENTOR_TOKEN}",
  proof: "own",
  signsBody: false,
  lead: { form: ["/form/name", "/form_name"], page: "/meta/page_url/value" },
  success: { status: 200, body: null },
  authenticate: checkToken,
  withoutSecrets: withoutToken,
  read: (_auth, request) => readSubmission(request),
});

async function readSubmission(request: SourceRequest): Promise<LeadsRead> {
  const sent = await readSentFields(request);
  if (sent === null) return oneLead(await readAny(request), request.rawBody);
  if (sent.kind === "unreadable") return oneLead(sent, request.rawBody);
  return oneLead(inCharset(leadOf(sent.fields), sent.charset), request.rawBody);
}

/** Without "Advanced Data" names are labels, and a bracket in one means nothing. */
function leadOf(fields: readonly FormField[]): LeadBody {
  const isAdvanced = fields.some(([name]) => name === "form[id]");
  return isAdvanced ? leadFromNested(withoutServerPaths(fields)) : leadFromFields(fields);
}

/** Of an upload `value` has the addresses; `raw_value` has paths on the server. */
function withoutServerPaths(fields: readonly FormField[]): readonly FormField[] {
  const uploads = fields.flatMap(([name, value]) =>
    value === "upload" && name.startsWith("fields[") && name.endsWith("][type]")
      ? [`${name.slice(0, -"[type]".length)}[raw_value]`]
      : [],
  );
  return uploads.length === 0
    ? fields
    : fields.filter(([name]) => !uploads.some((start) => name.startsWith(start)));
}
