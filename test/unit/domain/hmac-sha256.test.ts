import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hmacSha256 } from "../../../src/domain/values/hmac-sha256.ts";

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array.buffer, array.byteOffset, array.length));

test("it is the HMAC of head and body, for keys shorter and longer than a block", () => {
  fc.assert(
    fc.property(bytes(150), fc.string({ unit: "grapheme" }), bytes(4_000), (key, head, body) => {
      const expected = createHmac("sha256", key).update(head).update(body).digest("hex");
      expect(hmacSha256(key)(head, body)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test("one key serves many messages, none of which shows in the next", () => {
  const key = Buffer.from("key");
  const hmac = hmacSha256(key);
  const messages = ["first", "", "a much longer message than the one before it", "x"];
  const digests = messages.map((message) => hmac(message));
  expect(digests).toEqual(messages.map((m) => createHmac("sha256", key).update(m).digest("hex")));
});

// RFC 4231 section 4.3 (test case 2) and 4.7 (test case 6, a key longer than a block).
test("the RFC's own examples", () => {
  expect(hmacSha256(Buffer.from("Jefe"))("what do ya want for nothing?")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  expect(hmacSha256(Buffer.alloc(131, 0xaa))("Test Using Larger Than Block-Size Key - Hash Key First")).toBe(
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  );
});
