import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SourceAuth, SourceSecret } from "../../../src/domain/sources/source.ts";
import { authenticate } from "../../support/authenticate.ts";
import type { RequestHeaders } from "../../../src/domain/sources/request-headers.ts";

const nowMs = Date.UTC(2026, 6, 1, 12);
const nowSeconds = nowMs / 1000;
const body = Buffer.from('{"name":"Jörg"}');

function sign(secret: string, timestamp: number | string = nowSeconds, signed = body): RequestHeaders {
  const hex = createHmac("sha256", secret).update(`${timestamp}.`).update(signed).digest("hex");
  return { "x-timestamp": String(timestamp), "x-signature": `sha256=${hex}` };
}

function secrets(...values: (string | SourceSecret)[]): SourceSecret[] {
  return values.map((value) => (typeof value === "string" ? { value, notAfter: null } : value));
}

function check(auth: SourceAuth, headers: RequestHeaders, rawBody = body): string {
  const result = authenticate({ auth }, headers, rawBody, nowMs);
  return result.ok ? "ok" : result.code;
}

describe("a signed request", () => {
  const auth: SourceAuth = { kind: "hmac", secrets: secrets("alt", "geheim-ü") };

  it("is let in with any of the source's secrets, umlauts included", () => {
    expect(check(auth, sign("geheim-ü"))).toBe("ok");
    expect(check(auth, sign("alt"))).toBe("ok");
  });

  it("follows the contract to the byte", () => {
    // printf '1782907200.{}' | openssl dgst -sha256 -hmac Jefe
    const hex = "e276b58c7aeecdcf6fcdab2fae1552a162a1aac2730a384c5fcf638b61087b8a";
    const headers = { "x-timestamp": "1782907200", "x-signature": `sha256=${hex}` };
    expect(check({ kind: "hmac", secrets: secrets("Jefe") }, headers, Buffer.from("{}"))).toBe("ok");
  });

  it("may write its signature in capital hex digits", () => {
    const headers = sign("alt");
    const hex = String(headers["x-signature"]).slice("sha256=".length).toUpperCase();
    expect(check(auth, { ...headers, "x-signature": `sha256=${hex}` })).toBe("ok");
  });

  it("is refused when the body, the time or the secret is another", () => {
    expect(check(auth, sign("alt"), Buffer.from("{}"))).toBe("credentials_wrong");
    expect(check(auth, { ...sign("alt"), "x-timestamp": String(nowSeconds - 1) })).toBe("credentials_wrong");
    expect(check(auth, sign("ALT"))).toBe("credentials_wrong");
    expect(check({ kind: "hmac", secrets: [] }, sign("alt"))).toBe("credentials_wrong");
  });

  it("is never let in by an empty secret", () => {
    expect(check({ kind: "hmac", secrets: secrets("") }, sign(""))).toBe("credentials_wrong");
  });

  it("is let in for 300 seconds before and after", () => {
    expect(check(auth, sign("alt", nowSeconds - 300))).toBe("ok");
    expect(check(auth, sign("alt", nowSeconds + 300))).toBe("ok");
    expect(check(auth, sign("alt", nowSeconds - 301))).toBe("timestamp_stale");
    expect(check(auth, sign("alt", nowSeconds + 301))).toBe("timestamp_stale");
    expect(check(auth, sign("alt", 17))).toBe("timestamp_stale");
  });

  it("needs both headers, once each", () => {
    const { "x-signature": signature, "x-timestamp": timestamp } = sign("alt");
    expect(check(auth, {})).toBe("credentials_missing");
    expect(check(auth, { "x-timestamp": timestamp })).toBe("credentials_missing");
    expect(check(auth, { "x-signature": signature })).toBe("timestamp_missing");
    expect(check(auth, { "x-signature": signature, "x-timestamp": "" })).toBe("timestamp_missing");
    const twice = [String(signature), String(signature)];
    expect(check(auth, { "x-signature": twice, "x-timestamp": timestamp })).toBe("credentials_wrong");
    expect(check(auth, { "x-signature": signature, "x-timestamp": ["1", "2"] })).toBe("timestamp_invalid");
  });

  it.each(["gestern", "-1", "1e9", "1.5", " 17", "99999999999999999999"])(
    "cannot have the time %s",
    (time) => {
      expect(check(auth, sign("alt", time))).toBe("timestamp_invalid");
    },
  );

  it.each(["", "sha256=", "sha256=zz", "md5=00", "0".repeat(64), `sha256=${"0".repeat(63)}`])(
    "is not let in with the signature '%s'",
    (signature) => {
      const code = signature === "" ? "credentials_missing" : "credentials_wrong";
      expect(check(auth, { ...sign("alt"), "x-signature": signature })).toBe(code);
    },
  );
});

describe("a secret with an end", () => {
  const ending = (atMs: number): SourceAuth => ({
    kind: "hmac",
    secrets: secrets({ value: "alt", notAfter: new Date(atMs) }, "neu"),
  });

  it("is valid up to and including that instant; the other one goes on", () => {
    expect(check(ending(nowMs), sign("alt"))).toBe("ok");
    expect(check(ending(nowMs - 1), sign("alt"))).toBe("credentials_wrong");
    expect(check(ending(nowMs - 1), sign("neu"))).toBe("ok");
  });
});

describe("a token", () => {
  const auth: SourceAuth = { kind: "token", secrets: secrets("tök-en", "zweites") };
  const asHeader = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

  it.each<[string, RequestHeaders, string]>([
    ["as bearer", { authorization: "Bearer zweites" }, "ok"],
    ["as bearer in lower case", { authorization: "bearer zweites " }, "ok"],
    ["as API key", { "x-api-key": "zweites" }, "ok"],
    ["with an umlaut", { "x-api-key": asHeader("tök-en") }, "ok"],
    ["beside another one's basic login", { authorization: "Basic abc", "x-api-key": "zweites" }, "ok"],
    ["beside a wrong bearer", { authorization: "Bearer falsch", "x-api-key": "zweites" }, "ok"],
    ["that is wrong", { authorization: "Bearer falsch" }, "credentials_wrong"],
    ["that is only the beginning", { "x-api-key": "zweite" }, "credentials_wrong"],
    ["sent twice", { "x-api-key": ["zweites", "zweites"] }, "credentials_wrong"],
    ["that is empty", { "x-api-key": "", authorization: "Bearer " }, "credentials_missing"],
    ["that is not there", {}, "credentials_missing"],
    ["of another scheme", { authorization: "Basic zweites" }, "credentials_missing"],
  ])("%s", (_, headers, expected) => {
    expect(check(auth, headers)).toBe(expected);
  });

  it("that has ended is wrong", () => {
    const ended: SourceAuth = { kind: "token", secrets: [{ value: "alt", notAfter: new Date(nowMs - 1) }] };
    expect(check(ended, { "x-api-key": "alt" })).toBe("credentials_wrong");
  });
});

it("a source that asks for nothing lets everyone in", () => {
  expect(check({ kind: "none" }, {})).toBe("ok");
});
