import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFormBody } from "../../../src/bodies/form-body.ts";
import { formFieldsMax } from "../../../src/bodies/form-fields.ts";

const read = (text: string) => readFormBody(Buffer.from(text, "latin1"));

function fieldsOf(text: string): unknown {
  const form = read(text);
  if (form.kind !== "lead") throw new Error(form.message);
  expect(JSON.parse(form.json)).toEqual(form.value);
  return form.value;
}

describe("a form becomes an object of its fields", () => {
  it("with umlauts, spaces, emoji and empty values", () => {
    expect(fieldsOf("name=J%C3%B6rg+M%c3%bcller&note=%F0%9F%91%8D&leer=&flag")).toEqual({
      name: "Jörg Müller",
      note: "👍",
      leer: "",
      flag: "",
    });
  });

  it("with a list where a field is repeated, in the order sent", () => {
    expect(fieldsOf("produkt=b&x=1&produkt=a")).toEqual({ produkt: ["b", "a"], x: "1" });
  });

  it("with a list for a name that ends with [], however many were chosen", () => {
    expect(fieldsOf("a[]=1&b%5B%5D=2&b[]=3&c[0]=4&d[e][]=5&f=6")).toEqual({
      "a[]": ["1"],
      "b[]": ["2", "3"],
      "c[0]": "4",
      "d[e][]": ["5"],
      f: "6",
    });
  });

  it.each(["\xef\xbb\xbf", "%EF%BB%BF", "%ef%bb%bf", "\xef\xbb\xbf%EF%BB%BF"])(
    "without the byte order mark %j before it",
    (mark) => {
      expect(fieldsOf(`${mark}email=a%40example.com&%EF%BB%BFb=%EF%BB%BF1`)).toEqual({
        email: "a@example.com",
        "\uFEFFb": "\uFEFF1",
      });
    },
  );

  it("with a percent sign that begins no escape as itself, as browsers do", () => {
    expect(fieldsOf("rabatt=100%&x=%zz&y=5%2")).toEqual({ rabatt: "100%", x: "%zz", y: "5%2" });
  });

  it("with names that mean something to JavaScript as mere names", () => {
    const form = read("__proto__=x&__proto__=y&constructor=1&?a=2");
    expect(form.kind === "lead" && form.json).toBe('{"__proto__":["x","y"],"constructor":"1","?a":"2"}');
    expect(form.kind === "lead" && Object.keys(form.value)).toEqual(["__proto__", "constructor", "?a"]);
  });

  it("with the replacement character if somebody really sent it", () => {
    expect(fieldsOf("a=%EF%BF%BD&b=100%")).toEqual({ a: "\uFFFD", b: "100%" });
  });

  it("for every text that can be typed", () => {
    const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(text, text), { minLength: 1, selector: ([name]) => name }),
        (fields) => {
          const body = new URLSearchParams(fields).toString();
          const form = readFormBody(Buffer.from(body));
          expect(form.kind === "lead" && Object.entries(form.value).sort()).toEqual([...fields].sort());
        },
      ),
    );
  });
});

describe("a form that cannot be kept faithfully is refused", () => {
  it.each([
    ["escapes that are no text in any charset", "name=M%FC%8F", "body_not_utf8"],
    ["an escaped half of a surrogate pair with a control character", "name=%ED%A0%80%01", "body_not_utf8"],
    ["raw bytes that are no text in any charset", "name=M\xfcller\x90", "body_not_utf8"],
    ["a NUL in a value", "a=1&b=%00", "form_malformed"],
    ["a NUL in a name", "%00=1", "form_malformed"],
    ["nothing at all", "", "body_empty"],
    ["only separators", "&&", "body_empty"],
    ["more fields than a form has", "a=1&".repeat(formFieldsMax + 1), "form_malformed"],
  ])("%s", (_, body, code) => {
    expect(read(body)).toMatchObject({ kind: "unreadable", code });
  });
});
