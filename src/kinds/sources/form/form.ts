// A form of a website whose visitors' browsers send it here themselves: without a script, by `fetch`, or by a beacon. No
// secret proves it, so that what keeps spam away are signs, and what bears them waits for a person.
import type { SettingsOf } from "../../../config/fields/field.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import { authenticated, sourceKind } from "../source-kind.ts";
import type {
  AddedHeaders,
  Answered,
  Screened,
  SourceAnswer,
  SourceRequest,
  Visitor,
} from "../source-kind.ts";
import { checkToken, withoutToken } from "../token-credentials.ts";
import { formFields } from "./form-fields.ts";
import { corsHeaders, isAllowed, originOf, preflightAnswer } from "./origins.ts";
import type { Origins } from "./origins.ts";
import { formSamples } from "./samples.ts";
import { isBrowser, spamSign } from "./spam.ts";
import { fieldOf, readFields, readSubmission } from "./submission.ts";
import { thankYouField, thankYouPage } from "./thank-you.ts";
import { messageOf, visitorPage, wantsPage } from "./visitor-page.ts";
import { formSetUp } from "./set-up.ts";

type FormSettings = SettingsOf<typeof formFields>;

function settingsIn(auth: SourceAuth): FormSettings {
  return auth as unknown as FormSettings;
}

export const form = sourceKind({
  kind: "form",
  setUp: formSetUp,
  label: { en: "Website form", de: "Website-Formular" },
  help: {
    en: "A form of your website is sent straight from the visitor's browser, without a program in between. It cannot be proved that it really comes from your website: a page in public has no secret. What looks like spam goes into the quarantine, where you can release it.",
    de: "Ein Formular Ihrer Website kommt direkt aus dem Browser des Besuchers, ohne ein Programm dazwischen. Dass es wirklich von Ihrer Website kommt, lässt sich nicht beweisen: Eine öffentliche Seite hat kein Geheimnis. Was nach Spam aussieht, geht in die Quarantäne; dort können Sie es annehmen.",
  },
  place: "top",
  fields: formFields,
  // Nothing that is refused comes again.
  onKeyReuse: "keep_first",
  example: "kind: form",
  proof: "nothing",
  // What stands in a public page is no secret, so that no sample has the token in it.
  hasUsualProof: (settings) => (settings["token"] ?? null) === null,
  samples: formSamples,
  check: ({ name, entry, note }) => {
    const isOpen = !Array.isArray(entry["origins"]) || entry["origins"].length === 0;
    if (isOpen && entry["token"] === undefined)
      note("warnings", [], { code: "auth_none", params: { source: name } });
  },
  signsBody: false,
  authenticate: (auth, request, nowMs) =>
    settingsIn(auth).token === null
      ? authenticated
      : checkToken(credentialsOf(settingsIn(auth)), request, nowMs),
  withoutSecrets: (auth, request) => withoutToken(credentialsOf(settingsIn(auth)), request),
  read: (auth, request) => readSubmission(settingsIn(auth), request),
  screen: (auth, request, visitor) => screen(settingsIn(auth), request, visitor),
  answer: (auth, answered, request) => answer(settingsIn(auth), answered, request),
  preflight: (auth, request) => preflightAnswer(settingsIn(auth).origins, request),
  handshake: (auth, { headers }) =>
    wantsPage(headers)
      ? withHeader(
          visitorPage({
            message: "nothing_here",
            status: 405,
            headers,
            back: backTo(settingsIn(auth).origins, headers),
            retryAfterSeconds: null,
          }),
          "Allow",
          "POST",
        )
      : null,
});

async function screen(settings: FormSettings, request: SourceRequest, visitor: Visitor): Promise<Screened> {
  const { headers } = request;
  const sign = spamSign(settings, await readFields(settings, request), headers);
  if (!isBrowser(headers)) return sign;
  const taken = visitor.take(settings.addressLimit);
  if (taken === "far_over") return "far_over";
  return sign ?? (taken === "over" ? "spam_address" : null);
}

function answer(
  settings: FormSettings,
  answered: Answered,
  request: SourceRequest,
): SourceAnswer | AddedHeaders {
  const { headers } = request;
  const isTaken = answered.outcome === "taken" || answered.outcome === "duplicate";
  const page = isTaken ? thankYouPage(settings, fieldOf(request, thankYouField), headers) : null;
  if (page !== null && followsRedirects(headers))
    return { status: 303, headers: { Location: page }, body: "" };
  if (!wantsPage(headers)) return { headers: corsHeaders(settings.origins, headers) };
  return visitorPage({
    message: messageOf(answered),
    // A browser shows its own page for some that have no body of their own; 202 means nothing to a person.
    status: isTaken ? 200 : answered.status,
    headers,
    back: backTo(settings.origins, headers),
    retryAfterSeconds: answered.retryAfterSeconds,
  });
}

/** Whoever is shown a page, and plain programs that send what a form would; a script would lose its answer. */
function followsRedirects(headers: RequestHeaders): boolean {
  if (wantsPage(headers)) return true;
  const isScript =
    headerValue(headers, "origin") !== undefined || headerValue(headers, "sec-fetch-mode") === "cors";
  const isForm = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i;
  const accepted = headerValue(headers, "accept") ?? "*/*";
  return !isScript && accepted.trim() === "*/*" && isForm.test(headerValue(headers, "content-type") ?? "");
}

/** The page that the form is on, or its website; null: not known, or none that is listed. */
function backTo(origins: Origins, headers: RequestHeaders): string | null {
  const origin = originOf(headers);
  if (origin === null || !isAllowed(origins, origin)) return null;
  const referer = headerValue(headers, "referer");
  const isSame = referer !== undefined && URL.canParse(referer) && new URL(referer).origin === origin;
  return isSame ? referer : `${origin}/`;
}

function withHeader(answer: SourceAnswer, name: string, value: string): SourceAnswer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

/** As the credentials that a token is checked as. */
function credentialsOf({ token }: FormSettings): SourceAuth {
  return { kind: "form", secrets: token === null ? [] : [{ value: token, notAfter: null }] };
}
