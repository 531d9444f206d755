// Errors about who sends a lead and under which name and key: nothing is stored.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export const senderErrors = {
  source_unknown: entry(401, "not_stored", "sender", {
    en: [
      "There is no such source",
      "A request came under the name of a source that LeadLedger does not know. Often the name is misspelt, or the source was removed.",
      "Check the name in the URL or in X-Source, or add the source to the configuration.",
    ],
    de: [
      "Diese Quelle gibt es nicht",
      "Eine Anfrage kam unter dem Namen einer Quelle, die LeadLedger nicht kennt. Oft ist der Name falsch geschrieben, oder die Quelle wurde entfernt.",
      "Prüfen Sie den Namen in der Adresse oder in X-Source, oder legen Sie die Quelle in der Konfiguration an.",
    ],
  }),
  credentials_missing: entry(401, "not_stored", "sender", {
    en: [
      "Credentials are missing",
      "The request does not prove that it comes from this source: it carries neither token nor signature.",
      "Send the token or the signature that this source is configured with: `reason` says what was looked for and what was there.",
    ],
    de: [
      "Die Zugangsdaten fehlen",
      "Die Anfrage weist nicht nach, dass sie von dieser Quelle kommt: Sie enthält weder Kennwort noch Signatur.",
      "Senden Sie das Kennwort oder die Signatur mit, die für diese Quelle eingerichtet ist: `reason` sagt, was gesucht wurde und was da war.",
    ],
  }),
  credentials_wrong: entry(401, "not_stored", "sender", {
    en: [
      "The credentials are wrong",
      "The request shows a token or a signature, but not the one of this source. Often the secret was replaced and one of the two sides still has the old one.",
      "Compare the secret at the sender with the one configured for this source.",
    ],
    de: [
      "Die Zugangsdaten sind falsch",
      "Die Anfrage enthält ein Kennwort oder eine Signatur, aber nicht die dieser Quelle. Oft wurde das Kennwort ersetzt, und eine der beiden Seiten hat noch das alte.",
      "Vergleichen Sie das Kennwort beim Absender mit dem für diese Quelle eingerichteten.",
    ],
  }),
  timestamp_missing: entry(401, "not_stored", "sender", {
    en: [
      "The timestamp is missing",
      "The request is signed, but does not say when. Without the time, somebody could send a recorded request again later.",
      "A signed request needs the time at which it was made: `reason` says where it was looked for.",
    ],
    de: [
      "Der Zeitstempel fehlt",
      "Die Anfrage ist signiert, sagt aber nicht, wann. Ohne die Zeit könnte jemand eine mitgeschnittene Anfrage später noch einmal senden.",
      "Eine signierte Anfrage braucht die Zeit, zu der sie entstand: `reason` sagt, wo danach gesucht wurde.",
    ],
  }),
  timestamp_invalid: entry(401, "not_stored", "sender", {
    en: [
      "The timestamp cannot be read",
      "The request is signed, but its time is not written as LeadLedger expects it: in milliseconds, for example, or as a date.",
      "Write the time as `reason` says: it names what came and what was expected.",
    ],
    de: [
      "Der Zeitstempel ist unlesbar",
      "Die Anfrage ist signiert, aber ihre Zeit ist nicht so geschrieben, wie LeadLedger sie erwartet: zum Beispiel in Millisekunden oder als Datum.",
      "Schreiben Sie die Zeit, wie `reason` es sagt: Dort steht, was kam und was erwartet wird.",
    ],
  }),
  timestamp_stale: entry(401, "not_stored", "sender", {
    en: [
      "The timestamp is too old or in the future",
      "The time of the signed request is more than five minutes away from that of LeadLedger. Mostly a clock is wrong, or an old request was sent again without signing it anew.",
      "`reason` says what came and what time it is here. Set the sender's clock and sign again; five minutes are tolerated.",
    ],
    de: [
      "Der Zeitstempel ist zu alt oder liegt in der Zukunft",
      "Die Zeit der signierten Anfrage weicht um mehr als fünf Minuten von der Zeit in LeadLedger ab. Meist geht eine Uhr falsch, oder eine alte Anfrage wurde ohne neue Signatur wiederholt.",
      "`reason` sagt, was kam und wie spät es hier ist. Stellen Sie die Uhr des Absenders und signieren Sie neu; fünf Minuten Abweichung sind erlaubt.",
    ],
  }),
  idempotency_key_missing: entry(400, "not_stored", "sender", {
    en: [
      "The idempotency key is missing",
      "Every lead needs a mark by which LeadLedger recognises it when it is sent again. This request has none.",
      "Send Idempotency-Key (or X-Idempotency-Key) with a value that is the same when this lead is sent again.",
    ],
    de: [
      "Der Idempotenzschlüssel fehlt",
      "Jeder Lead braucht ein Kennzeichen, an dem LeadLedger ihn wiedererkennt, wenn er noch einmal gesendet wird. Diese Anfrage hat keines.",
      "Senden Sie Idempotency-Key (oder X-Idempotency-Key) mit einem Wert, der beim erneuten Senden dieses Leads gleich bleibt.",
    ],
  }),
  idempotency_key_invalid: entry(400, "not_stored", "sender", {
    en: [
      "The idempotency key is not usable",
      "The mark by which LeadLedger would recognise the lead is empty, too long or contains characters that do not belong there.",
      "It must be one text of 1 to 255 bytes without control characters.",
    ],
    de: [
      "Die Kennung (Idempotenzschlüssel) ist unbrauchbar",
      "Das Kennzeichen, an dem LeadLedger den Lead wiedererkennen würde, ist leer, zu lang oder enthält unzulässige Zeichen.",
      "Sie muss ein Text von 1 bis 255 Bytes ohne Steuerzeichen sein.",
    ],
  }),
  idempotency_key_reused: entry(422, "first_stands", "sender", {
    en: [
      "The idempotency key belongs to another body",
      "Two different sets of data came under the same mark. LeadLedger cannot know whether the second is a new lead or a change of the first.",
      "Use a new key for a new lead.",
    ],
    de: [
      "Die Kennung (Idempotenzschlüssel) gehört zu anderen Daten",
      "Unter demselben Kennzeichen kamen zweimal verschiedene Daten. LeadLedger kann nicht wissen, ob die zweiten ein neuer Lead sind oder eine Änderung des ersten.",
      "Verwenden Sie für einen neuen Lead eine neue Kennung.",
    ],
  }),
  source_name_invalid: entry(400, "not_stored", "sender", {
    en: [
      "The source's name is not usable",
      "The request names its source in a way that cannot be a name.",
      "A name has 1 to 255 bytes and no control characters.",
    ],
    de: [
      "Der Name der Quelle ist unbrauchbar",
      "Die Anfrage nennt ihre Quelle so, dass es kein Name sein kann.",
      "Ein Name hat 1 bis 255 Bytes und keine Steuerzeichen. Berichtigen Sie ihn beim Absender.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
