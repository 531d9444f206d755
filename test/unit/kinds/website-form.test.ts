// What a website form is made of, as pure parts: whose website, which page afterwards, what is spam, which text is a form.
import { describe, expect, it } from "vitest";
import { createAddressLimits } from "../../../src/intake/address-limits.ts";
import { form } from "../../../src/kinds/sources/form/form.ts";
import { isListed, isOrigin, originOf } from "../../../src/kinds/sources/form/origins.ts";
import { urlencodedOf } from "../../../src/kinds/sources/form/plain-text-form.ts";
import { spamSign } from "../../../src/kinds/sources/form/spam.ts";
import { isPage, thankYouPage } from "../../../src/kinds/sources/form/thank-you.ts";
import { readSettings } from "../../../src/config/fields/settings.ts";
import { fuzzSeed } from "../../support/fuzz-cases.ts";
import { seededRandom } from "../../support/random.ts";

const website = "https://www.example.com";

describe("a website in the list", () => {
  it.each([
    [website, website, true],
    ["https://www.example.com/", website, true],
    ["HTTPS://WWW.Example.com", website, true],
    ["https://example.com", website, false],
    ["http://www.example.com", website, false],
    ["https://*.example.com", website, true],
    ["https://*.example.com", "https://example.com", false],
    ["https://*.example.com", "https://example.com.evil.test", false],
    ["https://*.example.com", "https://evilexample.com", false],
    ["https://*.example.com", "http://www.example.com", false],
    ["https://www.example.com:8443", "https://www.example.com:8443", true],
    ["https://müller.example", "https://xn--mller-kva.example", true],
  ])("%s lets %s in: %s", (listed, origin, isIn) => {
    expect(isListed([listed], origin)).toBe(isIn);
  });

  it.each(["www.example.com", "https://a.example/b", "ftp://a.example", "*", "https://*", "https://a b", ""])(
    "cannot be “%s”",
    (text) => {
      expect(isOrigin(text)).toBe(false);
    },
  );

  it("is told by Origin, else by Referer, and by nothing where it is hidden", () => {
    expect(originOf({ origin: website, referer: "https://other.example/" })).toBe(website);
    expect(originOf({ referer: `${website}/kontakt?a=b` })).toBe(website);
    expect(originOf({ origin: "null", referer: `${website}/` })).toBeNull();
    expect(originOf({})).toBeNull();
    expect(originOf({ origin: "file://" })).toBeNull();
  });
});

describe("the page afterwards", () => {
  it.each(["/danke", "/danke?a=b#c", "https://a.example/danke"])("can be %s", (text) => {
    expect(isPage(text)).toBe(true);
  });

  it.each(["danke", "//a.example", "/\\a.example", "javascript:alert(1)", "https:", "/da nke", "/a\nb", ""])(
    "cannot be %j",
    (text) => {
      expect(isPage(text)).toBe(false);
    },
  );

  it("is on the website that the visitor is on, or on that of the page that is configured", () => {
    const origins = ["https://a.example", "https://b.example"];
    const on = (origin: string) => thankYouPage({ thankYou: "/danke", origins }, undefined, { origin });
    expect(on("https://b.example")).toBe("https://b.example/danke");
    expect(on("https://c.example")).toBe("https://a.example/danke");
    const elsewhere = { thankYou: "https://danke.example/a", origins: [] };
    expect(thankYouPage(elsewhere, "https://danke.example/b", {})).toBe("https://danke.example/b");
    expect(thankYouPage(elsewhere, "https://user@danke.example/b", {})).toBe("https://danke.example/a");
    expect(thankYouPage({ origins: [] }, "https://a.example", {})).toBeNull();
  });
});

it("a trap is one however its content comes, and never by its absence", () => {
  const rules = { origins: [], honeypot: "trap", minFillTimeMs: 2_000 };
  for (const trap of ["x", ["", "x"], true, 0, { a: 1 }])
    expect(spamSign(rules, { trap }, {})).toBe("spam_honeypot");
  for (const trap of ["", "  ", [], [""], false, null]) expect(spamSign(rules, { trap }, {})).toBeNull();
  expect(spamSign(rules, {}, {})).toBeNull();
  expect(spamSign(rules, null, {})).toBeNull();
});

it("a text is a form where it begins with a field, and keeps every byte", () => {
  expect(urlencodedOf(Buffer.from("a=b&c=d"))?.toString()).toBe("a=b&c=d");
  expect(urlencodedOf(Buffer.from("Please call me"))).toBeNull();
  expect(
    urlencodedOf(Buffer.from("a=1 & 2\r\nb=Gr\xfc\xdfe\r\nzweite\r\n", "latin1"))?.toString("latin1"),
  ).toBe("a=1%20%26%202&b=Gr%fc%dfe%0d%0azweite");
});

describe("what one address sends", () => {
  it("is counted by source and network, and forgotten after a day", () => {
    let nowMs = 0;
    const limits = createAddressLimits(() => nowMs);
    const limit = { requests: 1, perMs: 90_000_000 };
    const take = (address: string, source = "a") => limits.take(source, address, limit);
    expect([take("192.0.2.1"), take("192.0.2.1"), take("192.0.2.1")]).toEqual(["within", "over", "far_over"]);
    expect([take("192.0.2.2"), take("192.0.2.1", "b")]).toEqual(["within", "within"]);
    expect([take("2001:db8::1"), take("2001:DB8:0:0:ffff::2"), take("2001:db8:0:1::1")]).toEqual([
      "within",
      "over",
      "within",
    ]);
    nowMs = 86_400_000;
    expect(take("192.0.2.1")).toBe("within");
  });
});

it(`nothing that is sent makes it throw (LEADLEDGER_SEED=${fuzzSeed})`, async () => {
  const random = seededRandom(fuzzSeed);
  const auth = {
    kind: "form",
    ...readSettings(form.fields, { honeypot: "a", files: "keep", origins: [website] }),
  };
  const types = [
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
  ];
  const pieces = [
    "a=",
    "&",
    "\r\n",
    "--x",
    "--x--\r\n",
    '{"a":1}',
    "%FC",
    "\0",
    "ü",
    "[url",
    "_thank_you=//b",
    "=",
    "\xff",
  ];
  for (let round = 0; round < 2_000; round += 1) {
    const rawBody = Buffer.concat(
      Array.from({ length: random.below(9) }, () => Buffer.from(random.pick(pieces), "latin1")),
    );
    const headers = {
      "content-type": random.pick([...types, "", "image/png"]),
      origin: random.pick([website, "null", "x", "https://[", "http://a:99999"]),
      referer: random.pick(["", "about:blank", `${website}/a`]),
      accept: random.pick(["text/html", "*/*", ""]),
      "accept-language": random.pick(["de", "x;q=", ""]),
    };
    const request = { headers, rawBody, target: "", origin: () => null };
    const read = await form.read?.(auth, request);
    expect(["leads", "unreadable", "media_type_unsupported"]).toContain(read?.kind);
    await form.screen?.(auth, request, { take: () => "within" });
    for (const outcome of ["taken", "refused", "turned_away", "later"] as const) {
      const answered = { outcome, status: 422, code: null, retryAfterSeconds: null };
      const answer = form.answer?.(auth, answered, request);
      const location = answer?.headers?.["Location"];
      if (location !== undefined) expect(location.startsWith(website)).toBe(true);
    }
  }
});
