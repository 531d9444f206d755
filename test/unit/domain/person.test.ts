import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacSha256 } from "../../../src/domain/values/hmac-sha256.ts";
import { findContacts } from "../../../src/domain/leads/contacts.ts";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import type { PersonPointers } from "../../../src/domain/leads/lead-reading.ts";
import { personHash } from "../../../src/domain/persons/person.ts";
import { normaliseEmail } from "../../../src/domain/values/email-address.ts";
import { normalisePhone } from "../../../src/domain/values/phone-number.ts";

function findPerson(body: unknown, person: PersonPointers | null) {
  const { emails, phones } = findContacts(body, { ...plainReading, person });
  return { email: emails[0] ?? null, phone: phones[0] ?? null };
}

describe("an address or a number that was copied is the one that was meant", () => {
  const marks = "\u202A \u202C \u200E \u2060 \uFEFF \u00AD \u200B".split(" ");
  it.each([
    ...marks.map((mark) => `${mark}+49 171 1234567${mark}`),
    ...[
      "\u202A+49\u00A0171\u202F1234567\u202C",
      "+49 171\u20111234567",
      "+49 171 – 123 45 67",
      "+49\u2212171\u22121234567",
    ],
    ...[
      "tel:+491711234567",
      "tel:+49-171-1234567;ext=3",
      "TEL:0171%201234567",
      "tel://0171-1234567",
      "Tel.: 0171 1234567",
    ],
    ...["491711234567", "+491711234567", "00491711234567", "0049 (0) 171 1234567", "+49 (0) 171 / 123 45 67"],
    ...[
      "+49(0)1711234567",
      "49 (0)171 1234567",
      "(0171) 1234567",
      "(0)171 1234567",
      "0171/1234567",
      "0171 · 123 45 67",
    ],
    ...["＋４９ １７１ １２３４５６７", "0171\t1234567", "https://wa.me/491711234567", "mobil: 0171 1234567"],
  ])("%j", (copied) => {
    expect(normalisePhone(copied)).toBe("+491711234567");
  });

  it.each([
    ...marks.map((mark) => `${mark}anna@example.com${mark}`),
    ...["Anna Müller <anna@example.com>", '"Müller, Anna" <Anna@Example.com>', "<anna@example.com>"],
    ...[
      "mailto:anna@example.com",
      "MAILTO:anna%40example.com?subject=Hallo",
      "mailto:Anna%20<anna@example.com>",
    ],
    ...[
      "anna@example.com,",
      "(anna@example.com)",
      "„anna@example.com“",
      "E-Mail: anna@example.com",
      "anna＠example.com",
    ],
    ...["anna@exam\u00ADple.com", "\u00A0anna@example.com\u00A0", "<mailto:anna@example.com>"],
  ])("%j", (copied) => {
    expect(normaliseEmail(copied)).toBe("anna@example.com");
  });

  it.each(["anna", "anna@", "<>", "mailto:", "a@b.de, c@d.de", "a@b.de c@d.de", "mailto:%E0%A4%A"])(
    "%j is none",
    (copied) => {
      expect(normaliseEmail(copied)).toBeNull();
    },
  );
});

describe("the person of a lead is found", () => {
  it.each([
    ["email", "phone"],
    ["E-Mail-Adresse", "Telefonnummer"],
    ["e_mail", "Tel."],
    ["EMAIL", "PHONE_NUMBER"],
    ["your-email", "your-tel"],
    ["form_fields[email]", "form_fields[telefon]"],
    ["Ihre E-Mail*", "Handy-Nr."],
    ["Mail", "Mobil"],
    ["emailAddress", "mobilePhone"],
    ["E-Mail (geschäftlich)", "Rückrufnummer:"],
    ["email-456", "tel-12"],
    ["q4_email", "q5_phoneNumber"],
    ["fields[email][value]", "fields[telefon][raw_value]"],
    ["input_5_email", "phone_2"],
  ])("under the names %s and %s", (email, phone) => {
    const lead = { vorname: "Anna", [email]: "anna@example.de", [phone]: "0151 23456789" };
    expect(findPerson(lead, null)).toEqual({ email: "anna@example.de", phone: "+4915123456789" });
  });

  it.each([
    ["one level down", { contact: { email: "a@b.de", tel: "030 123456" } }],
    ["two levels down", { data: { kontakt: { mail: "a@b.de", handy: "030 123456" } } }],
    ["in a list of persons", { persons: [{ name: "Anna", email: "a@b.de", phone: "030 123456" }] }],
    [
      "in Google's columns",
      {
        user_column_data: [
          { column_id: "EMAIL", string_value: "a@b.de" },
          { column_id: "PHONE_NUMBER", string_value: "030 123456" },
        ],
      },
    ],
    [
      "in Meta's fields",
      {
        field_data: [
          { name: "email", values: ["a@b.de"] },
          { name: "phone_number", values: ["030 123456"] },
        ],
      },
    ],
    [
      "in a form builder's answers",
      {
        fields: [
          { label: "E-Mail-Adresse", value: "a@b.de" },
          { label: "Telefon", value: "030 123456" },
        ],
      },
    ],
    [
      "in HubSpot's properties",
      { properties: { email: { value: "a@b.de" }, phone: { value: "030 123456" } } },
    ],
    ["in a repeated form field", { email: ["", "a@b.de"], telefon: ["030 123456", "030 223344"] }],
  ])("%s", (_, lead) => {
    expect(findPerson(lead, null)).toEqual({ email: "a@b.de", phone: "+4930123456" });
  });

  it("further up rather than further down, and where there is something rather than nothing", () => {
    const lead = {
      agent: { email: "agent@b.de" },
      email: "a@b.de",
      phone: " ",
      mobil: null,
      owner: { tel: "030 123456" },
      kunde: { tel: "030 654321" },
    };
    expect(findPerson(lead, null)).toEqual({ email: "a@b.de", phone: "+4930654321" });
  });

  it("with a telephone number that was sent as a number", () => {
    expect(findPerson({ telefon: 4915123456789 }, null).phone).toBe("+4915123456789");
    expect(findPerson({ telefon: 1.5 }, null).phone).toBeNull();
  });

  it("not in fields that only sound alike", () => {
    const lead = {
      email_consent: true,
      email_opt_in: "yes",
      telefonzeit: "abends",
    };
    expect(findPerson(lead, null)).toEqual({ email: null, phone: null });
  });

  it("only where the configuration points, if it does", () => {
    const lead = { email: "a@b.de", phone: "030 123456", kunde: [{ post: "k@b.de" }] };
    expect(findPerson(lead, { email: "/kunde/0/post", phone: null })).toEqual({
      email: "k@b.de",
      phone: null,
    });
    expect(findPerson(lead, { email: "/constructor/name", phone: "/phone" })).toEqual({
      email: null,
      phone: "+4930123456",
    });
  });

  it("or not, whatever the lead looks like", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("email", "tel", "__proto__", "x", "name"), fc.jsonValue()),
        (lead) => {
          const { email, phone } = findPerson(lead, null);
          for (const text of [email, phone]) expect(text === null || text.trim() !== "").toBe(true);
        },
      ),
    );
  });
});

describe("an e-mail address is made comparable", () => {
  it.each([
    ["  Anna.Meier@Example.DE ", "anna.meier@example.de"],
    ["Jo\u0308rg@example.de", "jörg@example.de"],
    ["info@müller.de", "info@xn--mller-kva.de"],
    ["info@xn--mller-kva.de", "info@xn--mller-kva.de"],
    ["a.b+werbung@gmail.com", "a.b+werbung@gmail.com"],
  ])("%s", (raw, normalised) => {
    expect(normaliseEmail(raw)).toBe(normalised);
    expect(normaliseEmail(normalised)).toBe(normalised);
  });

  it("is the same by the short way for plain ones", () => {
    const parts = fc.array(fc.constantFrom("a", "Z", "0", ".", "-", "+", "_", "@", "@b.de", "ß", "ſ", "K"), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(parts, (written) => {
        const raw = written.join("");
        // A blank before it makes it go the long way.
        expect(normaliseEmail(raw)).toBe(normaliseEmail(` ${raw}`));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [
      "",
      "anna",
      "@b.de",
      "a@",
      "a@b",
      "a@@b.de",
      "a@b@c.de",
      "a b@c.de",
      "a@b.de, c@d.de",
      "a\u0000@b.de",
      "a@.de",
    ],
    [`${"x".repeat(65)}@b.de`, `a@${"b".repeat(260)}.de`, `a@b.${"c".repeat(1_000_000)}`],
  ])("unless it is none", (...texts) => {
    expect(texts.filter((text) => normaliseEmail(text) !== null)).toEqual([]);
  });
});

describe("a telephone number is made comparable", () => {
  it.each([
    ["0151 23456789", "+4915123456789"],
    ["+49 (0) 151 / 234 567 89", "+4915123456789"],
    ["0049-151-23456789", "+4915123456789"],
    ["4915123456789", "+4915123456789"],
    ["15123456789", "+4915123456789"],
    ["(030) 123 456-0", "+49301234560"],
    ["+43 1 234567", "+431234567"],
    ["+41 44 668 18 00", "+41446681800"],
    ["Tel: 0151 23456789", "+4915123456789"],
  ])("%s", (raw, normalised) => {
    expect(normalisePhone(raw)).toBe(normalised);
    expect(normalisePhone(normalised)).toBe(normalised);
  });

  it.each(["", "keine", "12345", "+49", "+999 123456789", "0151 2", "9".repeat(1_000_000), "\u0000"])(
    "unless it is none",
    (text) => {
      expect(normalisePhone(text)).toBeNull();
    },
  );
});

describe("the hash of a person", () => {
  const key = randomBytes(32);

  it("is 16 bytes of HMAC-SHA256 with the kind before the value", () => {
    const expected = createHmac("sha256", key).update("email:a@b.de").digest().subarray(0, 16);
    expect(personHash(hmacSha256(key), "email", "a@b.de")).toEqual(expected);
    expect(personHash(hmacSha256(key), "email", "a@b.de")).toHaveLength(16);
  });

  it("is another for another kind, value or key", () => {
    const hashes = [
      personHash(hmacSha256(key), "email", "a@b.de"),
      personHash(hmacSha256(key), "phone", "a@b.de"),
      personHash(hmacSha256(key), "email", "b@b.de"),
      personHash(hmacSha256(randomBytes(32)), "email", "a@b.de"),
    ].map((hash) => hash.toString("hex"));
    expect(new Set(hashes).size).toBe(4);
  });
});
