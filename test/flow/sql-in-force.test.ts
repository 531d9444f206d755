// The functions, triggers and views of a database are those of sql/, no more and no other, and follow when it changes.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/ledger/connection/database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { definedIn, readSqlFiles, sqlFolder } from "../../src/ledger/sql-in-force.ts";
import { describeOnEachServer, freshDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { open } from "../support/ledger.ts";

describeOnEachServer("SQL in force", (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  let folder: string;
  beforeEach(async () => {
    fresh = await freshDatabase(server, { migrate });
    database = open(fresh.url);
    folder = await mkdtemp(join(tmpdir(), "leadledger-sql-"));
    await cp(sqlFolder, folder, { recursive: true });
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
    await rm(folder, { recursive: true });
  });

  const names = async (sql: string): Promise<string[]> => {
    const { rows } = await database.query<{ name: string }>(sql);
    return rows.map(({ name }) => name).toSorted();
  };
  const functions = () =>
    names(
      "SELECT proname AS name FROM pg_proc WHERE pronamespace IN ('public'::regnamespace, 'internal'::regnamespace)",
    );
  const triggers = () =>
    names(
      `SELECT tgname || ' on ' || relnamespace::regnamespace || '.' || relname AS name
       FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal`,
    );
  const raise = async (changes: Record<string, number>): Promise<void> => {
    const path = join(folder, "manifest.json");
    const manifest = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...manifest, ...changes }));
  };
  const change = async (name: string, from: string | RegExp, to: string): Promise<void> => {
    const text = await readFile(join(folder, name), "utf8");
    expect(text).toMatch(from);
    await writeFile(join(folder, name), text.replace(from, to));
  };

  it("is that of the files, and nothing else", async () => {
    const { files } = await readSqlFiles(sqlFolder);
    const defined = definedIn(files.map(({ text }) => text).join("\n"));
    expect(await functions()).toEqual(defined.functions.toSorted());
    expect(await triggers()).toEqual(defined.triggers.toSorted());
    expect(
      await names(
        "SELECT schemaname || '.' || viewname AS name FROM pg_views WHERE schemaname IN ('public', 'internal', 'bi', 'bi_client')",
      ),
    ).toEqual(defined.views.toSorted());
    const { rows } = await database.query<{ prosrc: string }>(
      "SELECT prosrc FROM pg_proc WHERE pronamespace = 'internal'::regnamespace AND prosrc <> ''",
    );
    expect(rows.filter(({ prosrc }) => !files.some(({ text }) => text.includes(prosrc)))).toEqual([]);
  });

  it("changes with a file, once, and what no file has any more is gone", async () => {
    await raise({ version: 101 });
    await change("who-changes.sql", "LIKE 'db:%'", "LIKE 'db:_%'");
    await change("hold-deliveries.sql", /CREATE [\s\S]*/, "");
    expect(await migrate(fresh.url, { sqlFolder: folder })).toEqual(["sql version 101"]);
    expect(await migrate(fresh.url, { sqlFolder: folder })).toEqual([]);
    expect(await functions()).not.toContain("deliveries_hold");
    expect(await triggers()).not.toContain("deliveries_hold on internal.deliveries");
    const { rows } = await database.query<{ text: string }>(
      "SELECT pg_get_functiondef('internal.ledger_is_by_hand'::regproc) AS text",
    );
    expect(rows[0]?.text).toContain("db:_%");
  });

  it("is left alone by a program that knows an older version", async () => {
    await raise({ version: 102 });
    await migrate(fresh.url, { sqlFolder: folder });
    await raise({ version: 101 });
    await change("who-changes.sql", "LIKE 'db:%'", "LIKE 'db:_%'");
    await expect(migrate(fresh.url, { sqlFolder: folder })).rejects.toMatchObject({
      code: "database_newer_than_code",
      message: expect.stringContaining("sql version 102") as string,
    });
  });

  it("waits for older nodes where these cannot go on, says for whom, and changes nothing", async () => {
    await raise({ version: 102, olderNodesGoOnSince: 102 });
    await change("who-changes.sql", "LIKE 'db:%'", "LIKE 'db:_%'");
    await database.query(
      `INSERT INTO internal.leader (name, holder, epoch, held_until)
       VALUES ('leader', 'old-node', 1, clock_timestamp() + interval '1 hour')`,
    );
    await expect(migrate(fresh.url, { sqlFolder: folder, lockWaitMs: 300 })).rejects.toMatchObject({
      code: "older_node_running",
      message: expect.stringContaining("old-node") as string,
    });
    await database.query("UPDATE internal.leader SET held_until = '-infinity'");
    expect(await migrate(fresh.url, { sqlFolder: folder })).toEqual(["sql version 102"]);
  });
});
