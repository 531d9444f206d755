// What an error of somebody's PostgreSQL means for a delivery, by its SQLSTATE (PostgreSQL documentation, appendix A).
import type { FailureCode } from "../../../domain/destinations/outcome.ts";

/** What is read of an error; `detail` is not, because it repeats the row. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
}

export interface Meaning {
  readonly code: FailureCode;
  /** Without names of persons: never the server's words where they may repeat a value of the lead. */
  readonly detail: string;
}

/** `columns`: those that every row fills. */
export function meaningOfState(error: ServerError, columns: readonly string[]): Meaning {
  const { code, message, column } = error;
  // PgBouncer up to 1.18 has one code for its own refusals.
  if (code.startsWith("28") || (code === "08P01" && /auth|password|no such user/i.test(message)))
    return { code: "destination_auth", detail: said(error) };
  if (code === "08P01" && /no such database|does not exist|unsupported startup/i.test(message))
    return { code: "destination_configuration", detail: said(error) };
  if (code === "23502" && column !== undefined && !columns.includes(column))
    return {
      code: "destination_configuration",
      detail: `the column ${column} must have a value and no lead brings one (${code})`,
    };
  const whose = failureOf(code);
  return { code: whose, detail: whose === "destination_rejected" ? refusal(error) : said(error) };
}

function failureOf(code: string): FailureCode {
  switch (code.slice(0, 2)) {
    // Wrong data, integrity, too large, a trigger's veto: the same lead would be refused again.
    case "22":
    case "23":
    case "54":
    case "P0":
      return "destination_rejected";
    // Table, column, schema, database, rights, a view that takes no rows.
    case "42":
    case "3D":
    case "3F":
    case "0A":
    case "0L":
    case "0P":
      return "destination_configuration";
    case "55":
      return code === "55000" ? "destination_configuration" : "destination_error";
    // 08 connection, 25006 a standby, 40 serialisation and deadlock, 53 resources, 57 stopping, 58 and XX its own trouble.
    default:
      return "destination_error";
  }
}

function refusal({ code, column, constraint }: ServerError): string {
  const where =
    constraint === undefined
      ? column === undefined
        ? ""
        : `, column ${column}`
      : `, constraint ${constraint}`;
  return `${refusals[code] ?? "it does not take the row"} (${code}${where})`;
}

const refusals: Readonly<Record<string, string>> = {
  "22001": "a value is too long for its column",
  "22003": "a number is too large for its column",
  "22007": "a value is no date for its column",
  "22008": "a date is out of range for its column",
  "22P02": "a value does not fit the type of its column",
  "22P05": "a character does not exist in the database's encoding",
  "23502": "a column must have a value",
  "23503": "a row that this one refers to is missing",
  "23505": "another unique key has this value already",
  "23514": "a check of the table says no",
  "54000": "the row is too large",
  P0001: "a trigger says no",
};

function said({ code, message }: ServerError): string {
  return `${message} (${code})`;
}
