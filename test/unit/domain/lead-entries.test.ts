// What people enter where a form asks for something else, and what form builders make of it: the vocabulary says what was
// meant.
import { describe, expect, it } from "vitest";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import { readLead } from "../../../src/domain/leads/read-lead.ts";
import type { VocabularyLead } from "../../../src/domain/leads/vocabulary.ts";

const read = (body: unknown): VocabularyLead => readLead(body, plainReading);

/** What is asked of each case: members of the lead. */
type Case = readonly [body: unknown, expected: Partial<VocabularyLead>];

const person = (first_name: string | null, last_name: string | null, name: string) => ({
  first_name,
  last_name,
  name,
});

describe("a person's name", () => {
  it.each<Case>([
    [{ Vorname: "Anna", Name: "Groß" }, person("Anna", "Groß", "Anna Groß")],
    [{ Vorname: "Anna", Name: "Anna Groß" }, person("Anna", "Groß", "Anna Groß")],
    [{ Vorname: "Anna", Name: "Groß, Anna" }, person("Anna", "Groß", "Anna Groß")],
    [{ Vorname: "Anna", Name: "von der Heide" }, person("Anna", "von der Heide", "Anna von der Heide")],
    [{ Vorname: "Anna Maria", Name: "Anna Maria Groß" }, person("Anna Maria", "Groß", "Anna Maria Groß")],
    [{ Name: "Anna", Nachname: "Groß" }, person("Anna", "Groß", "Anna Groß")],
    [
      { Name: "Dr. Anna Groß", Nachname: "Groß" },
      { title: "Dr.", ...person("Anna", "Groß", "Anna Groß") },
    ],
    // Somebody else's, perhaps.
    [{ Vorname: "Anna", Name: "Berta Klein" }, person("Anna", null, "Berta Klein")],
    [{ vorname: "Anna", nachname: "Groß", name: "Kontaktformular" }, person("Anna", "Groß", "Anna Groß")],
    [
      { Anrede: "Herr", Name: "Müller" },
      { salutation: "Herr", ...person(null, "Müller", "Müller") },
    ],
    [
      { Anrede: "Frau", Name: "von Berg" },
      { salutation: "Frau", ...person(null, "von Berg", "von Berg") },
    ],
    [
      { Anrede: "Firma", Name: "Müller" },
      { salutation: "Firma", ...person(null, null, "Müller") },
    ],
    [{ Name: "Herr Müller" }, { salutation: "Herr", ...person(null, "Müller", "Müller") }],
    [{ Name: "Dr. Müller" }, { title: "Dr.", ...person(null, "Müller", "Müller") }],
    [{ Name: "Eheleute Müller" }, { salutation: "Eheleute", ...person(null, "Müller", "Müller") }],
    [{ Name: "Herr und Frau Müller" }, { salutation: "Herr und Frau", ...person(null, "Müller", "Müller") }],
    [
      { "Anrede/Titel": "Herr, Dr.", Nachname: "Groß" },
      { salutation: "Herr", title: "Dr.", name: "Groß" },
    ],
    [{ Name: "Müller, Dr. Hans" }, { title: "Dr.", ...person("Hans", "Müller", "Hans Müller") }],
    [{ Name: "Müller, Hans, Dr." }, { title: "Dr.", ...person("Hans", "Müller", "Hans Müller") }],
    [{ Name: "Hans Müller, M.Sc." }, { title: "M.Sc.", ...person("Hans", "Müller", "Hans Müller") }],
    [
      { Name: "Dipl.-Ing. (FH) Hans Müller" },
      { title: "Dipl.-Ing. (FH)", ...person("Hans", "Müller", "Hans Müller") },
    ],
    [{ Name: "Heide, Anna von der" }, person("Anna", "von der Heide", "Anna von der Heide")],
    [{ Name: "Hans Müller jun." }, person("Hans", "Müller jun.", "Hans Müller jun.")],
    [{ Name: "Hans Müller, 0171 2345678" }, person("Hans", "Müller", "Hans Müller")],
    [{ Name: "Hans Müller\nhans@example.de" }, person("Hans", "Müller", "Hans Müller")],
    [
      { Name: "Groß & Söhne GmbH" },
      { ...person(null, null, "Groß & Söhne GmbH"), company: "Groß & Söhne GmbH" },
    ],
    ...["Groß GMBH", "Groß Gmbh", "groß gmbh", "Groß GesmbH", "TSV Köln e. V.", "TSV Köln E.V."].map(
      (company): Case => [{ Name: company }, { ...person(null, null, company), company }],
    ),
    ...["Anna Kg", "Ali Ag", "Eva Se", "Inc Groß", "Anna e.", "V. Groß"].map((name): Case => [
      { Name: name },
      { name, company: null },
    ]),
    [{ Name: "Fa. Groß" }, { salutation: "Fa.", ...person(null, null, "Groß") }],
    [{ Name: "Phil Collins" }, { title: null, ...person("Phil", "Collins", "Phil Collins") }],
    [{ Name: "Dr. phil. Eva Groß" }, { title: "Dr. phil.", ...person("Eva", "Groß", "Eva Groß") }],
    [{ Name: "Ing. Max Groß BSc" }, { title: "Ing. BSc", ...person("Max", "Groß", "Max Groß") }],
    [{ Name: "Dipl. Ing. Max Groß, MSc" }, { title: "Dipl. Ing. MSc", ...person("Max", "Groß", "Max Groß") }],
    [{ Name: "Anna Groß M.A." }, { title: "M.A.", ...person("Anna", "Groß", "Anna Groß") }],
    [{ Name: "Frau Groß MBA" }, { salutation: "Frau", title: "MBA", ...person(null, "Groß", "Groß") }],
    [{ Name: "ANNA LENA MA" }, { title: null, ...person("ANNA LENA", "MA", "ANNA LENA MA") }],
    [{ Name: "Max E. V. Groß" }, { company: null, ...person("Max E. V.", "Groß", "Max E. V. Groß") }],
    [{ "Bitte teilen Sie uns Ihren Namen mit": "Anna Groß" }, person("Anna", "Groß", "Anna Groß")],
    [{ "Tell us your name": "Anna Groß" }, { ...person("Anna", "Groß", "Anna Groß"), message: null }],
    [{ "Teilen Sie uns Ihre Wünsche mit": "Anna Groß" }, { name: null, message: "Anna Groß" }],
    [{ Name: "Anna Lena Ma" }, { title: null, ...person("Anna Lena", "Ma", "Anna Lena Ma") }],
    [{ Name: "Dr.in Anna Groß" }, { title: "Dr.in", ...person("Anna", "Groß", "Anna Groß") }],
    [{ Name: "Anna Groß; Max Klein" }, person(null, null, "Anna Groß, Max Klein")],
    [{ Name: "Anna Groß, geb. Klein" }, person(null, null, "Anna Groß, geb. Klein")],
    [{ Name: "García Márquez, Gabriel" }, person("Gabriel", "García Márquez", "Gabriel García Márquez")],
    [{ Name: "Groß, Anna Maria" }, person("Anna Maria", "Groß", "Anna Maria Groß")],
    [{ Name: "Anna Groß, Groß GmbH" }, { ...person("Anna", "Groß", "Anna Groß"), company: "Groß GmbH" }],
    [
      { Name: "Anna Groß, Groß GmbH", Firma: "Klein AG" },
      { name: "Anna Groß", company: "Klein AG" },
    ],
    // Meta's tool for tests.
    [
      { full_name: "<test lead: dummy data for full_name>" },
      person(null, null, "<test lead: dummy data for full_name>"),
    ],
    [{ et_pb_contact_name_0: "Anna Groß" }, person("Anna", "Groß", "Anna Groß")],
    [{ "mf-listing-fname": "Anna", "step-2-lname": "Groß" }, person("Anna", "Groß", "Anna Groß")],
  ])("%j", (body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });
});

describe("an address", () => {
  const cologne = { street: "Ringstr. 5", postal_code: "50667", town: "Köln" };
  it.each<Case>([
    [{ Adresse: "Ringstr. 5 50667 Köln" }, cologne],
    [{ Adresse: "50667 Köln, Ringstr. 5" }, cologne],
    [{ Adresse: "Ringstr. 5 / 50667 Köln" }, cologne],
    [{ Adresse: "Ringstr. 5 - 50667 Köln" }, cologne],
    [{ Adresse: "Ringstr. 5, D-50667 Köln, Deutschland" }, { ...cologne, country: "Deutschland" }],
    [{ Adresse: "Ringstr. 5, 50667 Köln, Hinterhaus" }, { ...cologne, country: null }],
    [{ Adresse: "Hauptstr. 10, 1060 Wien" }, { street: "Hauptstr. 10", postal_code: "1060", town: "Wien" }],
    [
      { address: "1600 Amphitheatre Pkwy, Mountain View, CA 94043" },
      { street: "1600 Amphitheatre Pkwy, Mountain View, CA 94043", postal_code: null, town: null },
    ],
    [{ Straße: "Ringstr.", "Nr.": "5", PLZ: "50667", Ort: "Köln" }, cologne],
    [{ Straße: "Ringstr. 5", "Nr.": "4711", PLZ: "50667", Ort: "Köln" }, cologne],
    [{ Straße: "Ringstr.", "Hs.-Nr.": "5", Ort: "50667 Köln" }, cologne],
    [{ str_nr: "Ringstr. 5", "PLZ, Ort": "50667, Köln" }, cologne],
    [{ "Straße / Nr.": "Ringstr. 5", "Ort, PLZ": "Köln 50667" }, cologne],
    [{ "Adresse des Objekts": "Ringstr. 5, 50667 Köln" }, cologne],
    [
      { Einsatzort: "Domplatz 1, 01067 Dresden", ort: "Köln" },
      { street: null, postal_code: null, town: "Köln" },
    ],
    [{ "Rechnungsadresse Straße": "Ringstr. 5", "Adresse PLZ": "50667", address_city: "Köln" }, cologne],
    [{ "Stadt/Gemeinde": "Köln" }, { town: "Köln" }],
  ])("%j", (body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });
});

describe("a consent", () => {
  const consent = (given: boolean | null, text: string | null = null, at: string | null = null) => ({
    consent: { given, text, at },
  });
  it.each<Case>([
    [{ einwilligung: "Nein, danke" }, consent(false, "Nein, danke")],
    [{ einwilligung: "Ich stimme nicht zu" }, consent(false, "Ich stimme nicht zu")],
    ...[
      ...["Ich lehne ab", "Hiermit lehne ich ab", "Ich widerspreche", "Ablehnen", "Nö", "auf keinen Fall"],
      ...["Ich möchte keinen Newsletter", "Zustimmung verweigert", "Datenschutz: Nein", "Opt-Out"],
      ...["I disagree", "I don’t agree", "I cannot agree", "Decline", "rejected", "I withdraw my consent"],
      ...["not_subscribed", "NOT_GIVEN", "unsubscribed", "no_consent", "Ich stimme (noch) nicht zu"],
      ...[
        "Ich habe alles gelesen und stimme nicht zu",
        "Ohne Zustimmung",
        "Datenschutz: Ich stimme nicht zu",
        "• Nein",
        "1) Nein",
        "☐ Ich stimme zu",
        "[ ] Ich stimme zu",
        "Hiermit widerspreche ich",
        "Ich, Anna Groß, stimme nicht zu",
        "I didn’t agree",
      ],
    ].map((text): Case => [{ einwilligung: text }, consent(false, text)]),
    ...[
      "Ich stimme zu und lehne Werbung ab",
      "pending",
      "unbekannt",
      "k. A.",
      "-",
      "none",
      "https://example.com/datenschutz",
    ].map((text): Case => [{ datenschutz: text }, consent(null, text)]),
    ...[
      ...["Ich willige ein und kann dies jederzeit widerrufen", "subscribed", "opt-in", "Ja, gern"],
      ...["Ich stimme zu (Daten werden nicht weitergegeben)", "Ich habe die Widerrufsbelehrung gelesen"],
      ...["Ich stimme zu: Meine Daten werden nicht verkauft", "Widerrufsbelehrung gelesen und akzeptiert"],
      ...["☑ Ich stimme zu", "[x] Ich stimme zu", "Ich, Anna Groß, stimme zu"],
    ].map((text): Case => [{ einwilligung: text }, consent(true, text)]),
    [{ "Ich stimme nicht zu": "ja" }, { consent: { given: null, text: "Ich stimme nicht zu", at: null } }],
    [{ no_consent: true }, { consent: { given: null, text: null, at: null } }],
    [{ einwilligung: "Das weiß ich nicht" }, consent(null, "Das weiß ich nicht")],
    [
      { einwilligung: "Ich stimme zu, dass meine Daten nicht verkauft werden" },
      consent(true, "Ich stimme zu, dass meine Daten nicht verkauft werden"),
    ],
    [{ privacy_policy_version: "3", privacy_accepted: true }, consent(true)],
    [{ datenschutz: ["0", "1"] }, consent(true)],
    [{ datenschutz: ["0", "0"] }, consent(false)],
    [{ Einverständniserklärung: "x" }, consent(true)],
    [{ consent: { privacy: true, newsletter: false } }, consent(true)],
    [{ agb_akzeptiert: "on", datenschutz: "0" }, consent(false)],
    [
      { '<p>Ich akzeptiere die <a href="/d">Datenschutzerklärung</a></p>': "on" },
      consent(true, "Ich akzeptiere die Datenschutzerklärung"),
    ],
    [
      { consents: [{ type: "privacy", granted: false, grantedAt: "2026-11-29T10:00:00Z", text: "T" }] },
      consent(false, "T", "2026-11-29T10:00:00.000Z"),
    ],
    [
      {
        custom_disclaimer_responses: [
          { checkbox_key: "newsletter", is_checked: "" },
          { checkbox_key: "anruf", is_checked: "1" },
        ],
      },
      consent(true),
    ],
    [
      { consent_at: "2026-11-29 10:00:00+01:00", consent: 1 },
      consent(true, null, "2026-11-29T09:00:00.000Z"),
    ],
    [
      {
        form_response: {
          definition: {
            fields: [{ id: "l", type: "legal", title: "By sending this you accept all of it." }],
          },
          answers: [{ type: "boolean", boolean: true, field: { id: "l", type: "legal" } }],
        },
      },
      consent(true, "By sending this you accept all of it."),
    ],
  ])("%j", (body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });
});

describe("how somebody is reached", () => {
  const mobile = { phones: ["+491712345678"] };
  it.each<Case>([
    [
      { "Bitte teilen Sie uns Ihre Telefonnummer mit": "0171 1234567" },
      { phones: ["+491711234567"], message: null },
    ],
    [{ Telefon: "0171 1234567 (ab 18 Uhr)" }, { phones: ["+491711234567"] }],
    [{ telefon_vorwahl: "0171", telefonnummer: "2345678" }, mobile],
    [{ Vorwahl: "0171", Rufnummer: "0171 2345678" }, mobile],
    [{ phone_country_code: "+43", phone: "0664 1234567" }, { phones: ["+436641234567"] }],
    [{ laendervorwahl: "+49", vorwahl: "171", telefon: "2345678" }, mobile],
    [{ dial_code: "+43", phone: "+49 171 2345678" }, mobile],
    [{ "Telefon/Handy": "0171 2345678" }, mobile],
    [{ "Tel./Fax": "0171 2345678" }, mobile],
    [{ "E-Mail oder Telefon": "a@example.de" }, { email: "a@example.de", phones: [] }],
    [{ "Telefon oder E-Mail": "0171 2345678" }, { email: null, ...mobile }],
    [{ email: "0171 2345678" }, { email: null, ...mobile }],
    [{ phone: "1-650-555-0123" }, { phones: ["1-650-555-0123"] }],
    [
      {
        email: [{ label: "work", value: "a@example.de", primary: true }],
        phone: [{ label: "work", value: "0171 2345678", primary: true }],
      },
      { email: "a@example.de", ...mobile },
    ],
    [{ emails: [{ type: "work", address: "a@example.de" }] }, { email: "a@example.de", street: null }],
  ])("%j", (body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });
});

describe("whatever holds the answers", () => {
  const anna = { first_name: "Anna", email: "a@example.de" };
  const answers = { Name: "Anna Groß", "E-Mail": "a@example.de" };
  it.each<Case>([
    [{ form: answers }, anna],
    [
      { "form[Name]": "Anna Groß", "form[Email]": "a@example.de", "form[formId]": "3" },
      { ...anna, form: "3" },
    ],
    [{ form: { id: "1", name: "Kontakt", fields: answers } }, { ...anna, form: "Kontakt" }],
    [{ payload: { name: "Kontakt", data: answers } }, anna],
    [{ name: "Anna Groß", answers: { email: "a@example.de" } }, anna],
    [
      {
        fields: [
          { key: "vorname", val: "Anna" },
          { key: "email", val: "a@example.de" },
        ],
      },
      anna,
    ],
    [
      {
        fields: [
          { label: "Vorname", values: [{ answer: "Anna" }] },
          { label: "E-Mail", values: [{ answer: "a@example.de" }] },
        ],
      },
      anna,
    ],
    [
      {
        answers: [
          { question: { text: "Ihr Vorname?" }, answer: { text: "Anna" } },
          { question: "Ihre E-Mail", answer: "a@example.de" },
        ],
      },
      anna,
    ],
    [
      {
        form_response: {
          definition: {
            fields: [
              {
                id: "g",
                type: "contact_info",
                title: "Kontakt",
                properties: { fields: [{ id: "1", title: "Vorname", type: "short_text" }] },
              },
            ],
          },
          answers: [
            { type: "text", text: "Anna", field: { id: "1", type: "short_text" } },
            { type: "email", email: "a@example.de", field: { id: "2", type: "email" } },
          ],
        },
      },
      anna,
    ],
    [{ "message[0][value]": "Hallo", "subject[0][value]": "Betreff" }, { message: "Hallo" }],
    [
      {
        vid: 1,
        properties: { firstname: { value: "Anna" }, lastname: { value: "Groß" } },
        "form-submissions": [
          { "form-id": "f", title: "Kontakt", "page-url": "https://firma.example/?utm_source=google" },
        ],
        "associated-company": { properties: { name: { value: "Klein AG" } } },
      },
      { name: "Anna Groß", company: "Klein AG", form: "Kontakt", utm: { source: "google" } },
    ],
    [
      { propertyName: "phone", propertyValue: "030 1234567" },
      { phones: ["+49301234567"], product: null },
    ],
  ])("%j", (body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });
});

describe("what somebody wants", () => {
  it.each<Case>([
    [{ "Welches Fahrzeug interessiert Sie?": "Golf" }, { product: "Golf" }],
    [{ "für_welches_produkt_interessierst_du_dich?": "Solar" }, { product: "Solar" }],
    [{ column: [{ column_id: "VEHICLE_MODEL", string_value: "Golf" }] }, { product: "Golf" }],
    [{ interessen: { Solar: "on", Speicher: true, Wallbox: false } }, { product: "Solar, Speicher" }],
    [{ objekt: { titel: "Wohnung", ort: "Köln" } }, { product: "Wohnung", town: null }],
    [{ q8_myProducts: { products: [{ productName: "Solar", quantity: "2" }] } }, { product: "Solar" }],
    [
      { leistung: "— Bitte wählen —", anrede: "Please select", land: "Bitte auswählen" },
      { product: null, salutation: null, country: null },
    ],
    [{ leistung: "Dach||Fenster" }, { product: "Dach, Fenster" }],
    [{ "Bitte teilen Sie uns mit, was wir vorbereiten sollen": "Hallo" }, { message: "Hallo" }],
    [{ "Please share anything that will help prepare for our meeting.": "Hello" }, { message: "Hello" }],
    [
      { "Bitte beschreiben Sie so genau wie möglich, was wir für Sie tun sollen und bis wann": "Hallo" },
      { message: "Hallo" },
    ],
    // Any line of text.
    [{ "text-123": "50667" }, { message: null }],
    [
      {
        Seite: "Kontakt",
        URL: "https://firma.example/?utm_source=google",
        page_url: "https://firma.example/?gclid=1",
      },
      { page: "https://firma.example/?gclid=1", utm: { source: "google" }, click_ids: { gclid: "1" } },
    ],
    [
      { hs_google_click_id: "1", hs_language: "de" },
      { click_ids: { gclid: "1" }, language: "de" },
    ],
  ])("%j", (body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });
});

it("reads a name of nothing but titles in proportion to its length", () => {
  // Processor time, which does not grow because a machine has other things to do: 0.3 s; where it was quadratic, more than 3.
  const before = process.cpuUsage();
  read({ Name: "Dr. ".repeat(60_000) });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(2_000);
});
