// The names under which forms and systems, German or English, send what belongs to a person: more than what a person is
// looked up by, because what is masked by mistake does no harm, and what is shown by mistake does.
import { canonicalName, recognisedField, wordsOfName } from "../leads/field-names.ts";
import type { LeadField } from "../leads/field-names.ts";

/** How a value is masked. `other`: birthdays, bank accounts and the like. */
export type PersonFieldKind = "email" | "phone" | "name" | "address" | "other";

export function personFieldKind(fieldName: string): PersonFieldKind | null {
  if (fieldName.length > nameUnitsMax) return null;
  const known = kindsSeen.get(fieldName);
  if (known !== undefined) return known;
  const field = recognisedField(fieldName)?.field;
  const kind =
    (field === undefined ? undefined : kindByField.get(field)) ??
    kindOf(canonicalName(fieldName)) ??
    kindOfWords(fieldName);
  // Names repeat from lead to lead; whoever sends ever new ones only makes this start over.
  if (kindsSeen.size >= kindsSeenMax) kindsSeen.clear();
  kindsSeen.set(fieldName, kind);
  return kind;
}

/**
 * `vollständiger_name`, `ansprechpartnerName`: whatever ends in the word name is a person's, unless the words around it
 * say whose it is.
 */
function kindOfWords(fieldName: string): PersonFieldKind | null {
  const words = wordsOfName(fieldName);
  const last = words.at(-1) ?? "";
  if (last !== "name" && last !== "names" && last !== "namen") return null;
  return words.some((word) => namedThings.has(word)) ? null : "name";
}

/** What of the vocabulary belongs to a person; what is asked for, and of which firm, says nothing of anybody. */
const kindByField = new Map<LeadField, PersonFieldKind>([
  ["first_name", "name"],
  ["last_name", "name"],
  ["name", "name"],
  ["email", "email"],
  ["phone", "phone"],
  ["street", "address"],
  ["house_number", "address"],
  ["street_addition", "address"],
  ["postal_code", "address"],
  ["town", "address"],
  ["postal_town", "address"],
  ["address", "address"],
]);

/** What has a name and is nobody. */
const namedThings = new Set(
  [
    "form formular campaign kampagne ad ads adset adgroup anzeige anzeigengruppe product produkt artikel item company firma",
    "firmen unternehmen organisation organization betrieb account page seite landing landingpage file datei dokument document",
    "event source quelle site website domain host server list liste group gruppe team brand marke model modell project",
    "projekt field feld column spalte key tag class type typ store shop branch filiale plan service app device browser os",
    "pipeline stage deal utm course kurs category kategorie template vorlage theme plugin channel kanal medium country land",
    "city region state language sprache job position stelle department abteilung network set partner property objekt object",
    "creative keyword placement question frage step schritt button workflow automation segment survey umfrage variable",
  ].flatMap((line) => line.split(" ")),
);

function kindOf(canonical: string): PersonFieldKind | null {
  const byWhole = kindByName.get(canonical);
  if (byWhole !== undefined) return byWhole;
  return parts.find(({ pattern }) => pattern.test(canonical))?.kind ?? null;
}

/** Whole names, as `canonicalName` writes them: too short or too common to be looked for within others. */
const kindByName = new Map<string, PersonFieldKind>([
  ...["absender", "sender", "first", "last", "middlename", "initials", "nome"].map(
    (name) => [name, "name"] as const,
  ),
  ...["ortsteil", "location", "standort"].map((name) => [name, "address"] as const),
  ...["latitude", "longitude", "lat", "lng", "lon", "geo", "dob", "iban", "bic"].map(
    (name) => [name, "other"] as const,
  ),
  ...["ip", "ipaddress", "ipadresse", "remoteip", "clientip"].map((name) => [name, "other"] as const),
]);

/** Pieces of names that say it wherever they stand: `applicant_first_name`, `Telefon (geschäftlich)`. */
const parts: readonly { readonly pattern: RegExp; readonly kind: PersonFieldKind }[] = [
  { kind: "email", pattern: /email|mailadress|mailaddress|mail$/ },
  { kind: "phone", pattern: /phone|telefon|telefax|handy|mobilnummer|rufnummer|whatsapp|faxnummer|^fax$/ },
  {
    kind: "name",
    pattern:
      /vorname|nachname|zuname|familienname|geburtsname|firstname|lastname|surname|fullname|givenname|familyname|maidenname|nachn$|vorn$/,
  },
  {
    kind: "name",
    pattern:
      /(?:ansprechpartner|ansprechperson|kontaktperson|contactperson|sachbearbeiter|geschaeftsfuehrer|inhaber|interessent|bewerber|teilnehmer|empfaenger|mieter|patient|applicant|attendee|participant|recipient)(?:in)?$/,
  },
  {
    kind: "name",
    pattern: /(?:voller|ihr|dein|your|kontakt|kunden|contact|customer|lead|person|client|user)name$/,
  },
  {
    kind: "address",
    pattern:
      /strasse|street|adresse|anschrift|address|hausnummer|housenumber|postleitzahl|postcode|postalcode|zipcode|wohnort/,
  },
  {
    kind: "other",
    pattern: /geburtsdatum|geburtstag|birthday|birthdate|dateofbirth|kontonummer|accountnumber/,
  },
];

const nameUnitsMax = 200;
const kindsSeenMax = 2_000;
const kindsSeen = new Map<string, PersonFieldKind | null>();
