// Through PgBouncer in transaction mode, where every transaction may meet another server process, and in a version that
// does not know about prepared statements.
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judgeOwnSession } from "../../src/cli/doctor/doctor-database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { readOwnSession } from "../../src/ledger/connection/settings-in-force.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { isPgBouncerInstalled, startPgBouncer } from "../support/pgbouncer.ts";
import type { PgBouncer } from "../support/pgbouncer.ts";
import { always, startSink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

describe.skipIf(!isPgBouncerInstalled)("a transaction pooler", () => {
  describeOnEachServer("in between", (server) => {
    let database: FreshDatabase;
    let pooler: PgBouncer;
    let superuser: pg.Client;
    let apps: TestApp[] = [];

    beforeEach(async () => {
      database = await ledgerDatabase(server);
      pooler = await startPgBouncer(database.url);
      superuser = new pg.Client({ connectionString: database.superuserUrl });
      await superuser.connect();
    });
    afterEach(async () => {
      await Promise.all(apps.map((app) => app.stop()));
      apps = [];
      await pooler.close();
      await superuser.end();
      await database.drop();
    });

    const name = (): string => new URL(database.url).pathname.slice(1);
    const start: typeof startTestApp = async (at, configuration) => {
      const app = await startTestApp({ url: pooler.through(at.url) }, configuration);
      apps.push(app);
      return app;
    };

    it("changes nothing: two nodes take leads, know repeats, deliver each once and count them", async () => {
      const sink = await startSink(always({ kind: "answer", status: 200 }));
      const configuration = {
        sources: [testSource("web")],
        destinations: [testDestination("crm", sink.url)],
      };
      const [one, two] = [await start(database, configuration), await start(database, configuration)];
      const keys = Array.from({ length: 30 }, (_, index) => `lead-${index}`);
      const send = (key: string, index: number) =>
        postLead((index % 2 === 0 ? one : two).url, { path: "/webhook/lead/web", key, body: { key } });

      const first = await Promise.all(keys.map(send));
      expect(first.map(({ status, json }) => [status, json["stored"]])).toEqual(
        keys.map(() => [202, undefined]),
      );
      await until("all to be settled", async () => {
        const { rows } = await superuser.query<{ count: string }>(
          "SELECT count(*) FROM public.runs WHERE outcome = 'delivered'",
        );
        return Number(rows[0]?.count) === keys.length;
      });
      const repeats = await Promise.all(keys.map((key, index) => send(key, index + 1)));
      expect(repeats.map(({ json }) => json["status"])).toEqual(keys.map(() => "duplicate"));
      expect(sink.requests).toHaveLength(keys.length);
      await until("the leads to be counted", async () => {
        const { rows } = await superuser.query<{ count: string }>(
          "SELECT coalesce(sum(processed_count), 0) AS count FROM public.kpi_daily",
        );
        return Number(rows[0]?.count) === keys.length;
      });
      const troubles = apps.flatMap(({ log }) =>
        log.filter(({ level }) => level === "error" || level === "warn"),
      );
      expect(troubles).toEqual([]);
      await sink.close();
    });

    it("is named by doctor, with the setting and the version that keep prepared statements", async () => {
      const app = await start(database);
      const session = await readOwnSession(app.installation.database);
      expect(session).toMatchObject({ isPooled: true, wrong: [] });
      const [check] = judgeOwnSession({ ...session, keepsStatements: false });
      expect(check).toMatchObject({ check: "pooler", status: "warn" });
      expect(check?.advice?.en).toMatch(/1\.21.*max_prepared_statements/);
      expect(judgeOwnSession({ ...session, keepsStatements: true })).toMatchObject([{ status: "ok" }]);
    });

    it("that forgets settings is refused in words where others made settings that harm, until they are mended", async () => {
      await superuser.query(`ALTER DATABASE ${name()} SET default_transaction_isolation = 'serializable'`);
      await superuser.query(`ALTER DATABASE ${name()} SET array_nulls = off`);
      await superuser.query(`ALTER DATABASE ${name()} SET synchronous_commit = off`);
      await pooler.reconnect();
      const refusal: unknown = await start(database).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        code: "database_settings_unsuitable",
        names: ["array_nulls", "default_transaction_isolation"],
      });
      const statements = String(refusal).match(/^ALTER ROLE .*;$/gm) ?? [];
      expect(statements).toHaveLength(2);
      for (const statement of statements) await superuser.query(statement);
      await pooler.reconnect();
      const app = await start(database, { sources: [testSource("web")] });
      expect(await postLead(app.url, { path: "/webhook/lead/web", key: "k", body: {} })).toMatchObject({
        status: 202,
        json: { status: "accepted" },
      });
    });

    it("lets an empty database be migrated by several at once, and no lock is left behind", async () => {
      const empty = await emptyDatabase(server);
      try {
        const url = pooler.through(empty.url);
        const done = await Promise.all([migrate(url), migrate(url), migrate(url)]);
        expect(done.flat().length).toBe(new Set(done.flat()).size);
        expect(await migrate(empty.url)).toEqual([]);
        const { rowCount } = await superuser.query(
          "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = $1)",
          [new URL(empty.url).pathname.slice(1)],
        );
        expect(rowCount).toBe(0);
      } finally {
        await pooler.reconnect();
        await empty.drop();
      }
    });
  });
});
