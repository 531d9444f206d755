// A form at Jotform: parts, one of which, rawRequest, holds the answers as JSON.
import { fieldIn, readSentFields } from "../read-form.ts";
import { leadWithParsed } from "../lead-of-fields.ts";
import { oneLead, readAny } from "../read-any.ts";
import { sourceKind } from "../source-kind.ts";
import type { LeadsRead, SourceRequest } from "../source-kind.ts";
import { checkToken, tokenField, withoutToken } from "../token-credentials.ts";
import { jotformSetUp } from "./set-up.ts";

export const jotform = sourceKind({
  kind: "jotform",
  setUp: jotformSetUp,
  label: { en: "Jotform", de: "Jotform" },
  help: {
    en: "A form at Jotform. Under Settings, Integrations, WebHooks, enter this source's address with the token as its last part: Jotform signs nothing and sets no header. The answers (`rawRequest`) are parsed, and the submission's number is the key, all 19 digits of it. The token is not kept of the address that Jotform repeats in `webhookURL`. Which answer Jotform expects, and whether it sends again, is not documented (unsure): everything kept is answered 200.",
    de: "Ein Formular bei Jotform. Tragen Sie unter Einstellungen, Integrationen, WebHooks die Adresse dieser Quelle mit dem Token als letztem Teil ein: Jotform signiert nichts und setzt keine Kopfzeile. Die Antworten (`rawRequest`) werden zerlegt, und die Nummer der Einsendung ist die Kennung, mit allen 19 Ziffern. Aus der Adresse, die Jotform in `webhookURL` wiederholt, bleibt das Token nicht erhalten. Welche Antwort Jotform erwartet und ob es noch einmal sendet, ist nicht dokumentiert (unsicher): Auf alles, was aufbewahrt ist, folgt 200.",
  },
  place: "top",
  fields: { secrets: tokenField("token") },
  // Nothing that is refused comes again.
  onKeyReuse: "keep_first",
  example: "kind: jotform, token: ${JOTFORM_TOKEN}",
  proof: "own",
  signsBody: false,
  lead: { form: ["/formTitle", "/formID"] },
  success: { status: 200, body: null },
  authenticate: checkToken,
  withoutSecrets: withoutToken,
  read: (_auth, request) => readSubmission(request),
});

async function readSubmission(request: SourceRequest): Promise<LeadsRead> {
  const sent = await readSentFields(request);
  if (sent === null) return oneLead(await readAny(request), request.rawBody);
  if (sent.kind === "unreadable") return oneLead(sent, request.rawBody);
  const submissionId = fieldIn(sent.fields, "submissionID")?.trim() ?? "";
  const key = submissionId === "" ? null : submissionId;
  return oneLead(leadWithParsed(sent, "rawRequest"), request.rawBody, key);
}
