import { describe, expect, it } from "vitest";
import { readBody } from "../../../src/bodies/read-body.ts";
import { textBody } from "../../../src/bodies/text-body.ts";

const form = "application/x-www-form-urlencoded";
const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

interface Read {
  readonly value: unknown;
  readonly charset: string | undefined;
}

/** As intake does: the text in UTF-8 first, then what it is. */
async function read(rawBody: Buffer, contentType: string): Promise<Read> {
  const text = textBody(rawBody, contentType);
  if (text?.kind === "unreadable") return { value: text.code, charset: undefined };
  const result = await readBody(text?.body ?? rawBody, contentType);
  return result.kind === "lead"
    ? { value: JSON.parse(result.json) as unknown, charset: text?.charset ?? result.charset }
    : { value: "code" in result ? result.code : result.kind, charset: undefined };
}

/** 0x80 to 0x9F as windows-1252 means them (WHATWG Encoding, index-windows-1252). */
const windows = [
  ...[0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152],
  ...[0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122],
  ...[0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178],
];
const labels = [
  "windows-1252",
  "cp1252",
  "iso-8859-1",
  "ISO-8859-1",
  '"latin1"',
  "latin-1",
  "us-ascii",
  "ansi",
  "cp-1252",
];

describe("every byte of windows-1252 arrives as the character that the web makes of it", () => {
  it.each(labels)("under the label %s", async (label) => {
    for (let byte = 0x80; byte <= 0xff; byte++) {
      const character = String.fromCodePoint(windows[byte - 0x80] ?? byte);
      const expected = { value: { a: `x${character}y` }, charset: "windows-1252" };
      const raw = latin1(String.fromCharCode(byte));
      const json = Buffer.concat([latin1('{"a":"x'), raw, latin1('y"}')]);
      expect(await read(json, `application/json; charset=${label}`)).toEqual(expected);
      const escape = `%${byte.toString(16)}`;
      expect(await read(latin1(`a=x${escape}y`), `${form}; charset=${label}`)).toEqual(expected);
      const rawForm = Buffer.concat([latin1("a=x"), raw, latin1("y")]);
      expect(await read(rawForm, `${form}; charset=${label}`)).toEqual(expected);
      const part = Buffer.concat([
        latin1('--b\r\nContent-Disposition: form-data; name="a"\r\n'),
        latin1(`Content-Type: text/plain; charset=${label}\r\n\r\nx`),
        raw,
        latin1("y\r\n--b--\r\n"),
      ]);
      expect(await read(part, "multipart/form-data; boundary=b")).toEqual(expected);
    }
  });
});

describe("JSON is read in the charset in which it came", () => {
  const text = '{"name":"Jörg Müller","ort":"Köln €"}';
  const value = JSON.parse(text) as unknown;
  it.each([
    ["UTF-16, little endian, with its mark", Buffer.from(`\uFEFF${text}`, "utf16le"), "", "utf-16le"],
    ["UTF-16, big endian, with its mark", utf16be(`\uFEFF${text}`), "", "utf-16be"],
    ["UTF-16 without a mark", Buffer.from(text, "utf16le"), "", "utf-16le"],
    ["UTF-16, big endian, without a mark", utf16be(text), "; charset=utf-16", "utf-16be"],
    ["UTF-16 that is called UTF-8", Buffer.from(`\uFEFF${text}`, "utf16le"), "; charset=utf-8", "utf-16le"],
    ["UTF-8 that is called ISO-8859-1", Buffer.from(text), "; charset=iso-8859-1", undefined],
    ["UTF-8 with its mark", Buffer.from(`\uFEFF${text}`), "; charset=windows-1252", undefined],
    ["UTF-8 under a label that nobody knows", Buffer.from(text), "; charset=klingon", undefined],
  ])("%s", async (_, bytes, parameter, charset) => {
    expect(await read(bytes, `application/json${parameter}`)).toEqual({ value, charset });
    expect((await read(bytes, `text/plain${parameter}`)).value).toEqual(value);
  });

  it.each([
    ["iso-8859-15", [0xa4], "€"],
    ["windows-1250", [0xf8], "ř"],
    ["windows-1251", [0xcf, 0xf0, 0xe8], "При"],
    ["koi8-r", [0xf0], "П"],
    ["gbk", [0xc1, 0xaa, 0xcd, 0xa8], "联通"],
    ["shift_jis", [0x93, 0xfa], "日"],
  ])("%s", async (charset, bytes, expected) => {
    const json = Buffer.concat([latin1('{"a":"'), Buffer.from(bytes), latin1('"}')]);
    expect(await read(json, `application/json; charset=${charset}`)).toEqual({
      value: { a: expected },
      charset,
    });
    const escapes = bytes.map((byte) => `%${byte.toString(16)}`).join("");
    expect(await read(latin1(`a=${escapes}`), `${form}; charset=${charset}`)).toEqual({
      value: { a: expected },
      charset,
    });
  });

  it.each([
    ["half a character of UTF-16", Buffer.from('{"a":"\ud800"}', "utf16le"), ""],
    ["what is not in the charset it names", Buffer.from([0x7b, 0x22, 0x81, 0x22]), "; charset=shift_jis"],
    ["Latin-1 of which nothing says that it is", latin1('{"a":"M\xfcller"}'), ""],
    ["Latin-1 under a label that nobody knows", latin1('{"a":"M\xfcller"}'), "; charset=klingon"],
  ])("but not guessed: %s", async (_, bytes, parameter) => {
    expect((await read(bytes, `application/json${parameter}`)).value).toBe("body_not_utf8");
  });
});

describe("a form is read in the charset in which it came", () => {
  const guessed = "windows-1252";
  it.each([
    [
      "Latin-1 escapes of which nobody says so",
      "name=M%FCller&x=%80",
      "",
      { name: "Müller", x: "€" },
      guessed,
    ],
    ["Latin-1 bytes", "name=M\xfcller", "", { name: "Müller" }, guessed],
    ["Latin-1 though it is called UTF-8", "name=M%FCller", "; charset=UTF-8", { name: "Müller" }, guessed],
    ["names too", "stra%DFe=1", "", { straße: "1" }, guessed],
    ["UTF-8 in one field and Latin-1 in another", "a=%C3%BC&b=%FC", "", { a: "ü", b: "ü" }, guessed],
    [
      "what the form itself says before its Content-Type",
      "a=%CF%F0%E8&_charset_=windows-1251",
      "; charset=iso-8859-1",
      { a: "При", _charset_: "windows-1251" },
      "windows-1251",
    ],
    [
      "UTF-8 though the form says Latin-1",
      "_charset_=iso-8859-1&a=%C3%BC",
      "",
      { _charset_: "iso-8859-1", a: "ü" },
      undefined,
    ],
    [
      "a field _charset_ that nobody filled in",
      "_charset_=&a=%C3%BC",
      "",
      { _charset_: "", a: "ü" },
      undefined,
    ],
    ["a charset that does not fit", "a=%FC", "; charset=shift_jis", { a: "ü" }, guessed],
    ["no escape has UTF-16", "a=%C3%BC", "; charset=utf-16", { a: "ü" }, undefined],
    [
      "plus, percent and equals signs",
      "a=1+%2B+1%3D2&b=100%&=c&d=x=%FC",
      "",
      { a: "1 + 1=2", b: "100%", "": "c", d: "x=ü" },
      guessed,
    ],
  ])("%s", async (_, body, parameter, value, charset) => {
    expect(await read(latin1(body), form + parameter)).toEqual({ value, charset });
  });

  it("in parts, with names of fields and files, and what the form itself says", async () => {
    const body = latin1(
      '--b\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\nwindows-1251\r\n' +
        '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xcf\xf0\xe8\r\n' +
        '--b\r\nContent-Disposition: form-data; name="stra\xdfe"; filename="gr\xfc\xdfe.txt"\r\n\r\n\xff\r\n--b--\r\n',
    );
    expect(await read(body, "multipart/form-data; boundary=b")).toEqual({
      value: {
        _charset_: "windows-1251",
        a: "При",
        straße: { filename: "grüße.txt", content_type: "text/plain", size_bytes: 1, base64: "/w==" },
      },
      charset: "windows-1251",
    });
  });
});
