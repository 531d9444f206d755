// Errors about a request as such, and about LeadLedger not taking it at this moment: nothing is stored.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

const later = {
  en: "Send it again after the time in Retry-After.",
  de: "Senden Sie den Lead nach der Zeit in Retry-After noch einmal.",
} as const;

export const requestErrors = {
  body_too_large: entry(413, "not_stored", "sender", {
    en: [
      "The body is too large",
      "The request is larger than this source may send. Often a file, a picture for example, was sent along.",
      "Send less, or raise this source's `body_limit`.",
    ],
    de: [
      "Die Daten sind zu groß",
      "Die Anfrage ist größer, als diese Quelle senden darf. Oft hängt eine Datei daran, zum Beispiel ein Bild.",
      "Senden Sie weniger, oder erhöhen Sie `body_limit` dieser Quelle.",
    ],
  }),
  media_type_unsupported: entry(415, "not_stored", "sender", {
    en: [
      "This media type is not supported",
      "The request does not say that it is a form or JSON, so LeadLedger does not know how to read it.",
      "Send JSON, application/x-www-form-urlencoded or multipart/form-data, and name it in Content-Type.",
    ],
    de: [
      "Dieses Datenformat wird nicht unterstützt",
      "Die Anfrage sagt nicht, dass sie ein Formular oder JSON ist; LeadLedger weiß deshalb nicht, wie sie zu lesen ist.",
      "Senden Sie JSON, application/x-www-form-urlencoded oder multipart/form-data, und nennen Sie es in Content-Type.",
    ],
  }),
  content_coding_unsupported: entry(415, "not_stored", "sender", {
    en: [
      "The body is compressed in an unknown way",
      "The sender compressed the data in a way that LeadLedger does not know; it unpacks gzip, deflate and br.",
      "Send it compressed with gzip, deflate or br, or as it is, without Content-Encoding. `reason` says what the header names.",
    ],
    de: [
      "Die Daten sind auf unbekannte Weise komprimiert",
      "Der Absender hat die Daten auf eine Weise komprimiert, die LeadLedger nicht kennt; es entpackt gzip, deflate und br.",
      "Senden Sie sie mit gzip, deflate oder br komprimiert oder unverändert, ohne Content-Encoding. `reason` sagt, was die Kopfzeile nennt.",
    ],
  }),
  content_coding_broken: entry(400, "not_stored", "sender", {
    en: [
      "The body cannot be unpacked",
      "The sender says that it compressed the data, but what came cannot be unpacked; it may have been cut off on its way.",
      "Send it again, or as it is, without Content-Encoding. `reason` says what the header names.",
    ],
    de: [
      "Die Daten lassen sich nicht entpacken",
      "Der Absender gibt an, die Daten komprimiert zu haben, doch was kam, lässt sich nicht entpacken; vielleicht wurde es unterwegs abgeschnitten.",
      "Senden Sie es noch einmal oder unverändert, ohne Content-Encoding. `reason` sagt, was die Kopfzeile nennt.",
    ],
  }),
  rate_limited: entry(429, "not_stored", "sender", {
    en: [
      "Too many requests from this source",
      "The source sends faster than it is allowed to. The limit protects the others, should a sender run wild.",
      `${later.en} If so many leads are real, raise this source's \`rate_limit\`.`,
    ],
    de: [
      "Zu viele Anfragen dieser Quelle",
      "Die Quelle sendet schneller, als sie darf. Die Grenze schützt die übrigen, falls ein Absender außer Kontrolle gerät.",
      `${later.de} Sind so viele Leads echt, erhöhen Sie \`rate_limit\` dieser Quelle.`,
    ],
  }),
  source_paused: entry(503, "not_stored", "operator", {
    en: [
      "This source is paused",
      "Somebody has paused the source with `paused: refuse`. Until it goes on, LeadLedger takes nothing from it and tells the sender to come again later; whoever does not loses the lead.",
      `${later.en} Resume the source when it may send again; \`paused: true\` would take its leads and hold them.`,
    ],
    de: [
      "Diese Quelle ist angehalten",
      "Jemand hat die Quelle mit `paused: refuse` angehalten. Bis sie fortgesetzt wird, nimmt LeadLedger nichts von ihr an und bittet den Absender, später wiederzukommen; wer das nicht tut, verliert den Lead.",
      `${later.de} Setzen Sie die Quelle fort, wenn sie wieder senden darf; mit \`paused: true\` würden ihre Leads angenommen und zurückgehalten.`,
    ],
  }),
  role_without_intake: entry(503, "not_stored", "operator", {
    en: [
      "This node takes no leads",
      "There are several LeadLedgers here, and this one has another task. The lead came to the wrong one.",
      "The node was started without the role `intake`: send it to one that has it, or again after the time in Retry-After.",
    ],
    de: [
      "Dieser Knoten nimmt keine Leads an",
      "Hier laufen mehrere LeadLedger, und dieses hat eine andere Aufgabe. Der Lead kam beim falschen an.",
      "Der Knoten wurde ohne die Rolle `intake` gestartet: Senden Sie den Lead an einen Knoten, der sie hat, oder nach der Zeit in Retry-After noch einmal.",
    ],
  }),
  intake_overloaded: entry(503, "not_stored", "operator", {
    en: [
      "More leads arrive than can be stored",
      "For a moment more leads came than LeadLedger can write down, so it turned some away instead of losing them unnoticed.",
      `${later.en} If it happens often, this machine or its database is too slow, or somebody sends far too much.`,
    ],
    de: [
      "Es kommen mehr Leads an, als gespeichert werden können",
      "Einen Augenblick lang kamen mehr Leads, als LeadLedger aufschreiben kann. Es hat deshalb einige abgewiesen, statt sie unbemerkt zu verlieren.",
      `${later.de} Geschieht das oft, ist der Rechner oder seine Datenbank zu langsam, oder jemand sendet viel zu viel.`,
    ],
  }),
  ledger_unavailable: entry(503, "not_stored", "operator", {
    en: [
      "The lead can be stored neither in the database nor on disk",
      "The database cannot be reached, and the disk of this machine, which helps out in such a case, takes nothing either: it is full, or defective.",
      `${later.en} A repeat under the same key is safe. Whoever operates LeadLedger looks after the database and the disk at once: \`leadledger doctor\` says what is wrong.`,
    ],
    de: [
      "Der Lead lässt sich weder in der Datenbank noch auf der Platte speichern",
      "Die Datenbank ist nicht erreichbar, und die Platte dieses Rechners, die dann einspringt, nimmt auch nichts auf: Sie ist voll oder defekt.",
      `${later.de} Wiederholen mit derselben Kennung ist gefahrlos. Wer LeadLedger betreibt, sieht sofort nach Datenbank und Platte: \`leadledger doctor\` sagt, was nicht stimmt.`,
    ],
  }),
  request_malformed: entry(400, "not_stored", "sender", {
    en: [
      "The request is not valid HTTP",
      "Something arrived that is not a request as browsers and programs make them. Often it is an automatic attempt from the internet, aimed at nobody in particular.",
      "Nothing has to be done about such attempts. If a program of yours sent it, let its makers correct it.",
    ],
    de: [
      "Die Anfrage ist kein gültiges HTTP",
      "Es kam etwas an, das keine Anfrage ist, wie Browser und Programme sie stellen. Oft sind das automatische Versuche aus dem Internet, die niemandem Bestimmten gelten.",
      "Gegen solche Versuche ist nichts zu tun. Hat es ein Programm von Ihnen gesendet, lassen Sie es berichtigen.",
    ],
  }),
  request_timeout: entry(408, "not_stored", "sender", {
    en: [
      "The request did not arrive in time",
      "The sender began a request and did not finish it in time. Mostly its connection is slow or broke off.",
      "Send it again.",
    ],
    de: [
      "Die Anfrage kam nicht rechtzeitig an",
      "Der Absender hat eine Anfrage begonnen und nicht rechtzeitig beendet. Meist ist seine Verbindung langsam oder abgerissen.",
      "Senden Sie den Lead noch einmal.",
    ],
  }),
  headers_too_large: entry(431, "not_stored", "sender", {
    en: [
      "The request's headers are too large",
      "The request carries more additional information, cookies for example, than LeadLedger takes.",
      "All headers together may have 16 kB. Leave out what is not needed.",
    ],
    de: [
      "Die Kopfzeilen der Anfrage sind zu groß",
      "Die Anfrage trägt mehr Zusatzangaben, zum Beispiel Cookies, als LeadLedger annimmt.",
      "Alle Kopfzeilen zusammen dürfen 16 kB haben. Lassen Sie weg, was nicht gebraucht wird.",
    ],
  }),
  not_found: entry(404, "nothing_taken", "caller", {
    en: [
      "There is nothing here",
      "LeadLedger has nothing at this address.",
      "Leads are posted to /webhook/lead or /webhook/lead/{source}.",
    ],
    de: [
      "Hier gibt es nichts",
      "Unter dieser Adresse hat LeadLedger nichts.",
      "Leads werden an /webhook/lead oder /webhook/lead/{quelle} gesendet.",
    ],
  }),
  method_not_allowed: entry(405, "nothing_taken", "caller", {
    en: [
      "This method is not possible here",
      "The address is right, but leads are sent to it and not fetched from it, or the other way round.",
      "The header Allow names the methods that are possible.",
    ],
    de: [
      "Diese Methode ist hier nicht möglich",
      "Die Adresse stimmt, aber dorthin wird gesendet und nicht abgerufen, oder umgekehrt.",
      "Die Kopfzeile Allow nennt die möglichen Methoden.",
    ],
  }),
  internal_error: entry(500, "perhaps_stored", "operator", {
    en: [
      "Something went wrong inside LeadLedger",
      "LeadLedger met something that it was not prepared for. That is a mistake of the program or of the machine, not yours.",
      "What it was is in the log. If it happens again, send that place of the log to whoever looks after LeadLedger.",
    ],
    de: [
      "In LeadLedger ist etwas schiefgegangen",
      "LeadLedger ist auf etwas gestoßen, auf das es nicht vorbereitet war. Das ist ein Fehler des Programms oder des Rechners, nicht Ihrer.",
      "Was es war, steht im Log. Geschieht es wieder, geben Sie die Stelle im Log an den weiter, der LeadLedger betreut.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
