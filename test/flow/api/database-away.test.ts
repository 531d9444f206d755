// While the database is away the API says so: 503 and when to come again, whoever calls; and it works again by itself.
import { afterAll, beforeAll, expect, it } from "vitest";
import { newApiKey, tokenHash } from "../../../src/accounts/token.ts";
import { createApiKey } from "../../../src/ledger/accounts/api-keys.ts";
import { makeUser, signIn, trySignIn } from "../../support/accounts.ts";
import type { Browser } from "../../support/accounts.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { ledgerDatabase, startTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { describeOnEachServer } from "../../support/database.ts";
import { startTcpProxy } from "../../support/tcp-proxy.ts";
import type { TcpProxy } from "../../support/tcp-proxy.ts";
import { until } from "../../support/until.ts";
import type { Answer } from "../../support/webhook-client.ts";

describeOnEachServer("The API while the database is away", (server) => {
  let database: FreshDatabase;
  let proxy: TcpProxy;
  let app: TestApp;
  let browser: Browser;
  let callers: Readonly<Record<string, ApiClient>>;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    proxy = await startTcpProxy(Number(new URL(database.url).port));
    const url = new URL(database.url);
    url.port = String(proxy.port);
    app = await startTestApp({ url: url.href }, {}, { adminKey: testAdminKey });
    const { key, prefix } = newApiKey();
    await createApiKey(app.installation.database, "cli:test", {
      name: "reports",
      role: "operator",
      prefix,
      keyHash: tokenHash(key),
      expiresAt: null,
      clients: null,
    });
    await makeUser(app.installation.database, "olga", "operator");
    browser = await signIn(app.url, "olga");
    callers = { key: apiClient(app.url, key), session: browser, "admin key": apiClient(app.url) };
  });
  afterAll(async () => {
    await proxy.set("pass");
    await app.stop();
    await proxy.close();
    await database.drop();
  });

  const away = (answer: Answer): void => {
    expect(answer).toMatchObject({ status: 503, json: { code: "database_unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("5");
  };

  it("is 503 for keys, sessions and the admin key, for reading, changing and signing in", async () => {
    for (const caller of Object.values(callers)) expect((await caller.get("/runs")).status).toBe(200);
    await proxy.set("refuse");
    for (const caller of Object.values(callers)) {
      away(await caller.get("/runs"));
      away(await caller.post("/sources", { name: "late", auth: { kind: "none" }, to: null }));
    }
    away(await trySignIn(app.url, "olga", "any password at all"));
    expect((await browser.get("/runs", { headers: { "accept-language": "de" } })).json["title"]).toBe(
      "Die Datenbank ist nicht erreichbar",
    );
    // What asks nothing of it goes on.
    expect((await apiClient(app.url).get("/forms")).status).toBe(200);
    await proxy.set("pass");
    for (const [name, caller] of Object.entries(callers))
      await until(`it works again for the ${name}`, async () => (await caller.get("/runs")).status === 200);
    expect((await browser.get("/sources/late")).status).toBe(404);
  });

  it("is 503 for whoever was being answered when the line broke", async () => {
    const holder = await app.installation.database.pool.connect();
    holder.on("error", () => undefined);
    await holder.query("BEGIN; LOCK TABLE internal.users IN ACCESS EXCLUSIVE MODE");
    const waiting = browser.get("/session");
    await until("it waits for the lock", async () => {
      const { rows } = await holder.query(
        "SELECT FROM pg_locks WHERE NOT granted AND relation = 'internal.users'::regclass",
      );
      return rows.length > 0;
    });
    await proxy.set("reset");
    away(await waiting);
    holder.release(true);
    await proxy.set("pass");
    await until("it works again", async () => (await browser.get("/session")).status === 200);
  });
});
