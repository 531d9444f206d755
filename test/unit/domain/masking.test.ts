// Whoever need not see the person behind a lead does not: whatever form the lead has, whatever it is called in it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExactNumber } from "../../../src/domain/values/exact-json.ts";
import { parseExactly, writeExactly } from "../../../src/domain/values/exact-json.ts";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import { maskedLead } from "../../../src/domain/persons/masked-lead.ts";
import { maskBody, maskedText, maskEventPayload, maskPayload } from "../../../src/domain/persons/masking.ts";

describe("A masked lead", () => {
  it.each([
    [{ email: "anna.muster@example.com" }, { email: "a***@e***.com" }],
    [{ "E-Mail-Adresse": "anna@firma.co.at" }, { "E-Mail-Adresse": "a***@f***.at" }],
    [{ Telefon: "+49 151 12345678" }, { Telefon: "***78" }],
    [{ phone: 4915112345678 }, { phone: "***78" }],
    [
      { Vorname: "Anna", nachname: "Müller-Lüdenscheid" },
      { Vorname: "A***", nachname: "M***" },
    ],
    [{ name: "Dr. Anna Muster" }, { name: "D*** A*** M***" }],
    [
      { strasse: "Ringstraße 5", plz: "50667", ort: "Köln" },
      { strasse: "R*** ***", plz: "***67", ort: "K***" },
    ],
    [{ birthday: "1980-01-02" }, { birthday: "***" }],
    [{ name: "Jo" }, { name: "***" }],
    [
      { budget: 5000, interesse: "Wärmepumpe", newsletter: true },
      { budget: 5000, interesse: "Wärmepumpe", newsletter: true },
    ],
    [
      { nachricht: "Bitte an anna@example.com oder 0151/12345678." },
      { nachricht: "Bitte an a***@e***.com oder ***78." },
    ],
    [{ nachricht: "Es ist anna@example.com." }, { nachricht: "Es ist a***@e***.com" }],
    [{ kunde: { vorname: "Anna", budget: 7 } }, { kunde: { vorname: "A***", budget: 7 } }],
    [{ kunde: "Anna Muster" }, { kunde: "A*** M***" }],
    [
      { email: { value: "anna@example.com", verified: true } },
      { email: { value: "a***@e***.com", verified: true } },
    ],
    [{ "form_fields[email]": "anna@example.com" }, { "form_fields[email]": "a***@e***.com" }],
    [
      {
        user_column_data: [
          { column_id: "FULL_NAME", string_value: "Anna Muster" },
          { column_id: "BUDGET", string_value: "high" },
        ],
      },
      {
        user_column_data: [
          { column_id: "FULL_NAME", string_value: "A*** M***" },
          { column_id: "BUDGET", string_value: "high" },
        ],
      },
    ],
    [
      {
        field_data: [
          { name: "phone_number", values: ["+4915112345678"] },
          { name: "city", values: ["Köln"] },
        ],
      },
      {
        field_data: [
          { name: "phone_number", values: ["***78"] },
          { name: "city", values: ["K***"] },
        ],
      },
    ],
    ["name=Anna&email=anna@example.com", "***"],
    [null, null],
  ])("%j is shown as %j", (body, shown) => {
    expect(maskBody(body)).toEqual(shown);
  });

  it.each([
    [{ answers: { "m@example.com": "x" } }, { answers: { "m***@e***.com": "x" } }],
    [
      { "a@b.de": 1, "a@b.com": 2, "ab@b.de": 3 },
      { "a***@b***.de": 1, "a***@b***.com": 2, "a***@b***.de (2)": 3 },
    ],
    [
      { "+49 171 1234567": "yes", "491711234567": 1, "0171/1234567": 2 },
      { "***67": "yes", "***67 (2)": 1, "***67 (3)": 2 },
    ],
    [{ vollständiger_name: "Anna Muster" }, { vollständiger_name: "A*** M***" }],
    [{ "vollsta\u0308ndiger_name": "Anna Muster" }, { "vollsta\u0308ndiger_name": "A*** M***" }],
    [{ "Vollständiger Name": "Anna Muster" }, { "Vollständiger Name": "A*** M***" }],
    [{ vollstaendigerName: "Anna Muster" }, { vollstaendigerName: "A*** M***" }],
    [{ ansprechpartner_name: "Anna" }, { ansprechpartner_name: "A***" }],
    [
      { contactPerson: "Anna", "contact-person": "Anna" },
      { contactPerson: "A***", "contact-person": "A***" },
    ],
    [
      { "Name des Ansprechpartners": "x", "Ihr Name*": "Anna" },
      { "Name des Ansprechpartners": "x", "Ihr Name*": "A***" },
    ],
    [
      { "fields[name][value]": "Anna", "fields[email][raw_value]": "a@b.de" },
      { "fields[name][value]": "A***", "fields[email][raw_value]": "a***@b***.de" },
    ],
    [
      { "q3_fullName[first]": "Anna", "name-12": "Anna" },
      { "q3_fullName[first]": "A***", "name-12": "A***" },
    ],
    [
      { "email-456": "anna(at)example.com", q4_email: "annaatexample" },
      { "email-456": "a***", q4_email: "a***" },
    ],
    [
      { campaign_name: "Herbst", formName: "Kontakt", "Name der Firma": "x" },
      { campaign_name: "Herbst", formName: "Kontakt", "Name der Firma": "x" },
    ],
    [
      { rawRequest: '{"q3_name":{"first":"Anna"},"id":12345678901234567890}' },
      { rawRequest: '{"q3_name":{"first":"A***"},"id":12345678901234567890}' },
    ],
    [{ text: '[{"name":"email","value":"anna"}]' }, { text: '[{"name":"email","value":"a***"}]' }],
    [{ text: '{"name":"Anna","em' }, { text: "***" }],
    [{ text: "[dringend] Bitte anrufen" }, { text: "[dringend] Bitte anrufen" }],
    [
      { page: "https://example.com/danke?name=Anna%20Muster&plan=a" },
      { page: "https://example.com/danke?name=A*** M***&plan=a" },
    ],
    [
      {
        list: [
          { name: "email", value: "anna" },
          { question: "Ihr Name", response: "Anna" },
        ],
      },
      {
        list: [
          { name: "email", value: "a***" },
          { question: "Ihr Name", response: "A***" },
        ],
      },
    ],
    [
      {
        list: [
          ["email", "anna"],
          ["plan", "a"],
        ],
      },
      {
        list: [
          ["email", "a***"],
          ["plan", "a"],
        ],
      },
    ],
    [
      { answers: [{ field: { title: "Vorname", ref: "x" }, text: "Anna" }] },
      { answers: [{ field: { title: "Vorname", ref: "x" }, text: "A***" }] },
    ],
  ])("%j, whatever its fields are called, is shown as %j", (body, shown) => {
    expect(maskBody(body)).toEqual(shown);
    expect(
      maskEventPayload({ event_type: "lead_received", actor: "webhook", payload: { body } }, null),
    ).toEqual({ body: shown });
  });

  it("hides what its source's pointers point to, whatever it is called", () => {
    const pointers = { email: "/who/0/mark", phone: "/nr" };
    expect(maskBody({ who: [{ mark: "anna@example.com" }], nr: "12345" }, pointers)).toEqual({
      who: [{ mark: "a***@e***.com" }],
      nr: "***45",
    });
  });

  it("keeps ids, times and other numbers that are nobody's telephone", () => {
    const body = {
      id: "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
      at: "2026-11-25T23:59:01.123Z",
      gclid: "EAIaIQobChMI8-0123456789-abc",
      price: "1.234,50",
    };
    expect(maskBody(body)).toEqual(body);
  });

  it("never holds the person, wherever in it the person stands", () => {
    const email = "planted.person@secret-home.example";
    const phone = "0171 9876543";
    const wrapped = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom<unknown>(email, `write to ${email}!`, phone, `ring ${phone}, please`),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie("node"), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(wrapped, (body) => {
        const shown = JSON.stringify([
          maskBody({ body }),
          maskPayload({ body }, { pointers: null, fieldNames: false }),
          maskPayload(body, { pointers: null, fieldNames: true }),
          maskEventPayload({ event_type: "dlq_created", actor: "delivery", payload: { reason: body } }, null),
        ]);
        expect(shown).not.toContain("planted");
        expect(shown).not.toContain("98765");
      }),
    );
  });

  it("is made of any JSON, and stays JSON", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const body = parseExactly(json);
        for (const shown of [
          maskBody(body, { email: "/a/b", phone: "" }),
          maskPayload(body, { pointers: null, fieldNames: true }),
          maskPayload({ body, data: body, note: body }, { pointers: null, fieldNames: false }),
        ]) {
          expect(() => JSON.parse(writeExactly(shown)) as unknown).not.toThrow();
        }
      }),
    );
  });

  it("is made of what is nested ever so deep, or bears strange names", () => {
    const deep = parseExactly("[".repeat(5_000) + "]".repeat(5_000));
    expect(writeExactly(maskBody(deep)).length).toBeLessThan(500);
    const strange = parseExactly('{"__proto__":{"email":"anna@example.com"},"constructor":1,"toJSON":"x"}');
    const shown = maskBody(strange) as object;
    expect(writeExactly(shown)).toBe('{"__proto__":{"email":"a***@e***.com"},"constructor":1,"toJSON":"x"}');
    expect(({} as { email?: unknown }).email).toBeUndefined();
    const claimed = parseExactly('{"isLosslessNumber":true,"value":"1"}');
    expect(writeExactly(claimed)).toBe('{"isLosslessNumber":true,"value":"1"}');
  });

  it("looks the same masked again", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.emailAddress(), fc.constantFrom("0151 1234567", "+49 30 1234567", "Anna")),
        (text) => {
          expect(maskedText(maskedText(text))).toBe(maskedText(text));
        },
      ),
    );
  });
});

describe("A masked payload", () => {
  it("keeps the names of LeadLedger's own parts, and masks a lead in it", () => {
    const event = {
      event_type: "configuration_changed",
      actor: "user:3",
      payload: { part: "source", name: "website" },
    };
    expect(maskEventPayload(event, null)).toEqual(event.payload);
    const received = { at: "2026-11-25T10:00:00Z", source: "website", body: { name: "Anna" }, sha256: "ab" };
    expect(
      maskEventPayload({ event_type: "lead_received", actor: "webhook", payload: received }, null),
    ).toEqual({
      ...received,
      body: { name: "A***" },
    });
  });

  it("masks what was changed when a lead was edited", () => {
    const payload = {
      reason: "was mistyped, says anna@example.com",
      patch: [
        { op: "replace", path: "/kunde/nachname", value: "Muster" },
        { op: "add", path: "/emails/0", value: "x@y.de" },
      ],
      body: { kunde: { nachname: "Muster" } },
    };
    expect(maskEventPayload({ event_type: "lead_edited", actor: "user:1", payload }, null)).toEqual({
      reason: "was mistyped, says a***@e***.com",
      patch: [
        { op: "replace", path: "/kunde/nachname", value: "M***" },
        { op: "add", path: "/emails/0", value: "x***@y***.de" },
      ],
      body: { kunde: { nachname: "M***" } },
    });
  });

  it("hides bytes that nobody could read", () => {
    expect(
      maskPayload({ body_base64: "QW5uYQ==", sha256: "ab" }, { pointers: null, fieldNames: true }),
    ).toEqual({
      body_base64: "***",
      sha256: "ab",
    });
  });

  it("masks what a person entered by hand, in an entry and in the log", () => {
    const payload = { name: "Anna Muster", email: "anna@example.com" };
    const shown = { name: "A*** M***", email: "a***@e***.com" };
    expect(maskPayload(payload, { pointers: null, fieldNames: true })).toEqual(shown);
    expect(maskEventPayload({ event_type: "note", actor: "db:bi", payload }, null)).toEqual(shown);
  });
});

describe("JSON read exactly", () => {
  it("is written as it was", () => {
    const text = '{"id":12345678901234567890,"price":1.5,"list":[1e400,{"a":null}],"s":"x"}';
    expect(writeExactly(parseExactly(text))).toBe(text);
    expect((parseExactly("12345678901234567890") as ExactNumber).text).toBe("12345678901234567890");
  });
});

describe("A masked lead in the vocabulary", () => {
  const body = {
    vorname: "Anna",
    nachname: "Weiß",
    email: "anna@example.com",
    tel: "+49 151 12345678",
    ort: "Köln",
    firma: "Weiß GmbH",
    geburtstag: "1980-01-02",
    kennzeichen: "K-AW 123",
    nachricht: "Bitte an anna@example.com schreiben",
    utm_source: "google",
  };

  it("says who it is as little as the masked body does", () => {
    expect(maskedLead(body, plainReading, null)).toMatchObject({
      name: "A*** W***",
      email: "a***@e***.com",
      phones: ["***78"],
      town: "K***",
      company: "Weiß GmbH",
      message: "Bitte an a***@e***.com schreiben",
      utm: { source: "google" },
    });
  });

  it("shows nothing that is masked in the body, wherever a source maps it", () => {
    const map = { message: "/geburtstag", product: "/vorname", company: "/kennzeichen", form: "/email" };
    const pointers = { email: null, phone: null, others: ["/kennzeichen"] };
    expect(maskedLead(body, { ...plainReading, map }, pointers)).toMatchObject({
      message: "***",
      product: "A***",
      company: "***",
      form: "a***@e***.com",
    });
  });
});
