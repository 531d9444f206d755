import { describe, expect, it } from "vitest";
import type { KeyRule } from "../../../src/domain/sources/source.ts";
import { createContentHash } from "../../../src/intake/content-hash.ts";
import { idempotencyKey } from "../../../src/intake/idempotency-key.ts";
import type { IdempotencyKey } from "../../../src/intake/idempotency-key.ts";
import { createPersonIndex } from "../../../src/intake/person-index.ts";
import { readBody } from "../../../src/bodies/read-body.ts";

const rule: KeyRule = { kind: "header_preferred", windowMs: 600_000 };
const hasher = (byte: number) =>
  createContentHash(Buffer.alloc(32, byte), createPersonIndex(Buffer.alloc(32, 7)));

async function keyOf(
  body: string | object,
  headers: Record<string, string> = {},
  contentHash = hasher(1),
): Promise<IdempotencyKey> {
  const rawBody = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const type =
    typeof body === "string" && body.includes("=") ? "application/x-www-form-urlencoded" : "application/json";
  const read = await readBody(rawBody, type);
  if (read.kind === "media_type_unsupported") throw new Error("not a lead");
  return idempotencyKey({ key: rule }, headers, read, rawBody, contentHash);
}

async function hashOf(body: string | object): Promise<string> {
  const key = await keyOf(body);
  return key.kind === "body_hash" ? key.hashHex : key.kind;
}

const lead = { name: "Anna", email: "anna@example.com", message: "Please call" };

describe("where the header is preferred", () => {
  it("it is the key, and one without a value is none", async () => {
    expect(await keyOf(lead, { "idempotency-key": "k" })).toEqual({ kind: "key", key: "k" });
    expect(await keyOf(lead, { "x-idempotency-key": '"k"' })).toEqual({ kind: "key", key: "k" });
    expect(await keyOf(lead, { "idempotency-key": " " })).toMatchObject({ kind: "body_hash", keyed: true });
    expect(await keyOf(lead, { "idempotency-key": "a\u0001" })).toMatchObject({ kind: "invalid" });
  });

  it("the content is a key that nobody can guess without the installation's own key", async () => {
    const other = await keyOf(lead, {}, hasher(2));
    expect(await keyOf(lead)).toMatchObject({ kind: "body_hash", keyed: true, windowMs: 600_000 });
    expect(other.kind === "body_hash" && other.hashHex).not.toBe(await hashOf(lead));
  });

  it("content in which no person is recognised is always a lead of its own", async () => {
    for (const body of [{ message: "Please call" }, { name: "Anna" }, { email: "nobody" }, {}])
      expect(await keyOf(body)).toEqual({ kind: "nothing" });
  });

  it.each([
    ["members in another order", { message: "Please call", email: "anna@example.com", name: "Anna" }],
    ["names that begin with _", { ...lead, _wpnonce: "ab12", _wp_http_referer: "/x", "fields[_token]": "1" }],
    ["a honeypot", { ...lead, honeypot: "", "bot-field": "", "form-honeypot": "x" }],
    [
      "times",
      {
        ...lead,
        timestamp: 1764412345,
        submitted_at: "2026-11-29T10:00:00Z",
        time: "10:49",
        createdAt: "now",
      },
    ],
    ["addresses", { ...lead, ip: "192.0.2.7", "Remote IP": "2001:db8::1", user_ip: "192.0.2.8" }],
    ["the user agent", { ...lead, "User Agent": "Mozilla/5.0", ua: "x" }],
    ["nonces", { ...lead, nonce: "1", csrf_token: "2", REQUEST_TOKEN: "3", form_build_id: "4" }],
    [
      "tracking",
      { ...lead, utm_source: "g", "utm-campaign": "x", gclid: "1", fbclid: "2", fbp: "3", hubspotutk: "4" },
    ],
    ["proofs of not being a robot", { ...lead, "g-recaptcha-response": "03A", "cf-turnstile-response": "x" }],
    ["any of them further down", { ...lead, meta: { date: { value: "1" }, user_agent: { value: "x" } } }],
  ])("%s are the same content", async (_what, body) => {
    const plain = "meta" in body ? { ...lead, meta: {} } : lead;
    expect(await hashOf(body)).toBe(await hashOf(plain));
    expect(await hashOf(body)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("fields of form builders too, in brackets and as labelled answers", async () => {
    const form = "fields[email][value]=a%40example.com&fields[text][value]=x";
    expect(await hashOf(`${form}&meta[time][value]=10%3A49&meta[remote_ip][value]=192.0.2.7`)).toBe(
      await hashOf(form),
    );
    const answers = (stamp: string) => ({
      answers: [
        { name: "email", value: "a@example.com" },
        { name: "timestamp", value: stamp },
      ],
    });
    expect(await hashOf(answers("1"))).toBe(await hashOf(answers("2")));
  });

  it.each([
    ["another message", { ...lead, message: "Please do not call" }],
    ["another address", { ...lead, email: "bert@example.com" }],
    ["another number", { ...lead, phone: "+49 30 1234567" }],
    ["another date that was asked for", { ...lead, date: "2026-12-24" }],
    ["another name, although it begins with _", { ...lead, _name: "Bert" }],
    ["another product", { ...lead, device: "iPhone" }],
  ])("%s is another lead", async (_what, body) => {
    expect(await hashOf(body)).not.toBe(await hashOf(lead));
  });

  it("two persons are never one, even where their address stands in a field that begins with _", async () => {
    expect(await hashOf({ _email: "a@example.com", text: "x" })).not.toBe(
      await hashOf({ _email: "b@example.com", text: "x" }),
    );
  });

  it("the very same broken bytes are the same mistake", async () => {
    expect(await hashOf('{"email":')).toBe(await hashOf('{"email":'));
    expect(await hashOf('{"email":')).not.toBe(await hashOf('{"email": '));
  });
});
