// The names under which forms and systems, German or English, send what belongs to a person: more than what a person is
// looked up by, because what is masked by mistake does no harm, and what is shown by mistake does.
import { canonicalName, contactFieldKind } from "./contact-field-names.ts";

/** How a value is masked. `other`: birthdays, bank accounts and the like. */
export type PersonFieldKind = "email" | "phone" | "name" | "address" | "other";

export function personFieldKind(fieldName: string): PersonFieldKind | null {
  if (fieldName.length > nameUnitsMax) return null;
  const known = kindsSeen.get(fieldName);
  if (known !== undefined) return known;
  const kind = contactFieldKind(fieldName) ?? kindOf(canonicalName(fieldName));
  // Names repeat from lead to lead; whoever sends ever new ones only makes this start over.
  if (kindsSeen.size >= kindsSeenMax) kindsSeen.clear();
  kindsSeen.set(fieldName, kind);
  return kind;
}

function kindOf(canonical: string): PersonFieldKind | null {
  const byWhole = kindByName.get(canonical);
  if (byWhole !== undefined) return byWhole;
  return parts.find(({ pattern }) => pattern.test(canonical))?.kind ?? null;
}

/** Whole names, as `canonicalName` writes them: too short or too common to be looked for within others. */
const kindByName = new Map<string, PersonFieldKind>([
  ...["name", "namen", "kunde", "customer", "kontakt", "contact", "ansprechpartner", "ansprechperson"].map(
    (name) => [name, "name"] as const,
  ),
  ...["person", "interessent", "absender", "sender", "first", "last", "middlename", "initials"].map(
    (name) => [name, "name"] as const,
  ),
  ...["ort", "stadt", "city", "town", "plz", "zip", "ortsteil", "hausnr", "hnr", "location", "standort"].map(
    (name) => [name, "address"] as const,
  ),
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
    pattern: /(?:voller|ihr|dein|your|kontakt|kunden|contact|customer|lead|person|client|user)name$/,
  },
  {
    kind: "address",
    pattern:
      /strasse|straße|street|adresse|anschrift|address|hausnummer|housenumber|postleitzahl|postcode|postalcode|zipcode|wohnort/,
  },
  {
    kind: "other",
    pattern: /geburtsdatum|geburtstag|birthday|birthdate|dateofbirth|kontonummer|accountnumber/,
  },
];

const nameUnitsMax = 200;
const kindsSeenMax = 2_000;
const kindsSeen = new Map<string, PersonFieldKind | null>();
