// Why something did not work, in the few words that fit into a sentence; the whole explanation stands under /errors.
import type { FailureCode } from "../../src/domain/destinations/outcome.ts";
import type { TurnedAwayCode } from "../../src/domain/sources/turned-away.ts";
import type { Alarm } from "../api/types.ts";

export type Language = "de" | "en";

type Cause = Omit<Extract<Alarm, { readonly code: "entries_need_decision" }>["largest"], "count">;

export function denialPhrase(code: string, language: Language): string {
  return has(denials, code) ? denials[code][language] : code;
}

export function causePhrase(
  { kind, destination, source, error_code: code }: Cause,
  language: Language,
): string {
  const from = quoted(source, language);
  switch (kind) {
    case "refused":
      if (language === "de") return from === null ? "unlesbare Daten" : `unlesbare Daten von ${from}`;
      return from === null ? "unreadable data" : `unreadable data from ${from}`;
    case "conflict":
      return language === "de"
        ? `${from ?? "ein Absender"} hat eine Kennung für zwei verschiedene Leads benutzt`
        : `${from ?? "a sender"} used one key for two different leads`;
    case "manual":
      return language === "de" ? "von Hand angelegt" : "made by hand";
    case "delivery":
    case "replay": {
      const to = quoted(destination, language) ?? (language === "de" ? "das Ziel" : "the destination");
      if (code !== null && has(failures, code)) return failures[code][language](to);
      const told = code === null ? "" : ` (${code})`;
      return language === "de"
        ? `Zustellung an ${to} fehlgeschlagen${told}`
        : `delivery to ${to} failed${told}`;
    }
    default:
      return String(kind);
  }
}

function quoted(name: string | null, language: Language): string | null {
  if (name === null) return null;
  return language === "de" ? `„${name}“` : `“${name}”`;
}

function has<Known extends object>(known: Known, code: string): code is keyof Known & string {
  return Object.hasOwn(known, code);
}

const denials: Readonly<Record<TurnedAwayCode, Readonly<Record<Language, string>>>> = {
  source_unknown: { de: "Diese Quelle gibt es nicht", en: "there is no such source" },
  credentials_missing: { de: "Zugangsdaten fehlen", en: "credentials are missing" },
  credentials_wrong: { de: "falsches Kennwort", en: "wrong password or signature" },
  timestamp_missing: { de: "Zeitangabe der Signatur fehlt", en: "the signature's time is missing" },
  timestamp_invalid: {
    de: "Zeitangabe der Signatur ist unlesbar",
    en: "the signature's time cannot be read",
  },
  timestamp_stale: {
    de: "Signatur ist zu alt oder die Uhr des Absenders geht falsch",
    en: "the signature is too old, or the sender's clock is wrong",
  },
  idempotency_key_missing: { de: "Kennzeichen des Leads fehlt", en: "the lead's own key is missing" },
  idempotency_key_invalid: {
    de: "Kennzeichen des Leads ist unbrauchbar",
    en: "the lead's own key is not usable",
  },
  source_name_invalid: {
    de: "Name der Quelle ist unbrauchbar",
    en: "the source's name is not usable",
  },
  body_too_large: { de: "Daten sind zu groß", en: "the data are too large" },
  media_type_unsupported: {
    de: "weder ein Formular noch JSON",
    en: "neither a form nor JSON",
  },
  content_coding_unsupported: {
    de: "Daten sind auf unbekannte Weise komprimiert",
    en: "the data are compressed in an unknown way",
  },
  content_coding_broken: { de: "Daten lassen sich nicht entpacken", en: "the data cannot be unpacked" },
  erasure_requested: {
    de: "Daten einer Person sollen gelöscht werden",
    en: "a person's data are to be erased",
  },
  headers_too_large: { de: "Kopfzeilen sind zu groß", en: "the headers are too large" },
  request_malformed: { de: "kein gültiges HTTP", en: "no valid HTTP" },
  method_not_allowed: { de: "nicht mit POST gesendet", en: "not sent by POST" },
  source_paused: { de: "Quelle ist angehalten", en: "the source is paused" },
  role_without_intake: {
    de: "beim falschen Knoten angekommen",
    en: "they came to the wrong node",
  },
  intake_overloaded: {
    de: "mehr Leads, als gespeichert werden konnten",
    en: "more leads than could be stored",
  },
  ledger_unavailable: {
    de: "weder Datenbank noch Platte nahmen sie an",
    en: "neither database nor disk took them",
  },
  internal_error: { de: "Fehler in LeadLedger", en: "an error inside LeadLedger" },
  rate_limited: { de: "zu viele auf einmal", en: "too many at once" },
  request_timeout: { de: "nicht vollständig angekommen", en: "they did not arrive whole" },
};

type Phrase = Readonly<Record<Language, (destination: string) => string>>;

const failures: Readonly<Record<FailureCode | "destination_removed", Phrase>> = {
  destination_unavailable: {
    de: (to) => `${to} wird vorerst in Ruhe gelassen`,
    en: (to) => `${to} is left alone for now`,
  },
  destination_dns: {
    de: (to) => `${to} ist unter seinem Namen nicht zu finden`,
    en: (to) => `${to} cannot be found under its name`,
  },
  destination_connect: {
    de: (to) => `${to} ist nicht zu erreichen`,
    en: (to) => `${to} cannot be reached`,
  },
  destination_tls: {
    de: (to) => `${to} lässt keine sichere Verbindung zu`,
    en: (to) => `no secure connection to ${to} is possible`,
  },
  destination_timeout: {
    de: (to) => `${to} antwortet nicht rechtzeitig`,
    en: (to) => `${to} does not answer in time`,
  },
  destination_connection_lost: {
    de: (to) => `die Verbindung zu ${to} bricht ab`,
    en: (to) => `the connection to ${to} breaks off`,
  },
  destination_throttled: {
    de: (to) => `${to} bittet um eine Pause`,
    en: (to) => `${to} asks for a break`,
  },
  destination_error: {
    de: (to) => `${to} meldet einen eigenen Fehler`,
    en: (to) => `${to} reports an error of its own`,
  },
  destination_bad_response: {
    de: (to) => `${to} antwortet unverständlich`,
    en: (to) => `the answer of ${to} cannot be understood`,
  },
  destination_indeterminate: {
    de: (to) => `die Antwort von ${to} sagt nicht, ob der Lead angekommen ist`,
    en: (to) => `the answer of ${to} does not say whether it has the lead`,
  },
  delivery_interrupted: {
    de: (to) => `die Zustellung an ${to} wurde unterbrochen, weil LeadLedger anhielt`,
    en: (to) => `the delivery to ${to} was interrupted because LeadLedger stopped`,
  },
  destination_auth: {
    de: (to) => `${to} nimmt die Zugangsdaten nicht an`,
    en: (to) => `${to} does not accept the credentials`,
  },
  destination_configuration: {
    de: (to) => `bei ${to} fehlt etwas, das jeder Lead dort braucht`,
    en: (to) => `${to} lacks what every lead needs there`,
  },
  destination_expression: {
    de: (to) => `der Ausdruck von ${to} ergibt nichts, was sich senden ließe`,
    en: (to) => `the expression of ${to} gives nothing that could be sent`,
  },
  destination_redirect: {
    de: (to) => `${to} hat eine neue Adresse`,
    en: (to) => `${to} has a new address`,
  },
  destination_rejected: {
    de: (to) => `${to} lehnt den Inhalt ab`,
    en: (to) => `${to} rejects the content`,
  },
  destination_address_forbidden: {
    de: (to) => `${to} hat eine private Adresse, die nicht erlaubt ist`,
    en: (to) => `${to} has a private address, which is not allowed`,
  },
  destination_misconfigured: {
    de: (to) => `${to} ist falsch eingerichtet`,
    en: (to) => `${to} is set up wrongly`,
  },
  delivery_unsettled: {
    de: (to) => `ob die Zustellung an ${to} gelang, ist unbekannt`,
    en: (to) => `whether the delivery to ${to} succeeded is not known`,
  },
  required_field_missing: {
    de: (to) => `für ${to} fehlt ein Pflichtfeld`,
    en: (to) => `a field that ${to} must get is missing`,
  },
  expression_refuses_lead: {
    de: (to) => `der Ausdruck von ${to} nimmt den Lead nicht`,
    en: (to) => `the expression of ${to} does not take the lead`,
  },
  nothing_to_send: {
    de: (to) => `für ${to} gibt es nichts zu senden`,
    en: (to) => `there is nothing to send to ${to}`,
  },
  destination_removed: {
    de: (to) => `${to} gibt es nicht mehr`,
    en: (to) => `${to} is no longer there`,
  },
};
