import { describe, expect, it } from "vitest";
import { compileBodySchema, listSchemaViolations } from "../../../src/intake/body-schema.ts";

const lead = {
  type: "object",
  required: ["email"],
  properties: {
    email: { type: "string", format: "email" },
    age: { type: "integer", minimum: 18 },
    salutation: { enum: ["Frau", "Herr", "divers"] },
    address: { type: "object", properties: { zip: { type: "string", pattern: "^[0-9]{5}$" } } },
  },
};

describe("a lead is held against its source's schema", () => {
  const validate = compileBodySchema(lead);

  it("and passes if it satisfies it, untouched", () => {
    const value = { email: "anna@example.de", age: 30, address: { zip: "01067" }, other: null };
    const before = structuredClone(value);
    expect(validate(value)).toBeNull();
    expect(value).toEqual(before);
  });

  it.each([
    ["a missing field", {}, "", "email"],
    ["a wrong format", { email: "keine-adresse" }, "/email", "format"],
    [
      "a text where a number belongs, which is not converted",
      { email: "a@b.de", age: "30" },
      "/age",
      "integer",
    ],
    ["too small a number", { email: "a@b.de", age: 17 }, "/age", ">= 18"],
    ["a value that is not on the list", { email: "a@b.de", salutation: "Dr." }, "/salutation", "one of"],
    ["a nested pattern", { email: "a@b.de", address: { zip: "D-01067" } }, "/address/zip", "pattern"],
  ])("and is told where and why it fails: %s", (_, value, pointer, word) => {
    const violation = validate(value);
    expect(violation).toMatchObject({ pointer });
    expect(violation?.message).toContain(word);
  });

  it("in words that never repeat the value", () => {
    const secret = "geheim-4711";
    for (const value of [
      { email: secret },
      { email: "a@b.de", age: secret },
      { email: "a@b.de", salutation: secret },
    ]) {
      expect(validate(value)?.message).toBeDefined();
      expect(validate(value)?.message).not.toContain(secret);
    }
    const closed = compileBodySchema({ properties: {}, additionalProperties: false });
    expect(closed({ [secret]: 1 })?.message).not.toContain(secret);
  });

  it("and inherited properties do not count as fields", () => {
    expect(compileBodySchema({ required: ["constructor"] })({})).not.toBeNull();
  });

  it("in draft 2020-12 unless the schema names draft-07", () => {
    const tuple = { properties: { t: { prefixItems: [{ type: "string" }] } } };
    expect(compileBodySchema(tuple)({ t: [1] })).not.toBeNull();
    const draft07 = "http://json-schema.org/draft-07/schema#";
    expect(compileBodySchema({ $schema: draft07, ...tuple })({ t: [1] })).toBeNull();
    const items = { properties: { t: { items: [{ type: "string" }] } } };
    expect(compileBodySchema({ $schema: draft07, ...items })({ t: [1] })).not.toBeNull();
    const named = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" };
    expect(compileBodySchema(named)([])).not.toBeNull();
  });
});

describe("a schema that cannot be used is refused when it is compiled", () => {
  it.each([
    ["no schema", { type: "objekt" }],
    ["a reference to elsewhere", { $ref: "https://example.de/schema.json" }],
    ["asynchronous, which would let everything pass", { $async: true, type: "object" }],
    ["of a draft nobody here knows", { $schema: "http://json-schema.org/draft-03/schema#" }],
  ])("because it is %s", (_, schema) => {
    expect(() => compileBodySchema(schema)).toThrow(Error);
  });
});

describe("what is told to whoever mends a lead", () => {
  const schema = {
    type: "object",
    required: ["email", "a/b"],
    properties: {
      email: { type: "string", format: "email" },
      age: { type: "integer", minimum: 18 },
      interests: { type: "array", minItems: 1 },
    },
    additionalProperties: false,
  };

  it("is everything at once, each at the field that is meant", () => {
    const value = { email: "erika", age: 17, interests: [], note: "secret" };
    expect(
      listSchemaViolations(schema, value, "de").map(({ pointer, message }) => ({ pointer, message })),
    ).toEqual([
      { pointer: "/a~1b", message: "Dieses Pflichtfeld fehlt." },
      { pointer: "/note", message: "Dieses Feld ist nicht vorgesehen." },
      { pointer: "/email", message: "Muss eine gültige E-Mail-Adresse sein." },
      { pointer: "/age", message: "Muss mindestens 18 sein." },
      { pointer: "/interests", message: "Braucht mindestens 1 Eintrag." },
    ]);
    expect(listSchemaViolations(schema, value, "en").map(({ message }) => message)).toEqual([
      "This required field is missing.",
      "The schema does not allow this field.",
      "Must be a valid e-mail address.",
      "Must be at least 18.",
      "Needs at least 1 item.",
    ]);
  });

  it("is nothing where nothing is wrong", () => {
    const open = { ...schema, additionalProperties: true };
    expect(listSchemaViolations(open, { email: "e@example.com", "a/b": 1 }, "de")).toEqual([]);
  });
});
