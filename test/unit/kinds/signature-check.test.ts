// The frame in which kinds check signatures: every scheme that senders use, and what is said where one does not fit.
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Webhook } from "standardwebhooks";
import { checkDeclared } from "../../../src/config/declared-kind.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { signatureCheck } from "../../../src/kinds/sources/signature/check-signature.ts";
import { usualScheme } from "../../../src/kinds/sources/signature/scheme.ts";
import type { SignatureScheme } from "../../../src/kinds/sources/signature/scheme.ts";
import type { SourceSecret } from "../../../src/domain/sources/source.ts";
import type { SourceRequest } from "../../../src/kinds/sources/source-kind.ts";

const nowMs = Date.UTC(2026, 10, 29, 10);
const seconds = String(nowMs / 1_000);
const secret = "planted-secret-0123456789ab";
const body = '{"name":"Jörg","url":"https://example.com/a"}';
const origin = "https://leads.example.com/base";
const target = "/webhook/lead/hub?a=%3A1&b=%20";

type Headers = Readonly<Record<string, string>>;

function judged(said: Partial<SignatureScheme>, headers: Headers, more: Partial<Judging> = {}) {
  const { secrets = [live(secret)], text = body, atMs = nowMs, from = () => origin } = more;
  const request: SourceRequest = { headers, rawBody: Buffer.from(text), target, origin: from };
  const result = signatureCheck({ ...usualScheme, ...said })(secrets, request, atMs);
  if (!result.ok) expect(JSON.stringify(result.reason)).not.toMatch(/planted|UGxhbnRlZA/);
  return result.ok ? { code: "ok", en: "" } : { code: result.code, en: result.reason.en };
}

interface Judging {
  readonly secrets: readonly SourceSecret[];
  readonly text: string;
  readonly atMs: number;
  readonly from: () => string | null;
}

function live(value: string): SourceSecret {
  return { value, notAfter: null };
}

function mac(text: string, encoding: "hex" | "base64" | "base64url" = "hex", by: string | Buffer = secret) {
  return createHmac("sha256", by).update(text).digest(encoding);
}

const t = { header: "X-Sig", format: "t={timestamp},v1={signature}" };
const ms = { ...usualScheme, timestampUnit: "ms" } as const;
const hub = { header: "X-Hub-Signature-256", signed: "{body}" };

describe("A signature is taken as its sender makes it", () => {
  const withId = {
    signed: "{id}.{timestamp}.{body}",
    idHeader: "webhook-id",
    timestampHeader: "webhook-timestamp",
  };
  it.each<[string, Partial<SignatureScheme>, Headers]>([
    ["over the body alone", hub, { "x-hub-signature-256": `sha256=${mac(body)}` }],
    ["bare", { ...hub, format: "{signature}" }, { "x-hub-signature-256": mac(body).toUpperCase() }],
    [
      "with a word before the body",
      { format: "{signature}", signed: "hmacsha256={body}" },
      { "x-signature": mac(`hmacsha256=${body}`) },
    ],
    ["in a list", t, { "x-sig": `t=${seconds},v1=${mac(`${seconds}.${body}`)}` }],
    ["in a list in another order", t, { "x-sig": `v0=x, v1=${mac(`${seconds}.${body}`)}, t=${seconds}` }],
    ["as one of several of a list", t, { "x-sig": `t=${seconds},v1=ab,v1=${mac(`${seconds}.${body}`)}` }],
    [
      "with a colon, in milliseconds",
      { ...ms, format: "{signature}", signed: "{timestamp}:{body}" },
      { "x-signature": mac(`${nowMs}:${body}`), "x-timestamp": String(nowMs) },
    ],
    ["as base64", { ...hub, encoding: "base64" }, { "x-hub-signature-256": `sha256=${mac(body, "base64")}` }],
    [
      "as base64url without what fills it up",
      { ...hub, encoding: "base64url" },
      { "x-hub-signature-256": `sha256=${mac(body, "base64url")}` },
    ],
    [
      "by SHA-1",
      { ...hub, algorithm: "sha1", format: "sha1={signature}" },
      { "x-hub-signature-256": `sha1=${createHmac("sha1", secret).update(body).digest("hex")}` },
    ],
    [
      "by SHA-512",
      { ...hub, algorithm: "sha512", encoding: "base64", format: "{signature}" },
      { "x-hub-signature-256": createHmac("sha512", secret).update(body).digest("base64") },
    ],
    [
      "with an id behind the body",
      { format: "sha256={signature}", signed: "{body}{id}", idHeader: "X-Id" },
      { "x-signature": `sha256=${mac(`${body}ä1`)}`, "x-id": Buffer.from("ä1").toString("latin1") },
    ],
    [
      "with method, address, body and time, as HubSpot does it",
      { ...ms, format: "{signature}", encoding: "base64", signed: "{method}{uri}{body}{timestamp}" },
      {
        "x-signature": mac(`POST${origin}/webhook/lead/hub?a=:1&b=%20${body}${nowMs}`, "base64"),
        "x-timestamp": String(nowMs),
      },
    ],
    [
      "over the address as it was called",
      { format: "{signature}", signed: "{uri}{body}" },
      { "x-signature": mac(`${origin}${target}${body}`) },
    ],
    [
      "as one of several apart by spaces",
      { ...withId, header: "webhook-signature", format: "v1,{signature}", encoding: "base64" },
      {
        "webhook-signature": `v1a,abc v1,${mac(`m1.${seconds}.${body}`, "base64", "other")} v1,${mac(`m1.${seconds}.${body}`, "base64")}`,
        "webhook-id": "m1",
        "webhook-timestamp": seconds,
      },
    ],
  ])("%s", (_, scheme, headers) => {
    expect(judged(scheme, headers)).toEqual({ code: "ok", en: "" });
    expect(judged(scheme, headers, { text: `${body} ` }).code).toBe("credentials_wrong");
    expect(judged(scheme, headers, { secrets: [live("another-secret")] }).code).toBe("credentials_wrong");
    expect(judged(scheme, headers, { secrets: [live("another-secret"), live(secret)] }).code).toBe("ok");
    const ended = [{ value: secret, notAfter: new Date(nowMs - 1) }];
    expect(judged(scheme, headers, { secrets: ended })).toMatchObject({
      code: "credentials_wrong",
      en: expect.stringContaining("a secret that has ended") as string,
    });
  });

  it.each([
    ["hex", Buffer.from(secret).toString("hex")],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64", Buffer.from(secret).toString("base64url")],
    ["whsec", `whsec_${Buffer.from(secret).toString("base64")}`],
  ] as const)("by a secret that is written in %s", (secretEncoding, text) => {
    const headers = { "x-hub-signature-256": `sha256=${mac(body)}` };
    expect(judged({ ...hub, secretEncoding }, headers, { secrets: [live(text)] }).code).toBe("ok");
    expect(judged({ ...hub, secretEncoding }, headers, { secrets: [live("no key at all!")] }).code).toBe(
      "credentials_wrong",
    );
  });

  it("as the package of Standard Webhooks makes it", () => {
    const text = `whsec_${Buffer.from(secret).toString("base64")}`;
    const scheme: Partial<SignatureScheme> = {
      ...withId,
      header: "webhook-signature",
      format: "v1,{signature}",
      encoding: "base64",
      secretEncoding: "whsec",
    };
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": seconds,
      "webhook-signature": new Webhook(text).sign("msg_1", new Date(nowMs), body),
    };
    expect(judged(scheme, headers, { secrets: [live(text)] }).code).toBe("ok");
    expect(judged(scheme, { ...headers, "webhook-id": "" }, { secrets: [live(text)] }).code).toBe(
      "credentials_missing",
    );
  });
});

describe("A signature that does not fit is told apart, never with a secret in it", () => {
  const usual = (signed: string): Headers => ({
    "x-signature": `sha256=${mac(signed)}`,
    "x-timestamp": seconds,
  });
  it.each<[string, Partial<SignatureScheme>, Headers, string]>([
    [
      "JSON written anew",
      {},
      usual(`${seconds}.${JSON.stringify(JSON.parse(body), null, 2)}`),
      "written anew",
    ],
    [
      "JSON as PHP writes it",
      {},
      usual(`${seconds}.${body.replace("ö", "\\u00f6").replaceAll("/", "\\/")}`),
      "written anew",
    ],
    ["another line break", {}, usual(`${seconds}.${body}\n`), "line breaks"],
    ["no body", {}, usual(`${seconds}.`), "without the body"],
    ["the body alone", {}, usual(body), 'over "{body}"'],
    ["a colon", {}, usual(`${seconds}:${body}`), 'over "{timestamp}:{body}"'],
    [
      "a secret taken as base64",
      hub,
      {
        "x-hub-signature-256": `sha256=${createHmac("sha256", Buffer.from(secret, "base64")).update(body).digest("hex")}`,
      },
      "taken as base64",
    ],
    [
      "hex instead of base64",
      { ...hub, encoding: "base64" },
      { "x-hub-signature-256": mac(body) },
      "hex instead of base64",
    ],
    [
      "another hash",
      hub,
      { "x-hub-signature-256": `sha256=${createHmac("sha512", secret).update(body).digest("hex")}` },
      "another hash than SHA-256",
    ],
    ["no list", t, { "x-sig": mac(body) }, "no list"],
    ["something else", {}, usual("something else"), "the secret is a different one"],
  ])("%s", (_, scheme, headers, words) => {
    const { code, en } = judged(scheme, headers);
    expect([code, en]).toEqual(["credentials_wrong", expect.stringContaining(words)]);
  });

  it.each<[Partial<SignatureScheme>, Headers, string, string]>([
    [
      ms,
      { "x-signature": "x", "x-timestamp": seconds },
      "timestamp_invalid",
      `${seconds}: seconds. Expected: whole unix milliseconds`,
    ],
    [ms, { "x-signature": "x", "x-timestamp": String(nowMs - 300_001) }, "timestamp_stale", "300 s behind"],
    [t, { "x-sig": `t=${nowMs},v1=ab` }, "timestamp_invalid", "t in X-Sig came as"],
    [t, { "x-sig": "v1=ab" }, "timestamp_missing", "There: X-Sig"],
    [
      { ...t, toleranceMs: 10_000 },
      { "x-sig": `t=${Number(seconds) - 11},v1=ab` },
      "timestamp_stale",
      "10 s are tolerated",
    ],
    [
      { ...hub, unsigned: "no-secret-provided" },
      { "x-hub-signature-256": "no-secret-provided" },
      "credentials_missing",
      "nothing is signed",
    ],
    [
      { format: "{signature}", signed: "{uri}{body}" },
      { "x-signature": mac(body) },
      "credentials_wrong",
      "public_url",
    ],
  ])("%#", (scheme, headers, expected, words) => {
    const { code, en } = judged(scheme, headers, { from: () => null });
    expect([code, en]).toEqual([expected, expect.stringContaining(words)]);
  });
});

describe("The fields of a signature", () => {
  const problems = (entry: Readonly<Record<string, unknown>>): readonly string[] => {
    const found: string[] = [];
    const declared = builtInKinds.sources.find(({ fields }) => fields["signed"] !== undefined);
    if (declared !== undefined)
      checkDeclared(declared, {
        name: "x",
        entry: { secret, ...entry },
        note: (list, place, { code }) => found.push(`${list} ${place.join(".")} ${code}`),
      });
    return found;
  };

  it.each<[Readonly<Record<string, unknown>>, readonly string[]]>([
    [{ header: "X-Sig", format: "v1,{signature}", signed: "{id}.{body}" }, []],
    [{ header: "two words" }, ["problems header text_unfit"]],
    [{ header: "constructor" }, ["problems header text_unfit"]],
    [{ format: "sha256=" }, ["problems format text_unfit"]],
    [{ format: "{timestamp}.{signature}" }, ["problems format text_unfit"]],
    [{ signed: "{timestamp}" }, ["problems signed text_unfit"]],
    [{ secret_encoding: "hex" }, ["problems secret text_unfit"]],
    [{ secret_encoding: "hex", secret: "6c65646765726c65646765726c656467" }, []],
  ])("%j", (entry, expected) => {
    expect(problems(entry)).toEqual(expected);
  });
});

describe("Whatever comes", () => {
  const schemes: readonly Partial<SignatureScheme>[] = [
    {},
    t,
    { ...hub, encoding: "base64" },
    { ...ms, format: "v1,{signature}", signed: "{method}{uri}{body}{timestamp}", encoding: "base64" },
    { signed: "{body}{id}", algorithm: "sha512" },
  ];

  it("nothing is thrown, and nobody is let in", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("sha256=", "t=,v1=", `t=${seconds}`, "v1,"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...schemes),
        text,
        text,
        text,
        fc.uint8Array(),
        (scheme, a, b, c, bytes) => {
          const names = ["x-signature", "x-sig", "x-hub-signature-256"].map((name) => [name, a]);
          const headers = { ...Object.fromEntries(names), "x-timestamp": b, "x-request-id": c } as Headers;
          const request: SourceRequest = { headers, rawBody: Buffer.from(bytes), target: c, origin: () => b };
          expect(signatureCheck({ ...usualScheme, ...scheme })([live(secret)], request, nowMs).ok).toBe(
            false,
          );
        },
      ),
    );
  });

  it("any bit of the body, the time or the signature that is another is noticed", () => {
    const signed = `${seconds}.${body}`;
    const headers = { "x-signature": `sha256=${mac(signed, "base64")}`, "x-timestamp": seconds };
    const scheme = { encoding: "base64" } as const;
    expect(judged(scheme, headers).code).toBe("ok");
    const flipped = (text: string, place: number, bit: number): string => {
      const bytes = Buffer.from(text);
      const at = place % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      return bytes.toString("latin1");
    };
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), fc.constantFrom("body", "time", "signature"), (place, bit, what) => {
        const signature = `sha256=${flipped(mac(signed, "base64"), place, bit)}`;
        const changed =
          what === "time"
            ? { ...headers, "x-timestamp": flipped(seconds, place, bit) }
            : what === "signature"
              ? { ...headers, "x-signature": signature }
              : headers;
        const rawBody =
          what === "body" ? Buffer.from(flipped(body, place, bit), "latin1") : Buffer.from(body);
        const check = signatureCheck({ ...usualScheme, ...scheme });
        expect(check([live(secret)], { headers: changed, rawBody, target: "" }, nowMs).ok).toBe(false);
      }),
    );
  });
});
