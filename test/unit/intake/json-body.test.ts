import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Refusal } from "../../../src/domain/leads/refusal.ts";
import { readJsonBody } from "../../../src/bodies/json-body.ts";
import { findJsonFault, jsonDepthMax } from "../../../src/bodies/json-scanner.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

function refused(body: string | Buffer): Refusal {
  const read = readJsonBody(typeof body === "string" ? bytes(body) : body);
  if (read.kind === "lead") throw new Error("was read as a lead");
  return read;
}

function kept(text: string): { json: string; value: unknown } {
  const read = readJsonBody(bytes(text));
  if (read.kind !== "lead") throw new Error(read.message);
  return { json: read.json, value: read.value };
}

describe("a JSON lead is kept as it was sent", () => {
  it.each([
    ["large ids of advertising networks", '{"campaign_id":12345678901234567890123,"x":0.10}'],
    ["the largest exponents", '{"a":1e308,"b":-1E-308,"c":1e+0000308}'],
    ["400 digits", `{"a":${"9".repeat(400)}}`],
    ["emoji, right-to-left text and escaped pairs", '{"name":"👩‍🚀 שלום مرحبا","e":"\\ud83d\\ude00 \\u00fc"}'],
    ["white space and line breaks", ' \r\n{ "a" : [ 1 , 2 ] , "b" : { } }\t\n'],
    ["an empty object", "{}"],
    ["equal keys in different objects", '{"a":{"x":1},"b":{"x":2},"x":3}'],
  ])("%s", (_, text) => {
    expect(kept(text).json).toBe(text);
    expect(kept(text).value).toEqual(JSON.parse(text));
  });

  it("without the byte order mark that Windows programs put before it", () => {
    expect(kept('\uFEFF{"a":1}').json).toBe('{"a":1}');
  });

  it("with a field named __proto__, which is a field like any other", () => {
    const lead = kept('{"__proto__":{"admin":true},"constructor":1}');
    expect(Object.keys(lead.value as object)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it("with as many levels as are allowed", () => {
    const levels = jsonDepthMax - 1;
    expect(kept(`{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`).json).toContain("[[");
    expect(refused(`{"a":${"[".repeat(levels + 1)}${"]".repeat(levels + 1)}}`).code).toBe("json_too_deep");
  });
});

describe("what cannot be a lead is refused with the code that says why", () => {
  it.each<[string, string, Refusal["code"], string | null]>([
    ["nothing", "", "body_empty", null],
    ["only white space", " \n ", "body_empty", null],
    ["only a byte order mark", "\uFEFF", "body_empty", null],
    ["a list", '[{"a":1}]', "body_not_an_object", null],
    ["a text", '"a"', "body_not_an_object", null],
    ["null", "null", "body_not_an_object", null],
    ["a body that was cut off", '{"a":"b', "json_malformed", "line 1, column 8"],
    ["a missing comma", '{"a":1,\n "b":2 "c":3}', "json_malformed", "line 2, column 8"],
    ["two bodies in one", '{"a":1}{"a":2}', "json_malformed", "line 1, column 8"],
    ["a form sent as JSON", "name=Anna&x=1", "json_malformed", "line 1, column 1"],
    ["single quotes", "{'a':1}", "json_malformed", "line 1, column 2"],
    ["a comma too many", '{"a":1,}', "json_malformed", "line 1, column 8"],
    ["a number with leading zero", '{"plz":01067}', "json_malformed", "line 1, column 8"],
    ["NaN", '{"a":NaN}', "json_malformed", "line 1, column 6"],
    ["a line break inside a text", '{"a":"x\ny"}', "json_malformed", "line 1, column 8"],
    ["a huge exponent", '{"p":{"budget":1e100000}}', "json_number_out_of_range", "/p/budget"],
    ["a tiny exponent", '{"a":[0,1e-309]}', "json_number_out_of_range", "/a/1"],
    ["an exponent of a thousand digits", `{"a":1e${"9".repeat(1000)}}`, "json_number_out_of_range", "/a"],
    ["500 digits", `{"a":${"1".repeat(500)}}`, "json_number_out_of_range", "/a"],
    ["401 digits around the point", `{"a":1.${"1".repeat(400)}}`, "json_number_out_of_range", "/a"],
    ["an escaped NUL in a value", '{"a":{"b":"x\\u0000"}}', "json_nul_character", "/a/b"],
    ["an escaped NUL in a key", '{"a\\u0000":1}', "json_nul_character", "line 1, column 4"],
    ["a raw NUL", '{"a":"\0"}', "json_nul_character", "/a"],
    ["a lone high surrogate", '{"a":"\\ud83d"}', "json_lone_surrogate", "/a"],
    ["a lone low surrogate in a key", '{"\\ude00":1}', "json_lone_surrogate", "line 1, column 3"],
    ["two high surrogates", '{"a":"\\ud83d\\ud83d"}', "json_lone_surrogate", "/a"],
    ["a high surrogate before a letter", '{"a":"\\ud83d\\u0041"}', "json_lone_surrogate", "/a"],
    ["a high surrogate before anything else", '{"a":"\\ud83dxxxxxx"}', "json_lone_surrogate", "/a"],
    ["a pair the wrong way round", '{"a":"\\ude00\\ud83d"}', "json_lone_surrogate", "/a"],
    ["a key twice", '{"a":1,"b":2,"a":1}', "json_duplicate_key", "/a"],
    ["a key twice, once escaped", '{"x":[{"a/b":1,"\\u0061/b":2}]}', "json_duplicate_key", "/x/0/a~1b"],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}', "json_duplicate_key", "/__proto__"],
  ])("%s", (_, text, code, at) => {
    expect(refused(text)).toMatchObject({ code, at });
  });

  it("a key twice among many", () => {
    const members = Array.from({ length: 50 }, (_, index) => `"k${index}":${index}`);
    expect(refused(`{${[...members, '"k3":0'].join(",")}}`)).toMatchObject({
      code: "json_duplicate_key",
      at: "/k3",
    });
    expect(kept(`{${members.join(",")}}`).value).toHaveProperty("k49", 49);
  });

  it("bytes that are not UTF-8, with the byte where that begins", () => {
    expect(refused(Buffer.from('{"a":"M\xfcller"}', "latin1"))).toMatchObject({
      code: "body_not_utf8",
      at: "byte 8",
    });
    expect(refused(Buffer.from('\uFEFF{"a":1}', "utf16le")).code).toBe("body_not_utf8");
    expect(refused(Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d])).code).toBe("body_not_utf8");
  });

  it("nesting of 5,000 and of 100,000 levels, without falling over", () => {
    for (const levels of [5_000, 100_000]) {
      expect(refused('{"a":'.repeat(levels)).code).toBe("json_too_deep");
      expect(refused("[".repeat(levels)).code).toBe("json_too_deep");
    }
  });

  it("in words that never repeat what the lead contains", () => {
    const secret = "anna.geheim";
    for (const tail of [
      "",
      '"x":1}',
      ',"a":1}',
      ',"n":1e999}',
      ',"n":"\\u0000"}',
      ',"n":"\\ud800"}',
      ", 1}",
    ]) {
      const { message, at } = refused(`{"a":"${secret}"${tail}`);
      expect(`${message} ${at ?? ""}`).not.toContain(secret);
    }
  });

  it("with a place of bounded length, cut between characters, however long the keys are", () => {
    const { at } = refused(`{"${"👍".repeat(30_000)}":1e999}`);
    expect(at?.length).toBeLessThan(500);
    expect(Buffer.from(at ?? "").toString()).toBe(at);
  });
});

describe("the scanner agrees with JSON.parse", () => {
  const alphabet = fc.constantFrom(
    ..."{}[]\",:\\ \n0123456789eE+-.truefalsn'ubx/".split(""),
    ...['"a"', "true", "null", "1.5", "\\u00e4", "\\ud83d\\ude00", "\u0001", "ä"],
  );
  const nearlyJson = fc
    .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat(3), fc.array(alphabet, { maxLength: 3 }))
    .map(([text, at, removed, added]) => {
      const index = at % (text.length + 1);
      return text.slice(0, index) + added.join("") + text.slice(index + removed);
    });

  it("on what is JSON and what is not", () => {
    const texts = fc.oneof(
      nearlyJson,
      fc.array(alphabet, { maxLength: 12 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const fault = findJsonFault(text);
        if (fault?.code === "json_malformed") expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
        if (fault === null) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });

  it("and lets every JSON object through that jsonb can hold", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object);
        const read = readJsonBody(bytes(text));
        // The contract's limits: no NUL, no half characters, no exponent beyond 308 (5e-324 is the smallest number).
        if (/\\u0000|\\ud[89a-f]|e-3(?:09|[12]\d)/.test(text) && read.kind === "unreadable") return;
        expect(read).toEqual({
          kind: "lead",
          format: "json",
          json: text,
          value: JSON.parse(text) as unknown,
        });
      }),
      { numRuns: 500 },
    );
  });

  it("but accepts only text without NUL and without half characters, with every key once", () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const read = readJsonBody(bytes(`{"a":${text}}`));
        if (read.kind === "unreadable") return;
        const again = JSON.stringify(JSON.parse(read.json));
        expect(again).not.toMatch(/\\u0000|\\ud[89a-f]/);
        expect(again).not.toContain("\0");
      }),
      { numRuns: 2_000 },
    );
  });
});
