// Whatever form a lead comes in, it says the same in the vocabulary; the table of senders is the one of the recogniser.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import type { LeadReading } from "../../../src/domain/leads/lead-reading.ts";
import { readLead } from "../../../src/domain/leads/read-lead.ts";
import { parseWithExactNumbers } from "../../../src/domain/values/exact-json.ts";
import type { VocabularyLead } from "../../../src/domain/leads/vocabulary.ts";

const read = (body: unknown, own: Partial<LeadReading> = {}): VocabularyLead =>
  readLead(body, { ...plainReading, ...own });

/** What JSON makes of it. */
const asSent = (lead: unknown): unknown => JSON.parse(JSON.stringify(lead));

const jürgen = {
  first_name: "Jürgen",
  last_name: "Groß",
  name: "Jürgen Groß",
  email: "juergen.gross@example.de",
  phones: ["+4915123456789"],
};
const mail = "Juergen.Gross@Example.de";
const mobile = "0151 / 234 567 89";

describe("the same lead is read from", () => {
  it.each<[string, unknown]>([
    ["plain German names", { Vorname: "Jürgen", Nachname: "Groß", "E-Mail-Adresse": mail, Telefon: mobile }],
    ["plain English names", { firstName: "Jürgen", last_name: "Groß", EMAIL: mail, phone_number: mobile }],
    ["one name", { vollständiger_name: "Jürgen Groß", mail, "Handy-Nr.": mobile }],
    ["a transliterated label", { "Vollstaendiger Name": "Groß, Jürgen", mail, mobil: mobile }],
    [
      "questions",
      {
        "Wie ist Ihr Name?": "Jürgen Groß",
        "Wie lautet Ihre E-Mail-Adresse?": mail,
        "Ihre Telefonnummer*": mobile,
      },
    ],
    [
      "questions of another kind",
      {
        "Wie heißen Sie?": "Jürgen Groß",
        "Unter welcher E-Mail-Adresse können wir Sie erreichen?": mail,
        "Wie können wir Sie telefonisch erreichen?": mobile,
      },
    ],
    [
      "Contact Form 7",
      { "your-name": "Jürgen Groß", "your-email": mail, "tel-456": mobile, "your-subject": "Anfrage" },
    ],
    [
      "Elementor's advanced data",
      {
        "form[id]": "abc",
        "form[name]": "Kontakt",
        "fields[name][id]": "name",
        "fields[name][type]": "text",
        "fields[name][title]": "Name",
        "fields[name][value]": "Jürgen Groß",
        "fields[name][raw_value]": "Jürgen Groß",
        "fields[field_1][title]": "E-Mail",
        "fields[field_1][value]": mail,
        "fields[field_2][title]": "",
        "fields[field_2][type]": "tel",
        "fields[field_2][value]": mobile,
        "meta[page_url][title]": "Seiten-URL",
        "meta[page_url][value]": "https://firma.example/kontakt",
      },
    ],
    [
      "Meta's field_data",
      {
        id: "1",
        field_data: [
          { name: "vollständiger_name", values: ["Jürgen Groß"] },
          { name: "e-mail-adresse", values: [mail] },
          { name: "telefonnummer", values: [mobile] },
          { name: "wann_möchten_sie_kaufen?", values: ["sofort"] },
        ],
      },
    ],
    [
      "Google's columns",
      {
        google_key: "x",
        user_column_data: [
          { column_id: "FULL_NAME", column_name: "Vollständiger Name", string_value: "Jürgen Groß" },
          { column_id: "EMAIL", string_value: mail },
          { column_id: "PHONE_NUMBER", string_value: mobile },
          { column_id: "JOB_TITLE", string_value: "Dr." },
        ],
      },
    ],
    [
      "Typeform's answers",
      {
        event_type: "form_response",
        form_response: {
          form_id: "abc",
          hidden: { utm_source: "google" },
          definition: {
            title: "Kontakt",
            fields: [
              { id: "a1", ref: "r1", type: "short_text", title: "Wie heißen Sie? (Vor- und Nachname)" },
              { id: "a2", ref: "r2", type: "email", title: "Wohin dürfen wir schreiben?" },
              { id: "a3", ref: "r3", type: "phone_number", title: "Rückruf?" },
              { id: "a4", ref: "r4", type: "short_text", title: "Ihr vollständiger Name" },
            ],
          },
          answers: [
            { type: "email", email: mail, field: { id: "a2", type: "email", ref: "r2" } },
            {
              type: "phone_number",
              phone_number: mobile,
              field: { id: "a3", type: "phone_number", ref: "r3" },
            },
            { type: "text", text: "Jürgen Groß", field: { id: "a4", type: "short_text", ref: "r4" } },
          ],
        },
      },
    ],
    [
      "Tally's fields",
      {
        eventType: "FORM_RESPONSE",
        data: {
          formName: "Kontakt",
          fields: [
            { key: "q1", label: "Vorname", type: "INPUT_TEXT", value: "Jürgen" },
            { key: "q2", label: "Nachname", type: "INPUT_TEXT", value: "Groß" },
            { key: "q3", label: "Wo erreichen wir Sie?", type: "INPUT_EMAIL", value: mail },
            { key: "q4", label: "Und sonst?", type: "INPUT_PHONE_NUMBER", value: mobile },
          ],
        },
      },
    ],
    [
      "Calendly's questions",
      {
        event: "invitee.created",
        payload: {
          email: mail,
          name: "Jürgen Groß",
          first_name: null,
          last_name: null,
          questions_and_answers: [{ question: "Telefonnummer", answer: mobile, position: 0 }],
          scheduled_event: {
            name: "Beratung",
            event_memberships: [{ user_email: "berater@example.de", user_name: "Berta Berater" }],
          },
          tracking: { utm_source: "google", salesforce_uuid: null },
        },
      },
    ],
    [
      "Webflow's data",
      {
        triggerType: "form_submission",
        payload: {
          name: "Email Form",
          siteId: "s",
          data: { Name: "Jürgen Groß", Email: mail, Telefon: mobile },
          schema: [{ fieldName: "Name", fieldType: "FormTextInput" }],
        },
      },
    ],
    [
      "Unbounce's arrays",
      {
        page_name: "Landing",
        "data.json": JSON.stringify({
          name: ["Jürgen Groß"],
          email: [mail],
          telefon: [mobile],
          ip_address: ["1.2.3.4"],
        }),
      },
    ],
    [
      "Jotform's composite fields",
      {
        formTitle: "Kontakt",
        pretty: "Name:Jürgen Groß, Email:x@y.de",
        rawRequest: JSON.stringify({
          slug: "submit/1",
          q3_name: { first: "Jürgen", last: "Groß" },
          q4_email: mail,
          q5_phoneNumber: { full: mobile },
        }),
      },
    ],
    [
      "Jotform's area and number",
      {
        rawRequest: JSON.stringify({
          q3_name: { first: "Jürgen", last: "Groß" },
          q4_email: mail,
          q5_phoneNumber: { area: "0151", phone: "23456789" },
        }),
      },
    ],
    [
      "Gravity's numbers",
      { id: "7", form_id: "1", "1.3": "Jürgen", "1.6": "Groß", "2": mail, "3": mobile, ip: "1.2.3.4" },
    ],
    [
      "Fluent Forms",
      {
        names: { first_name: "Jürgen", last_name: "Groß" },
        email: mail,
        phone: mobile,
        __submission: { id: "1", city: "Frankfurt", country: "DE", source_url: "https://firma.example/" },
      },
    ],
    ["Ninja Forms", { json: JSON.stringify({ name: "Jürgen Groß", email: mail, phone: mobile }) }],
    [
      "HubSpot's properties",
      {
        vid: 1,
        properties: {
          firstname: { value: "Jürgen" },
          lastname: { value: "Groß" },
          email: { value: mail },
          phone: { value: mobile },
        },
      },
    ],
    [
      "Cal.com's responses",
      {
        payload: {
          title: "Termin",
          organizer: { name: "Berta", email: "berta@example.de" },
          responses: {
            name: { label: "your_name", value: "Jürgen Groß" },
            email: { label: "email_address", value: mail },
            attendeePhoneNumber: { label: "phone_number", value: mobile },
          },
        },
      },
    ],
    [
      "pairs",
      {
        answers: [
          ["name", "Jürgen Groß"],
          ["email", mail],
          ["telefon", mobile],
        ],
      },
    ],
  ])("%s", (_, body) => {
    expect(read(body)).toMatchObject(jürgen);
  });
});

describe("a member of the vocabulary", () => {
  it.each<[string, unknown, Partial<VocabularyLead>]>([
    ["postcodes are text", { plz: "01067", ort: "Dresden" }, { postal_code: "01067", town: "Dresden" }],
    ["and so are numbers", { zip: 50667 }, { postal_code: "50667" }],
    [
      "an address in one field",
      { Anschrift: "Ringstraße 5, D-50667 Köln" },
      { street: "Ringstraße 5", postal_code: "50667", town: "Köln" },
    ],
    ["postcode and town in one", { "PLZ/Ort": "50667 Köln" }, { postal_code: "50667", town: "Köln" }],
    ["a house number apart", { strasse: "Ringstraße", hausnummer: "5a" }, { street: "Ringstraße 5a" }],
    [
      "Fluent's address",
      {
        address_1: {
          address_line_1: "Ringstr. 5",
          address_line_2: "",
          city: "Köln",
          state: "NRW",
          zip: "50667",
          country: "DE",
        },
      },
      { street: "Ringstr. 5", postal_code: "50667", town: "Köln", country: "DE" },
    ],
    [
      "Gravity's address",
      { "5.1": "Ringstr. 5", "5.2": "", "5.3": "Köln", "5.4": "", "5.5": "50667", "5.6": "Deutschland" },
      { street: "Ringstr. 5", town: "Köln", postal_code: "50667", country: "Deutschland", first_name: null },
    ],
    [
      "Anrede and title",
      { anrede: "Frau Dr.", nachname: "Weiß" },
      { salutation: "Frau", title: "Dr.", last_name: "Weiß", name: "Weiß" },
    ],
    [
      "titles in the name",
      { name: "Herr Prof. Dr.-Ing. Max von der Heide" },
      {
        salutation: "Herr",
        title: "Prof. Dr.-Ing.",
        first_name: "Max",
        last_name: "von der Heide",
        name: "Max von der Heide",
      },
    ],
    ["a page's title is none", { title: "Kontakt" }, { title: null, salutation: null }],
    [
      "a company is nobody",
      { company: { name: "Groß & Söhne GmbH" }, name: "Anna Weiß" },
      { company: "Groß & Söhne GmbH", name: "Anna Weiß" },
    ],
    ["several numbers", { tel: "0171 1234567 / 030 123456" }, { phones: ["+491711234567", "+4930123456"] }],
    [
      "several fields",
      { telefon: "030 123456", mobil: "0171 1234567" },
      { phones: ["+4930123456", "+491711234567"] },
    ],
    [
      "labelled numbers",
      { telefon: "Büro: 030 123456, Mobil: 0171 1234567" },
      { phones: ["+4930123456", "+491711234567"] },
    ],
    ["an extension", { telefon: "030 123456 Durchwahl 12" }, { phones: ["+4930123456"] }],
    [
      "what is no number, as it was written",
      { telefon: "nach 18 Uhr: 123" },
      { phones: ["nach 18 Uhr: 123"] },
    ],
    ["a display name", { email: '"Anna Weiß" <Anna@Weiß.de>' }, { email: "anna@xn--wei-7ka.de" }],
    ["mailto", { email: "mailto:anna@example.com" }, { email: "anna@example.com" }],
    [
      "consent with text and time",
      { consent: { given: true, text: "Ich stimme zu", at: "2026-05-01T12:00:00+02:00" } },
      { consent: { given: true, text: "Ich stimme zu", at: "2026-05-01T10:00:00.000Z" } },
    ],
    [
      "consent asked in the label",
      { "Ich willige in die Verarbeitung meiner Daten ein": "on" },
      { consent: { given: true, text: "Ich willige in die Verarbeitung meiner Daten ein", at: null } },
    ],
    [
      "consent flat",
      { datenschutz: "ja", einwilligung_text: "Ja, ruft mich an", einwilligung_am: "1.5.2026" },
      { consent: { given: true, text: "Ja, ruft mich an", at: "1.5.2026" } },
    ],
    ["consent refused", { gdpr: "0" }, { consent: { given: false, text: null, at: null } }],
    [
      "Meta's disclaimers",
      { custom_disclaimer_responses: [{ checkbox_key: "anruf", is_checked: "1" }] },
      { consent: { given: true, text: null, at: null } },
    ],
    [
      "Gravity's consent",
      { "9.1": "1", "9.2": "Ich stimme zu.", "9.3": "4" },
      { consent: { given: true, text: "Ich stimme zu.", at: null } },
    ],
    [
      "where somebody came from",
      { utm_source: "google", utm_campaign: "Frühling", gclid: "Cj0", fbclid: "IwA", msclkid: "1" },
      {
        utm: { source: "google", campaign: "Frühling" },
        click_ids: { gclid: "Cj0", fbclid: "IwA", msclkid: "1" },
        campaign: "Frühling",
      },
    ],
    [
      "also in the page's address",
      { page_url: "https://firma.example/?utm_medium=cpc&gclid=abc#top" },
      {
        utm: { medium: "cpc" },
        click_ids: { gclid: "abc" },
        page: "https://firma.example/?utm_medium=cpc&gclid=abc#top",
      },
    ],
    ["Google's click id", { gcl_id: "x1", campaign_id: 12 }, { click_ids: { gclid: "x1" }, campaign: "12" }],
    [
      "message, product, language, form",
      { Nachricht: "Grüße", Produkt: "Wärmepumpe", sprache: "de", form_name: "Kontakt" },
      { message: "Grüße", product: "Wärmepumpe", language: "de", form: "Kontakt" },
    ],
    ["a subject where there is no message", { betreff: "Angebot" }, { message: "Angebot" }],
    [
      "choices by their text",
      {
        data: {
          fields: [
            {
              key: "q",
              label: "Produkt",
              type: "MULTIPLE_CHOICE",
              value: ["1"],
              options: [{ id: "1", text: "Solar" }],
            },
          ],
        },
      },
      { product: "Solar" },
    ],
    [
      "staff is not the person",
      { agent: { name: "Berta", email: "b@example.de" }, name: "Anna Weiß" },
      { name: "Anna Weiß", email: null },
    ],
  ])("%s", (_, body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });

  it.each<[keyof VocabularyLead, readonly string[]]>([
    ["name", ["Mit wem dürfen wir sprechen?", "Vor- und Zuname", "Vor-/Nachname", "Name der Kontaktperson"]],
    ["company", ["Firma / Unternehmen", "Name Ihres Unternehmens", "Wie heißt Ihre Firma?"]],
    ["postal_code", ["In welcher PLZ wohnen Sie?", "Wie lautet Ihre Postleitzahl?", "PLZ des Objekts"]],
    ["town", ["In welcher Stadt wohnen Sie?", "Wo wohnen Sie?"]],
    ["message", ["Worum geht es?", "Wie können wir Ihnen helfen?", "Möchten Sie uns noch etwas mitteilen?"]],
    ["product", ["Wofür interessieren Sie sich?", "Which product are you interested in?"]],
  ])("%s is what a question asks for: %s", (member, questions) => {
    for (const question of questions)
      expect(read({ [question]: "Antwort Wort" })[member]).toBe("Antwort Wort");
  });

  it.each(["Name des Kindes", "Telefon des Vermieters", "Wie alt ist Ihr Haus?", "Darf ich Sie anrufen?"])(
    "is not what somebody else is called, nor any other question: %s",
    (question) => {
      expect(read({ [question]: "Antwort Wort" })).toEqual(read({}));
    },
  );

  it("is what HubSpot says has changed, by its name", () => {
    const event = {
      subscriptionType: "contact.propertyChange",
      propertyName: "lastname",
      propertyValue: "Groß",
    };
    expect(read(event)).toMatchObject({ last_name: "Groß", name: "Groß" });
    expect(read({ ...event, propertyName: "email", propertyValue: mail }).name).toBeNull();
  });

  it("keeps every digit of a large id", () => {
    const json = '{"campaign_id":12345678901234567890,"message":0.5,"gclid":98765432109876543210}';
    expect(asSent(readLead(parseWithExactNumbers(json), plainReading))).toMatchObject({
      campaign: "12345678901234567890",
      message: "0.5",
      click_ids: { gclid: "98765432109876543210" },
    });
  });

  it.each([
    ...["1.50", "0.10", "-1.0", "100", "-7", "-0", "0", "1e5", "1E+5", "2.50e-7", "0.0000001", "1.5"],
    ...["12345678901234567890", "123456789012345.678", "0.1234567890123456789", "49221123456", "10117"],
  ])("has the number %s as the sender wrote it", (number) => {
    for (const json of [
      `{"message":${number}}`,
      `{"a":1,"message": ${number} ,"b":2}`,
      `{"message":[${number}]}`,
      `{"fields":[1,2,{"name":"message","value":\n${number}}]}`,
    ])
      expect(asSent(readLead(parseWithExactNumbers(json), plainReading)), json).toMatchObject({
        message: number,
      });
  });

  it("has any number as the sender wrote it", () => {
    const digits = fc.stringMatching(/^\d{1,20}$/);
    const numbers = fc
      .tuple(
        fc.constantFrom("", "-"),
        fc.stringMatching(/^(?:0|[1-9]\d{0,20})$/),
        fc.option(digits),
        fc.option(digits),
      )
      .map(([sign, whole, part, power]) =>
        [sign, whole, part === null ? "" : `.${part}`, power === null ? "" : `e${power}`].join(""),
      );
    fc.assert(
      fc.property(numbers, (number) => {
        const json = `{"message":${number},"utm_term":"${number}"}`;
        expect(asSent(readLead(parseWithExactNumbers(json), plainReading))).toMatchObject({
          message: number,
          utm: { term: number },
        });
      }),
    );
  });

  it("reads a number without a country as one of the source's", () => {
    expect(read({ tel: "0664 1234567" }, { country: "AT" }).phones).toEqual(["+436641234567"]);
    expect(read({ tel: "044 668 18 00" }, { country: "CH" }).phones).toEqual(["+41446681800"]);
    expect(read({ tel: "+49 151 23456789" }, { country: "AT" }).phones).toEqual(["+4915123456789"]);
  });
});

describe("a source's map", () => {
  const body = {
    a: { vor: " Anna ", nach: "Weiß" },
    tel: ["030 123456", "0171 1234567"],
    art: "2",
    wann: "31.12.2026",
    ort: "Köln",
  };
  it.each<[string, LeadReading["map"], Partial<VocabularyLead>]>([
    ["points", { first_name: "/a/vor" }, { first_name: "Anna", town: "Köln" }],
    ["takes the first that is there", { town: ["/nirgends", "/ort"] }, { town: "Köln" }],
    ["says a constant", { company: { constant: "Muster GmbH" } }, { company: "Muster GmbH" }],
    ["joins", { name: { join: ["/a/vor", "/a/nach"] } }, { name: "Anna Weiß" }],
    ["joins with something", { name: { join: ["/a/nach", "/a/vor"], with: ", " } }, { name: "Weiß, Anna" }],
    ["lowers", { town: { pointer: "/ort", format: ["trim", "lower"] } }, { town: "köln" }],
    ["makes numbers E.164", { message: { pointer: "/tel/0", format: "e164" } }, { message: "+4930123456" }],
    ["writes dates", { message: { pointer: "/wann", format: "date" } }, { message: "2026-12-31" }],
    [
      "takes the first name",
      { first_name: { join: ["/a/vor", "/a/nach"], format: "first_name" } },
      { first_name: "Anna" },
    ],
    [
      "looks up",
      { salutation: { pointer: "/art", table: { "1": "Herr", "2": "Frau" } } },
      { salutation: "Frau" },
    ],
    ["has a default", { country: { pointer: "/land", default: "Deutschland" } }, { country: "Deutschland" }],
    ["takes all", { phones: { all: ["/tel"] } }, { phones: ["+4930123456", "+491711234567"] }],
    ["alone counts for its member", { town: "/nirgends" }, { town: null }],
    [
      "names what has names",
      { "utm.source": { constant: "messe" }, "consent.given": { constant: "ja" } },
      { utm: { source: "messe" }, consent: { given: true, text: null, at: null } },
    ],
  ])("%s", (_, map, expected) => {
    expect(read(body, { map })).toMatchObject(expected);
  });

  it("comes before what the kind knows, and that before what is recognised", () => {
    const kindMap = { town: "/a/nach", country: "/nirgends" };
    expect(read({ ...body, land: "AT" }, { kindMap })).toMatchObject({ town: "Weiß", country: "AT" });
    expect(read(body, { kindMap, map: { town: "/ort" } })).toMatchObject({ town: "Köln" });
  });
});

it("whatever is sent, something can be read, and it is JSON", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc
          .dictionary(
            fc.constantFrom(
              "email",
              "tel",
              "__proto__",
              "fields[a][value]",
              "name",
              "1.3",
              "data",
              "field_data",
              "definition",
              "consent",
            ),
            fc.jsonValue(),
          )
          .map((value) => JSON.stringify(value)),
      ),
      (json) => {
        expect(asSent(readLead(parseWithExactNumbers(json), plainReading))).toHaveProperty("phones");
      },
    ),
  );
});
