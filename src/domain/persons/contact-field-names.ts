// The names under which forms and systems, German or English, send an e-mail address or a telephone number.

export type ContactKind = "email" | "phone";

/** "E-Mail-Adresse", "form_fields[email]" and "EMAIL" are one name: case, punctuation and brackets do not count. */
export function contactFieldKind(fieldName: string): ContactKind | null {
  if (fieldName.length > nameUnitsMax) return null;
  const known = kindsSeen.get(fieldName);
  if (known !== undefined) return known;
  const canonical = canonicalName(fieldName);
  const kind = kindByName.get(canonical) ?? kindByName.get(withoutNumbers(canonical)) ?? null;
  // Names repeat from lead to lead; whoever sends ever new ones only makes this start over.
  if (kindsSeen.size >= kindsSeenMax) kindsSeen.clear();
  kindsSeen.set(fieldName, kind);
  return kind;
}

/** What is left of a field's name without case, punctuation and brackets. */
export function canonicalName(fieldName: string): string {
  return saidName(fieldName)
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9äöü]/g, "");
}

/** `fields[name][value]` is a name: the innermost part in brackets that says something. */
export function saidName(fieldName: string): string {
  if (!fieldName.endsWith("]")) return fieldName;
  const parts = fieldName.split(/[[\]]/).filter((part) => part !== "");
  return parts.findLast((part) => !/^\d+$/.test(part) && !sayingNothing.has(part.toLowerCase())) ?? fieldName;
}

const sayingNothing = new Set([
  "value",
  "values",
  "raw_value",
  "text",
  "answer",
  "label",
  "title",
  "id",
  "name_value",
]);

/** `email-456` (Contact Form 7), `q4_email` (Jotform), `input_5_email`: builders number their fields. */
function withoutNumbers(canonical: string): string {
  const start = /^(?:q|question|frage|field|feld|input|item|your)?\d{1,12}/.exec(canonical)?.[0].length ?? 0;
  let end = canonical.length;
  while (end > start && canonical.charCodeAt(end - 1) <= 0x39) end -= 1;
  return canonical.slice(start, end);
}

const emailNames = [
  ...["email", "mail", "emailadresse", "mailadresse", "emailaddress", "mailaddress", "emailid", "emailaddr"],
  ...[
    "youremail",
    "yourmail",
    "ihreemail",
    "ihremail",
    "ihreemailadresse",
    "deineemail",
    "deineemailadresse",
  ],
  ...[
    "kontaktemail",
    "kundenemail",
    "contactemail",
    "customeremail",
    "useremail",
    "leademail",
    "personemail",
  ],
  ...[
    "workemail",
    "workemailaddress",
    "businessemail",
    "companyemail",
    "primaryemail",
    "email1",
    "emailwork",
  ],
  ...["emailprivat", "emailgeschäftlich", "emaildienstlich", "geschäftlicheemail", "privateemail"],
];

const phoneNames = [
  ...["phone", "phonenumber", "phoneno", "phonenr", "telephone", "telephonenumber", "phone1", "primaryphone"],
  ...[
    "tel",
    "telefon",
    "telefonnummer",
    "telefonnr",
    "telnr",
    "telnummer",
    "fon",
    "rufnummer",
    "rückrufnummer",
  ],
  ...["mobile", "mobilephone", "mobilenumber", "mobilephonenumber", "cell", "cellphone", "cellphonenumber"],
  ...[
    "mobil",
    "mobilnummer",
    "mobilnr",
    "mobiltelefon",
    "mobiltelefonnummer",
    "handy",
    "handynummer",
    "handynr",
  ],
  ...["festnetz", "festnetznummer", "whatsapp", "whatsappnumber", "whatsappnummer", "callbacknumber"],
  ...["yourphone", "yourtel", "yourphonenumber", "ihretelefonnummer", "ihrtelefon", "deinetelefonnummer"],
  ...["kontakttelefon", "contactphone", "customerphone", "userphone", "leadphone", "personphone"],
  ...["workphone", "workphonenumber", "businessphone", "companyphone", "phonework", "phonemobile"],
  ...["telefonprivat", "telefongeschäftlich", "telefondienstlich", "telefonmobil"],
];

const kindByName = new Map<string, ContactKind>([
  ...emailNames.map((name) => [name, "email"] as const),
  ...phoneNames.map((name) => [name, "phone"] as const),
]);

const nameUnitsMax = 80;
const kindsSeenMax = 2000;
const kindsSeen = new Map<string, ContactKind | null>();
