// The configurations of docs/*/reverse-proxy.md, each in its own server, in front of a real LeadLedger.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { makeUser, testPassword } from "../support/accounts.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { examples } from "../support/documentation.ts";
import { nodeRequest, openRequest } from "../support/node-request.ts";
import { isInstalled, proxyKinds, startReverseProxy } from "../support/reverse-proxy.ts";
import type { ProxyLayout } from "../support/reverse-proxy.ts";

const host = "leads.example.com";
/** Not the proxies' own address, which is trusted. */
const client = "127.0.0.2";

it("the pages show the same configurations in both languages", () => {
  for (const kind of proxyKinds) {
    const [english, german] = (["en", "de"] as const).map((language) =>
      examples(language, "reverse-proxy.md", kind).map(({ code }) => code),
    );
    expect(german).toEqual(english);
    expect(german).toHaveLength(2);
  }
});

describe.each(proxyKinds)("behind %s", (kind) => {
  if (!isInstalled(kind)) {
    it.skip(`is not tried: ${kind} is not installed`, () => undefined);
    return;
  }
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
  });
  afterAll(async () => {
    await database.drop();
  });

  it.each<[ProxyLayout, string]>([
    ["host", ""],
    ["path", "/leads"],
    ["stripped", "/leads"],
  ])("everything works as documented (%s)", async (layout, base) => {
    const sources = [testSource("website", { bodyLimitBytes: 32 * 1024 * 1024 })];
    app = await startTestApp(database, {
      sources,
      trustProxy: ["127.0.0.1"],
      publicUrl: `https://${host}${base}/`,
    });
    const proxy = await startReverseProxy(kind, layout, app.app.port);
    try {
      const { port } = proxy;
      const name = `jana-${layout}`;
      await makeUser(app.installation.database, name, "admin");
      const over = { port, tls: true as const, localAddress: client };
      const ask = (path: string, headers: Record<string, string> = {}, body?: string, method?: string) =>
        nodeRequest({
          ...over,
          path: `${base}${path}`,
          headers: { host, ...headers },
          ...(body === undefined ? {} : { body }),
          ...(method === undefined ? {} : { method }),
        });
      const json = { "content-type": "application/json" };

      // More than the 1 MB that nginx takes by itself.
      const large = JSON.stringify({ email: "erika@example.com", message: "x".repeat(2 * 1024 * 1024) });
      const lead = await ask("/webhook/lead/website", { ...json, "idempotency-key": layout }, large);
      expect(lead).toMatchObject({ status: 202 });

      const forged = { "x-forwarded-for": "192.0.2.66", forwarded: "for=192.0.2.66;host=evil.example" };
      const login = `${name}@example.com`;
      const wrong = await ask(
        "/api/v1/session",
        { ...json, ...forged },
        JSON.stringify({ login, password: "falsch" }),
      );
      expect(wrong.status).toBe(401);
      const evil = await ask(
        "/api/v1/session",
        {
          ...json,
          origin: "https://evil.example",
          "x-forwarded-host": "evil.example",
          forwarded: "host=evil.example",
        },
        JSON.stringify({ login, password: testPassword }),
      );
      expect(evil.status).toBe(403);
      const signedIn = await ask(
        "/api/v1/session",
        { ...json, origin: `https://${host}`, ...forged },
        JSON.stringify({ login, password: testPassword }),
      );
      expect(signedIn).toMatchObject({ status: 201 });
      const setCookie = signedIn.headers["set-cookie"]?.[0] ?? "";
      expect(setCookie).toMatch(new RegExp(`; Path=${base === "" ? "/" : base}; .*; Secure$`));
      const cookie = setCookie.split(";")[0] ?? "";
      await app.installation.database.query("SELECT 1");
      const { rows } = await app.installation.database.query<{ address: string }>(
        "SELECT payload ->> 'address' AS address FROM audit_events WHERE event_type = 'signed_in' ORDER BY event_id DESC LIMIT 1",
      );
      expect(rows[0]?.address).toBe(client);

      const samples = await ask("/api/v1/sources/website/samples", { cookie });
      expect(samples.text).toContain(`https://${host}${base}/webhook/lead/website`);

      // The first line comes at once, and nothing ends the stream.
      const events = await openRequest({ ...over, path: `${base}/api/v1/events`, headers: { host, cookie } });
      expect(events.headers["content-type"]).toMatch(/^text\/event-stream/);
      for await (const chunk of events) {
        expect(String(chunk)).toContain("retry:");
        break;
      }

      for (const place of ["/", "/attention/entries", "/sources/website/edit"]) {
        const page = await ask(place);
        const script = /src="([^"]+\.js)"/.exec(page.text)?.[1] ?? "";
        const asset = await nodeRequest({
          ...over,
          path: new URL(script, `https://${host}${base}${place}`).pathname,
          headers: { host },
        });
        expect({ place, status: asset.status }).toEqual({ place, status: 200 });
      }
      expect((await ask("/api/docs/")).status).toBe(200);
    } finally {
      await proxy.stop();
      await app.stop();
    }
  });
});

describe("behind two proxies", () => {
  it.skipIf(!isInstalled("nginx") || !isInstalled("haproxy"))(
    "the client is the first address that is no proxy's, and https is known although the inner one hears http",
    async () => {
      const [server] = inject("servers");
      if (server === undefined) throw new Error("no server");
      const database = await ledgerDatabase(server);
      const app = await startTestApp(database, { trustProxy: ["127.0.0.1"], publicUrl: `https://${host}` });
      const inner = await startReverseProxy("nginx", "host", app.app.port, { plain: true });
      const outer = await startReverseProxy("haproxy", "host", inner.port);
      try {
        await makeUser(app.installation.database, "jana", "admin");
        const signedIn = await nodeRequest({
          port: outer.port,
          tls: true,
          localAddress: client,
          path: "/api/v1/session",
          headers: { host, "content-type": "application/json", origin: `https://${host}` },
          body: JSON.stringify({ login: "jana@example.com", password: testPassword }),
        });
        expect(signedIn.status).toBe(201);
        expect(signedIn.headers["set-cookie"]?.[0]).toMatch(/; Secure$/);
        const { rows } = await app.installation.database.query<{ address: string }>(
          "SELECT payload ->> 'address' AS address FROM audit_events WHERE event_type = 'signed_in'",
        );
        expect(rows).toEqual([{ address: client }]);
      } finally {
        await outer.stop();
        await inner.stop();
        await app.stop();
        await database.drop();
      }
    },
  );
});
