import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { unpackBody } from "../../../src/bodies/unpack-body.ts";

const text = '{"name":"Jörg Müller"}';
const plain = Buffer.from(text);
const limitBytes = 1_000;

describe("a packed body is unpacked", () => {
  it.each([
    ["gzip", gzipSync(plain)],
    ["GZIP", gzipSync(plain)],
    ['"x-gzip"', gzipSync(plain)],
    ["deflate", deflateSync(plain)],
    ["deflate", deflateRawSync(plain)],
    ["br", brotliCompressSync(plain)],
    ["gzip, identity", gzipSync(plain)],
    ["deflate, gzip", gzipSync(deflateSync(plain))],
    ["br, deflate, gzip", gzipSync(deflateSync(brotliCompressSync(plain)))],
    ["gzip", Buffer.concat([gzipSync(plain.subarray(0, 5)), gzipSync(plain.subarray(5))])],
    ["gzip", plain],
    ["deflate", plain],
    ["br", Buffer.from("name=M%FCller&x=1")],
    ["gzip, gzip", gzipSync(plain)],
  ])("%s", (coding, body) => {
    const unpacked = unpackBody(body, coding, limitBytes);
    expect(unpacked?.kind === "unpacked" && unpacked.body.toString()).toContain(
      body.toString().startsWith("name") ? "name=" : text,
    );
  });

  it.each([undefined, "", "identity", "utf-8", "none, identity"])(
    "but not where nothing is: %s",
    (coding) => {
      expect(unpackBody(gzipSync(plain), coding, limitBytes)).toBeNull();
    },
  );
});

describe("what cannot be unpacked is told from what may not", () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000, 0x20));
  it.each([
    ["gzip", gzipSync(plain).subarray(0, -9), "broken"],
    ["gzip", Buffer.from([0x1f, 0x8b, 0xff, 0xff]), "broken"],
    ["deflate", Buffer.from([0x00, 0xff, 0xff]), "broken"],
    ["br", gzipSync(plain), "broken"],
    ["zstd", plain, "unsupported"],
    ["gzip, compress", plain, "unsupported"],
    ["constructor", plain, "unsupported"],
    ["gzip, gzip, gzip, gzip", plain, "unsupported"],
    ["gzip", bomb, "too_large"],
    ["gzip, gzip", gzipSync(bomb), "too_large"],
    ["deflate", deflateRawSync(Buffer.alloc(limitBytes + 1)), "too_large"],
    ["br", brotliCompressSync(Buffer.alloc(limitBytes + 1)), "too_large"],
  ])("%s %#", (coding, body, kind) => {
    expect(unpackBody(body, coding, limitBytes)?.kind).toBe(kind);
  });

  it("to the byte", () => {
    const most = gzipSync(Buffer.alloc(limitBytes, 0x20));
    expect(unpackBody(most, "gzip", limitBytes)?.kind).toBe("unpacked");
    expect(unpackBody(most, "gzip", limitBytes - 1)?.kind).toBe("too_large");
  });
});
