// What LeadLedger's own sessions go by, whatever was set for the server, the database, the role or in DATABASE_URL: with
// a different value of these, acknowledged leads would be lost, statements would mean something else, or would be cut off.

export interface SessionSetting {
  readonly name: string;
  readonly value: string;
  /**
   * A transaction pooler forgets what a session sets. These then have to be right from the start of a session, because
   * neither BEGIN nor the statement itself can bring them.
   */
  readonly neededFromStart?: true;
  /** Only a superuser, or whom one allows it, may set it. */
  readonly privileged?: true;
}

/** How long a run or a table that somebody has locked holds up a statement. */
export const lockTimeoutMs = 2_000;

/** The weakest that keeps what was acknowledged; a stronger one is left as it is. */
export const durableCommit = "on";
const strongerCommit = "remote_apply";

/**
 * Left alone on purpose: `default_transaction_read_only`, because whoever sets it wants nothing to be written here any
 * more (a fence before a move; leads then wait in the spool), `role`, `default_tablespace` and `temp_tablespaces`, which
 * say whose the tables are and where they lie, and what only concerns memory and logging.
 */
export const sessionSettings: readonly SessionSetting[] = [
  // State changes need it, and nobody tries a lone statement again that another one has overtaken.
  { name: "default_transaction_isolation", value: "read committed", neededFromStart: true },
  { name: "default_transaction_deferrable", value: "off" },
  // The program has limits of its own for each of its statements, and brings a rebuild of hours to its end.
  { name: "statement_timeout", value: "0", neededFromStart: true },
  { name: "transaction_timeout", value: "0", neededFromStart: true },
  { name: "lock_timeout", value: `${lockTimeoutMs / 1_000}s` },
  { name: "idle_in_transaction_session_timeout", value: "0" },
  { name: "idle_session_timeout", value: "0", neededFromStart: true },
  // What statements mean.
  { name: "array_nulls", value: "on", neededFromStart: true },
  { name: "transform_null_equals", value: "off", neededFromStart: true },
  { name: "standard_conforming_strings", value: "on", neededFromStart: true },
  { name: "escape_string_warning", value: "on" },
  { name: "backslash_quote", value: "safe_encoding" },
  { name: "quote_all_identifiers", value: "off" },
  { name: "xmlbinary", value: "base64" },
  { name: "xmloption", value: "content" },
  { name: "gin_fuzzy_search_limit", value: "0", neededFromStart: true },
  { name: "row_security", value: "on", neededFromStart: true },
  { name: "exit_on_error", value: "off", neededFromStart: true },
  { name: "check_function_bodies", value: "on" },
  // Without triggers nothing is counted and nothing is told.
  { name: "session_replication_role", value: "origin", neededFromStart: true, privileged: true },
  // How values are written and read.
  { name: "client_encoding", value: "UTF8" },
  { name: "DateStyle", value: "ISO, MDY" },
  { name: "IntervalStyle", value: "postgres", neededFromStart: true },
  { name: "TimeZone", value: "UTC" },
  { name: "timezone_abbreviations", value: "Default" },
  { name: "bytea_output", value: "hex" },
  { name: "extra_float_digits", value: "1", neededFromStart: true },
  // A commit that was not confirmed is told by a warning.
  { name: "client_min_messages", value: "warning" },
  // The one that the ledger's functions set for themselves. With a different one in between, PostgreSQL would throw away the
  // plan of every foreign-key check whenever a statement of the one kind follows one of the other.
  { name: "search_path", value: "pg_catalog, public, pg_temp" },
  // A plan that was cached while a table was small reads all of it, for every row, once it has grown: a foreign-key check
  // did so for 67 s. Before version 18 a forbidden scan that has no alternative counts as so costly that the server
  // compiles the plan, which takes longer than any statement of ours.
  { name: "enable_seqscan", value: "off" },
  { name: "jit", value: "off" },
  { name: "plan_cache_mode", value: "auto" },
  { name: "enable_indexscan", value: "on" },
  { name: "enable_indexonlyscan", value: "on" },
  { name: "enable_bitmapscan", value: "on" },
  { name: "enable_nestloop", value: "on" },
];

const durableCommitSql = `CASE current_setting('synchronous_commit') WHEN '${strongerCommit}' THEN '${strongerCommit}' ELSE '${durableCommit}' END`;

/** SQL expressions that make the commit of the statement or transaction they stand in durable, and its warnings heard. */
export const durableHereSql = `set_config('synchronous_commit', ${durableCommitSql}, true), set_config('client_min_messages', 'warning', true)`;

// A frozen process keeps its connections, and with them the locks that every other node waits for.
const forsakenTransactionMs = 8_000;

/** What follows BEGIN, since a pooler in between may have refused or forgotten it. No query, so it takes no snapshot. */
export const limitsHereSql =
  `SET LOCAL idle_in_transaction_session_timeout = ${forsakenTransactionMs}; ` +
  `SET LOCAL lock_timeout = ${lockTimeoutMs}`;

const listed = [
  `('synchronous_commit', ${durableCommitSql})`,
  ...sessionSettings.map(({ name, value }) => `('${name}', '${value}')`),
].join(", ");
const privileged = sessionSettings.flatMap(({ name, privileged: is }) => (is === true ? [`'${name}'`] : []));
// A version that does not know a setting has no value for it.
const differs = "current_setting(name, true) <> value";

/** First of all, or a short limit ends what would lift it. */
export const noLimitSql =
  "SET statement_timeout = 0; SELECT set_config('idle_session_timeout', '0', false) " +
  "WHERE current_setting('idle_session_timeout', true) <> '0'";

/** Several statements; the last one tells the backend's process and what could not be set. */
export const prepareSessionSql = `${noLimitSql};
  SELECT set_config(name, value, false) FROM (VALUES ${listed}) AS wanted (name, value)
  WHERE ${differs} AND (name NOT IN (${privileged.join(", ")}) OR has_parameter_privilege(name, 'SET'));
  SELECT pg_backend_pid() AS pid, session_user AS role, current_database() AS database, ARRAY(
    SELECT name FROM (VALUES ${listed}) AS wanted (name, value) WHERE ${differs}) AS wrong`;

const needed = sessionSettings.filter(({ neededFromStart }) => neededFromStart === true);

/** What a session begins with and must not, where it may be another session with every statement. */
export const wrongFromStartSql = `
  SELECT ARRAY(SELECT name FROM (VALUES ${needed.map(({ name, value }) => `('${name}', '${value}')`).join(", ")}) AS wanted (name, value)
    JOIN pg_catalog.pg_settings USING (name) WHERE reset_val <> value) AS wrong`;

/** What an administrator has to run, so that sessions begin with the right values. */
export function mendSettingsSql(role: string, database: string, names: readonly string[]): string[] {
  return sessionSettings
    .filter(({ name }) => names.includes(name))
    .map(({ name, value }) => `ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = '${value}';`);
}
