// A landing page at Unbounce: a form whose field data.json holds the answers, each as a list.
import { leadWithParsed } from "../lead-of-fields.ts";
import { oneLead, readAny } from "../read-any.ts";
import { readSentFields } from "../read-form.ts";
import { sourceKind } from "../source-kind.ts";
import type { LeadsRead, SourceRequest } from "../source-kind.ts";
import { checkToken, tokenField, withoutToken } from "../token-credentials.ts";
import { unbounceSetUp } from "./set-up.ts";

export const unbounce = sourceKind({
  kind: "unbounce",
  setUp: unbounceSetUp,
  label: { en: "Unbounce", de: "Unbounce" },
  help: {
    en: "A landing page at Unbounce. Under Integrations, Webhooks: POST to URL, enter this source's address with the token as its last part: Unbounce signs nothing. `data.json` is parsed and keeps its name; each answer in it is a list. There is no number of a submission, so the same answers within ten minutes are one lead. Which answer Unbounce expects, and whether it sends again, is not documented (unsure): everything kept is answered 200.",
    de: "Eine Landingpage bei Unbounce. Tragen Sie unter Integrations, „Webhooks: POST to URL“ die Adresse dieser Quelle mit dem Token als letztem Teil ein: Unbounce signiert nichts. `data.json` wird zerlegt und behält seinen Namen; jede Antwort darin ist eine Liste. Eine Nummer der Einsendung gibt es nicht, deshalb sind gleiche Antworten binnen zehn Minuten ein Lead. Welche Antwort Unbounce erwartet und ob es noch einmal sendet, ist nicht dokumentiert (unsicher): Auf alles, was aufbewahrt ist, folgt 200.",
  },
  place: "top",
  fields: { secrets: tokenField("token") },
  // Nothing that is refused comes again.
  onKeyReuse: "keep_first",
  example: "kind: unbounce, token: ${UNBOUNCE_TOKEN}",
  proof: "own",
  signsBody: false,
  lead: { page: "/page_url", form: "/page_name" },
  success: { status: 200, body: null },
  authenticate: checkToken,
  withoutSecrets: withoutToken,
  read: (_auth, request) => readSubmission(request),
});

async function readSubmission(request: SourceRequest): Promise<LeadsRead> {
  const sent = await readSentFields(request);
  if (sent === null) return oneLead(await readAny(request), request.rawBody);
  return oneLead(sent.kind === "unreadable" ? sent : leadWithParsed(sent, "data.json"), request.rawBody);
}
