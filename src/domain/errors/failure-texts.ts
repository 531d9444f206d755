// What the code of a failed delivery means to people: its sentence stands in lists instead of the stored reason, which is
// English and has the particulars; the rest explains it.
import type { Language } from "./error-catalogue.ts";
import { errorCatalogue, isErrorCode } from "./error-catalogue.ts";
import { explained } from "./explained.ts";
import type { Explained } from "./explained.ts";
import type { FailureCode } from "../destinations/outcome.ts";

/** `lead_not_recordable`: what the database takes in no way as a lead, of a time when it was away. */
export type EntryCode = FailureCode | "lead_not_recordable";

/** They do not name the destination: it stands beside them. */
export const failureTexts = {
  destination_dns: explained("retried", "operator", {
    en: [
      "The destination's name has no address",
      "LeadLedger asked where the destination's server is, and got no answer. The address is mistyped, or the name service is out of order for the moment.",
      "If it does not settle itself within the hour, check the address of the destination. If it is right, look at the network of the machine.",
    ],
    de: [
      "Zum Namen des Ziels gibt es keine Adresse",
      "LeadLedger hat gefragt, wo der Server des Ziels steht, und keine Auskunft bekommen. Die Adresse ist vertippt, oder der Namensdienst im Netz ist vorübergehend gestört.",
      "Löst es sich nicht binnen einer Stunde von selbst, prüfen Sie die Adresse des Ziels. Stimmt sie, sehen Sie nach dem Netz des Rechners.",
    ],
  }),
  destination_connect: explained("retried", "destination", {
    en: [
      "No connection to the destination could be made",
      "The destination's server does not answer: it is switched off, is being serviced, or a firewall stands in between.",
      "Look whether the destination's system runs and can be reached from LeadLedger's machine.",
    ],
    de: [
      "Zum Ziel kam keine Verbindung zustande",
      "Der Server des Ziels meldet sich nicht: Er ist aus, wird gewartet, oder eine Firewall steht dazwischen.",
      "Sehen Sie nach, ob das System des Ziels läuft und vom Rechner von LeadLedger aus erreichbar ist.",
    ],
  }),
  destination_tls: explained("retried", "destination", {
    en: [
      "No secure connection to the destination could be made",
      "The destination cannot prove that it is the right one. Mostly its certificate has expired. LeadLedger sends no personal data over an insecure line.",
      "Renew the certificate of the destination's server. The reason of the entry says what exactly is wrong with it.",
    ],
    de: [
      "Zum Ziel kam keine sichere Verbindung zustande (Zertifikat oder TLS)",
      "Das Ziel kann nicht nachweisen, dass es das richtige ist. Meist ist sein Zertifikat abgelaufen. Über eine unsichere Leitung sendet LeadLedger keine Personendaten.",
      "Erneuern Sie das Zertifikat auf dem Server des Ziels. Der Grund beim Klärfall sagt, was genau daran nicht stimmt.",
    ],
  }),
  destination_timeout: explained("retried_perhaps_arrived", "destination", {
    en: [
      "The destination did not answer in time",
      "The lead was sent, and the destination said nothing for too long. It is overloaded or stuck.",
      "If it happens often, look why the destination is slow, or raise its `timeout`.",
    ],
    de: [
      "Das Ziel hat nicht rechtzeitig geantwortet",
      "Der Lead wurde gesendet, und das Ziel hat zu lange nichts gesagt. Es ist überlastet oder hängt.",
      "Geschieht das oft, prüfen Sie, warum das Ziel langsam ist, oder erhöhen Sie seinen `timeout`.",
    ],
  }),
  destination_connection_lost: explained("retried_perhaps_arrived", "nobody", {
    en: [
      "The connection broke off before the destination answered; it may have the lead",
      "The lead was on its way when the line broke. Whether the destination got it, LeadLedger cannot know.",
      "Nothing, as long as it stays rare. If it happens often, look at the network between LeadLedger and the destination.",
    ],
    de: [
      "Die Verbindung brach ab, bevor das Ziel antwortete; vielleicht hat es den Lead",
      "Der Lead war unterwegs, als die Leitung abriss. Ob das Ziel ihn bekommen hat, kann LeadLedger nicht wissen.",
      "Nichts, solange es selten ist. Geschieht es oft, prüfen Sie das Netz zwischen LeadLedger und dem Ziel.",
    ],
  }),
  destination_unavailable: explained("retried", "destination", {
    en: [
      "Not attempted yet: the destination is left alone for now",
      "The destination asked to wait, or is not there, and that for longer than a quarter of an hour. The lead was not sent; it has used up no attempt.",
      "Nothing: it is sent when the destination takes leads again. The page of the destination says why it is left alone, and lets you try at once.",
    ],
    de: [
      "Noch nicht versucht: Das Ziel wird vorerst in Ruhe gelassen",
      "Das Ziel bat um eine Pause oder ist nicht da, und das länger als eine Viertelstunde. Der Lead wurde nicht gesendet und hat keinen Versuch verbraucht.",
      "Nichts: Er wird gesendet, sobald das Ziel wieder Leads annimmt. Auf der Seite des Ziels steht, warum es in Ruhe gelassen wird; dort können Sie es auch sofort versuchen lassen.",
    ],
  }),
  destination_throttled: explained("retried", "nobody", {
    en: [
      "The destination asked to be sent less",
      "More came to the destination than it wants to take at once. LeadLedger waits as long as the destination asks for.",
      "Nothing, as long as it stays rare. If it happens often, lower `concurrency` of the destination.",
    ],
    de: [
      "Das Ziel nimmt vorübergehend nichts mehr an (zu viele Anfragen)",
      "Beim Ziel kam mehr an, als es auf einmal annehmen will. LeadLedger wartet so lange, wie das Ziel verlangt.",
      "Nichts, solange es selten ist. Geschieht es oft, verringern Sie `concurrency` des Ziels.",
    ],
  }),
  destination_error: explained("retried", "destination", {
    en: [
      "The destination reported an error of its own",
      "The destination got the lead, but something went wrong in it. That is not the lead's fault.",
      "If it does not settle itself, look into the log of the destination's system: the time of the attempt stands with the entry.",
    ],
    de: [
      "Das Ziel meldet einen eigenen Fehler",
      "Das Ziel hat den Lead bekommen, aber bei ihm ging etwas schief. Am Lead liegt es nicht.",
      "Löst es sich nicht von selbst, sehen Sie im Log des Zielsystems nach: Die Zeit des Versuchs steht beim Klärfall.",
    ],
  }),
  destination_bad_response: explained("retried", "destination", {
    en: [
      "The destination's answer cannot be understood",
      "Something answered, but not as a server does that takes leads. Often the address leads to another program.",
      "Check the address of the destination, and what answers there.",
    ],
    de: [
      "Die Antwort des Ziels ist unverständlich",
      "Es hat etwas geantwortet, aber nicht wie ein Server, der Leads annimmt. Oft führt die Adresse zu einem anderen Programm.",
      "Prüfen Sie die Adresse des Ziels, und was dort antwortet.",
    ],
  }),
  destination_indeterminate: explained("retried_perhaps_arrived", "destination", {
    en: [
      "The destination's answer does not say whether it has the lead",
      "The destination answered, but the part of its answer that would say what became of the lead was cut off, did not come, or was something else: a page for people instead of data, for example. So the lead does not count as delivered.",
      "If it happens again, read the destination's answer, which stands with the attempt, and look at the destination whether the lead is there. If it is, settle the entry by hand. If the destination answers otherwise than its rules (`success`) expect, correct these.",
    ],
    de: [
      "Die Antwort des Ziels sagt nicht, ob der Lead angekommen ist",
      "Das Ziel hat geantwortet, aber der Teil der Antwort, der sagt, was aus dem Lead wurde, war abgeschnitten, blieb aus oder war etwas anderes: zum Beispiel eine Seite für Menschen statt Daten. Deshalb gilt der Lead nicht als zugestellt.",
      "Kommt es wieder vor, lesen Sie die Antwort des Ziels, die beim Versuch steht, und sehen Sie beim Ziel nach, ob der Lead da ist. Wenn ja, erledigen Sie den Klärfall von Hand. Antwortet das Ziel anders, als seine Regeln (`success`) erwarten, berichtigen Sie diese.",
    ],
  }),
  delivery_interrupted: explained("retried_perhaps_arrived", "nobody", {
    en: [
      "The attempt was interrupted because LeadLedger was stopping",
      "LeadLedger was being restarted or stopped while it was sending.",
      "Nothing: the next attempt comes by itself as soon as LeadLedger runs again.",
    ],
    de: [
      "Der Versuch wurde unterbrochen, weil LeadLedger angehalten wurde",
      "LeadLedger wurde neu gestartet oder angehalten, während es sendete.",
      "Nichts: Der nächste Versuch kommt von selbst, sobald LeadLedger wieder läuft.",
    ],
  }),
  destination_auth: explained("retried", "operator", {
    en: [
      "The destination refuses the credentials: they need mending",
      "The destination does not let LeadLedger in. Mostly its password or key was changed or has expired. All its leads wait, and one of them tries from time to time.",
      "Ask whoever looks after the destination for the valid key, and set it in the settings of the destination. Then it is tried at once, and whatever waits is delivered by itself.",
    ],
    de: [
      "Das Ziel lehnt die Zugangsdaten ab: Die Zugangsdaten müssen berichtigt werden",
      "Das Ziel lässt LeadLedger nicht hinein. Meist wurde dort ein Kennwort oder Token geändert, oder es ist abgelaufen. Alle Leads dorthin warten, und von Zeit zu Zeit probiert es einer.",
      "Lassen Sie sich vom Betreuer des Ziels die gültigen Zugangsdaten geben, und tragen Sie diese beim Ziel ein. Danach wird es sofort versucht, und was wartet, wird von selbst zugestellt.",
    ],
  }),
  destination_configuration: explained("retried", "operator", {
    en: [
      "The destination lacks what every lead needs there: its settings need mending",
      "Something was changed at the destination, or in its settings here, so that it can take no lead at all: a field was renamed, a workflow switched off, a table removed. The lead is not at fault. All leads for the destination wait, use up no attempt, and one of them tries from time to time.",
      "Mend at the destination what the reason names, or change the settings of the destination here. Then press “Try now” on its page; after a change here it is tried by itself. All leads that wait follow.",
    ],
    de: [
      "Beim Ziel fehlt, was jeder Lead dort braucht: Seine Einstellungen müssen berichtigt werden",
      "Beim Ziel oder in seinen Einstellungen hier wurde etwas geändert, sodass es gar keinen Lead mehr annehmen kann: Ein Feld wurde umbenannt, ein Workflow abgeschaltet, eine Tabelle entfernt. Am Lead liegt es nicht. Alle Leads für dieses Ziel warten, ohne dass ein Versuch gezählt wird, und von Zeit zu Zeit probiert es einer.",
      "Bringen Sie beim Ziel in Ordnung, was der Grund nennt, oder ändern Sie die Einstellungen des Ziels hier. Klicken Sie dann auf der Seite des Ziels auf „Jetzt versuchen“; nach einer Änderung hier wird es von selbst versucht. Alle wartenden Leads folgen.",
    ],
  }),
  destination_expression: explained("retried", "operator", {
    en: [
      "The destination's expression gives nothing that could be sent",
      "What this destination gets is said by an expression. It cannot be read, it was stopped because it took too long or too much memory, or it failed for leads. The lead is safe. If it failed for one lead only, that lead is tried again; otherwise all leads for the destination wait, use up no attempt, and one of them tries from time to time.",
      "Look at the reason, and correct the expression on the page “Map the fields” of the destination, where it is tried on real leads as you type. After the change it is tried by itself, and all leads that wait follow. Only an administrator may change expressions.",
    ],
    de: [
      "Der Ausdruck des Ziels ergibt nichts, was sich senden ließe",
      "Was dieses Ziel bekommt, sagt ein Ausdruck. Er ist nicht lesbar, er wurde abgebrochen, weil er zu lange dauerte oder zu viel Speicher brauchte, oder er scheiterte an Leads. Der Lead ist sicher. Scheiterte er nur an einem Lead, wird dieser erneut versucht; sonst warten alle Leads für dieses Ziel, ohne dass ein Versuch gezählt wird, und von Zeit zu Zeit probiert es einer.",
      "Sehen Sie den Grund an, und berichtigen Sie den Ausdruck auf der Seite „Felder zuordnen“ des Ziels, wo er beim Tippen an echten Leads ausprobiert wird. Nach der Änderung wird es von selbst versucht, und alle wartenden Leads folgen. Ausdrücke darf nur ein Administrator ändern.",
    ],
  }),
  destination_redirect: explained("waits", "operator", {
    en: [
      "The destination points to another address: its URL needs mending",
      "The destination has moved, or expects another spelling of its address. LeadLedger does not follow by itself, so that leads do not end up with strangers. The lead is not at fault: all leads for the destination wait, use up no attempt, and one of them tries from time to time.",
      "Check the new address, which stands in the reason, and set it in the settings of the destination. It is then tried by itself, and all leads that wait follow.",
    ],
    de: [
      "Das Ziel verweist auf eine andere Adresse: Seine URL muss berichtigt werden",
      "Das Ziel ist umgezogen oder erwartet eine andere Schreibweise seiner Adresse. LeadLedger folgt nicht von selbst, damit Leads nicht bei Fremden landen. Am Lead liegt es nicht: Alle Leads für dieses Ziel warten, ohne dass ein Versuch gezählt wird, und von Zeit zu Zeit probiert es einer.",
      "Prüfen Sie die neue Adresse, die im Grund steht, und tragen Sie sie beim Ziel ein. Dann wird es von selbst versucht, und alle wartenden Leads folgen.",
    ],
  }),
  destination_rejected: explained("waits", "sales", {
    en: [
      "The destination does not want this lead as it is",
      "The destination got the lead and refused it: a required field is missing, for example, or it has the lead already. Sending the same again would not help.",
      "Look at the destination's answer, correct the lead and deliver it again; or enter it there by hand and settle the entry. If it happens to many leads, the form and the destination do not fit together: ask whoever looks after the destination.",
    ],
    de: [
      "Das Ziel lehnt diesen Lead so ab, wie er ist",
      "Das Ziel hat den Lead bekommen und abgelehnt: Zum Beispiel fehlt ein Pflichtfeld, oder es hat ihn schon. Dasselbe noch einmal zu senden, hilft nicht.",
      "Sehen Sie die Antwort des Ziels an, berichtigen Sie den Lead und stellen Sie ihn erneut zu; oder tragen Sie ihn dort von Hand ein und erledigen Sie den Klärfall. Trifft es viele Leads, passen Formular und Ziel nicht zusammen: Fragen Sie den Betreuer des Ziels.",
    ],
  }),
  destination_address_forbidden: explained("waits", "operator", {
    en: [
      "The destination's address is private, and allow_private is not set",
      "The destination lies in the own network. LeadLedger sends there only if that is allowed explicitly, so that nobody reaches internal machines by way of it. All leads for the destination wait, and use up no attempt.",
      "If the destination really stands in your own network, set `allow_private: true` for it. It is then tried by itself, and all leads that wait follow.",
    ],
    de: [
      "Die Adresse des Ziels ist privat, und allow_private ist nicht gesetzt",
      "Das Ziel liegt im eigenen Netz. Dorthin sendet LeadLedger nur, wenn es ausdrücklich erlaubt ist, damit niemand über diesen Umweg interne Rechner erreicht. Alle Leads für dieses Ziel warten, ohne dass ein Versuch gezählt wird.",
      "Steht das Ziel wirklich in Ihrem eigenen Netz, setzen Sie bei ihm `allow_private: true`. Dann wird es von selbst versucht, und alle wartenden Leads folgen.",
    ],
  }),
  destination_misconfigured: explained("waits", "operator", {
    en: [
      "The destination is configured so that no request can be made",
      "Something in the settings of the destination is unusable, its address for example, so LeadLedger could not even begin to send. All leads for the destination wait, and use up no attempt.",
      "Correct the settings of the destination; the reason says what does not fit. It is then tried by itself, and all leads that wait follow.",
    ],
    de: [
      "Das Ziel ist so konfiguriert, dass keine Anfrage möglich ist",
      "Etwas in den Einstellungen des Ziels ist unbrauchbar, zum Beispiel seine Adresse. LeadLedger konnte deshalb gar nicht erst anfangen zu senden. Alle Leads für dieses Ziel warten, ohne dass ein Versuch gezählt wird.",
      "Berichtigen Sie die Einstellungen des Ziels; der Grund sagt, was nicht passt. Dann wird es von selbst versucht, und alle wartenden Leads folgen.",
    ],
  }),
  delivery_unsettled: explained("waits", "sales", {
    en: [
      "What became of several attempts is not known: look before it is sent once more",
      "LeadLedger tried to deliver this lead, but the database did not let it write down how that ended. The destination may have the lead already.",
      "Look at the destination whether the lead is there. If it is, settle the entry by hand; if not, deliver it again. Whoever operates LeadLedger finds the cause in the log.",
    ],
    de: [
      "Der Ausgang mehrerer Versuche ist unbekannt: Bitte nachsehen, bevor noch einmal gesendet wird",
      "LeadLedger hat versucht, diesen Lead zuzustellen, konnte aber nicht in die Datenbank schreiben, wie es ausging. Vielleicht hat das Ziel ihn schon.",
      "Sehen Sie beim Ziel nach, ob der Lead da ist. Wenn ja, erledigen Sie den Klärfall von Hand; wenn nicht, stellen Sie ihn erneut zu. Wer LeadLedger betreibt, findet die Ursache im Log.",
    ],
  }),
  required_field_missing: explained("waits", "sales", {
    en: [
      "The lead lacks a field that the destination must get",
      "The destination's `map` marks a field as required, and this lead gives nothing for it. It was not sent. The reason of the entry names the field.",
      "Add what is missing to the lead's data and deliver it again. If it is missing often, let the field be filled otherwise in the destination's `map`, or without `required`.",
    ],
    de: [
      "Dem Lead fehlt ein Feld, das das Ziel bekommen muss",
      "Im `map` des Ziels ist ein Feld Pflicht, und dieser Lead gibt dafür nichts her. Er wurde nicht gesendet. Der Grund beim Klärfall nennt das Feld.",
      "Ergänzen Sie die Daten des Leads und stellen Sie ihn erneut zu. Fehlt es oft, füllen Sie das Feld im `map` des Ziels auf anderem Weg oder ohne `required`.",
    ],
  }),
  expression_refuses_lead: explained("waits", "sales", {
    en: [
      "The destination's expression does not take this lead",
      "What this destination gets is said by an expression, and it refuses this lead: its author wants leads like this one to be looked at (`$error`, `$assert`), or the lead is larger than 256 kB. It was not sent. The reason of the entry has the author's words.",
      "Correct the lead's data as the reason says and deliver it again, or enter it at the destination by hand and settle the entry. If it happens to leads that should arrive, ask an administrator to change the expression.",
    ],
    de: [
      "Der Ausdruck des Ziels nimmt diesen Lead nicht",
      "Was dieses Ziel bekommt, sagt ein Ausdruck, und er lehnt diesen Lead ab: Wer ihn schrieb, möchte, dass sich jemand solche Leads ansieht (`$error`, `$assert`), oder der Lead ist größer als 256 kB. Er wurde nicht gesendet. Was der Ausdruck dazu sagt, steht im Grund beim Klärfall.",
      "Berichtigen Sie die Daten des Leads, wie es der Grund sagt, und stellen Sie ihn erneut zu, oder tragen Sie ihn beim Ziel von Hand ein und erledigen Sie den Klärfall. Trifft es Leads, die ankommen sollen, lassen Sie einen Administrator den Ausdruck ändern.",
    ],
  }),
  nothing_to_send: explained("waits", "sales", {
    en: [
      "The lead was entered by hand and has no content to send",
      "Somebody made this lead in the database by hand, without the data of a form.",
      "Settle the entry by hand.",
    ],
    de: [
      "Der Lead wurde von Hand eingetragen und hat keinen Inhalt, der zu senden wäre",
      "Jemand hat diesen Lead von Hand in der Datenbank angelegt, ohne die Daten eines Formulars.",
      "Erledigen Sie den Klärfall von Hand.",
    ],
  }),
  lead_not_recordable: explained("kept", "operator", {
    en: [
      "The database takes this lead in no way",
      "The lead came while the database was away and was kept on disk. When it was to be written, the database refused it, however it was tried.",
      "The reason of the entry says what the database said; the lead itself is in the entry, too (base64). When the cause is mended, let the sender send it again, then settle the entry.",
    ],
    de: [
      "Die Datenbank nimmt diesen Lead auf keine Weise an",
      "Der Lead kam, während die Datenbank weg war, und wurde auf der Platte aufbewahrt. Als er eingetragen werden sollte, hat die Datenbank ihn abgelehnt, wie auch immer es versucht wurde.",
      "Der Grund beim Klärfall gibt wieder, was die Datenbank gesagt hat; auch der Lead selbst steht darin (Base64). Ist die Ursache behoben, lassen Sie den Absender ihn noch einmal senden, dann erledigen Sie den Klärfall.",
    ],
  }),
} as const satisfies Record<EntryCode, Explained>;

/** The sentence for a stored error_code; null for one that is none of ours, because a person may store any. */
export function failureText(code: string, language: Language): string | null {
  if (isEntryCode(code)) return failureTexts[code][language].title;
  return isErrorCode(code) ? errorCatalogue[code][language].title : null;
}

function isEntryCode(code: string): code is EntryCode {
  return Object.hasOwn(failureTexts, code);
}
