// What is remarkable about how a lead arrived, as conditions on `internal.receipts t`; each has an index of its own.

export const signSql = {
  unproven: "NOT t.proven",
  maybe_twice: "t.maybe_twice",
  known_person: "t.duplicate = 'known_person'",
  added_to_person: "t.duplicate = 'added_to_person'",
  warning: "t.warning IS NOT NULL",
} as const;

export type ReceiptSignName = keyof typeof signSql;
export const receiptSignNames = Object.keys(signSql) as readonly ReceiptSignName[];

/** The runs with such a delivery. */
export function runsOfSignSql(sign: ReceiptSignName): string {
  return `SELECT t.run_id FROM internal.receipts t WHERE ${signSql[sign]}`;
}

/** Those of a run, as an array of their names (`LeadSign`). */
export function signsSql(run: string): string {
  return `SELECT array_remove(ARRAY[
      CASE WHEN bool_or(${signSql.unproven}) THEN 'unproven' END, CASE WHEN bool_or(${signSql.maybe_twice}) THEN 'maybe_twice' END,
      CASE WHEN bool_or(${signSql.known_person}) THEN 'known_person' END, CASE WHEN bool_or(${signSql.warning}) THEN 'warning' END], NULL)
    FROM internal.receipts t WHERE t.run_id = ${run}`;
}
