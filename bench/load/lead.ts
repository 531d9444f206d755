// The leads that are sent: German enquiries of about 400 bytes, no two alike.

const firstNames = [
  "Anna",
  "Jürgen",
  "Elif",
  "Matthias",
  "Sophie",
  "Günther",
  "Leonie",
  "Björn",
  "Katharina",
];
const lastNames = [
  "Müller",
  "Schröder",
  "Yıldız",
  "Großmann",
  "Weiß",
  "Fischer",
  "Bäcker",
  "Hofmann",
  "Kühn",
];
const cities = ["Köln", "München", "Düsseldorf", "Leipzig", "Nürnberg", "Wien", "Zürich", "Münster"];
const wishes = [
  "Wir möchten unser Dach mit einer Photovoltaikanlage ausstatten und bitten um ein Angebot mit Speicher.",
  "Bitte rufen Sie mich wegen der Wärmepumpe zurück, am besten zwischen 17 und 19 Uhr oder am Wochenende.",
  "Für unsere Geschäftsräume suchen wir eine Lösung zum Mieten. Können Sie uns dazu Unterlagen schicken?",
];

export interface Enquirer {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly postalCode: string;
  readonly town: string;
  readonly wish: string;
}

export function enquirer(number: number): Enquirer {
  const firstName = pick(firstNames, number);
  const lastName = pick(lastNames, number >> 3);
  return {
    firstName,
    lastName,
    email: `${ascii(firstName)}.${ascii(lastName)}.${number}@example.com`,
    phone: `+49 151 ${String(number).padStart(8, "0").slice(-8)}`,
    postalCode: String(10_000 + (number % 89_999)),
    town: pick(cities, number >> 2),
    wish: pick(wishes, number),
  };
}

/** JSON text. `key` stands in it, so that whoever gets the lead can tell which one it is. */
export function leadBody(number: number, key: string): string {
  const { firstName, lastName, email, phone, postalCode, town, wish } = enquirer(number);
  return JSON.stringify({
    anfrage_nr: key,
    vorname: firstName,
    nachname: lastName,
    email,
    telefon: phone,
    plz: postalCode,
    ort: town,
    nachricht: wish,
    rueckruf: number % 2 === 0,
    budget_eur: 5_000 + (number % 400) * 50,
    quelle: { kampagne: "fruehjahr", medium: "cpc", seite: "/angebot/anfrage" },
  });
}

function pick(words: readonly string[], number: number): string {
  return words[number % words.length] ?? "";
}

function ascii(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, "")
    .slice(0, 12);
}
