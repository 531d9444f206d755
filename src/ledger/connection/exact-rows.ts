// Queries whose JSON columns keep every digit of their numbers.
import pg from "pg";
import { parseExactly } from "../../domain/values/exact-json.ts";
import type { Queryable } from "./database.ts";

const int8Oid = 20;
const jsonbOid = 3802;

const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if ((oid as number) === jsonbOid) return parseExactly;
    if ((oid as number) === int8Oid) return (value: string) => Number(value);
    return pg.types.getTypeParser(oid, format) as (value: string) => unknown;
  },
};

export async function exactRows<Row extends pg.QueryResultRow>(
  database: Queryable,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await database.query<Row>({ text, values: [...values], types: exactTypes });
  return rows;
}
