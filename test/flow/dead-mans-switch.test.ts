// The dead man's switch: a real receiver is called while all works, and hears nothing while something does not.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnOneServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import type { TcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";

const adminKey = "admin-key-of-the-dead-mans-switch-test";

describeOnOneServer("The dead man's switch", (server) => {
  let database: FreshDatabase;
  let line: TcpProxy;
  let app: TestApp;
  let calls = 0;
  let answer = 200;
  const receiver = createServer((request, response) => {
    if (request.url === "/ping/secret") calls += 1;
    response.writeHead(answer).end();
  });
  /** Takes leads and answers nothing. */
  const hung = createServer(() => undefined);
  beforeEach(async () => {
    await new Promise<void>((resolve) => hung.listen(0, "127.0.0.1", resolve));
    const crm = `http://127.0.0.1:${(hung.address() as AddressInfo).port}/`;
    database = await ledgerDatabase(server);
    const url = new URL(database.url);
    line = await startTcpProxy(Number(url.port));
    url.port = String(line.port);
    answer = 200;
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    app = await startTestApp(
      { url: url.href },
      {
        sources: [testSource("website")],
        destinations: [testDestination("crm", crm, { concurrency: 1, timeoutMs: 60_000 })],
      },
      {
        adminKey,
        leaseMs: 2_000,
        attemptsStopLimitMs: 100,
        intervals: { nodeReportMs: 50, deadMansSwitchMs: 50 },
      },
    );
    const { port } = receiver.address() as AddressInfo;
    const said = await ask("PUT", {
      url: `http://127.0.0.1:${port}/ping/secret`,
      every: "10s",
      allow_private: true,
    });
    expect(said.status).toBe(200);
    await until("the first call", () => calls > 0);
  });
  afterEach(async () => {
    await line.set("pass");
    hung.closeAllConnections();
    await app.stop();
    await line.close();
    await new Promise((resolve) => hung.close(resolve));
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await database.drop();
  });
  const ask = (method: string, body?: object) =>
    fetch(`${app.url}/api/v1/dead-mans-switch`, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const state = async () =>
    (await (await ask("GET")).json()) as {
      readonly origin: string | null;
      readonly called_at: string | null;
      readonly silent_since: string | null;
      readonly reasons: readonly string[];
    };
  const reasonsOf = async (): Promise<string> => (await state()).reasons.join();
  /** So that it need not be waited for. */
  let everySeconds = 10;
  const callSoon = () => ask("PUT", { every: `${(everySeconds += 1)}s` });
  const call = (path: string, body: object) =>
    fetch(`${app.url}/api/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  it("is called while all works; its address is as good as a password and never shown", async () => {
    const shown = await until(
      "it to be noted",
      async () => (await state()).called_at !== null && (await state()),
    );
    expect(shown).toMatchObject({ silent_since: null, reasons: [] });
    expect(shown.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(JSON.stringify(shown)).not.toContain("secret");
  });

  it("is silent while leads are stuck, says why, and calls again afterwards", async () => {
    for (const key of ["1", "2"])
      await fetch(`${app.url}/webhook/lead/website`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: '{"email":"erika@example.com"}',
      });
    const { database: ledger } = app.installation;
    await ledger.query("UPDATE internal.deliveries SET due_at = clock_timestamp() - interval '1 hour'");
    await callSoon();
    await until("it to say why it is silent", async () => (await reasonsOf()) === "delivery");
    const heard = calls;
    const overview = await fetch(`${app.url}/api/v1/overview`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    const { alarms } = (await overview.json()) as { readonly alarms: readonly { readonly code: string }[] };
    expect(alarms.map(({ code }) => code)).toContain("dead_mans_switch_silent");
    await ledger.query("UPDATE internal.deliveries SET due_at = clock_timestamp()");
    await callSoon();
    await until("it to call again", () => calls > heard);
    await until("the silence to be over", async () => (await reasonsOf()) === "");
  });

  it("is silent while somebody has stopped all deliveries", async () => {
    expect((await call("/deliveries/stop", { reason: "The CRM moves" })).status).toBeLessThan(300);
    await callSoon();
    await until("it to say why it is silent", async () => (await reasonsOf()) === "deliveries_stopped");
    const heard = calls;
    await call("/deliveries/resume", {});
    await callSoon();
    await until("it to call again", () => calls > heard);
  });

  it("is silent while the database is away, and calls again when it is back", async () => {
    await line.set("refuse");
    await until("the node to notice", () => app.log.some(({ event }) => event === "database_lost"));
    const heard = calls;
    const health = (await (await fetch(`${app.url}/health`)).json()) as { readonly status: string };
    expect(health.status).toBe("degraded");
    expect(calls).toBe(heard);
    await line.set("pass");
    await callSoon();
    await until("it to call again", () => calls > heard);
  });

  it("says that its address does not take the call", async () => {
    answer = 404;
    await callSoon();
    await until("it to say so", async () => (await reasonsOf()) === "address");
    expect(app.log.filter(({ event }) => event === "dead_mans_switch_silent")).toMatchObject([
      { level: "error", fields: { reasons: "address" } },
    ]);
    answer = 204;
    await callSoon();
    await until("the silence to be over", async () => (await reasonsOf()) === "");
    await ask("DELETE");
    await until("it to be forgotten", async () => (await state()).called_at === null);
  });
});
