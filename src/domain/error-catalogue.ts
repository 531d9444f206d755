// Every error that HTTP answers bear: its status, and what it says to people in both languages: what happened, whether
// the lead is safe, what to do. A code never changes its meaning.
import { apiErrors } from "./api-errors.ts";
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export type { CatalogueEntry, ErrorText, Language } from "./error-catalogue-entry.ts";

const notStored = {
  en: "The lead was not stored.",
  de: "Der Lead wurde nicht gespeichert.",
} as const;
const kept = {
  en: "The payload is kept and waits in the DLQ.",
  de: "Die Daten sind aufbewahrt und liegen bei den Klärfällen.",
} as const;

/** A payload that was kept although it could not become a lead. */
function refused(en: string, de: string): CatalogueEntry {
  return entry(
    422,
    [
      en,
      `${kept.en} Send a corrected body under the same idempotency key: it takes this one's place. Where the key comes from the body itself, it becomes a new lead.`,
    ],
    [
      de,
      `${kept.de} Senden Sie die berichtigten Daten mit demselben Schlüssel: Sie treten an die Stelle dieser. Wo der Schlüssel aus den Daten selbst kommt, werden sie ein neuer Lead.`,
    ],
  );
}

export const errorCatalogue = {
  source_unknown: entry(
    401,
    [
      "There is no such source",
      `${notStored.en} Check the name in the URL or in X-Source, or add the source to the configuration.`,
    ],
    [
      "Diese Quelle gibt es nicht",
      `${notStored.de} Prüfen Sie den Namen in der Adresse oder in X-Source, oder legen Sie die Quelle in der Konfiguration an.`,
    ],
  ),
  credentials_missing: entry(
    401,
    [
      "Credentials are missing",
      `${notStored.en} Send the token or the signature that this source is configured with.`,
    ],
    [
      "Die Zugangsdaten fehlen",
      `${notStored.de} Senden Sie das Kennwort oder die Signatur mit, die für diese Quelle eingerichtet ist.`,
    ],
  ),
  credentials_wrong: entry(
    401,
    [
      "The credentials are wrong",
      `${notStored.en} Compare the secret at the sender with the one configured for this source.`,
    ],
    [
      "Die Zugangsdaten sind falsch",
      `${notStored.de} Vergleichen Sie das Kennwort beim Absender mit dem für diese Quelle eingerichteten.`,
    ],
  ),
  timestamp_missing: entry(
    401,
    ["The timestamp is missing", `${notStored.en} A signed request needs X-Timestamp in unix seconds.`],
    ["Der Zeitstempel fehlt", `${notStored.de} Eine signierte Anfrage braucht X-Timestamp in Unix-Sekunden.`],
  ),
  timestamp_invalid: entry(
    401,
    ["The timestamp cannot be read", `${notStored.en} X-Timestamp must be whole unix seconds.`],
    ["Der Zeitstempel ist unlesbar", `${notStored.de} X-Timestamp muss aus ganzen Unix-Sekunden bestehen.`],
  ),
  timestamp_stale: entry(
    401,
    [
      "The timestamp is too old or in the future",
      `${notStored.en} Set the sender's clock and sign again; five minutes are tolerated.`,
    ],
    [
      "Der Zeitstempel ist zu alt oder liegt in der Zukunft",
      `${notStored.de} Stellen Sie die Uhr des Absenders und signieren Sie neu; fünf Minuten Abweichung sind erlaubt.`,
    ],
  ),
  idempotency_key_missing: entry(
    400,
    [
      "The idempotency key is missing",
      `${notStored.en} Send Idempotency-Key (or X-Idempotency-Key) with a value that is the same when this lead is sent again.`,
    ],
    [
      "Der Idempotenzschlüssel fehlt",
      `${notStored.de} Senden Sie Idempotency-Key (oder X-Idempotency-Key) mit einem Wert, der beim erneuten Senden dieses Leads gleich bleibt.`,
    ],
  ),
  idempotency_key_invalid: entry(
    400,
    [
      "The idempotency key is not usable",
      `${notStored.en} It must be one text of 1 to 255 bytes without control characters.`,
    ],
    [
      "Der Idempotenzschlüssel ist unbrauchbar",
      `${notStored.de} Er muss ein Text von 1 bis 255 Bytes ohne Steuerzeichen sein.`,
    ],
  ),
  idempotency_key_reused: entry(
    422,
    [
      "The idempotency key belongs to another body",
      `The first lead stands. ${kept.en} Use a new key for a new lead.`,
    ],
    [
      "Der Idempotenzschlüssel gehört zu anderen Daten",
      `Der erste Lead gilt weiter. ${kept.de} Verwenden Sie für einen neuen Lead einen neuen Schlüssel.`,
    ],
  ),
  source_name_invalid: entry(
    400,
    [
      "The source's name is not usable",
      `${notStored.en} A name has 1 to 255 bytes and no control characters.`,
    ],
    [
      "Der Name der Quelle ist unbrauchbar",
      `${notStored.de} Ein Name hat 1 bis 255 Bytes und keine Steuerzeichen.`,
    ],
  ),
  body_too_large: entry(
    413,
    ["The body is too large", `${notStored.en} Send less, or raise this source's body_limit.`],
    [
      "Die Daten sind zu groß",
      `${notStored.de} Senden Sie weniger, oder erhöhen Sie body_limit dieser Quelle.`,
    ],
  ),
  media_type_unsupported: entry(
    415,
    [
      "This media type is not supported",
      `${notStored.en} Send JSON, application/x-www-form-urlencoded or multipart/form-data in UTF-8, and name it in Content-Type.`,
    ],
    [
      "Dieses Datenformat wird nicht unterstützt",
      `${notStored.de} Senden Sie JSON, application/x-www-form-urlencoded oder multipart/form-data in UTF-8, und nennen Sie es in Content-Type.`,
    ],
  ),
  content_coding_unsupported: entry(
    415,
    [
      "The body is compressed",
      `${notStored.en} Send it as it is, without Content-Encoding: compressed bodies are not unpacked.`,
    ],
    [
      "Die Daten sind komprimiert",
      `${notStored.de} Senden Sie sie unverändert, ohne Content-Encoding: Komprimiertes wird nicht entpackt.`,
    ],
  ),
  rate_limited: entry(
    429,
    ["Too many requests from this source", `${notStored.en} Send it again after the time in Retry-After.`],
    [
      "Zu viele Anfragen dieser Quelle",
      `${notStored.de} Senden Sie ihn nach der Zeit in Retry-After noch einmal.`,
    ],
  ),
  source_paused: entry(
    503,
    ["This source is paused", `${notStored.en} Send it again after the time in Retry-After.`],
    [
      "Diese Quelle ist angehalten",
      `${notStored.de} Senden Sie ihn nach der Zeit in Retry-After noch einmal.`,
    ],
  ),
  role_without_intake: entry(
    503,
    [
      "This node takes no leads",
      `${notStored.en} The node was started without the role intake: send it to one that has it, or again after the time in Retry-After.`,
    ],
    [
      "Dieser Knoten nimmt keine Leads an",
      `${notStored.de} Der Knoten wurde ohne die Rolle intake gestartet: Senden Sie ihn an einen, der sie hat, oder nach der Zeit in Retry-After noch einmal.`,
    ],
  ),
  intake_overloaded: entry(
    503,
    ["More leads arrive than can be stored", `${notStored.en} Send it again after the time in Retry-After.`],
    [
      "Es kommen mehr Leads an, als gespeichert werden können",
      `${notStored.de} Senden Sie ihn nach der Zeit in Retry-After noch einmal.`,
    ],
  ),
  ledger_unavailable: entry(
    503,
    [
      "The lead can be stored neither in the database nor on disk",
      `${notStored.en} Send it again after the time in Retry-After: a repeat under the same key is safe.`,
    ],
    [
      "Der Lead lässt sich weder in der Datenbank noch auf der Platte speichern",
      `${notStored.de} Senden Sie ihn nach der Zeit in Retry-After noch einmal: Wiederholen mit demselben Schlüssel ist gefahrlos.`,
    ],
  ),
  body_empty: refused("The body is empty", "Die Anfrage ist leer"),
  body_not_utf8: refused("The body is not UTF-8", "Die Daten sind nicht in UTF-8 kodiert"),
  body_not_an_object: refused("The body is not a JSON object", "Die Daten sind kein JSON-Objekt"),
  json_malformed: refused("The body is not valid JSON", "Die Daten sind kein gültiges JSON"),
  json_too_deep: refused("The JSON is nested too deeply", "Das JSON ist zu tief verschachtelt"),
  json_number_out_of_range: refused(
    "A number is too large to be kept exactly",
    "Eine Zahl ist zu groß, um genau gespeichert zu werden",
  ),
  json_nul_character: refused("The JSON contains a NUL character", "Das JSON enthält ein NUL-Zeichen"),
  json_lone_surrogate: refused("The JSON contains half a character", "Das JSON enthält ein halbes Zeichen"),
  json_duplicate_key: refused(
    "A field occurs twice in one object",
    "Ein Feld kommt in einem Objekt doppelt vor",
  ),
  form_malformed: refused("The form cannot be read", "Das Formular ist unlesbar"),
  multipart_malformed: refused("The multipart form cannot be read", "Das mehrteilige Formular ist unlesbar"),
  schema_violation: refused(
    "The body breaks this source's schema",
    "Die Daten verletzen das Schema dieser Quelle",
  ),
  key_pointer_missing: refused(
    "The body lacks the field that holds its key",
    "In den Daten fehlt das Feld mit dem Schlüssel",
  ),
  request_malformed: entry(
    400,
    ["The request is not valid HTTP", notStored.en],
    ["Die Anfrage ist kein gültiges HTTP", notStored.de],
  ),
  request_timeout: entry(
    408,
    ["The request did not arrive in time", `${notStored.en} Send it again.`],
    ["Die Anfrage kam nicht rechtzeitig an", `${notStored.de} Senden Sie ihn noch einmal.`],
  ),
  headers_too_large: entry(
    431,
    ["The request's headers are too large", `${notStored.en} All headers together may have 16 kB.`],
    [
      "Die Kopfzeilen der Anfrage sind zu groß",
      `${notStored.de} Alle Kopfzeilen zusammen dürfen 16 kB haben.`,
    ],
  ),
  not_found: entry(
    404,
    ["There is nothing here", "Leads are posted to /webhook/lead or /webhook/lead/{source}."],
    ["Hier gibt es nichts", "Leads werden an /webhook/lead oder /webhook/lead/{quelle} gesendet."],
  ),
  method_not_allowed: entry(
    405,
    ["This method is not possible here", "The header Allow names the ones that are."],
    ["Diese Methode ist hier nicht möglich", "Die Kopfzeile Allow nennt die möglichen."],
  ),
  internal_error: entry(
    500,
    [
      "Something went wrong inside LeadLedger",
      "It is in the log. Whether the lead was stored is not known; a repeat under the same key is safe.",
    ],
    [
      "In LeadLedger ist etwas schiefgegangen",
      "Es steht im Log. Ob der Lead gespeichert ist, ist ungewiss; Wiederholen mit demselben Schlüssel ist gefahrlos.",
    ],
  ),
  ...apiErrors,
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}
