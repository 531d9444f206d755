import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeyRule } from "../../../src/domain/sources/source.ts";
import { idempotencyKey, unreadableKey } from "../../../src/intake/idempotency-key.ts";
import type { IdempotencyKey } from "../../../src/intake/idempotency-key.ts";
import { readBody } from "../../../src/bodies/read-body.ts";
import type { RequestHeaders } from "../../../src/domain/sources/request-headers.ts";

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const onTheWire = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

async function keyOf(
  rule: KeyRule,
  body: string | Buffer,
  headers: RequestHeaders = {},
  contentType = "application/json",
): Promise<IdempotencyKey> {
  const rawBody = typeof body === "string" ? Buffer.from(body) : body;
  const read = await readBody(rawBody, contentType);
  if (read.kind === "media_type_unsupported") throw new Error("not a lead");
  return idempotencyKey({ key: rule }, headers, read, rawBody);
}

describe("a key in a header", () => {
  const inHeaders = (headers: RequestHeaders) => keyOf({ kind: "header" }, "{}", headers);

  it.each([
    ["bare", "lead-4711", "lead-4711"],
    ["quoted", '"lead-4711"', "lead-4711"],
    ["quoted with escapes", '"a\\"b\\\\c"', 'a"b\\c'],
    ["with a comma", "a,b", "a,b"],
    ["quoted with comma and space", '"a, b"', "a, b"],
    ["bare with comma and space", onTheWire("Müller, Anna"), "Müller, Anna"],
    ["with spaces around it", "  k  ", "k"],
    ["of 255 bytes", "x".repeat(255), "x".repeat(255)],
    ["of 255 bytes between quotes", `"${"x".repeat(255)}"`, "x".repeat(255)],
    ["with umlauts and emoji", onTheWire("Anfrage-Müller-👍"), "Anfrage-Müller-👍"],
    ["with umlauts between quotes", onTheWire('"Müller"'), "Müller"],
    ["with quotes further inside", 'a"b', 'a"b'],
  ])("%s", async (_, header, key) => {
    expect(await inHeaders({ "idempotency-key": header })).toEqual({ kind: "key", key });
    expect(await inHeaders({ "x-idempotency-key": header })).toEqual({ kind: "key", key });
  });

  it.each([
    ["empty", ""],
    ["empty between quotes", '""'],
    ["only spaces", "   "],
    ["of 256 bytes", "x".repeat(256)],
    ["of 128 umlauts, which are 256 bytes", onTheWire("ü".repeat(128))],
    ["of 100 kB", "x".repeat(100_000)],
    ["with a quote that is never closed", '"abc'],
    ["with something behind the quotes", '"abc"; x=1'],
    ["of two quoted ones", '"a", "b"'],
    ["with an escape that is none", '"a\\n"'],
    ["with a tab inside", "a\tb"],
    ["with a NUL", "a\0b"],
    ["with an invisible control character", onTheWire("a\u0085b")],
    ["in Latin-1", "M\xfcller"],
  ])("is invalid if it is %s", async (_, header) => {
    expect((await inHeaders({ "idempotency-key": header })).kind).toBe("invalid");
  });

  it("may be in both headers only if it is the same", async () => {
    expect(await inHeaders({ "idempotency-key": '"a"', "x-idempotency-key": "a" })).toMatchObject({
      key: "a",
    });
    expect((await inHeaders({ "idempotency-key": "a", "x-idempotency-key": "b" })).kind).toBe("invalid");
    expect((await inHeaders({ "idempotency-key": "a", "x-idempotency-key": "" })).kind).toBe("invalid");
    expect((await inHeaders({ "idempotency-key": ["a", "b"] })).kind).toBe("invalid");
  });

  it("is missing if neither header is there, whatever the body is", async () => {
    expect(await inHeaders({})).toEqual({ kind: "missing" });
    expect(await keyOf({ kind: "header" }, "{broken")).toEqual({ kind: "missing" });
    expect(await keyOf({ kind: "header" }, "{broken", { "idempotency-key": "k" })).toMatchObject({
      key: "k",
    });
  });

  it("comes back from its quoted form, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }), async (key) => {
        fc.pre(Buffer.byteLength(key) <= 255 && !/\p{Cc}/u.test(key));
        const quoted = `"${key.replaceAll(/["\\]/g, "\\$&")}"`;
        expect(await inHeaders({ "idempotency-key": onTheWire(quoted) })).toEqual({ kind: "key", key });
      }),
    );
  });
});

describe("a key in the body", () => {
  const at = (pointer: string, body: string) => keyOf({ kind: "pointer", pointer }, body);

  it.each([
    ["a text", "/lead_id", '{"lead_id":"L-1"}', "L-1"],
    [
      "a number beyond 2^53, digit for digit",
      "/a/0/id",
      '{"a":[{"id":12345678901234567891}]}',
      "12345678901234567891",
    ],
    ["a number as it was written", "/id", '{"id":1.50}', "1.50"],
    ["a truth value", "/x", '{"x":false}', "false"],
    ["a name with a slash", "/a~1b", '{"a/b":"k"}', "k"],
    [
      "a name that means something to JavaScript",
      "/__proto__/id",
      '{"__proto__":{"id":18446744073709551615}}',
      "18446744073709551615",
    ],
    ["255 bytes", "/id", `{"id":"${"x".repeat(255)}"}`, "x".repeat(255)],
    [
      "10,000 characters, by their hash",
      "/id",
      `{"id":"${"x".repeat(10_000)}"}`,
      `sha256:${sha256("x".repeat(10_000))}`,
    ],
  ])("is %s", async (_, pointer, body, key) => {
    expect(await at(pointer, body)).toEqual({ kind: "key", key });
  });

  it.each([
    ["nothing there", "/id", "{}"],
    ["null", "/id", '{"id":null}'],
    ["an object", "/id", '{"id":{}}'],
    ["a list", "/id", '{"id":["x"]}'],
    ["an empty text", "/id", '{"id":" "}'],
    ["something inherited", "/constructor/name", "{}"],
    ["an index that is none", "/a/01", '{"a":["x","y"]}'],
  ])("is missing if there is %s; the body is then known by its bytes", async (_, pointer, body) => {
    expect(await at(pointer, body)).toEqual({ kind: "key_pointer_missing", key: `sha256:${sha256(body)}` });
  });

  it("of a body that cannot be read is the hash of its bytes", async () => {
    expect(await at("/id", '{"id":')).toEqual({ kind: "key", key: unreadableKey(Buffer.from('{"id":')) });
    expect(unreadableKey(Buffer.from('{"id":'))).toBe(`sha256:${sha256('{"id":')}`);
  });

  it("may be a form field", async () => {
    const form = await keyOf(
      { kind: "pointer", pointer: "/id" },
      "id=007",
      {},
      "application/x-www-form-urlencoded",
    );
    expect(form).toEqual({ kind: "key", key: "007" });
  });
});

describe("the body as its own key", () => {
  const rule: KeyRule = { kind: "body_hash", windowMs: 600_000 };
  const multipart = (boundary: string, a: string): [Buffer, string] => [
    Buffer.from(
      [`--${boundary}`, `Content-Disposition: form-data; name="a"`, "", a, `--${boundary}`].join("\r\n") +
        `\r\nContent-Disposition: form-data; name="b"\r\n\r\n2\r\n--${boundary}--\r\n`,
    ),
    `multipart/form-data; boundary=${boundary}`,
  ];

  const hashOf = async (body: string): Promise<string> => {
    const key = await keyOf(rule, body);
    return key.kind === "body_hash" ? key.hashHex : key.kind;
  };

  it("is the hash of the bytes where they cannot be read", async () => {
    expect(await keyOf(rule, '{"a":')).toEqual({
      kind: "body_hash",
      hashHex: sha256('{"a":'),
      windowMs: 600_000,
    });
  });

  it.each([
    [
      '{"a":1,"b":{"c":[1,{"x":1,"y":2}],"d":"ü"}}',
      '{ "b": {"d":"\\u00fc", "c": [1.0, {"y":2,"x":10e-1}]}, "a":1.00 }',
    ],
    ['{"id":12345678901234567890,"a":-0}', '{"a":0,"id":12345678901234567890.0}'],
    ['{"__proto__":{"b":1,"a":2},"a":null}', '{"a":null,"__proto__":{"a":2,"b":1}}'],
  ])("is the same for JSON that is one value: %s", async (one, other) => {
    expect(await hashOf(one)).toBe(await hashOf(other));
    expect(await hashOf(one)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['{"a":[1,2]}', '{"a":[2,1]}'],
    ['{"a":1}', '{"a":"1"}'],
    ['{"a":12345678901234567890}', '{"a":12345678901234567891}'],
    ['{"a":null}', "{}"],
    ['{"a":{"b":1},"c":2}', '{"a":{"b":2},"c":1}'],
  ])("differs for JSON that does not say the same: %s", async (one, other) => {
    expect(await hashOf(one)).not.toBe(await hashOf(other));
  });

  it("is the same for a form however it was sent, and another for other fields", async () => {
    const hashes = new Set<string>();
    for (const [body, type] of [
      multipart("eins", "ü"),
      multipart("zwei", "ü"),
      [Buffer.from("a=%C3%BC&b=2"), "application/x-www-form-urlencoded"] as const,
      [Buffer.from("b=2&a=%C3%BC"), "application/x-www-form-urlencoded"] as const,
    ]) {
      const key = await keyOf(rule, body, {}, type);
      hashes.add(key.kind === "body_hash" ? key.hashHex : key.kind);
    }
    expect([...hashes]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const [body, type] = multipart("eins", "x");
    const other = await keyOf(rule, body, {}, type);
    expect(other.kind === "body_hash" && hashes.has(other.hashHex)).toBe(false);
  });
});
