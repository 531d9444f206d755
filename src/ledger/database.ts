// Connections to the ledger's database, and transactions that name their actor.
import type { EventEmitter } from "node:events";
import pg from "pg";
import { databaseTrouble, sqlState } from "./postgres-error.ts";

/** Whoever can run a query: the pool, or the client of a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
  query<Row extends pg.QueryResultRow>(config: TimedQuery): Promise<pg.QueryResult<Row>>;
}

/** With `query_timeout` in milliseconds the connection is given up when no answer comes. */
export type TimedQuery = pg.QueryConfig & { readonly query_timeout?: number };

export interface Database extends Queryable {
  readonly pool: pg.Pool;
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

const connectTimeoutMs = 5_000;
const keepAliveDelayMs = 10_000;
const closeLimitMs = 3_000;
const idleTimeoutMs = 60_000;
const transactionRetriesMax = 10;
const retryPauseMaxMs = 40;

// A frozen process keeps its connections, and with them the locks that every other node waits for. Set in each
// transaction, because a pooler in between may refuse or forget the settings of a session.
const forsakenTransactionMs = 8_000;
const endWhenForsaken = `SET LOCAL idle_in_transaction_session_timeout = ${forsakenTransactionMs}`;

// A plan that was cached while a table was small reads all of it, for every row, once it has grown: a foreign-key check
// did so for 67 s. Before version 18 a forbidden scan that has no alternative counts as so costly that the server
// compiles the plan, which takes longer than any statement of ours. Both are a matter of speed alone, so it does no harm
// where a pooler forgets them.
const planForGrowth = "SET enable_seqscan = off; SET jit = off";

// The one that the ledger's functions set for themselves. With another one in between, PostgreSQL would throw away the
// plan of every foreign-key check whenever a statement of the one kind follows one of the other.
const onePath = "SET search_path = pg_catalog, public, pg_temp";

// A run that a person or a worker has locked must not hold up the others of its batch for longer.
const lockTimeoutMs = 2_000;
const giveUpOnLocks = `SET lock_timeout = ${lockTimeoutMs}`;

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
    onConnect: (client): Promise<unknown> => client.query(`${planForGrowth}; ${onePath}; ${giveUpOnLocks}`),
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
    query: pool.query.bind(pool) as Queryable["query"],
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

/** Who makes the changes of a transaction: `webhook`, `system`, `delivery`, `cli:<os user>`, `user:<id>`, `key:<id>`. */
export type Actor = "webhook" | "system" | "delivery" | `cli:${string}` | `user:${string}` | `key:${string}`;

/**
 * Runs `work` in one READ COMMITTED transaction whose events bear `actor`. Deadlocks are tried again, so `work`
 * may run more than once. Throws what `work` or the database threw last.
 */
export function transaction<T>(
  database: Database,
  actor: Actor,
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  return retried(() => once(database, `BEGIN; ${endWhenForsaken}`, actor, work));
}

/** As `transaction`, in one REPEATABLE READ snapshot that is taken after `lockFirst` was locked. */
export function snapshotTransaction<T>(
  database: Database,
  actor: Actor,
  lockFirst: "kpi_daily",
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ; ${endWhenForsaken}; LOCK TABLE public.${lockFirst} IN EXCLUSIVE MODE`;
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
  actor: Actor,
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  let broken = false;
  // A connection that is cut between two statements says so here and nowhere else; the next statement fails.
  const onError = (): void => void (broken = true);
  client.on("error", onError);
  try {
    await client.query(begin);
    await client.query("SELECT set_config('leadledger.actor', $1, true)", [actor]);
    const result = await work(client);
    const { command } = await client.query("COMMIT");
    // A transaction that had failed answers COMMIT with ROLLBACK, without an error.
    if (command !== "COMMIT") throw new Error("the transaction was rolled back instead of committed");
    return result;
  } catch (error) {
    // Without an answer to that, there will be none to this.
    if (sqlState(error) === null) broken = true;
    else await client.query("ROLLBACK").catch(() => (broken = true));
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

/** Runs `attempt` (one statement that is its own transaction) again after a deadlock. */
export function withDeadlockRetry<T>(attempt: () => Promise<T>): Promise<T> {
  return retried(attempt);
}
