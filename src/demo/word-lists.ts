// What the demo's invented leads are made of. Nobody real: the addresses are example domains, and the telephone numbers
// come from the ranges that the German regulator keeps free for films and books.

export const firstNames = [
  ...["Anneliese", "Björn", "Çiğdem", "Dörte", "Emil", "Franziska", "Günther", "Hülya", "Ingeborg", "Jürgen"],
  ...["Käthe", "Lukas", "Małgorzata", "Noël", "Oğuz", "Petra", "Quirin", "Rüdiger", "Sören", "Thérèse"],
  ...["Ulrike", "Veit", "Wiebke", "Xaver", "Yasemin", "Zoë"],
] as const;

export const lastNames = [
  ...["Abendroth", "Bäumler", "Cordsen", "Dürrschnabel", "Eßlinger", "Freiherr von Ähren", "Größer"],
  ...["Häberle", "Immergrün", "Jägerhuber", "Kößling", "Löwenzahn", "Mühlhäuser", "Nüßlein", "Öttelbrink"],
  ...[
    "Pfützenreuter",
    "Quast",
    "Rübsam",
    "Süßmilch",
    "Tüchersfeld",
    "Überschär",
    "Vöckelmann",
    "Weiß-Yıldız",
  ],
  ...["Zäuner"],
] as const;

export const streets = [
  ...["Am Mühlgraben", "Amselweg", "Bürgermeister-Schütz-Straße", "Föhrenallee", "Gänsemarkt", "Höhenweg"],
  ...[
    "Kirschblütenring",
    "Lindenstraße",
    "Obere Schloßgasse",
    "Rübezahlweg",
    "Straße des Friedens",
    "Zum Süßen Grund",
  ],
] as const;

/** Postal code and town. */
export const towns = [
  ...[
    ["10115", "Berlin"],
    ["20095", "Hamburg"],
    ["80331", "München"],
    ["50667", "Köln"],
    ["60311", "Frankfurt am Main"],
  ],
  ...[
    ["23552", "Lübeck"],
    ["97070", "Würzburg"],
    ["37073", "Göttingen"],
    ["48143", "Münster"],
    ["40213", "Düsseldorf"],
  ],
  ...[
    ["90402", "Nürnberg"],
    ["06667", "Weißenfels"],
    ["74523", "Schwäbisch Hall"],
    ["02826", "Görlitz"],
  ],
] as const satisfies readonly (readonly [string, string])[];

/** Digits after the country code: a prefix and how many digits may follow freely. */
export const freeNumbers = [
  { area: "30", prefix: "23125", freeDigits: 3 },
  { area: "40", prefix: "66969", freeDigits: 3 },
  { area: "69", prefix: "90009", freeDigits: 3 },
  { area: "89", prefix: "99998", freeDigits: 3 },
  { area: "221", prefix: "4710", freeDigits: 3 },
  { area: "171", prefix: "39200", freeDigits: 2 },
] as const;

export const mailDomains = [
  "example.com",
  "example.org",
  "example.net",
  "post.example",
  "büro.example",
] as const;

export const products = [
  ...["Photovoltaikanlage 9,8 kWp", "Wärmepumpe Luft/Wasser", "Batteriespeicher 10 kWh", "Wallbox 11 kW"],
  ...["Balkonkraftwerk", "Energieberatung", "Dämmung Dachgeschoß"],
] as const;

export const messages = [
  "Bitte rufen Sie mich nach 17 Uhr zurück.",
  "Wir möchten im Frühjahr umrüsten. Was würde das ungefähr kosten?",
  "Gibt es dafür noch Fördermittel?",
  "Das Dach zeigt nach Süden, Größe etwa 80 m².",
  'Ihr Angebot "Sonne & Wärme" klingt gut – schicken Sie mir Unterlagen?',
  "Könnten Sie vor Ort vorbeischauen?\nTermin gern samstags.",
  "",
] as const;

export const campaigns = ["fruehling-photovoltaik", "waermepumpe-jetzt", "dach-2027"] as const;
