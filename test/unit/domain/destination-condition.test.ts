// Whether a lead is meant for a destination, and which part of the condition says no.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unmetPlace } from "../../../src/domain/destinations/condition.ts";
import type { Condition } from "../../../src/domain/destinations/condition.ts";
import { parseExactly } from "../../../src/domain/values/exact-json.ts";

const delivery =
  parseExactly(`{ "source": "website", "lead": { "country": "DE", "email": "eva@example.de", "company": null,
  "phones": ["+49170", "+4330"] }, "data": { "id": 12345678901234567890, "price": 1.10, "n": "5", "hex": "0x10", "ok": true, "blank": " " } }`);

const met: readonly Condition[] = [
  { pointer: "/lead/country", equals: "DE" },
  { pointer: "/data/id", equals: "12345678901234567890" },
  { pointer: "/data/price", equals: 1.1 },
  { pointer: "/data/n", equals: 5 },
  { pointer: "/data/ok", equals: true },
  { pointer: "/lead/country", in: ["AT", "DE"] },
  { pointer: "/lead/phones", equals: "+4330" },
  { pointer: "/lead/phones", matches: "^\\+49" },
  { pointer: "/lead/email", matches: "@example\\.de$" },
  { pointer: "/lead/email", exists: true },
  { pointer: "/lead/company", exists: false },
  { pointer: "/lead/company", missing: true },
  { pointer: "/data/blank", missing: true },
  { pointer: "/data/nowhere", missing: true },
  { pointer: "/lead/email", missing: false },
  { not: { pointer: "/lead/country", equals: "AT" } },
  {
    all: [
      { pointer: "/source", equals: "website" },
      { pointer: "/data/ok", equals: "true" },
    ],
  },
  {
    any: [
      { pointer: "/source", equals: "fair" },
      { pointer: "/lead/country", equals: "DE" },
    ],
  },
];

const unmet: readonly (readonly [place: string, condition: Condition])[] = [
  ["when", { pointer: "/lead/country", equals: "de" }],
  ["when", { pointer: "/data/hex", equals: 16 }],
  ["when", { pointer: "/data/nowhere", equals: "" }],
  ["when", { pointer: "/data/nowhere", matches: "^" }],
  ["when", { pointer: "/lead", equals: "DE" }],
  ["when", { pointer: "/data/id", equals: "12345678901234567891" }],
  ["when", { pointer: "/lead/company", exists: true }],
  ["when.not", { not: { pointer: "/lead/country", equals: "DE" } }],
  [
    "when.all[1]",
    {
      all: [
        { pointer: "/data/ok", exists: true },
        { pointer: "/source", equals: "fair" },
      ],
    },
  ],
  [
    "when.any",
    {
      any: [
        { pointer: "/source", equals: "fair" },
        { pointer: "/data/n", in: [6, 7] },
      ],
    },
  ],
  [
    "when.all[0].all[1].any",
    {
      all: [
        {
          all: [
            { pointer: "/source", exists: true },
            { any: [{ not: { pointer: "/source", exists: true } }] },
          ],
        },
      ],
    },
  ],
];

describe("A destination's condition", () => {
  it.each(met)("is met: %j", (condition) => {
    expect(unmetPlace(condition, delivery)).toBeNull();
    expect(unmetPlace({ not: condition }, delivery)).toBe("when.not");
  });

  it.each(unmet)("is not met at %s: %j", (place, condition) => {
    expect(unmetPlace(condition, delivery)).toBe(place);
    expect(unmetPlace({ not: condition }, delivery)).toBeNull();
  });

  it("takes no longer for a pattern that other engines never finish", () => {
    const text = parseExactly(`{"data":"${"a".repeat(50_000)}!"}`);
    const startedMs = performance.now();
    expect(unmetPlace({ pointer: "/data", matches: "^(a+)+$" }, text)).toBeNull();
    expect(unmetPlace({ pointer: "/data", matches: "^(a|aa)+b$" }, text)).toBe("when");
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it("is judged for any JSON without throwing", () => {
    fc.assert(
      fc.property(fc.json(), (data) => {
        const document = parseExactly(`{"data":${data}}`);
        for (const condition of met) unmetPlace(condition, document);
        unmetPlace({ pointer: "/data", matches: "a" }, document);
      }),
    );
  });
});
