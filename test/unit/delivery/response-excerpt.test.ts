import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyExcerpt, bodyExcerptBytes, headerExcerpt } from "../../../src/outgoing/response-excerpt.ts";

describe("what is kept of an answer's body", () => {
  it("is its text", () => {
    expect(bodyExcerpt(Buffer.from('{"error":"E-Mail fehlt"}\n'))).toBe('{"error":"E-Mail fehlt"}\n');
  });

  it("has no NUL for jsonb to refuse and no escape sequence for a terminal to obey", () => {
    expect(bodyExcerpt(Buffer.from("a\u0000b\u001b[31mc\u009bd"))).toBe("a\ufffdb\ufffd[31mc\ufffdd");
  });

  it("never ends in half a character", () => {
    const text = "x" + "😀".repeat(1_000);
    expect(text.startsWith(bodyExcerpt(Buffer.from(text)))).toBe(true);
    expect(bodyExcerpt(Buffer.from(text)).length).toBe(1 + 2 * 511);
  });

  it("is at most 2 kB also when every byte is replaced by a sign of three bytes", () => {
    expect(Buffer.byteLength(bodyExcerpt(Buffer.alloc(5_000, 0xff)))).toBe(2_046);
  });

  it("is at most 2 kB of valid text for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        const excerpt = bodyExcerpt(bytes);
        expect(Buffer.byteLength(excerpt)).toBeLessThanOrEqual(bodyExcerptBytes);
        expect(Buffer.from(excerpt).toString()).toBe(excerpt);
        expect(excerpt).not.toContain("\u0000");
      }),
    );
  });
});

describe("what is kept of an answer's headers", () => {
  it("is the few that help, and no cookie", () => {
    expect(headerExcerpt({ "retry-after": "5", "set-cookie": ["session=secret"], "x-other": "1" })).toEqual({
      "retry-after": "5",
    });
  });
});
