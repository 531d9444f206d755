// Why a body cannot become a lead. It is kept all the same: these are also the error codes of such runs and DLQ entries.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";
import type { RefusalCode } from "../leads/refusal.ts";

type TitleAndReason = readonly [title: string, happened: string];

/** A payload that was kept although it could not become a lead. */
function refused(en: TitleAndReason, de: TitleAndReason): CatalogueEntry {
  return entry(422, "kept", "sender", {
    en: [
      ...en,
      "Send a corrected body under the same idempotency key: it takes this one's place. Where the key comes from the body itself, it becomes a new lead.",
    ],
    de: [
      ...de,
      "Senden Sie die berichtigten Daten mit derselben Kennung: Dann gelten die neuen Daten anstelle dieser. Wo die Kennung aus den Daten selbst kommt, wird daraus ein neuer Lead.",
    ],
  });
}

export const payloadErrors = {
  body_empty: refused(
    [
      "The body is empty",
      "A request came without any data. Often the form sends itself before it is filled in.",
    ],
    [
      "Die Anfrage ist leer",
      "Es kam eine Anfrage ohne Daten. Oft sendet das Formular, bevor etwas eingetragen ist.",
    ],
  ),
  body_not_utf8: refused(
    [
      "The letters cannot be read",
      "They are neither UTF-8 nor in the charset that the sender names; umlauts would have become rubbish.",
    ],
    [
      "Die Buchstaben sind nicht lesbar",
      "Sie sind weder in UTF-8 noch im Zeichensatz kodiert, den der Absender nennt; aus Umlauten wäre Unsinn geworden.",
    ],
  ),
  body_not_an_object: refused(
    [
      "The body is not a JSON object",
      "A lead consists of fields with names. What came is a bare text, a number or a list.",
    ],
    [
      "Die Daten sind kein JSON-Objekt",
      "Ein Lead besteht aus Feldern mit Namen. Was kam, ist ein bloßer Text, eine Zahl oder eine Liste.",
    ],
  ),
  json_malformed: refused(
    [
      "The body is not valid JSON",
      "The data cannot be read: a bracket, a quotation mark or a comma is missing.",
    ],
    [
      "Die Daten sind kein gültiges JSON",
      "Die Daten sind unlesbar: Es fehlt zum Beispiel eine Klammer, ein Anführungszeichen oder ein Komma.",
    ],
  ),
  json_too_deep: refused(
    [
      "The JSON is nested too deeply",
      "Fields stand within fields within fields, more than 64 levels deep. No form needs that.",
    ],
    [
      "Das JSON ist zu tief verschachtelt",
      "Felder stehen in Feldern in Feldern, mehr als 64 Ebenen tief. Kein Formular braucht das.",
    ],
  ),
  json_number_out_of_range: refused(
    [
      "A number is too large to be kept exactly",
      "One of the numbers has so many digits that LeadLedger could not keep it unchanged. It refuses it rather than falsify it.",
    ],
    [
      "Eine Zahl ist zu groß, um genau gespeichert zu werden",
      "Eine der Zahlen hat so viele Stellen, dass LeadLedger sie nicht unverändert speichern könnte. Es lehnt sie lieber ab, als sie zu verfälschen.",
    ],
  ),
  json_nul_character: refused(
    [
      "The JSON contains a NUL character",
      "One of the texts contains an invisible character (NUL) that databases cannot store.",
    ],
    [
      "Das JSON enthält ein NUL-Zeichen",
      "Einer der Texte enthält ein unsichtbares Zeichen (NUL), das Datenbanken nicht speichern können.",
    ],
  ),
  json_lone_surrogate: refused(
    [
      "The JSON contains half a character",
      "One of the texts was cut in the middle of a character, mostly in the middle of an emoji.",
    ],
    [
      "Das JSON enthält ein halbes Zeichen",
      "Einer der Texte wurde mitten in einem Zeichen abgeschnitten, meist mitten in einem Emoji.",
    ],
  ),
  json_duplicate_key: refused(
    [
      "A field occurs twice in one object",
      "The same field came twice, perhaps with two values. LeadLedger does not guess which of them is meant.",
    ],
    [
      "Ein Feld kommt in einem Objekt doppelt vor",
      "Dasselbe Feld kam zweimal, vielleicht mit zwei Werten. LeadLedger rät nicht, welcher gemeint ist.",
    ],
  ),
  form_malformed: refused(
    ["The form cannot be read", "The fields of the form are not written as browsers write them."],
    ["Das Formular ist unlesbar", "Die Felder des Formulars sind nicht so geschrieben, wie Browser es tun."],
  ),
  multipart_malformed: refused(
    [
      "The multipart form cannot be read",
      "The form came in several parts, and they do not fit together. Often it was cut off on its way.",
    ],
    [
      "Das mehrteilige Formular ist unlesbar",
      "Das Formular kam in mehreren Teilen, und sie passen nicht zusammen. Oft wurde es unterwegs abgeschnitten.",
    ],
  ),
  schema_violation: refused(
    [
      "The body breaks this source's schema",
      "A rule was set for what this source sends, and these data break it: a required field is missing, for example.",
    ],
    [
      "Die Daten verletzen das Schema dieser Quelle",
      "Für diese Quelle ist festgelegt, was sie senden muss, und diese Daten halten sich nicht daran: Zum Beispiel fehlt ein Pflichtfeld.",
    ],
  ),
  schema_check_stopped: entry(422, "kept", "operator", {
    en: [
      "Checking the data against this source's schema takes too long",
      "The check took more steps than any lead may cost, or the schema cannot be used any more, and was stopped, so that other leads need not wait. Whether these data satisfy the schema is not known.",
      "Make the schema simpler: fewer alternatives, no rule that leads back to itself, no back-reference in a pattern. Then let the sender repeat under the same key, or edit the entry: either is checked anew.",
    ],
    de: [
      "Die Prüfung gegen das Schema dieser Quelle dauert zu lange",
      "Die Prüfung brauchte mehr Schritte, als ein Lead kosten darf, oder das Schema ist nicht mehr verwendbar. Sie wurde abgebrochen, damit andere Leads nicht warten. Ob die Daten dem Schema genügen, ist nicht bekannt.",
      "Vereinfachen Sie das Schema: weniger Alternativen, keine Regel, die auf sich selbst verweist, kein Rückbezug in einem Muster. Danach kann der Absender mit demselben Schlüssel wiederholen, oder Sie bearbeiten den Klärfall: Beides wird neu geprüft.",
    ],
  }),
  key_pointer_missing: refused(
    [
      "The body lacks the field that holds its key",
      "This source's leads are recognised by one of their fields, a number of the form for example. It is missing here.",
    ],
    [
      "In den Daten fehlt das Feld mit der Kennung",
      "Die Leads dieser Quelle werden an einem ihrer Felder erkannt, zum Beispiel an einer laufenden Nummer. Hier fehlt es.",
    ],
  ),
  leads_too_many: refused(
    [
      "The body has too many leads",
      "This source's requests may bring several leads. So many are not taken at once; the request is kept as a whole.",
    ],
    [
      "Die Anfrage enthält zu viele Leads",
      "Bei dieser Quelle darf eine Anfrage mehrere Leads bringen. So viele auf einmal werden nicht angenommen; die Anfrage ist als Ganzes aufbewahrt.",
    ],
  ),
  page_unknown: entry(422, "kept", "operator", {
    en: [
      "No source takes leads of this page or form",
      "Several sources share this address, and none of them lists the page, organisation or form that the lead names. The sender was told that it arrived; the lead is kept and goes nowhere.",
      "Enter the id at the source that it belongs to (`pages`, `organizations`, `forms`), or make a source for it with `via`. Then take the lead in: one entry, or all of this cause at once.",
    ],
    de: [
      "Keine Quelle nimmt Leads dieser Seite oder dieses Formulars an",
      "Mehrere Quellen teilen sich diese Adresse, und keine nennt die Seite, die Organisation oder das Formular, von dem der Lead kommt. Der Absender hat erfahren, dass er angekommen ist; der Lead ist aufbewahrt und geht nirgendwohin.",
      "Tragen Sie die Kennung bei der Quelle ein, der sie gehört (`pages`, `organizations`, `forms`), oder legen Sie dafür eine Quelle mit `via` an. Nehmen Sie den Lead dann an: einen einzelnen Klärfall oder alle mit diesem Grund auf einmal.",
    ],
  }),
} as const satisfies Record<RefusalCode, CatalogueEntry>;
