// The database comes to this version's schema, whoever starts when; what does not fit is refused and left as it is.
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../src/ledger/connection/database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { one, open } from "../support/ledger.ts";

const folder = join(import.meta.dirname, "../../migrations");
const migrations = (await readdir(folder)).map((file) => file.replace(/\.sql$/, "")).toSorted();

describeOnEachServer("Migrations", (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeEach(async () => {
    fresh = await emptyDatabase(server);
    database = open(fresh.url);
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  it("run once, in order, and then no more", async () => {
    expect(await migrate(fresh.url)).toEqual(migrations);
    expect(await migrate(fresh.url)).toEqual([]);
  });

  it("run once when eight nodes start at the same time", async () => {
    const done = await Promise.all(Array.from({ length: 8 }, () => migrate(fresh.url)));
    expect(done.flat()).toEqual(migrations);
    const { rows } = await database.query("SELECT name FROM internal.schema_migrations ORDER BY id");
    expect(rows.map((row) => row["name"] as string)).toEqual(migrations);
  });

  describe("while somebody holds their lock", () => {
    let somebody: pg.Client;
    beforeEach(async () => {
      somebody = new pg.Client({ connectionString: fresh.url, application_name: "a forgotten session" });
      await somebody.connect();
      await somebody.query("SELECT pg_advisory_lock(5323237011)");
    });
    afterEach(() => somebody.end());

    it("wait for a limited time, say for whom, and change nothing", async () => {
      const said: unknown[] = [];
      const waited = migrate(fresh.url, {
        lockWaitMs: 400,
        log: (_level, event, fields) => void said.push({ event, ...fields }),
      });
      await expect(waited).rejects.toMatchObject({
        code: "database_locked",
        message: expect.stringMatching(/process \d+ \(a forgotten session, user leadledger/) as string,
      });
      expect(said).toMatchObject([{ event: "migration_waits" }]);
      const { there } = await one<{ there: boolean }>(
        database,
        "SELECT to_regclass('public.runs') IS NOT NULL AS there",
      );
      expect(there).toBe(false);
    });

    it("go on when the lock is free again", async () => {
      const waiting = migrate(fresh.url);
      await somebody.query("SELECT pg_advisory_unlock(5323237011)");
      expect(await waiting).toEqual(migrations);
    });

    it("need no lock where nothing is missing, so no command waits for it", async () => {
      await somebody.query("SELECT pg_advisory_unlock(5323237011)");
      await migrate(fresh.url);
      await somebody.query("SELECT pg_advisory_lock(5323237011)");
      expect(await migrate(fresh.url)).toEqual([]);
    });

    it("end at once when the process is told to stop", async () => {
      const stopping = new AbortController();
      const told = { log: () => stopping.abort(new Error("told to stop")), signal: stopping.signal };
      await expect(migrate(fresh.url, told)).rejects.toThrow("told to stop");
    });
  });

  it("refuse a database of a newer version, name what it has, and change nothing", async () => {
    await migrate(fresh.url);
    await database.query(
      "INSERT INTO internal.schema_migrations (name, run_on) VALUES ('9999_of_the_future', clock_timestamp())",
    );
    await expect(migrate(fresh.url)).rejects.toMatchObject({
      code: "database_newer_than_code",
      message: expect.stringContaining("9999_of_the_future") as string,
    });
    const { count } = await one<{ count: number }>(
      database,
      "SELECT count(*) FROM internal.schema_migrations",
    );
    expect(count).toBe(migrations.length + 1);
  });

  it("explain every column of the four tables, and every state, in the database itself", async () => {
    await migrate(fresh.url);
    const { rows } = await database.query<{ name: string; comment: string | null }>(
      `SELECT attrelid::regclass || '.' || attname AS name, col_description(attrelid, attnum) AS comment
       FROM pg_attribute WHERE attrelid = ANY ('{runs,audit_events,dlq,kpi_daily}'::regclass[]) AND attnum > 0 AND NOT attisdropped`,
    );
    const selfExplaining = new Set(["dlq.dlq_id", "dlq.created_at"]);
    const missing = rows.filter((row) => row.comment === null && !selfExplaining.has(row.name));
    expect(missing).toEqual([]);
    const comments = new Map(rows.map((row) => [row.name, row.comment ?? ""]));
    for (const state of ["accepted", "processed", "failed"])
      expect(comments.get("runs.status")).toContain(`${state}:`);
    for (const state of ["open", "retrying", "resolved", "dead"]) {
      expect(comments.get("dlq.status")).toContain(`${state}:`);
    }
  });

  it("leave nothing to be called by everybody", async () => {
    await migrate(fresh.url);
    const { rows } = await database.query(
      `SELECT proname FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS item
       WHERE pronamespace IN ('public'::regnamespace, 'internal'::regnamespace) AND item.grantee = 0`,
    );
    expect(rows).toEqual([]);
  });

  it("let whoever could write the tables by hand before go on to do so", async () => {
    const owner = open(fresh.url);
    const superuser = open(fresh.superuserUrl, 1);
    const role = `writer_${String(Date.now())}`;
    await migrate(fresh.url);
    // As it was before the rights were taken: they are given once more.
    await superuser.query(`CREATE ROLE "${role}"; GRANT INSERT ON public.dlq TO "${role}"`);
    const text = await readFile(join(folder, "../sql/rights.sql"), "utf8");
    await owner.query(text);
    await superuser.query(
      `SET SESSION AUTHORIZATION "${role}"; INSERT INTO public.dlq (reason) VALUES ('x')`,
    );
    await superuser.query(`RESET SESSION AUTHORIZATION; DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    await owner.close();
    await superuser.close();
  });

  it("give every table something by which replication knows its rows", async () => {
    await migrate(fresh.url);
    const { rows } = await database.query(
      `SELECT c.oid::regclass::text AS without FROM pg_class c
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ('public'::regnamespace, 'internal'::regnamespace)
         AND NOT (c.relreplident = 'f' OR c.relreplident = 'i'
           OR c.relreplident = 'd' AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))`,
    );
    expect(rows).toEqual([]);
  });

  it("refuse a schema `internal` that somebody else made, name its owner, and change nothing", async () => {
    const superuser = open(fresh.superuserUrl, 1);
    await superuser.query("CREATE SCHEMA internal; CREATE TABLE internal.theirs (x int)");
    await superuser.close();
    await expect(migrate(fresh.url)).rejects.toMatchObject({
      code: "schema_internal_foreign",
      message: expect.stringMatching(/owner postgres, tables and views: 1\)/) as string,
    });
    const { rows } = await database.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'");
    expect(rows).toEqual([]);
  });

  it("refuse a database that was restored from a dump of one schema", async () => {
    await migrate(fresh.url);
    await database.query("DROP SCHEMA internal CASCADE");
    await expect(migrate(fresh.url)).rejects.toMatchObject({ code: "schema_internal_missing" });
  });

  it("refuse a database that cannot hold every character", async () => {
    const superuser = open(fresh.superuserUrl, 1);
    const name = `${new URL(fresh.url).pathname.slice(1)}_latin1`;
    const url = new URL(fresh.url);
    url.pathname = `/${name}`;
    try {
      await superuser.query(
        `CREATE DATABASE ${name} OWNER leadledger TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`,
      );
      await expect(migrate(url.href)).rejects.toMatchObject({
        code: "database_not_utf8",
        message: expect.stringMatching(/UTF8.*LATIN1/) as string,
      });
    } finally {
      await superuser.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await superuser.close();
    }
  });
});

describe("Migrations on PostgreSQL 14", () => {
  it("are refused with the version that is needed and the one that was found", async () => {
    const server = createServer((socket) => speakAsVersion14(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    try {
      await expect(migrate(`postgresql://leadledger@127.0.0.1:${port}/leadledger`)).rejects.toMatchObject({
        code: "database_too_old",
        message: "LeadLedger needs PostgreSQL 15 or newer; this server is version 14. Nothing was changed.",
      });
    } finally {
      server.close();
    }
  });
});

/** As much of the wire protocol as an old server needs: it lets everybody in and answers every query alike. */
function speakAsVersion14(socket: Socket): void {
  const ready = message("Z", Buffer.from("I"));
  const row = Buffer.concat([
    message("D", Buffer.concat([int16(2), field("140011"), field("UTF8")])),
    message("C", text("SELECT 1")),
  ]);
  const columns = message("T", Buffer.concat([int16(2), column("version", 23), column("encoding", 25)]));
  let greeted = false;
  socket.on("data", (bytes) => {
    if (!greeted) {
      greeted = true;
      socket.write(Buffer.concat([message("R", int32(0)), ready]));
      return;
    }
    // Simple queries (Q) and the batches of the extended protocol, which end with Sync (S); X is the end.
    const kind = String.fromCharCode(bytes[0] ?? 0);
    if (kind === "Q") socket.write(Buffer.concat([columns, row, ready]));
    else if (kind === "X") socket.end();
    else
      socket.write(
        Buffer.concat([message("1", Buffer.alloc(0)), message("2", Buffer.alloc(0)), columns, row, ready]),
      );
  });
  socket.on("error", () => socket.destroy());
}

function message(kind: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

function column(name: string, type: number): Buffer {
  return Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]);
}

function field(value: string): Buffer {
  return Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
