// The one PostgreSQL that all contestants use: the product's embedded binaries, durable, with the same settings for all.
import pg from "pg";
import { loadEmbeddedPostgres } from "./built-product.ts";

export interface DatabaseServer {
  /** What matters for durability and speed, as the server says it. */
  readonly settings: Readonly<Record<string, string>>;
  /** A new, empty database of the product's role, which is no superuser. */
  createDatabase(): Promise<BenchDatabase>;
  /** Writes everything out, so that no checkpoint falls into one contestant's time by chance. */
  checkpoint(): Promise<void>;
  /** May be called more than once. */
  stop(): Promise<void>;
}

export interface BenchDatabase {
  readonly url: string;
  readonly superuserUrl: string;
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

const connectionsMax = 200;
const settingNames = [
  "server_version",
  "fsync",
  "synchronous_commit",
  "full_page_writes",
  "wal_sync_method",
  "shared_buffers",
  "max_wal_size",
  "max_connections",
  "autovacuum",
  "jit",
] as const;

export async function startDatabaseServer(dataDir: string): Promise<DatabaseServer> {
  const { startEmbeddedPostgres, connectionUri } = await loadEmbeddedPostgres();
  const server = await startEmbeddedPostgres({
    dataDir,
    log: ({ event }) => {
      if (event === "postgres_exited") throw new Error("PostgreSQL died while it was measured");
    },
    settings: {
      max_connections: String(connectionsMax),
      max_wal_size: "8GB",
      checkpoint_timeout: "30min",
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
    },
  });
  const urlsOf = (database: string) => ({
    url: connectionUri({ ...server.connection, database }),
    superuserUrl: connectionUri({ ...server.superuser, database }),
  });
  const admin = new pg.Pool({ connectionString: urlsOf("postgres").superuserUrl, max: 1 });
  // A connection that the server ends when it is stopped early; queries that fail say so where they were asked.
  admin.on("error", () => undefined);
  let made = 0;
  let stopped: Promise<void> | null = null;

  async function createDatabase(): Promise<BenchDatabase> {
    made += 1;
    const name = `bench_${process.pid}_${made}`;
    await admin.query(`CREATE DATABASE ${name} OWNER ${server.connection.user}`);
    const urls = urlsOf(name);
    const pool = new pg.Pool({ connectionString: urls.superuserUrl, max: 2 });
    // DROP DATABASE ends connections that are about to end by themselves; a query that fails says so where it was asked.
    pool.on("error", () => undefined);
    return {
      ...urls,
      query: async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
        (await pool.query<Row>(sql, values)).rows,
      async drop() {
        await pool.end();
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      },
    };
  }

  const { rows } = await admin.query<{ name: string; setting: string }>(
    "SELECT name, current_setting(name) AS setting FROM unnest($1::text[]) AS name",
    [settingNames],
  );
  return {
    settings: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])),
    createDatabase,
    async checkpoint() {
      await admin.query("CHECKPOINT");
    },
    stop: () => (stopped ??= admin.end().finally(() => server.stop())),
  };
}
