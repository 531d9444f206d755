import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { open } from "../../src/kinds/destinations/postgres/transport.ts";
import { postgres } from "../../src/kinds/destinations/postgres/kind.ts";
import { describeOnOneServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { postgresDestination } from "../support/postgres-destination.ts";
import { startRecordingProxy } from "../support/recording-proxy.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

describeOnOneServer("On a real server", (server) => {
  const role = `writer_${randomBytes(4).toString("hex")}`;
  let database: FreshDatabase;
  let admin: pg.Client;
  beforeAll(async () => {
    database = await emptyDatabase(server);
    admin = new pg.Client({ connectionString: database.superuserUrl });
    await admin.connect();
    const columns = "run_id uuid PRIMARY KEY, source text, received_at timestamptz, lead jsonb, data jsonb";
    await admin.query(`
      CREATE ROLE ${role} LOGIN PASSWORD 'planted-password';
      CREATE ROLE ${role}_later LOGIN PASSWORD 'planted-password' IN ROLE ${role};
      ALTER ROLE ${role}_later SET default_transaction_read_only = on;
      CREATE TABLE leads (${columns});
      CREATE TABLE refusing (${columns}, CHECK (source <> 'website'));
      CREATE TABLE locked (${columns});
      GRANT INSERT, SELECT ON leads, refusing, locked TO ${role};
    `);
    await admin.query("BEGIN; LOCK TABLE locked");
  });
  afterAll(async () => {
    await admin.query(`ROLLBACK; DROP OWNED BY ${role}; DROP ROLE ${role}_later, ${role}`);
    await admin.end();
    await database.drop();
  });

  const tables: Partial<Record<Receiver, string>> = { refuses_for_good: "refusing", hangs: "locked" };

  describeDestinationKind(postgres, async ({ receiver, timeoutMs, forbidden }) => {
    const { port, pathname } = new URL(database.url);
    const proxy = await startRecordingProxy(Number(port));
    if (receiver === "absent") await proxy.stop();
    const destination = postgresDestination(`postgresql://127.0.0.1:${proxy.port}${pathname}`, {
      user: receiver === "fails_for_now" ? `${role}_later` : role,
      password: receiver === "wants_credentials" ? "planted-wrong-password" : "planted-password",
      table: tables[receiver] ?? "leads",
      timeoutMs,
      allowPrivate: forbidden !== true,
    });
    return {
      destination,
      sender: open(destination, { nowMs: Date.now }),
      received: () =>
        proxy
          .heard()
          .match(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g)
          ?.map((id) => `${id}:crm`) ?? [],
      stop: () => proxy.stop(),
    };
  });
});
