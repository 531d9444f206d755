// Errors of the API for people and programs that work with LeadLedger; those of intake are in error-catalogue.ts.
import { exchangeErrors } from "./exchange-errors.ts";
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { alertErrors } from "./alert-errors.ts";
import { accountErrors } from "./account-errors.ts";
import { dlqErrors } from "./dlq-errors.ts";
import { entry } from "./error-catalogue-entry.ts";
import { partErrors } from "./part-errors.ts";
import { quarantineErrors } from "./quarantine-errors.ts";

export const apiErrors = {
  request_invalid: entry(400, "unchanged", "caller", {
    en: [
      "The request does not have the shape that this call needs",
      "Something is missing in what a program or a page asked of LeadLedger, or something in it is unknown or has the wrong form.",
      "`reason` says what does not fit; /api/docs describes the call.",
    ],
    de: [
      "Die Anfrage hat nicht die Form, die dieser Aufruf braucht",
      "In dem, was ein Programm oder eine Seite von LeadLedger wollte, fehlt etwas, oder etwas darin ist unbekannt oder hat die falsche Form.",
      "`reason` sagt, was nicht passt; /api/docs beschreibt den Aufruf.",
    ],
  }),
  cursor_invalid: entry(400, "unaffected", "caller", {
    en: [
      "This cursor does not belong to this list",
      "Somebody wanted the next page of a list, but with the page mark of another list.",
      "Begin with the first page, without `cursor`.",
    ],
    de: [
      "Dieser Cursor gehört nicht zu dieser Liste",
      "Jemand wollte die nächste Seite einer Liste, aber mit dem Lesezeichen einer anderen.",
      "Beginnen Sie mit der ersten Seite, ohne `cursor`.",
    ],
  }),
  unauthenticated: entry(401, "unchanged", "caller", {
    en: [
      "No valid credentials",
      "LeadLedger does not know who is asking: nobody is signed in, the session has ended, or the API key is not valid any more.",
      "Sign in, or send an API key as `Authorization: Bearer <key>`.",
    ],
    de: [
      "Keine gültige Anmeldung",
      "LeadLedger weiß nicht, wer fragt: Niemand ist angemeldet, die Sitzung ist abgelaufen, oder der API-Schlüssel gilt nicht mehr.",
      "Melden Sie sich an, oder senden Sie einen API-Schlüssel als `Authorization: Bearer <API-Schlüssel>`.",
    ],
  }),
  forbidden: entry(403, "unchanged", "admin", {
    en: [
      "Your role does not allow this",
      "You are signed in, but what you wanted to do is reserved for other roles.",
      "Somebody with the role admin can do it, or give you another role.",
    ],
    de: [
      "Ihre Rolle erlaubt das nicht",
      "Sie sind angemeldet, aber was Sie tun wollten, ist anderen Rollen vorbehalten.",
      "Wer die Rolle admin hat, kann es tun oder Ihnen eine andere Rolle geben.",
    ],
  }),
  cross_site_request: entry(403, "unchanged", "caller", {
    en: [
      "This request came from another site",
      "Another web page wanted to change something here in your name. LeadLedger does not let it.",
      "Changes are made from LeadLedger's own pages, or with an API key. If you did not expect this, close the other page.",
    ],
    de: [
      "Diese Anfrage kam von einer fremden Seite",
      "Eine andere Internetseite wollte hier in Ihrem Namen etwas ändern. LeadLedger lässt das nicht zu.",
      "Änderungen gehen von LeadLedgers eigenen Seiten aus oder mit einem API-Schlüssel. Haben Sie das nicht erwartet, schließen Sie die fremde Seite.",
    ],
  }),
  database_unavailable: entry(503, "accepted", "operator", {
    en: [
      "The database is out of reach",
      "Lists and actions need the database, and it does not answer at the moment.",
      "Try again after the time in Retry-After; if you were changing something, look first whether it was changed. If it lasts, look whether the database runs.",
    ],
    de: [
      "Die Datenbank ist nicht erreichbar",
      "Listen und Aktionen brauchen die Datenbank, und sie antwortet im Augenblick nicht.",
      "Versuchen Sie es nach der Zeit in Retry-After noch einmal; wenn Sie etwas ändern wollten, sehen Sie zuerst nach, ob es geändert ist. Bleibt es so, sehen Sie nach, ob die Datenbank läuft.",
    ],
  }),
  database_locked: entry(503, "unchanged", "operator", {
    en: [
      "Somebody keeps locked in the database what is needed for this",
      "A person or a program holds a lock in the database: mostly a transaction that somebody began by hand and has not ended, or a backup. What was to be done needs the same.",
      "Try again after a moment. If it lasts, the message or the log of the database says who holds it; that session has to end its transaction, or an administrator ends it.",
    ],
    de: [
      "Jemand hält in der Datenbank gesperrt, was hierfür gebraucht wird",
      "Ein Mensch oder ein Programm hält in der Datenbank eine Sperre: meist eine von Hand begonnene Transaktion, die niemand beendet hat, oder eine Sicherung. Was getan werden sollte, braucht dasselbe.",
      "Versuchen Sie es gleich noch einmal. Bleibt es so, sagt die Meldung oder das Log der Datenbank, wer die Sperre hält; dort muss die Transaktion beendet werden, notfalls durch einen Administrator.",
    ],
  }),
  commit_unconfirmed: entry(503, "accepted", "operator", {
    en: [
      "The database has not confirmed the change",
      "The change is visible, but its copy on the standby server was not waited for, because somebody cancelled that wait or it took too long. If the first server is lost now, the change may be lost with it.",
      "Look whether it was changed, and do it again if it was not. Whoever operates the database looks after its standby: as long as none answers, changes are not confirmed.",
    ],
    de: [
      "Die Datenbank hat die Änderung nicht bestätigt",
      "Die Änderung ist sichtbar, aber auf ihre Kopie im Standby-Server wurde nicht gewartet, weil jemand das Warten abgebrochen hat oder es zu lange dauerte. Fällt der erste Server jetzt aus, kann die Änderung mit ihm verloren gehen.",
      "Sehen Sie nach, ob es geändert ist, und holen Sie es nach, wenn nicht. Wer die Datenbank betreibt, sieht nach ihrem Standby-Server: Solange keiner antwortet, werden Änderungen nicht bestätigt.",
    ],
  }),
  setback_unknown: entry(404, "unaffected", "caller", {
    en: [
      "There is no setback of this number",
      "No node has noticed a setback of the database under this number.",
      "Look up the numbers there are: `leadledger db setbacks`.",
    ],
    de: [
      "Einen Rückfall mit dieser Nummer gibt es nicht",
      "Unter dieser Nummer hat kein Knoten einen Rückfall der Datenbank bemerkt.",
      "Sehen Sie nach, welche Nummern es gibt: `leadledger db setbacks`.",
    ],
  }),
  too_many_streams: entry(503, "unaffected", "nobody", {
    en: [
      "Too many live views are open on this node",
      "More people or programs are watching live at this moment than LeadLedger can serve.",
      "Come again a little later; the lists show the same, without coming by themselves.",
    ],
    de: [
      "Auf diesem Knoten sind zu viele Live-Ansichten offen",
      "Im Augenblick sehen mehr Menschen oder Programme live zu, als LeadLedger bedienen kann.",
      "Versuchen Sie es etwas später noch einmal; die Listen zeigen dasselbe, nur nicht von selbst.",
    ],
  }),
  run_unknown: entry(404, "unaffected", "caller", {
    en: [
      "There is no such lead",
      "LeadLedger has no lead with this number. Mostly the number was copied incompletely, or it belongs to another installation.",
      "Look for the lead in the list: GET /api/v1/runs, by e-mail address or time for example.",
    ],
    de: [
      "Diesen Lead gibt es nicht",
      "LeadLedger hat keinen Lead mit dieser Nummer. Meist wurde sie unvollständig kopiert, oder sie gehört zu einer anderen Installation.",
      "Suchen Sie den Lead in der Liste: GET /api/v1/runs, zum Beispiel nach E-Mail-Adresse oder Zeit.",
    ],
  }),
  repeat_unknown: entry(404, "unaffected", "caller", {
    en: [
      "There is no such repeat of this lead",
      "Only a request that was taken for a repeat because of its content can be delivered anyway: its data are kept. What came under the same key is a repeat by the word of its sender.",
      "GET /api/v1/runs/{run_id} lists them under `repeats`.",
    ],
    de: [
      "Diese Wiederholung des Leads gibt es nicht",
      "Nur eine Anfrage, die wegen ihres Inhalts für eine Wiederholung gehalten wurde, lässt sich trotzdem zustellen: Ihre Daten sind aufbewahrt. Was unter derselben Kennung kam, hat der Absender selbst als Wiederholung gekennzeichnet.",
      "GET /api/v1/runs/{run_id} führt sie unter `repeats` auf.",
    ],
  }),
  dlq_entry_unknown: entry(404, "unaffected", "caller", {
    en: [
      "There is no such entry",
      "Nothing that needs attention has this number. Mostly it was mistyped.",
      "Look for it in the list: GET /api/v1/dlq.",
    ],
    de: [
      "Diesen Klärfall gibt es nicht",
      "Kein Klärfall hat diese Nummer. Meist ist sie vertippt.",
      "Suchen Sie den Klärfall in der Liste: GET /api/v1/dlq.",
    ],
  }),
  error_code_unknown: entry(404, "unaffected", "caller", {
    en: [
      "There is no such error code",
      "No message of LeadLedger has this code. Mostly it was mistyped, or another program made it up.",
      "`reason` names similar ones, where there are any; GET /api/v1/error-codes lists them all.",
    ],
    de: [
      "Diesen Fehlercode gibt es nicht",
      "Keine Meldung von LeadLedger hat diesen Code. Meist ist er vertippt, oder ein anderes Programm hat ihn sich ausgedacht.",
      "`reason` nennt ähnliche, wo es welche gibt; GET /api/v1/error-codes zeigt alle.",
    ],
  }),
  changed_meanwhile: entry(412, "unchanged", "caller", {
    en: [
      "Somebody else has changed this meanwhile",
      "Two people worked on the same thing. So that nobody's work gets lost, LeadLedger did not save yours over the other's.",
      "Read it again, and make your change to what is there now.",
    ],
    de: [
      "Das hat inzwischen jemand anderes geändert",
      "Zwei haben am selben gearbeitet. Damit niemandes Arbeit verloren geht, hat LeadLedger Ihre Änderung nicht über die andere gespeichert.",
      "Lesen Sie es neu, und ändern Sie, was jetzt dort steht.",
    ],
  }),
  ...accountErrors,
  ...alertErrors,
  ...partErrors,
  ...exchangeErrors,
  ...dlqErrors,
  ...quarantineErrors,
} as const satisfies Record<string, CatalogueEntry>;
