// Connections to the ledger's database, and transactions that name their actor.
import type { EventEmitter } from "node:events";
import pg from "pg";
import { cancelStatement, isAnswerOverdue } from "./cancel-statement.ts";
import { CommitInDoubtError } from "./commit-in-doubt.ts";
import type { Limits } from "./limits.ts";
import { limitsTo } from "./limits.ts";
import { databaseTrouble, sqlState } from "./postgres-error.ts";
import { ask, prepareSession } from "./session.ts";
import { durableHereSql, limitsHereSql } from "./session-settings.ts";

/** Whoever can run a query: the pool, or the client of a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
  query<Row extends pg.QueryResultRow>(config: TimedQuery): Promise<pg.QueryResult<Row>>;
}

/** With `query_timeout` in milliseconds the connection is given up when no answer comes. */
export type TimedQuery = pg.QueryConfig & { readonly query_timeout?: number };

export interface Database extends Queryable {
  /** Not where there are `limits`: what takes a connection there goes past them. */
  readonly pool: pg.Pool;
  /** Of a caller who is limited to clients; absent: of everybody else. */
  readonly limits?: Limits;
  /** Gives up connections that are not in use: after a line was cut, each would have to be found dead by itself. */
  dropIdle(): void;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgresql://…` */
  readonly url: string;
  readonly connectionsMax: number;
  readonly applicationName: string;
  /**
   * For how long an answer is waited for; then the connection counts as dead, which a line that was cut never says.
   * Statements that may take longer bring their own `query_timeout`. Absent: for ever.
   */
  readonly answerTimeoutMs?: number;
  /** A connection that sat idle in the pool broke; it is replaced by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/** For statements whose work grows with the history. */
export const longAnswerTimeoutMs = 600_000;

/** Of commands, which otherwise wait for an answer as long as it takes. */
const commitLimitMs = 30_000;
const connectTimeoutMs = 5_000;
const keepAliveDelayMs = 10_000;
const closeLimitMs = 3_000;
const idleTimeoutMs = 60_000;
const transactionRetriesMax = 10;
const retryPauseMaxMs = 40;

// bigint columns (ids, counts, milliseconds) stay far below 2^53.
const int8Oid = 20;
const parsers: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (oid as number) === int8Oid
      ? (value: string) => Number(value)
      : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    ...(options.answerTimeoutMs === undefined ? {} : { query_timeout: options.answerTimeoutMs }),
    idleTimeoutMillis: idleTimeoutMs,
    types: parsers,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits for it; its types do not say so
    onConnect: (client): Promise<unknown> => prepareSession(client),
  });
  pool.on("error", (error) => options.onIdleError?.(error));
  const clients = new Set<pg.PoolClient>();
  const inUse = new Set<pg.PoolClient>();
  pool.on("connect", (client) => clients.add(client));
  pool.on("acquire", (client) => inUse.add(client));
  pool.on("release", (_error, client) => inUse.delete(client));
  pool.on("remove", (client) => {
    clients.delete(client);
    inUse.delete(client);
  });
  return {
    pool,
    query: ((text: string | pg.QueryConfig, values?: unknown[]) =>
      queryAlone(pool, text, values)) as Queryable["query"],
    dropIdle() {
      for (const client of clients) {
        // The pool listens to the errors of those that rest in it, and removes them.
        if (!inUse.has(client)) (client as unknown as EventEmitter).emit("error", new Error("given up"));
      }
    },
    async close() {
      // A statement that is never answered would keep the pool open for ever; ending its client cuts it off.
      const cut = setTimeout(() => {
        for (const client of clients) void (client as unknown as pg.Client).end();
      }, closeLimitMs);
      await pool.end();
      clearTimeout(cut);
    },
  };
}

/** As whoever is limited to these clients sees it, over the same connections. */
export function limitedDatabase(whole: Database, clients: readonly string[]): Database {
  const limits = limitsTo(clients);
  const database: Database = {
    limits,
    pool: noPool,
    query: ((text: string | pg.QueryConfig, values?: unknown[]) =>
      once(database, beginReadCommitted, null, (client) =>
        typeof text === "string" ? client.query(text, values) : client.query(text),
      )) as Queryable["query"],
    dropIdle() {
      whole.dropIdle();
    },
    close: () => Promise.resolve(),
  };
  poolsOfLimited.set(database, whole.pool);
  return database;
}

const noPool = new Proxy({} as pg.Pool, {
  get(_pool, member) {
    throw new Error(`the pool's ${String(member)} goes past the limits of a caller`);
  },
});
const poolsOfLimited = new WeakMap<Database, pg.Pool>();

function poolOf(database: Database): pg.Pool {
  return database.limits === undefined ? database.pool : (poolsOfLimited.get(database) ?? noPool);
}

/** A connection, and how statements are written on it, for who keeps a transaction open: `begin` is the first. */
export async function beginOn(
  database: Database,
  begin: string,
): Promise<{ readonly client: pg.PoolClient; readonly restate: (sql: string) => string }> {
  const { limits } = database;
  const client = await poolOf(database).connect();
  // A connection that is cut says so here as well; the statement fails.
  const onError = (): void => undefined;
  client.on("error", onError);
  try {
    await client.query(begin);
    if (limits !== undefined) await client.query(limits.enter.text, [...limits.enter.values]);
    return { client, restate: (sql) => limits?.restate(sql) ?? sql };
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    client.off("error", onError);
  }
}

/** Statements that were prepared under a name are others here, and have none. */
function limitedQueryable(limits: Limits, inner: Queryable): Queryable {
  return {
    query: ((text: string | pg.QueryConfig, values?: unknown[]) => {
      if (typeof text === "string") return inner.query(limits.restate(text), values);
      return inner.query(restated(limits, text));
    }) as Queryable["query"],
  };
}

function restated(limits: Limits, { name: _preparedAs, ...config }: pg.QueryConfig): pg.QueryConfig {
  return { ...config, text: limits.restate(config.text) };
}

/** From here on in the transaction of `client`, until it ends: for who is limited. The inner one goes on as it was. */
export async function limitTransaction(client: Queryable, clients: readonly string[]): Promise<Queryable> {
  const limits = limitsTo(clients);
  await client.query(limits.enter.text, [...limits.enter.values]);
  return limitedQueryable(limits, client);
}

/** In a transaction of its own. */
async function queryAlone(
  pool: pg.Pool,
  text: string | pg.QueryConfig,
  values?: unknown[],
): Promise<pg.QueryResult> {
  const client = await pool.connect();
  // A connection that is cut says so here as well; the statement fails.
  const onError = (): void => undefined;
  client.on("error", onError);
  let failure: unknown = null;
  try {
    return await ask(client, text, values);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    client.off("error", onError);
    giveBack(client, failure !== null, failure);
  }
}

/** `broken`: nobody else shall get this connection. What `failure` says is overdue is ended at the server. */
export function giveBack(client: pg.PoolClient, broken: boolean, failure: unknown = null): void {
  const isOverdue = isAnswerOverdue(failure) || (failure instanceof Error && isAnswerOverdue(failure.cause));
  if (!isOverdue) {
    client.release(broken);
    return;
  }
  // Until then it is nobody's, and its errors are nobody's.
  const onError = (): void => undefined;
  client.on("error", onError);
  void cancelStatement(client).finally(() => {
    client.off("error", onError);
    client.release(true);
  });
}

/** Asks on this one connection. */
export function queryableOf(client: pg.ClientBase): Queryable {
  return {
    query: ((text: string | pg.QueryConfig, values?: unknown[]) =>
      ask(client, text, values)) as Queryable["query"],
  };
}

/** Who makes the changes of a transaction: `webhook`, `system`, `delivery`, `cli:<os user>`, `user:<id>`, `key:<id>`. */
export type Actor = "webhook" | "system" | "delivery" | `cli:${string}` | `user:${string}` | `key:${string}`;

/** Not what the database or the role may have made the default; and what a transaction needs beyond that. */
export const beginReadCommitted = `BEGIN ISOLATION LEVEL READ COMMITTED; ${limitsHereSql}; SELECT ${durableHereSql}`;

/**
 * Runs `work` in one READ COMMITTED transaction whose events bear `actor`. Deadlocks are tried again, so `work`
 * may run more than once. Throws what `work` or the database threw last.
 */
export function transaction<T>(
  database: Database,
  actor: Actor,
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  return retried(() => once(database, beginReadCommitted, actor, work));
}

/** As `transaction`, in one REPEATABLE READ snapshot that is taken after `lockFirst` was locked. */
export function snapshotTransaction<T>(
  database: Database,
  actor: Actor,
  lockFirst: "kpi_daily",
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ; ${limitsHereSql}; LOCK TABLE public.${lockFirst} IN EXCLUSIVE MODE; SELECT ${durableHereSql}`;
  return retried(() => once(database, begin, actor, work));
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > transactionRetriesMax || databaseTrouble(error) !== "retry") throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * retryPauseMaxMs));
    }
  }
}

async function once<T>(
  database: Database,
  begin: string,
  actor: Actor | null,
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  const client = await poolOf(database).connect();
  const { limits } = database;
  const direct = queryableOf(client);
  const queryable = limits === undefined ? direct : limitedQueryable(limits, direct);
  let broken = false;
  let failure: unknown = null;
  // A connection that is cut between two statements says so here and nowhere else; the next statement fails.
  const onError = (): void => void (broken = true);
  client.on("error", onError);
  try {
    await client.query(begin);
    if (actor !== null) await client.query("SELECT set_config('leadledger.actor', $1, true)", [actor]);
    if (limits !== undefined) await client.query(limits.enter.text, [...limits.enter.values]);
    const result = await work(queryable);
    const { command } = await commit(database, client);
    // A transaction that had failed answers COMMIT with ROLLBACK, without an error.
    if (command !== "COMMIT") throw new Error("the transaction was rolled back instead of committed");
    return result;
  } catch (error) {
    failure = error;
    // Without an answer to that, there will be none to this.
    if (sqlState(error) === null) broken = true;
    else await client.query("ROLLBACK").catch(() => (broken = true));
    throw error;
  } finally {
    client.off("error", onError);
    giveBack(client, broken, failure);
  }
}

/** One that waits for a standby which does not come is in doubt, like one whose wait somebody has cancelled. */
async function commit(database: Database, client: pg.ClientBase): Promise<pg.QueryResult> {
  const limitMs = Math.min(poolOf(database).options.query_timeout ?? commitLimitMs, commitLimitMs);
  try {
    return await ask(client, { text: "COMMIT", query_timeout: limitMs } as TimedQuery);
  } catch (error) {
    if (isAnswerOverdue(error)) throw new CommitInDoubtError({ cause: error });
    throw error;
  }
}

/** Runs `attempt` (one statement that is its own transaction) again after a deadlock. */
export function withDeadlockRetry<T>(attempt: () => Promise<T>): Promise<T> {
  return retried(attempt);
}
