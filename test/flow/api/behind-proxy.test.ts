// What a browser gets behind a reverse proxy: signing in, a cookie of the right scope, addresses that people can use.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { cookieOf, makeUser, testPassword, trySignIn } from "../../support/accounts.ts";
import { apiClient } from "../../support/api-client.ts";
import { ledgerDatabase, startTestApp, testSource } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { nodeRequest } from "../../support/node-request.ts";
import type { FreshDatabase } from "../../support/database.ts";

const sources = [testSource("website", { auth: { kind: "none" } })];

describe("behind a reverse proxy", () => {
  let database: FreshDatabase;
  /** Trusts the proxy. */
  let trusting: TestApp;
  /** Trusts nobody. */
  let untrusting: TestApp;
  /** Knows its address, which has a path. */
  let published: TestApp;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    trusting = await startTestApp(database, { sources, trustProxy: ["127.0.0.1"] });
    untrusting = await startTestApp(database, { sources });
    published = await startTestApp(database, { sources, publicUrl: "https://example.com/leads/" });
    await makeUser(trusting.installation.database, "jana", "admin");
  });
  afterAll(async () => {
    for (const app of [trusting, untrusting, published]) await app.stop();
    await database.drop();
  });

  const from = (headers: Record<string, string>) => ({ headers });
  const page = { origin: "https://leads.example" };
  /** By a client that chooses Host, too. */
  const signInWith = (port: number, headers: Record<string, string>) =>
    nodeRequest({
      port,
      path: "/api/v1/session",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ login: "jana@example.com", password: testPassword }),
    });

  it.each<[string, Record<string, string>]>([
    ["keeps Host", { host: "leads.example" }],
    ["keeps Host with the port", { host: "leads.example:443" }],
    ["says X-Forwarded-Host", { "x-forwarded-host": "leads.example" }],
    [
      "is the second in a chain",
      { "x-forwarded-for": "192.0.2.7, 127.0.0.1", "x-forwarded-host": "leads.example, middle" },
    ],
    ["says Forwarded", { forwarded: "for=192.0.2.7;proto=https;host=leads.example" }],
    ["serves a browser that says Sec-Fetch-Site", { "sec-fetch-site": "same-origin" }],
  ])("one signs in over a trusted proxy that %s", async (_name, headers) => {
    const answer = await signInWith(trusting.app.port, { ...page, ...headers });
    expect(answer.status).toBe(201);
  });

  it.each<[string, string, Record<string, string>, RegExp]>([
    [
      "en",
      "nothing is kept",
      {},
      /at https:\/\/leads\.example; expected was 127\.0\.0\.1:\d+ .*public_url: https:\/\/leads\.example .*trust_proxy/,
    ],
    [
      "de",
      "nothing is kept",
      {},
      /die Adresse https:\/\/leads\.example; erwartet war 127\.0\.0\.1:\d+ .*public_url: https:\/\/leads\.example .*trust_proxy/,
    ],
    [
      "en",
      "the proxy is not trusted",
      { "x-forwarded-host": "leads.example" },
      /trust_proxy does not name 127\.0\.0\.1/,
    ],
    [
      "de",
      "the proxy is not trusted",
      { forwarded: "host=leads.example" },
      /127\.0\.0\.1, woher sie kam, steht nicht in trust_proxy/,
    ],
    [
      "en",
      "the browser says it is another page",
      { "sec-fetch-site": "cross-site" },
      /Sec-Fetch-Site: cross-site/,
    ],
    ["de", "the page has no address", { origin: "null" }, /die Adresse null; erwartet war 127/],
  ])(
    "a refusal says in %s what came, what was expected and what to set: %s",
    async (language, _name, headers, reason) => {
      const answer = await trySignIn(
        untrusting.url,
        "jana",
        testPassword,
        from({ ...page, "accept-language": language, ...headers }),
      );
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({
        code: "cross_site_request",
        reason: expect.stringMatching(reason) as string,
      });
    },
  );

  it("a page elsewhere cannot sign anybody in, whatever it is called", async () => {
    for (const origin of [
      "https://evil.example",
      "https://leads.example.evil.example",
      "https://leads.example:444",
      "file://leads.example",
    ]) {
      const answer = await trySignIn(
        trusting.url,
        "jana",
        testPassword,
        from({ origin, "x-forwarded-host": "leads.example" }),
      );
      expect({ origin, status: answer.status }).toEqual({ origin, status: 403 });
    }
  });

  it("the public address is enough: signing in, a cookie for its path and for https alone, samples and links", async () => {
    const answer = await trySignIn(
      `${published.url}/leads`,
      "jana",
      testPassword,
      from({ origin: "https://example.com" }),
    );
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/; Path=\/leads; .*; SameSite=Strict; Secure$/) as string,
    ]);
    const cookie = cookieOf(answer);
    const ask = apiClient(`${published.url}/leads`, null);
    const samples = await ask.get("/sources/website/samples", from({ cookie }));
    expect(samples.json["url"]).toBe("https://example.com/leads/webhook/lead/website");
    const user = await makeUser(published.installation.database, "neu", "viewer");
    const link = await ask.post(
      `/users/${user.user_id}/setup-links`,
      undefined,
      from({ cookie, "sec-fetch-site": "same-origin" }),
    );
    expect(link.json["url"]).toBe(`https://example.com/leads${String(link.json["path"])}`);
    const out = await ask.delete("/session", from({ cookie, origin: "https://example.com" }));
    expect(out.headers.getSetCookie()[0]).toMatch(/=; Path=\/leads; Max-Age=0/);
  });

  it("who goes past the proxy signs in too, with a cookie for what they reach", async () => {
    const answer = await trySignIn(published.url, "jana", testPassword, from({ origin: published.url }));
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Path=\/; .*SameSite=Strict$/);
  });

  it("all paths are there with the path of the public address and without it", async () => {
    for (const base of [published.url, `${published.url}/leads`]) {
      const lead = await fetch(`${base}/webhook/lead/website`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": base },
        body: "{}",
      });
      expect({ base, status: lead.status }).toEqual({ base, status: 202 });
      for (const path of [
        "/",
        "/livez",
        "/health",
        "/metrics",
        "/attention/entries",
        "/api/docs",
        "/api/docs/",
        "/api/openapi.json",
        "/icon.svg",
      ]) {
        expect({ path, status: (await fetch(`${base}${path}`)).status }).toEqual({ path, status: 200 });
      }
    }
    const html = await (await fetch(`${published.url}/leads`)).text();
    expect(html).toContain('content="/leads/"');
    expect(html).toMatch(/src="\/leads\/assets\/[\w.-]+\.js"/);
  });

  it("a proxy that takes its path away needs no setting: pages find their files from where they are", async () => {
    const deep = await (await fetch(`${untrusting.url}/attention/7/edit`)).text();
    expect(deep).toMatch(/src="\.\.\/\.\.\/assets\/[\w.-]+\.js"/);
    expect(deep).toContain('content="../../"');
    const redirected = await fetch(`${untrusting.url}/api/docs/static/index.html`, { redirect: "manual" });
    expect(redirected.headers.get("location")).toBe("../../../api/docs/");
    expect(await (await fetch(`${untrusting.url}/api/docs`)).text()).toContain(
      'src="docs/static/swagger-ui-bundle.js"',
    );
  });
});

describe("two installations on one host", () => {
  it("have cookies of different names, so that signing in to one keeps the other; an older cookie goes on", async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    const databases = [await ledgerDatabase(server), await ledgerDatabase(server)] as const;
    const one = await startTestApp(databases[0], {});
    const two = await startTestApp(databases[1], {}, { rootKeyHex: "2e".repeat(32) });
    try {
      for (const app of [one, two]) await makeUser(app.installation.database, "jana", "admin");
      const jar = [
        cookieOf(await trySignIn(one.url, "jana", testPassword)),
        cookieOf(await trySignIn(two.url, "jana", testPassword)),
      ];
      expect(new Set(jar.map((cookie) => cookie.split("=")[0])).size).toBe(2);
      const headers = { cookie: jar.join("; "), "sec-fetch-site": "same-origin" };
      const status = async ({ url }: TestApp) =>
        (await apiClient(url, null).get("/session", { headers })).status;
      expect([await status(one), await status(two)]).toEqual([200, 200]);
      expect((await apiClient(one.url, null).delete("/session", { headers })).status).toBe(204);
      expect([await status(one), await status(two)]).toEqual([401, 200]);

      const former = `leadledger_session=${(jar[1] ?? "").split("=")[1]}`;
      const kept = apiClient(two.url, null);
      expect((await kept.get("/session", { headers: { cookie: former } })).status).toBe(200);
      const out = await kept.delete("/session", { headers: { cookie: former } });
      expect(out.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^leadledger_session=; Path=\/; Max-Age=0/) as string,
      ]);
      expect((await kept.get("/session", { headers: { cookie: former } })).status).toBe(401);
    } finally {
      await one.stop();
      await two.stop();
      for (const each of databases) await each.drop();
    }
  });
});
