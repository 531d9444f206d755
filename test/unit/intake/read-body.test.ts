import { describe, expect, it } from "vitest";
import { readBody } from "../../../src/intake/read-body.ts";

describe("the media type decides how a body is read", () => {
  it.each([
    ["application/json", '{"a":"1"}'],
    ["Application/JSON ; Charset=UTF-8", '{"a":"1"}'],
    ['application/json; charset="utf-8"', '{"a":"1"}'],
    ["application/vnd.lead+json", '{"a":"1"}'],
    ["application/x-www-form-urlencoded", "a=1"],
    ["application/x-www-form-urlencoded;charset=utf8", "a=1"],
    [
      'multipart/form-data; boundary="x y"',
      '--x y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x y--',
    ],
  ])("%s is read", async (contentType, body) => {
    expect(await readBody(Buffer.from(body), contentType)).toMatchObject({ kind: "lead", value: { a: "1" } });
  });

  it.each([
    undefined,
    "",
    "text/plain",
    "text/json",
    "application/jsonp",
    "application/xml",
    "application/json; charset=iso-8859-1",
    "application/x-www-form-urlencoded; charset=windows-1252",
    "multipart/mixed; boundary=x",
    "application/octet-stream",
  ])("%s is not", async (contentType) => {
    expect(await readBody(Buffer.from('{"a":1}'), contentType)).toEqual({ kind: "media_type_unsupported" });
  });
});
