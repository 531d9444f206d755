import { describe, expect, it } from "vitest";
import { readBody } from "../../../src/bodies/read-body.ts";

const form = "application/x-www-form-urlencoded";
const multipart = '--x y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x y--';
const bom = "\uFEFF";

async function read(contentType: string | undefined, body: string): Promise<unknown> {
  const result = await readBody(Buffer.from(body), contentType);
  switch (result.kind) {
    case "lead":
      return { value: JSON.parse(result.json) as unknown, readAs: result.readAs };
    case "unreadable":
      return { code: result.code, readAs: result.readAs };
    case "media_type_unsupported":
      return result.kind;
  }
}

describe("a body is read as what its media type says", () => {
  it.each([
    ["application/json", '{"a":"1"}'],
    ["Application/JSON ; Charset=UTF-8", '{"a":"1"}'],
    ['application/json; charset="utf-8"', '{"a":"1"}'],
    ["application/json; charset='utf8'; q=1", '{"a":"1"}'],
    ["application/json; charset=us-ascii", '{"a":"1"}'],
    ['APPLICATION/json; x=y; CHARSET="US-ASCII"', '{"a":"1"}'],
    ["application/json; charset=iso-8859-1", '{"a":"1"}'],
    ["application/json;charset=", '{"a":"1"}'],
    ["application/json;", '{"a":"1"}'],
    ["text/json", '{"a":"1"}'],
    ["application/vnd.lead+json", '{"a":"1"}'],
    ["application/json", `${bom}{"a":"1"}`],
    [form, "a=1"],
    [`${form};charset=utf8`, "a=1"],
    [`${form}; charset=us-ascii`, "a=1"],
    ['multipart/form-data; boundary="x y"', multipart],
    ['multipart/form-data; boundary="x y"', `${bom}${multipart}`],
  ])("%s %s", async (contentType, body) => {
    expect(await read(contentType, body)).toEqual({ value: { a: "1" }, readAs: undefined });
  });
});

describe("a body that is JSON is read as JSON, whatever it is called", () => {
  const types = [
    ...[undefined, "", ";;;", form, `${form}; charset=ISO-8859-1`, "text/plain", "text/plain; charset=utf-8"],
    ...["application/jsonp", "application/octet-stream", "text/html"],
    ...[
      "application/xml",
      "multipart/form-data",
      "multipart/form-data; boundary=x",
      "multipart/mixed; boundary=x",
    ],
    "application/json, application/json",
  ];
  it.each(types)("%s", async (contentType) => {
    const lead = { email: "a+b@example.com", text: "1 + 1 = 2 & mehr 100 %", ü: ["="] };
    for (const body of [
      JSON.stringify(lead),
      ` \n${JSON.stringify(lead, null, 2)}\n`,
      bom + JSON.stringify(lead),
    ])
      expect(await read(contentType, body)).toEqual({ value: lead, readAs: "json" });
    expect(await read(contentType, "{}")).toEqual({ value: {}, readAs: "json" });
  });

  it.each([
    ["a list", '[{"a":1}]', "body_not_an_object"],
    ["an empty list", "[]", "body_not_an_object"],
    ["a text", '"a=b"', "body_not_an_object"],
    ["a number", "-12.5", "body_not_an_object"],
    ["null", " null\n", "body_not_an_object"],
    ["an object that was cut off", '{"email":"a@example.com","na', "json_malformed"],
    ["an object with a comma too many", '{"a":1,}', "json_malformed"],
    ["an object with something behind it", '{"a":1}&b=2', "json_malformed"],
    ["a number beyond all bounds", '{"a":1e999999}', "json_number_out_of_range"],
  ])("%s under a form's type is kept as what it is", async (_what, body, code) => {
    expect(await read(form, body)).toEqual({ code, readAs: "json" });
  });

  it("also where a program encoded it as the only field of a form", async () => {
    const lead = { email: "a@example.com", text: "x=1&y=ü {}" };
    const json = JSON.stringify(lead);
    const sent = [new URLSearchParams([[json, ""]]), new URLSearchParams([["", json]])];
    for (const body of [...sent.map(String), encodeURIComponent(json), `${json}=`])
      expect(await read(form, body)).toEqual({ value: lead, readAs: "json" });
  });
});

describe("a form stays a form", () => {
  it.each([
    ["{name}=Anna", { "{name}": "Anna" }],
    ["{}=x&a=1", { "{}": "x", a: "1" }],
    ['{"x"}=1', { '{"x"}': "1" }],
    ["[0]=x", { "[0]": "x" }],
    ["true=1&null=2&1=3", { true: "1", null: "2", "1": "3" }],
    ["%7Bname%7D=Anna", { "{name}": "Anna" }],
    ['payload={"a":1}', { payload: '{"a":1}' }],
    ["=x", { "": "x" }],
    ["--a=b", { "--a": "b" }],
    ["flag&other", { flag: "", other: "" }],
    ["%%", { "%%": "" }],
    ["a=1&flag", { a: "1", flag: "" }],
  ])("%s", async (body, value) => {
    expect(await read(form, body)).toEqual({ value, readAs: undefined });
  });
});

describe("a multipart form is read as one, whatever it is called", () => {
  it.each([form, undefined, "text/plain"])("%s", async (contentType) => {
    expect(await read(contentType, multipart)).toEqual({ value: { a: "1" }, readAs: "multipart" });
  });

  it("and never half of it", async () => {
    expect(await read(form, multipart.slice(0, -4))).toEqual({
      code: "multipart_malformed",
      readAs: "multipart",
    });
  });
});

describe("XML and text are no leads", () => {
  it.each([
    [form, '<?xml version="1.0"?><lead id="1"><name>Anna</name></lead>'],
    [form, `${bom}<lead/>`],
    [form, "Bitte rufen Sie mich an"],
    [form, "Anna & Bert, 100 %"],
    [form, "hello"],
    ["text/plain", "name=Anna"],
    ["text/plain", "Name: Anna"],
    ["text/xml", "<lead/>"],
    [undefined, "a=1"],
    [undefined, ""],
    ["application/octet-stream", "\0\u0001"],
  ])("%s %s", async (contentType, body) => {
    expect(await read(contentType, body)).toBe("media_type_unsupported");
  });
});
