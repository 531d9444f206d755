// A list of leads is cut into what was sent, to the byte.
import { describe, expect, it } from "vitest";
import { readJsonBody } from "../../../src/bodies/json-body.ts";
import { readJsonList } from "../../../src/bodies/json-list.ts";

const cut = (text: string, member: string | null = "leads") => {
  const list = readJsonList(Buffer.from(text), member);
  return "code" in list ? list.code : list.map(String);
};

describe("a list of leads in one body", () => {
  it.each<[string, string, string | null, readonly string[] | string]>([
    [
      "is cut item by item",
      '{"leads":[{"a":1},{"b":[1,{"c":"]"}]}]}',
      "leads",
      ['{"a":1}', '{"b":[1,{"c":"]"}]}'],
    ],
    [
      "keeps every digit and escape",
      '[{"id":12345678901234567890.0},"\\"\\u00fc,"]',
      null,
      ['{"id":12345678901234567890.0}', '"\\"\\u00fc,"'],
    ],
    [
      "may stand anywhere among members",
      '{"x":{"leads":[9]},"leads" : [ 1 , 22 ] ,"y":"leads"}',
      "leads",
      ["1", "22"],
    ],
    ["may be empty", '{"leads":[ ]}', "leads", []],
    ["may follow a byte order mark", "\uFEFF[true]", null, ["true"]],
    ["has its name in any spelling", '{"l\\u0065ads":[1]}', "leads", ["1"]],
    [
      "keeps what is wrong with one item with that item",
      '{"leads":[{"a":"\\u0000"},{"b":1}]}',
      "leads",
      ['{"a":"\\u0000"}', '{"b":1}'],
    ],
    [
      "is refused where its text is broken",
      '{"leads":[{"a":"\\u0000"},{"b":1]}',
      "leads",
      "body_not_an_object",
    ],
    ["is refused where its text is broken at once", '{"leads":[{"a"}]}', "leads", "json_malformed"],
    ["is refused where it is none", '{"leads":{"a":1}}', "leads", "body_not_an_object"],
    ["is refused where it is missing", '{"lead":[]}', "leads", "body_not_an_object"],
    ["is refused where its name stands twice", '{"leads":[1],"leads":[2]}', "leads", "json_duplicate_key"],
    [
      "is refused where its name stands twice behind a fault of one item",
      '{"leads":[{"a":1,"a":2}],"leads":[{"b":1}]}',
      "leads",
      "body_not_an_object",
    ],
    ["has its name at any distance", `{"leads"${" ".repeat(200)}:[1]}`, "leads", ["1"]],
    [
      "is refused where a fault is outside of it",
      '{"n":"\\u0000","leads":[1]}',
      "leads",
      "json_nul_character",
    ],
    ["is refused where there is nothing", " ", null, "body_empty"],
  ])("%s", (_name, text, member, expected) => {
    expect(cut(text, member)).toEqual(expected);
  });

  it("has items that are read as leads are", () => {
    const items = readJsonList(Buffer.from('[{"n":1e400},{"n":1}]'), null);
    if ("code" in items) throw new Error(items.message);
    expect(items.map((item) => readJsonBody(item)).map(({ kind }) => kind)).toEqual(["unreadable", "lead"]);
  });
});
