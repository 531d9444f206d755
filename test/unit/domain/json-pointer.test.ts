import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPointer, parsePointer, valueAtPointer } from "../../../src/domain/values/json-pointer.ts";

describe("a JSON pointer", () => {
  it("finds what RFC 6901 says it finds", () => {
    const document = JSON.parse('{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8," ":7}') as unknown;
    expect(valueAtPointer(document, "")).toBe(document);
    expect(valueAtPointer(document, "/foo/0")).toBe("bar");
    expect(valueAtPointer(document, "/")).toBe(0);
    expect(valueAtPointer(document, "/a~1b")).toBe(1);
    expect(valueAtPointer(document, "/c%d")).toBe(2);
    expect(valueAtPointer(document, "/m~0n")).toBe(8);
    expect(valueAtPointer(document, "/ ")).toBe(7);
  });

  it.each(["/foo/2", "/foo/-", "/foo/01", "/foo/length", "/foo/0/length", "/toString", "/x/y", "foo"])(
    "finds nothing at %s",
    (pointer) => {
      expect(valueAtPointer({ foo: ["bar", "baz"] }, pointer)).toBeUndefined();
    },
  );

  it.each(["foo", "#/foo", "/~", "/a~2b", "/~01~"])("is none if it reads %s", (text) => {
    expect(parsePointer(text)).toBeNull();
  });

  it("comes back from its written form", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (tokens) => {
        expect(parsePointer(formatPointer(tokens))).toEqual(tokens);
      }),
    );
  });
});
