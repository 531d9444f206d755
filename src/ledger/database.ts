// Connections to the ledger's database, and transactions that name their actor.
import pg from "pg";
import { databaseTrouble } from "./postgres-error.ts";

/** Whoever can run a query: the pool, or the client of a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
  query<Row extends pg.QueryResultRow>(config: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

export interface Database extends Queryable {
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgresql://…` */
  readonly url: string;
  readonly connectionsMax: number;
  readonly applicationName: string;
  /** A connection that sat idle in the pool broke; it is replaced by itself. */
  readonly onIdleError?: (error: Error) => void;
}

const connectTimeoutMs = 5_000;
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
    idleTimeoutMillis: idleTimeoutMs,
    types: parsers,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits for it; its types do not say so
    onConnect: (client): Promise<unknown> => client.query(`${planForGrowth}; ${giveUpOnLocks}`),
  });
  pool.on("error", (error) => options.onIdleError?.(error));
  return {
    pool,
    query: pool.query.bind(pool) as Queryable["query"],
    close: () => pool.end(),
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
    await client.query("ROLLBACK").catch(() => (broken = true));
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
