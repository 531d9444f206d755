// What a destination's map makes of a delivery.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formText } from "../../../src/domain/destinations/form-text.ts";
import { mapLead } from "../../../src/domain/destinations/map-lead.ts";
import type { TargetMap, TargetRule } from "../../../src/domain/destinations/target-map.ts";
import { targetTypes } from "../../../src/domain/destinations/target-map.ts";
import { mapFormats } from "../../../src/domain/leads/map-rules.ts";
import { parseExactly, writeExactly } from "../../../src/domain/values/exact-json.ts";

const delivery = parseExactly(`{
  "type": "lead.received", "run_id": "0199a0b2", "source": "website", "received_at": "2026-11-30T22:30:00.000Z",
  "lead": { "email": "eva@example.de", "phones": ["+4917012345", "+493012345"], "name": "Dr. Eva Maria von Berg",
    "company": null, "utm": {}, "consent": { "given": true, "text": "", "at": null } },
  "data": { "id": 12345678901234567890, "price": 1.10, "sum": "1.234,56 €", "ok": "ja", "no": false, "zero": 0,
    "day": "31.12.2026 14:30", "at": "2026-12-31T23:30:00+01:00", "tags": ["rot", "blau"], "blank": "  ",
    "json": "{\\"a\\":1.50}", "deep": { "a": [1, { "b": 2.0 }] }, "a/b": "slash", "mail": "Eva@EXAMPLE.de", "tel": "0170 1234567" } }`);

/** JSON text of what the map makes. */
function made(map: TargetMap): string {
  const mapped = mapLead(map, delivery);
  if (mapped.kind === "missing") return `missing ${mapped.targets.join()}`;
  return writeExactly(mapped.value);
}

type Case = readonly [rule: TargetRule, value: string];

const nothing = "{}";

const rules: readonly Case[] = [
  ["/lead/email", '{"t":"eva@example.de"}'],
  ["/lead/phones/1", '{"t":"+493012345"}'],
  ["/lead/phones", '{"t":["+4917012345","+493012345"]}'],
  ["/data/id", '{"t":12345678901234567890}'],
  ["/data/price", '{"t":1.10}'],
  ["/data/deep", '{"t":{"a":[1,{"b":2.0}]}}'],
  ["/data/no", '{"t":false}'],
  ["/data/zero", '{"t":0}'],
  ["/data/a~1b", '{"t":"slash"}'],
  ["/run_id", '{"t":"0199a0b2"}'],
  ["/source", '{"t":"website"}'],
  ["/received_at", '{"t":"2026-11-30T22:30:00.000Z"}'],
  // What gives nothing is left out.
  ["/data/nowhere", nothing],
  ["/lead/company", nothing],
  ["/lead/utm", nothing],
  ["/data/blank", nothing],
  ["/lead/phones/7", nothing],
  ["/constructor", nothing],
  ["/data/tags/length", nothing],
  // The first that gives something.
  [["/lead/company", "/data/blank", "/lead/email"], '{"t":"eva@example.de"}'],
  [["/lead/company", { constant: "privat" }], '{"t":"privat"}'],
  [{ first: ["/data/nowhere", "/data/id"] }, '{"t":12345678901234567890}'],
  // Constants of any kind.
  [{ constant: "x" }, '{"t":"x"}'],
  [{ constant: 5 }, '{"t":5}'],
  [{ constant: true }, '{"t":true}'],
  [{ constant: ["a", { b: 1 }] }, '{"t":["a",{"b":1}]}'],
  [{ constant: "12345678901234567890", type: "number" }, '{"t":12345678901234567890}'],
  // Several.
  [{ join: ["/lead/name", "/lead/email"] }, '{"t":"Dr. Eva Maria von Berg eva@example.de"}'],
  [{ join: ["/data/id", "/data/nowhere", "/data/price"], with: "-" }, '{"t":"12345678901234567890-1.10"}'],
  [{ join: ["/data/nowhere"] }, nothing],
  [{ all: ["/lead/phones", "/data/id"] }, '{"t":["+4917012345","+493012345",12345678901234567890]}'],
  // Treated.
  [{ pointer: "/data/mail", format: "lower" }, '{"t":"eva@example.de"}'],
  [{ pointer: "/data/mail", format: ["upper", "trim"] }, '{"t":"EVA@EXAMPLE.DE"}'],
  [{ pointer: "/data/mail", format: "email" }, '{"t":"eva@example.de"}'],
  [{ pointer: "/data/tel", format: "e164" }, '{"t":"+491701234567"}'],
  [{ pointer: "/lead/name", format: "first_name" }, '{"t":"Eva Maria"}'],
  [{ pointer: "/lead/name", format: "last_name" }, '{"t":"von Berg"}'],
  [{ pointer: "/data/tags", format: "upper" }, '{"t":["ROT","BLAU"]}'],
  [{ pointer: "/data/day", format: "date" }, '{"t":"2026-12-31"}'],
  [{ pointer: "/data/day", format: "date_time" }, '{"t":"2026-12-31T14:30"}'],
  [{ pointer: "/data/at", format: "date" }, '{"t":"2026-12-31"}'],
  [{ pointer: "/data/at", format: "date_time" }, '{"t":"2026-12-31T22:30:00.000Z"}'],
  [{ pointer: "/received_at", format: "date" }, '{"t":"2026-11-30"}'],
  [{ pointer: "/data/ok", format: "bool" }, '{"t":true}'],
  [{ pointer: "/data/sum", format: "number" }, '{"t":1234.56}'],
  [{ pointer: "/data/sum", format: "number", type: "text" }, '{"t":"1234.56"}'],
  [{ pointer: "/data/mail", format: "number" }, nothing],
  [{ pointer: "/lead/consent/given", table: { true: "subscribed", false: "no" } }, '{"t":"subscribed"}'],
  [{ pointer: "/data/ok", table: { ja: "1" }, type: "number" }, '{"t":1}'],
  [{ pointer: "/data/tags", table: { rot: "red" } }, '{"t":["red","blau"]}'],
  [{ pointer: "/data/nowhere", default: "none" }, '{"t":"none"}'],
  [{ pointer: "/data/mail", type: "number", default: "0" }, '{"t":0}'],
  // Types.
  [{ pointer: "/data/id", type: "text" }, '{"t":"12345678901234567890"}'],
  [{ pointer: "/data/no", type: "text" }, '{"t":"false"}'],
  [{ pointer: "/data/tags", type: "text" }, '{"t":"rot, blau"}'],
  [{ pointer: "/data/tags", type: "text", with: ";" }, '{"t":"rot;blau"}'],
  [{ pointer: "/data/deep", type: "text" }, '{"t":"{\\"a\\":[1,{\\"b\\":2.0}]}"}'],
  [{ pointer: "/data/price", type: "number" }, '{"t":1.10}'],
  [{ pointer: "/data/ok", type: "boolean" }, '{"t":true}'],
  [{ pointer: "/data/mail", type: "boolean" }, nothing],
  [{ pointer: "/lead/email", type: "list" }, '{"t":["eva@example.de"]}'],
  [{ pointer: "/data/tags", type: "list" }, '{"t":["rot","blau"]}'],
  [{ pointer: "/data/json", type: "json" }, '{"t":{"a":1.50}}'],
  [{ pointer: "/data/deep", type: "json" }, '{"t":{"a":[1,{"b":2.0}]}}'],
  [{ pointer: "/data/mail", type: "json" }, nothing],
  [{ pointer: "/lead/email", required: true }, '{"t":"eva@example.de"}'],
  [{ pointer: "/lead/company", required: true }, "missing t"],
  [{ pointer: "/lead/company", required: true, default: "privat" }, '{"t":"privat"}'],
];

describe("A destination's map", () => {
  it.each(rules)("makes of %j: %s", (rule, value) => {
    expect(made({ t: rule })).toBe(value);
  });

  it("puts values where their targets say: members, pointers, places of lists", () => {
    const map: TargetMap = {
      "properties.email": "/lead/email",
      "/properties/a.b": "/source",
      "inputs.1.v": { constant: 2 },
      "inputs.0.v": { constant: 1 },
      "contacts.0.phone": "/lead/phones/0",
      "interests.12345": { constant: true },
      "empty.inner": "/data/nowhere",
    };
    expect(made(map)).toBe(
      '{"properties":{"email":"eva@example.de","a.b":"website"},"inputs":[{"v":1},{"v":2}],"contacts":[{"phone":"+4917012345"}],"interests":{"12345":true}}',
    );
    expect(made({ "0.email": "/lead/email" })).toBe('[{"email":"eva@example.de"}]');
    expect(made({ "0.email": "/data/nowhere" })).toBe("[]");
  });

  it("names all targets that must not be empty and are", () => {
    const needed = { pointer: "/data/nowhere", required: true };
    expect(made({ a: needed, "b.c": needed, d: "/source" })).toBe("missing a,b.c");
  });

  it("writes a form as browsers do, numbers to the last digit", () => {
    const mapped = mapLead(
      { id: "/data/id", "p.mail": "/lead/email", tags: "/data/tags", ok: "/data/no", deep: "/data/deep/a" },
      delivery,
    );
    expect(formText(mapped.kind === "mapped" ? mapped.value : null)).toBe(
      "id=12345678901234567890&p%5Bmail%5D=eva%40example.de&tags=rot&tags=blau&ok=false&deep=1&deep=%7B%22b%22%3A2.0%7D",
    );
  });

  const anyRule = fc.letrec<{ rule: unknown }>((tie) => ({
    rule: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("/data", "/data/0", "/data/a", "/lead", "/data/a/b", "/x"),
      fc.array(tie("rule"), { maxLength: 3 }),
      fc.record(
        {
          pointer: fc.constantFrom("/data", "/data/a", "/data/0/a"),
          format: fc.constantFrom(...mapFormats),
          type: fc.constantFrom(...targetTypes),
          table: fc.constant({ a: "b" }),
          default: fc.string(),
          with: fc.string(),
        },
        { requiredKeys: ["pointer"] },
      ),
      fc.record({ all: fc.array(tie("rule"), { maxLength: 3 }), type: fc.constantFrom(...targetTypes) }),
      fc.record({ join: fc.array(tie("rule"), { maxLength: 3 }), with: fc.string() }),
      fc.record(
        { constant: fc.jsonValue(), type: fc.constantFrom(...targetTypes) },
        { requiredKeys: ["constant"] },
      ),
    ),
  })).rule;

  it("never throws, whatever was sent, and always makes JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), anyRule, (data, rule) => {
        const document = parseExactly(`{"lead":${data},"data":${data}}`);
        const mapped = mapLead({ "a.b": rule as TargetRule, c: "/data" }, document);
        expect(mapped.kind).toBe("mapped");
        const text = writeExactly(mapped.kind === "mapped" ? mapped.value : null);
        expect(() => JSON.parse(text) as unknown).not.toThrow();
        formText(mapped.kind === "mapped" ? mapped.value : null);
      }),
      { numRuns: 300 },
    );
  });

  it("passes numbers on as they were written", () => {
    const number = fc
      .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.stringMatching(/^\d{0,12}$/))
      .map(([whole, fraction]) => (fraction === "" ? String(whole) : `${whole}.${fraction}`));
    fc.assert(
      fc.property(number, (digits) => {
        const document = parseExactly(`{"data":{"n":${digits},"t":"${digits}"}}`);
        const map: TargetMap = {
          as_it_is: "/data/n",
          listed: { all: ["/data/n"] },
          typed: { pointer: "/data/t", type: "number" },
          text: { pointer: "/data/n", type: "text" },
        };
        const mapped = mapLead(map, document);
        expect(writeExactly(mapped.kind === "mapped" ? mapped.value : null)).toBe(
          `{"as_it_is":${digits},"listed":[${digits}],"typed":${digits},"text":"${digits}"}`,
        );
      }),
    );
  });
});
