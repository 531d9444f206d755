// A LeadLedger with its API for tests of it: one database and one node per file, and what the tests ask them.
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { ledgerDatabase, startTestApp } from "./app.ts";
import type { TestApp, TestAppOptions, TestConfiguration } from "./app.ts";
import { apiClient, testAdminKey } from "./api-client.ts";
import type { ApiClient } from "./api-client.ts";
import type { FreshDatabase, TestServer } from "./database.ts";
import type { PgBouncer } from "./pgbouncer.ts";

export interface ApiScene {
  readonly app: TestApp;
  readonly api: ApiClient;
  readonly database: FreshDatabase;
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
}

export interface ApiSceneOptions extends TestAppOptions {
  /** Starts what the node reaches the database through; absent: it reaches it directly. */
  readonly pooler?: (url: string) => Promise<PgBouncer>;
}

/** Started before the tests of the file, with `configuration` as its file. */
export function useApiScene(
  configuration: () => TestConfiguration | Promise<TestConfiguration>,
  { pooler: startPooler, ...options }: ApiSceneOptions = {},
  server: TestServer | undefined = inject("servers")[0],
): ApiScene {
  let database: FreshDatabase | undefined;
  let app: TestApp | undefined;
  let pool: pg.Pool | undefined;
  let pooler: PgBouncer | undefined;
  beforeAll(async () => {
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    pooler = await startPooler?.(database.url);
    const place = { url: pooler?.through(database.url) ?? database.url };
    app = await startTestApp(place, await configuration(), { adminKey: testAdminKey, ...options });
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    // Its pool lets go of a client before the server has heard of it, and then the database is dropped.
    pool.on("connect", (client) => client.on("error", () => undefined));
    pool.on("error", () => undefined);
  });
  afterAll(async () => {
    await app?.stop();
    await pool?.end();
    await pooler?.close();
    await database?.drop();
  });
  const there = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error("the scene has not begun");
    return part;
  };
  return {
    get app() {
      return there(app);
    },
    get api() {
      return apiClient(there(app).url);
    },
    get database() {
      return there(database);
    },
    async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
      return (await there(pool).query<Row>(sql, values)).rows;
    },
  };
}
