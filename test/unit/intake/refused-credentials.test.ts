import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SourceAuth } from "../../../src/domain/sources/source.ts";
import { authenticate } from "../../support/authenticate.ts";
import type { RequestHeaders } from "../../../src/domain/sources/request-headers.ts";

const nowMs = Date.UTC(2026, 10, 29, 10);
const secret = "geheim-und-lang-genug";
const hmac: SourceAuth = { kind: "hmac", secrets: [{ value: secret, notAfter: null }] };
const token: SourceAuth = { kind: "token", secrets: [{ value: secret, notAfter: null }] };
const hex = "ab".repeat(32);

function refused(auth: SourceAuth, headers: RequestHeaders) {
  const result = authenticate({ auth }, headers, Buffer.from("{}"), nowMs);
  if (result.ok) throw new Error("let in");
  const { code, reason } = result;
  expect(JSON.stringify(reason)).not.toMatch(/geheim|ab{4}/);
  return { code, ...reason };
}

describe("a refused timestamp says what came and what was expected", () => {
  const seconds = nowMs / 1_000;
  it.each([
    [String(nowMs), "timestamp_invalid", "milliseconds", "Millisekunden"],
    [`${nowMs}000`, "timestamp_invalid", "microseconds", "Mikrosekunden"],
    [`${nowMs}000000`, "timestamp_invalid", "nanoseconds", "Nanosekunden"],
    [`${seconds}.123`, "timestamp_invalid", "decimals", "Nachkommastellen"],
    ["2026-11-29T10:00:00Z", "timestamp_invalid", "2026-11-29T10:00:00Z: a date (ISO 8601)", "ein Datum"],
    ["2026-11-29T10:00:00.123+01:00", "timestamp_invalid", "ISO 8601", "ISO 8601"],
    ["Sun, 29 Nov 2026 10:00:00 GMT", "timestamp_invalid", "HTTP", "HTTP"],
    ["geheim", "timestamp_invalid", "a text of 6 characters", "ein Text von 6 Zeichen"],
    [String(seconds - 3_600), "timestamp_stale", "3600 s behind", "Zeitzone"],
    [String(seconds + 500), "timestamp_stale", "2026-11-29T10:08:20Z", "500 s zu viel"],
  ])("%s", (timestamp, code, en, de) => {
    const answer = refused(hmac, { "x-signature": `sha256=${hex}`, "x-timestamp": timestamp });
    expect(answer.code).toBe(code);
    expect(answer.en).toContain(en);
    expect(answer.de).toContain(de);
    if (code === "timestamp_invalid") expect(answer.en).toContain(`for example ${seconds}`);
  });
});

describe("refused credentials say which header was looked for and which of the usual others was there", () => {
  it.each<[SourceAuth, RequestHeaders, string, string]>([
    [
      token,
      {},
      "credentials_missing",
      "/webhook/lead/<source>/<token>. None of it was there. In the address there was none. None of the other",
    ],
    [token, { "x-auth-token": secret }, "credentials_missing", "there: X-Auth-Token."],
    [token, { authorization: `Basic ${secret}` }, "credentials_missing", "There: Authorization: Basic."],
    [token, { authorization: secret }, "credentials_missing", "Authorization (without Bearer)"],
    [token, { "x-api-key": "geheim" }, "credentials_wrong", "There: X-Api-Key."],
    [token, { "x-signature": hex, "x-timestamp": "1" }, "credentials_missing", "there: X-Signature."],
    [hmac, { authorization: `Bearer ${secret}` }, "credentials_missing", "there: Authorization: Bearer."],
    [hmac, { "x-hub-signature-256": hex }, "credentials_missing", "there: X-Hub-Signature-256."],
    [
      hmac,
      { "x-signature": `sha256=${hex}`, "webhook-timestamp": "1" },
      "timestamp_missing",
      "there: Webhook-Timestamp.",
    ],
    [hmac, signed(`sha256=${hex}`), "credentials_wrong", "other bytes were signed"],
    [hmac, signed(hex), "credentials_wrong", "without sha256="],
    [hmac, signed(createHmac("sha256", "x").digest("base64")), "credentials_wrong", "base64 instead of hex"],
    [hmac, signed("t=1,v1=ab"), "credentials_wrong", "another system"],
  ])("%#", (auth, headers, code, words) => {
    const answer = refused(auth, headers);
    expect(answer.code).toBe(code);
    expect(answer.en).toContain(words);
    expect(answer.de).toMatch(/^Gesucht: /);
  });

  function signed(signature: string): RequestHeaders {
    return { "x-signature": signature, "x-timestamp": String(nowMs / 1_000) };
  }
});
