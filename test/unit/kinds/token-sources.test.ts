// Where a token may stand in a request, and what else the kinds without a signature make of their bodies.
import { describe, expect, it } from "vitest";
import { leadFromNested } from "../../../src/bodies/nested-fields.ts";
import { readJsonBody } from "../../../src/bodies/json-body.ts";
import { googleAdsLeadForm } from "../../../src/kinds/sources/google-ads-lead-form/google-ads-lead-form.ts";
import { jotform } from "../../../src/kinds/sources/jotform/jotform.ts";
import { token } from "../../../src/kinds/sources/token/token.ts";
import { unbounce } from "../../../src/kinds/sources/unbounce/unbounce.ts";
import { withEscapedText } from "../../../src/kinds/sources/wordpress-form/template-json.ts";
import { wordpressForm } from "../../../src/kinds/sources/wordpress-form/wordpress-form.ts";
import type { Answered, SourceLead, SourceRequest } from "../../../src/kinds/sources/source-kind.ts";

const auth = { kind: "token", secrets: [{ value: "t-ü+1/2", notAfter: null }] };
const escaped = encodeURIComponent("t-ü+1/2");
const request = (over: Partial<SourceRequest>): SourceRequest => ({
  headers: {},
  rawBody: Buffer.from("{}"),
  target: "/webhook/lead/s",
  ...over,
});

async function leadOf(kind: typeof token, sent: SourceRequest): Promise<SourceLead> {
  const read = await kind.read?.(auth, sent);
  const [lead] = read?.kind === "leads" ? read.leads : [];
  if (lead === undefined) throw new Error("no lead");
  return lead;
}

describe("a token is found", () => {
  it.each([
    ["at the end of the path", { target: `/webhook/lead/s/${escaped}` }],
    ["with a slash behind it", { target: `//webhook/lead/s/${escaped}/` }],
    ["in the query", { target: `/webhook/lead/s?a=1&token=${escaped}` }],
    ["in the query without a name in the path", { target: `/webhook/lead?token=${escaped}` }],
    [
      "as a Basic password",
      { headers: { authorization: `Basic ${Buffer.from("x:t-ü+1/2").toString("base64")}` } },
    ],
    [
      "beside a proxy's Authorization",
      { headers: { authorization: "Basic eDp5" }, target: `/webhook/lead/s/${escaped}` },
    ],
  ])("%s", (_, over) => {
    expect(token.authenticate(auth, request(over), 0).ok).toBe(true);
  });

  it.each([
    ["nothing", {}, "credentials_missing"],
    ["the source's name", { target: "/webhook/lead/t-ü+1/2" }, "credentials_wrong"],
    ["another parameter", { target: `/webhook/lead/s?key=${escaped}` }, "credentials_missing"],
    ["a broken escape", { target: "/webhook/lead/s/%zz" }, "credentials_missing"],
    ["an empty one", { target: "/webhook/lead/s/?token=" }, "credentials_missing"],
    ["a Basic name", { headers: { authorization: `Basic ${btoa("t:")}` } }, "credentials_missing"],
  ])("but not in %s", (_, over, code) => {
    const result = token.authenticate(auth, request(over), 0);
    expect(result).toMatchObject({ ok: false, code });
    expect(JSON.stringify(result)).not.toContain("t-ü");
  });
});

describe("nested names become objects and lists, as PHP reads them", () => {
  it.each([
    [
      [
        ["a[b][c]", "1"],
        ["a[b][d]", "2"],
        ["a[e]", "3"],
      ],
      { a: { b: { c: "1", d: "2" }, e: "3" } },
    ],
    [
      [
        ["a[]", "1"],
        ["a[]", "2"],
        ["b[0]", "3"],
        ["b[1]", "4"],
      ],
      { a: ["1", "2"], b: ["3", "4"] },
    ],
    [
      [
        ["a[1]", "1"],
        ["0", "2"],
      ],
      { a: { 1: "1" }, 0: "2" },
    ],
    [
      [
        ["data.json", "1"],
        ["a.b[c.d]", "2"],
      ],
      { "data.json": "1", "a.b": { "c.d": "2" } },
    ],
    [
      [
        ["a", "1"],
        ["a[b]", "2"],
      ],
      { a: "1", "a[b]": "2" },
    ],
    [
      [
        ["[x]", "1"],
        ["a[b", "2"],
        ["a[[b]]", "3"],
      ],
      { "[x]": "1", "a[b": "2", "a[[b]]": "3" },
    ],
    [
      [
        ["a", "1"],
        ["a", "2"],
      ],
      { a: ["1", "2"] },
    ],
  ] as [readonly (readonly [string, string])[], unknown][])("%j", (fields, expected) => {
    const lead = leadFromNested(fields);
    expect(JSON.parse(lead.json)).toEqual(expected);
    expect(readJsonBody(Buffer.from(lead.json)).kind).toBe("lead");
  });

  it("and no name is anything but a name", () => {
    const lead = leadFromNested([
      ["__proto__[polluted]", "1"],
      ["constructor", "2"],
    ]);
    expect(lead.json).toBe('{"__proto__":{"polluted":"1"},"constructor":"2"}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(readJsonBody(Buffer.from(leadFromNested([[`a${"[b]".repeat(3_000)}`, "1"]]).json)).kind).toBe(
      "lead",
    );
  });
});

const answerOf = (
  said: Pick<Answered, "outcome" | "status">,
): { readonly status?: number } | null | undefined =>
  googleAdsLeadForm.answer?.(auth, { ...said, code: null, retryAfterSeconds: null }, request({}));

describe("Google's key", () => {
  const google = { kind: "google-ads-lead-form", secrets: [{ value: "geheim/1", notAfter: null }] };
  it.each([
    '{"lead_id":"a","google_key":"geheim/1"}',
    '{ "google_key" : "geheim\\/1" , "lead_id":"a"}',
    '{"google_key":"geheim/1"}',
    '\uFEFF{"lead_id":"a","google_key":"geheim/1","b":"\\"google_key\\":1"}',
    '{"lead_id":"a","note":"geheim/1","google_key":"geheim/1","google_key":"geheim/1"}',
  ])("opens, and is not kept: %s", (body) => {
    const sent = request({ rawBody: Buffer.from(body) });
    expect(googleAdsLeadForm.authenticate(google, sent, 0).ok).toBe(true);
    const stripped = googleAdsLeadForm.withoutSecrets?.(google, sent).toString() ?? "";
    expect(stripped).not.toContain("geheim");
    expect(readJsonBody(Buffer.from(stripped)).kind).toBe("lead");
  });

  it.each(['{"lead_id":"a","google_key":"geheim', '{ "google_key" : "geheim\\'])(
    "is not kept of a body that is cut within it: %s",
    (body) => {
      const sent = request({ rawBody: Buffer.from(body) });
      expect(googleAdsLeadForm.withoutSecrets?.(google, sent).toString()).not.toContain("geheim");
    },
  );

  it.each([
    ['{"lead_id":"a"}', "credentials_missing"],
    ['{"google_key":""}', "credentials_missing"],
    ['{"google_key":null}', "credentials_missing"],
    ["null", "credentials_missing"],
    ['{"google_key":"geheim/2"}', "credentials_wrong"],
    ['{"google_key":"geheim/1"', "credentials_missing"],
  ])("does not open: %s", (body, code) => {
    const sent = request({ rawBody: Buffer.from(body) });
    expect(googleAdsLeadForm.authenticate(google, sent, 0)).toMatchObject({ ok: false, code });
  });

  it("opens as long as it has not ended, as each of several", () => {
    const [ended, lives] = [new Date(1_000), new Date(3_000)];
    const several = {
      ...google,
      secrets: [
        { value: "alt", notAfter: ended },
        { value: "bald-alt", notAfter: lives },
        { value: "neu", notAfter: null },
      ],
    };
    const isOpenTo = (key: string): boolean =>
      googleAdsLeadForm.authenticate(
        several,
        request({ rawBody: Buffer.from(`{"google_key":"${key}"}`) }),
        2_000,
      ).ok;
    expect(["alt", "bald-alt", "neu"].map(isOpenTo)).toEqual([false, true, true]);
  });

  it.each([
    ['{"lead_id":12345678901234567891}', "12345678901234567891", undefined],
    ['{"lead_id":"TeSter-123","is_test":true}', "TeSter-123", true],
    ['{"lead_id":""}', null, undefined],
  ])("the lead's id is the key, to the digit, and tests are tests: %s", async (body, key, test) => {
    const lead = await leadOf(googleAdsLeadForm, request({ rawBody: Buffer.from(body) }));
    expect([lead.key, lead.test]).toEqual([key, test]);
  });

  it.each([
    [{ outcome: "turned_away", status: 401 }, null],
    [{ outcome: "turned_away", status: 413 }, 503],
    [{ outcome: "later", status: 429 }, 503],
    [{ outcome: "later", status: 503 }, null],
    [{ outcome: "taken", status: 202 }, null],
  ] as const)("a 4xx is for a wrong key alone: %j", (answered, status) => {
    expect(answerOf(answered)?.status ?? null).toBe(status);
  });
});

describe("Jotform and Unbounce", () => {
  const part = (name: string, value: string): string =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  it("rawRequest is parsed to the digit, the submission is the key, and the token of webhookURL is gone", async () => {
    const target = `/webhook/lead/s/${escaped}`;
    const raw =
      '{"q3_name":{"first":"J\\u00f6rg","last":"M"},"q4_email":"a@example.com","n":6123456789012345678901}';
    const body = `${part("submissionID", "6123456789012345678")}${part("rawRequest", raw)}${part("webhookURL", "https://x.example/webhook/lead/s/t-ü+1/2")}${part("again", "t-ü+1/2t-ü+1/2")}--b--\r\n`;
    const sent = request({
      target,
      headers: { "content-type": "multipart/form-data; boundary=b" },
      rawBody: Buffer.from(body),
    });
    const lead = await leadOf(jotform, {
      ...sent,
      rawBody: jotform.withoutSecrets?.(auth, sent) ?? Buffer.from(""),
    });
    expect(lead.key).toBe("6123456789012345678");
    expect(lead.body).toMatchObject({ kind: "lead", value: { rawRequest: { q3_name: { first: "Jörg" } } } });
    const json = lead.body.kind === "lead" ? lead.body.json : "";
    expect(json).toContain("6123456789012345678901");
    expect(json).toMatch(/"webhookURL":"https:\/\/x\.example\/webhook\/lead\/s\/\*+"/);
    expect(json).toMatch(/"again":"\*+"/);
  });

  it.each(['{"a":', "[1]", "text", '{"a":1,"a":2}'])("what is no object stays a text: %s", async (raw) => {
    const rawBody = Buffer.from(new URLSearchParams({ rawRequest: raw }).toString());
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const { body } = await leadOf(jotform, request({ headers, rawBody }));
    expect(body).toMatchObject({ kind: "lead", value: { rawRequest: raw } });
  });

  it("data.json is parsed under its own name, its answers as the lists that they are", async () => {
    const rawBody = Buffer.from(
      new URLSearchParams({
        page_id: "7",
        "data.json": '{"email":["a@example.com"],"a.b":["x"]}',
        "data.xml": "<x/>",
      }).toString(),
    );
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const { body } = await leadOf(unbounce, request({ headers, rawBody }));
    expect(body).toMatchObject({
      value: { page_id: "7", "data.json": { email: ["a@example.com"], "a.b": ["x"] }, "data.xml": "<x/>" },
    });
  });
});

describe("what was typed into a template of JSON is kept as it was meant", () => {
  it.each<[string, unknown]>([
    ['{\n\t"a": "x\ny\\"\r\nz\\\\",\n"b\t":"ü"}', { a: 'x\ny"\r\nz\\', "b\t": "ü" }],
    [
      '{"name":"Karl "der Große"","email":"k@example.de"}',
      { name: 'Karl "der Große"', email: "k@example.de" },
    ],
    [
      '{"a":"Er sagte: "Ja, bitte", dann ging er.","b":["A "B"","C"],"n":5}',
      { a: 'Er sagte: "Ja, bitte", dann ging er.', b: ['A "B"', "C"], n: 5 },
    ],
    ['{"a":""Hallo"", "b":"12" Reifen"}', { a: '"Hallo"', b: '12" Reifen' }],
    ['{"a":"C:\\dir"}', { a: "C:\\dir" }],
  ])("%s", (broken, meant) => {
    expect(JSON.parse(withEscapedText(Buffer.from(broken)).toString())).toEqual(meant);
  });

  it("with the bytes that came beside it", async () => {
    const headers = { "content-type": "application/json" };
    const broken = '{"name":"Karl "der Große""}';
    const { body } = await leadOf(wordpressForm, request({ headers, rawBody: Buffer.from(broken) }));
    expect(body).toMatchObject({ kind: "lead", value: { name: 'Karl "der Große"' }, charset: "utf-8" });
  });
});
