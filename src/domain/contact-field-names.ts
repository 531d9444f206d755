// The names under which forms and systems, German or English, send an e-mail address or a telephone number.

export type ContactKind = "email" | "phone";

/** "E-Mail-Adresse", "form_fields[email]" and "EMAIL" are one name: case, punctuation and brackets do not count. */
export function contactFieldKind(fieldName: string): ContactKind | null {
  if (fieldName.length > nameUnitsMax) return null;
  const known = kindsSeen.get(fieldName);
  if (known !== undefined) return known;
  const kind = kindByName.get(canonicalName(fieldName)) ?? null;
  // Names repeat from lead to lead; whoever sends ever new ones only makes this start over.
  if (kindsSeen.size >= kindsSeenMax) kindsSeen.clear();
  kindsSeen.set(fieldName, kind);
  return kind;
}

/** What is left of a field's name without case, punctuation and brackets. */
export function canonicalName(fieldName: string): string {
  const innermost = /\[([^[\]]+)\]$/.exec(fieldName)?.[1] ?? fieldName;
  return innermost
    .toLowerCase()
    .normalize("NFC")
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9äöü]/g, "");
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
