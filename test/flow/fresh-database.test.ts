import pg from "pg";
import { expect, it } from "vitest";
import { migrate } from "../../src/ledger/migrate.ts";
import { describeOnEachServer, emptyDatabase, freshDatabase } from "../support/database.ts";

describeOnEachServer("a fresh database", (server) => {
  it("is the version that the suite's name says, and the program's role is no superuser", async () => {
    const [found] = await query(
      server.ownerUrl,
      "SELECT current_setting('server_version_num')::int / 10000 AS major, current_user AS role, " +
        "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser",
    );
    expect(found).toEqual({ major: server.major, role: "leadledger", is_superuser: false });
  });

  it("is migrated once for all who ask at the same time, and each gets its own", async () => {
    let migrations = 0;
    const counted = (url: string) => {
      migrations += 1;
      return query(url, "CREATE TABLE leads AS SELECT 'from the template' AS origin");
    };
    const options = { migrate: counted, template: "counted by fresh-database.test" };
    const databases = await Promise.all(Array.from({ length: 6 }, () => freshDatabase(server, options)));
    for (const [index, { url }] of databases.entries()) {
      await query(url, `INSERT INTO leads VALUES ('own row ${index}')`);
    }
    for (const [index, { url }] of databases.entries()) {
      const own = await query(url, "SELECT origin FROM leads");
      expect(own.map(({ origin }) => origin)).toEqual(["from the template", `own row ${index}`]);
    }
    expect(migrations).toBe(1);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it("has the program's tables, owned by its role", async () => {
    const database = await freshDatabase(server, { migrate });
    const tables = await query(
      database.url,
      "SELECT tableowner FROM pg_tables WHERE tablename IN ('runs', 'audit_events', 'dlq', 'kpi_daily')",
    );
    expect(tables).toEqual(Array.from({ length: 4 }, () => ({ tableowner: "leadledger" })));
    await database.drop();
  });

  it("is gone after the drop, also while somebody is connected", async () => {
    const database = await emptyDatabase(server);
    const client = new pg.Client({ connectionString: database.url });
    client.on("error", () => undefined);
    await client.connect();
    await database.drop();
    await expect(query(database.url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
    await client.end();
  });
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
