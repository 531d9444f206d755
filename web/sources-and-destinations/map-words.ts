// What members of a lead, kinds of rule and formats are called.
import type { MapFormat } from "../../src/domain/leads/map-rules.ts";
import type { Language } from "../language/language.tsx";
import type { RuleKind } from "./map-draft.ts";

/** `utm.source` and its like have their own name. */
export function memberLabel(name: string, language: Language): string {
  return memberLabels[language][name] ?? name;
}

const memberLabels: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  de: {
    salutation: "Anrede",
    title: "Titel",
    first_name: "Vorname",
    last_name: "Nachname",
    name: "Voller Name",
    email: "E-Mail",
    company: "Firma",
    street: "Straße und Hausnummer",
    postal_code: "Postleitzahl",
    town: "Ort",
    country: "Land",
    message: "Nachricht",
    product: "Produkt",
    page: "Seite",
    form: "Formular",
    campaign: "Kampagne",
    language: "Sprache",
    phones: "Telefonnummern",
    "consent.given": "Einwilligung: erteilt",
    "consent.text": "Einwilligung: Wortlaut",
    "consent.at": "Einwilligung: Zeitpunkt",
  },
  en: {
    salutation: "Salutation",
    title: "Title",
    first_name: "First name",
    last_name: "Last name",
    name: "Full name",
    email: "E-mail",
    company: "Company",
    street: "Street and number",
    postal_code: "Postcode",
    town: "Town",
    country: "Country",
    message: "Message",
    product: "Product",
    page: "Page",
    form: "Form",
    campaign: "Campaign",
    language: "Language",
    phones: "Phone numbers",
    "consent.given": "Consent: given",
    "consent.text": "Consent: wording",
    "consent.at": "Consent: time",
  },
};

export const ruleKindWords: Readonly<Record<Language, Readonly<Record<RuleKind, string>>>> = {
  de: {
    auto: "von selbst",
    pointer: "aus einem Feld",
    first: "erstes gefülltes Feld",
    all: "alle diese Felder",
    join: "mehrere zusammen",
    constant: "immer derselbe Text",
    json: "eigene Regel",
  },
  en: {
    auto: "by itself",
    pointer: "from one field",
    first: "first field filled",
    all: "all of these fields",
    join: "several joined",
    constant: "always the same text",
    json: "a rule of your own",
  },
};

export const formatWords: Readonly<Record<Language, Readonly<Record<MapFormat, string>>>> = {
  de: {
    trim: "Leerzeichen aufräumen",
    lower: "klein schreiben",
    upper: "groß schreiben",
    e164: "Telefonnummer (+49…)",
    email: "E-Mail-Adresse",
    date: "Datum (JJJJ-MM-TT)",
    date_time: "Datum und Uhrzeit",
    bool: "ja oder nein",
    number: "Zahl (1.234,56 € wird 1234.56)",
    first_name: "nur den Vornamen",
    last_name: "nur den Nachnamen",
  },
  en: {
    trim: "tidy up blanks",
    lower: "small letters",
    upper: "capital letters",
    e164: "phone number (+49…)",
    email: "e-mail address",
    date: "date (YYYY-MM-DD)",
    date_time: "date and time",
    bool: "yes or no",
    number: "number (1.234,56 € becomes 1234.56)",
    first_name: "the first name alone",
    last_name: "the last name alone",
  },
};
