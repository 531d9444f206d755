// The database comes to this version's schema, whoever starts when; what does not fit is refused and left as it is.
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../src/ledger/database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { one, open } from "../support/ledger.ts";

const migrations = (await readdir(join(import.meta.dirname, "../../migrations")))
  .map((file) => file.replace(/\.sql$/, ""))
  .toSorted();

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
    const { rows } = await database.query("SELECT name FROM schema_migrations ORDER BY id");
    expect(rows.map((row) => row["name"] as string)).toEqual(migrations);
  });

  it("refuse a database of a newer version, name what it has, and change nothing", async () => {
    await migrate(fresh.url);
    await database.query(
      "INSERT INTO schema_migrations (name, run_on) VALUES ('9999_of_the_future', clock_timestamp())",
    );
    await expect(migrate(fresh.url)).rejects.toMatchObject({
      code: "database_newer_than_code",
      message: expect.stringContaining("9999_of_the_future") as string,
    });
    const { count } = await one<{ count: number }>(database, "SELECT count(*) FROM schema_migrations");
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

  it("leave nothing that runs with the owner's rights to be called by everybody", async () => {
    await migrate(fresh.url);
    const { rows } = await database.query(
      `SELECT proname FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS item
       WHERE pronamespace = 'public'::regnamespace AND prosecdef AND item.grantee = 0 AND prorettype <> 'trigger'::regtype`,
    );
    expect(rows).toEqual([]);
    const { rows: unpinned } = await database.query(
      `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
         AND NOT coalesce(proconfig @> ARRAY['search_path=pg_catalog, public, pg_temp'], false)`,
    );
    expect(unpinned).toEqual([]);
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
