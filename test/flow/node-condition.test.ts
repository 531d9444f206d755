// What nodes say of themselves is told as alarms while it lasts: read from the ledger, for nodes that are gone too.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readAlarms } from "../../src/ledger/figures/alarms.ts";
import type { Alarm } from "../../src/domain/figures/alarm.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { readCurrentAlarms } from "../../src/config/current-alarms.ts";
import type { Source } from "../../src/domain/sources/source.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const quick = { nodeReportMs: 50, outageMs: 50 };

describeOnEachServer("Nodes say how they are", (server) => {
  let database: FreshDatabase;
  let folder: string;
  const apps: TestApp[] = [];
  beforeEach(async () => {
    database = await ledgerDatabase(server);
    folder = await mkdtemp(join(tmpdir(), "leadledger-file-"));
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop();
    await database.drop();
    await rm(folder, { recursive: true });
  });
  const start = async (
    ...rest: Parameters<typeof startTestApp> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    const app = await startTestApp(database, ...rest);
    apps.push(app);
    return app;
  };
  const rows = async (app: TestApp) =>
    (await app.installation.database.query<{ name: string }>("SELECT name FROM internal.nodes ORDER BY name"))
      .rows;
  const alarmOf = async <Code extends Alarm["code"]>(app: TestApp, code: Code) =>
    (await readAlarms(app.installation.database)).find(
      (alarm): alarm is Extract<Alarm, { readonly code: Code }> => alarm.code === code,
    );

  it("has a row for each node while it runs, which is gone when the node stops by itself", async () => {
    const [one, other] = [await start({}, { intervals: quick }), await start({}, { intervals: quick })];
    await until("both to have said that they are there", async () => (await rows(one)).length === 2);
    await other.stop();
    expect((await rows(one)).map(({ name }) => name)).toEqual([expect.stringMatching(`:${one.app.port}$`)]);
  });

  it("tells of a node that went without a word, until it is back", async () => {
    const app = await start({}, { intervals: quick });
    await until("the node to have said that it is there", async () => (await rows(app)).length === 1);
    const { database: ledger } = app.installation;
    await ledger.query(`INSERT INTO internal.nodes (name, node, held_until, condition)
      SELECT 'b:8080', 'b', clock_timestamp() - interval '1 second', condition FROM internal.nodes`);
    expect(await alarmOf(app, "node_gone")).toBeUndefined();
    await ledger.query("UPDATE internal.nodes SET since = since - interval '1 minute'");
    expect(await alarmOf(app, "node_gone")).toMatchObject({
      node: "b:8080",
      severity: "warning",
      spooled: 0,
    });
    await ledger.query("UPDATE internal.nodes SET held_until = clock_timestamp() + interval '1 minute'");
    expect(await alarmOf(app, "node_gone")).toBeUndefined();
  });

  it("tells that the file was changed and does not load, and that it was mended", async () => {
    const path = join(folder, "leadledger.yaml");
    await writeFile(path, "sources: {}\n");
    let problem: { line: number; code: string } | null = { line: 3, code: "yaml_indentation" };
    const configurationFile = { path, check: () => Promise.resolve(problem) };
    const app = await start({}, { intervals: quick, configurationFile });
    await until("the node to have said that it is there", async () => (await rows(app)).length === 1);
    expect(await alarmOf(app, "configuration_broken")).toBeUndefined();
    await writeFile(path, "sources:\n  a: {\n");
    const alarm = await until(
      "the file to be looked at",
      async () => (await alarmOf(app, "configuration_broken")) ?? null,
    );
    expect(alarm).toMatchObject({
      reason: "unreadable",
      file: "leadledger.yaml",
      line: 3,
      severity: "error",
    });
    problem = null;
    await writeFile(path, "sources: {} # mended\n");
    await until("the alarm to end", async () => (await alarmOf(app, "configuration_broken")) === undefined);
  });

  it("tells of an outage that an earlier process of the same place noted", async () => {
    const first = await start({}, { intervals: quick });
    const { port } = first.app;
    await first.stop();
    const since = new Date(Date.now() - 600_000);
    await writeFile(join(folder, `outage-${port}.json`), JSON.stringify({ since: since.toISOString() }));
    const app = await start({}, { intervals: quick, dataDir: folder, port });
    const alarm = await until("it to be told", async () => (await alarmOf(app, "database_was_away")) ?? null);
    expect(alarm).toMatchObject({ since, severity: "warning", nodes: [expect.stringMatching(`:${port}$`)] });
    expect(alarm.until.getTime()).toBeGreaterThan(since.getTime());
  });

  it("tells which credentials end soon, and passes over those that are being replaced", async () => {
    const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
    const withSecrets = (name: string, ...ends: (Date | null)[]): Source =>
      testSource(name, {
        auth: { kind: "token", secrets: ends.map((notAfter, at) => ({ value: `secret-${at}`, notAfter })) },
      });
    const sources = [
      withSecrets("soon", inDays(10)),
      withSecrets("very-soon", inDays(1), inDays(2)),
      withSecrets("replaced", inDays(1), null),
      withSecrets("later", inDays(20)),
      withSecrets("over", inDays(-1)),
    ];
    const app = await start({ sources });
    const { database: ledger, secretBox } = app.installation;
    await ledger.query(`INSERT INTO internal.api_keys (name, role, key_hash, prefix, expires_at, created_by, created_at)
      SELECT name, 'viewer', sha256(name::bytea), 'll', clock_timestamp() + days * interval '1 day', 'system',
        clock_timestamp() - age * interval '1 day'
      FROM (VALUES ('reports', 5, 90), ('for-a-day', 1, 0), ('long', 30, 0)) AS key (name, days, age)`);
    const alarms = await readCurrentAlarms({ database: ledger, secretBox, kinds: builtInKinds });
    const told = alarms.flatMap((alarm) =>
      alarm.code === "credentials_expire" ? [`${alarm.of} ${alarm.name} ${alarm.severity}`] : [],
    );
    expect(told.toSorted()).toEqual([
      "api_key reports warning",
      "source soon warning",
      "source very-soon error",
    ]);
    expect(alarms.filter(({ code }) => code === "source_secrets_expired")).toMatchObject([
      { source: "over" },
    ]);
  });

  it("says whether the server has known security faults", async () => {
    const app = await start({}, { intervals: quick });
    await until("the node to have said that it is there", async () => (await rows(app)).length === 1);
    const alarm = await alarmOf(app, "postgresql_unsafe");
    const { rows: asked } = await app.installation.database.query<{ version: string }>(
      "SELECT split_part(current_setting('server_version'), ' ', 1) AS version",
    );
    // Whatever the machine has: what is told is told of this server.
    if (alarm !== undefined) expect(alarm.version).toBe(asked[0]?.version);
  });
});
