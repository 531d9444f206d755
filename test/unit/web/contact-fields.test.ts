// Which fields of a lead make its contact card, whatever form they come from.
import { expect, test } from "vitest";
import { contactFields, contactKind, nameOf } from "../../../web/leads/contact-fields.ts";
import { parseExactly } from "../../../src/domain/values/exact-json.ts";

const shown = (body: unknown) => contactFields(body).map(({ kind, value }) => [kind, value]);

test("a German form", () => {
  const fields = contactFields({
    nachname: "Müller",
    vorname: "Anna",
    "E-Mail-Adresse": "anna@example.de",
    Telefonnummer: "0221 5550143",
    firma: "Bäder GmbH",
    nachricht: "Bitte um Rückruf",
    budget: 12_500,
    kampagne: "Frühling",
  });
  expect(nameOf(fields)).toBe("Anna Müller");
  expect(fields.map(({ kind, value }) => [kind, value])).toEqual([
    ...[
      ["name", "Müller"],
      ["name", "Anna"],
    ],
    ["company", "Bäder GmbH"],
    ["email", "anna@example.de"],
    ["phone", "0221 5550143"],
    ["message", "Bitte um Rückruf"],
  ]);
});

test("fields of a form builder, nested or as labelled answers", () => {
  expect(shown({ form: { "form_fields[email]": "a@example.com" } })).toEqual([["email", "a@example.com"]]);
  expect(
    shown({
      user_column_data: [
        { column_id: "FULL_NAME", string_value: "Jane" },
        { column_id: "PHONE_NUMBER", string_value: "+1" },
      ],
    }),
  ).toEqual([
    ["name", "Jane"],
    ["phone", "+1"],
  ]);
});

test.each([
  "campaign_name",
  "form_name",
  "utm_source",
  "sha256",
  "context",
  "gclid",
  "platform",
  "support",
  "capacity",
  "ip_address",
])("%s belongs to nobody", (name) => {
  expect(contactKind(name)).toBeNull();
});

test("nothing is found in what is no lead, and nothing breaks", () => {
  expect(shown(null)).toEqual([]);
  expect(shown("text")).toEqual([]);
  expect(shown([1, [2, [3]]])).toEqual([]);
  expect(shown({ email: "", name: null })).toEqual([]);
});

test("a number is shown as it was sent, however long it is", () => {
  expect(shown(parseExactly('{"telefon":12345678901234567890}'))).toEqual([
    ["phone", "12345678901234567890"],
  ]);
});
