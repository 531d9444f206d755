// What only an administrator can do about the roles for SQL.

/** The program's own role may not make or change the roles, or they have rights that they must not have. */
export class SqlRoleError extends Error {
  readonly code = "sql_role_not_allowed";
  /** What an administrator has to run in this database, once; statements end with a semicolon. */
  readonly sql: string;

  constructor(message: string, sql: readonly string[]) {
    super(`${message}. An administrator has to run, connected to this database:\n${sql.join("\n")}`);
    this.sql = sql.join("\n");
  }
}
