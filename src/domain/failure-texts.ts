// What an error_code means, in one sentence for people in both languages: for runs and DLQ entries, whose stored reason
// is English and has the particulars.
import type { Language } from "./error-catalogue.ts";
import { errorCatalogue, isErrorCode } from "./error-catalogue.ts";
import type { FailureCode } from "./outcome.ts";

export type FailureTextCode = FailureCode | "destination_removed";

/** Sentences without the final stop. They do not name the destination: it stands beside them. */
export const failureTexts = {
  destination_dns: {
    en: "The destination's name has no address",
    de: "Zum Namen des Ziels gibt es keine Adresse",
  },
  destination_connect: {
    en: "No connection to the destination could be made",
    de: "Zum Ziel kam keine Verbindung zustande",
  },
  destination_tls: {
    en: "No secure connection to the destination could be made",
    de: "Zum Ziel kam keine sichere Verbindung zustande (Zertifikat oder TLS)",
  },
  destination_timeout: {
    en: "The destination did not answer in time",
    de: "Das Ziel hat nicht rechtzeitig geantwortet",
  },
  destination_connection_lost: {
    en: "The connection broke off before the destination answered; it may have the lead",
    de: "Die Verbindung brach ab, bevor das Ziel antwortete; vielleicht hat es den Lead",
  },
  destination_throttled: {
    en: "The destination asked to be sent less",
    de: "Das Ziel nimmt vorübergehend nichts mehr an (zu viele Anfragen)",
  },
  destination_error: {
    en: "The destination reported an error of its own",
    de: "Das Ziel meldet einen eigenen Fehler",
  },
  destination_bad_response: {
    en: "The destination's answer cannot be understood",
    de: "Die Antwort des Ziels ist unverständlich",
  },
  delivery_interrupted: {
    en: "The attempt was interrupted because LeadLedger was stopping",
    de: "Der Versuch wurde unterbrochen, weil LeadLedger angehalten wurde",
  },
  destination_auth: {
    en: "The destination refuses the credentials: they need mending",
    de: "Das Ziel lehnt die Zugangsdaten ab: Sie müssen berichtigt werden",
  },
  destination_redirect: {
    en: "The destination points to another address: its URL needs mending",
    de: "Das Ziel verweist auf eine andere Adresse: Seine URL muss berichtigt werden",
  },
  destination_rejected: {
    en: "The destination does not want this lead as it is",
    de: "Das Ziel lehnt diesen Lead so ab, wie er ist",
  },
  destination_address_forbidden: {
    en: "The destination's address is private, and allow_private is not set",
    de: "Die Adresse des Ziels ist privat, und allow_private ist nicht gesetzt",
  },
  destination_misconfigured: {
    en: "The destination is configured so that no request can be made",
    de: "Das Ziel ist so konfiguriert, dass keine Anfrage möglich ist",
  },
  delivery_unsettled: {
    en: "What became of several attempts is not known: look before it is sent once more",
    de: "Der Ausgang mehrerer Versuche ist unbekannt: Bitte nachsehen, bevor noch einmal gesendet wird",
  },
  nothing_to_send: {
    en: "The lead was entered by hand and has no content to send",
    de: "Der Lead wurde von Hand eingetragen und hat keinen Inhalt, der zu senden wäre",
  },
  destination_removed: {
    en: "The destination was removed from the configuration",
    de: "Das Ziel wurde aus der Konfiguration entfernt",
  },
} as const satisfies Record<FailureTextCode, Readonly<Record<Language, string>>>;

/** The sentence for a stored error_code; null for one that is none of ours, because a person may store any. */
export function failureText(code: string, language: Language): string | null {
  if (isFailureTextCode(code)) return failureTexts[code][language];
  return isErrorCode(code) ? errorCatalogue[code][language].title : null;
}

function isFailureTextCode(code: string): code is FailureTextCode {
  return Object.hasOwn(failureTexts, code);
}
