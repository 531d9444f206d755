// What every contestant over HTTP does: starts on an empty database, answers 202, and can be asked what it has stored.
import { checksumSql } from "../load/checksum.ts";
import type { BenchDatabase } from "../machine/database-server.ts";

export interface Contestant {
  readonly name: string;
  /** Whether what was accepted is stored; the ceiling without a database stores nothing. */
  readonly stores: boolean;
  /** Whether what was delivered stays in its tables. */
  readonly keepsSettled: boolean;
  start(place: Place): Promise<Running>;
}

export interface Place {
  readonly database: BenchDatabase;
  /** For files; gone afterwards. */
  readonly folder: string;
  /** Where accepted leads are delivered to; null: nowhere yet, they wait. */
  readonly sinkUrl: string | null;
}

export interface Running {
  readonly port: number;
  readonly pid: number;
  /** What is stored of the leads whose key begins with `keyPrefix`. */
  stored(keyPrefix: string): Promise<Stored>;
  /** Deliveries that have not been settled. */
  unsettled(): Promise<number>;
  stop(): Promise<void>;
}

export interface Stored {
  readonly rows: number;
  /** Distinct leads. */
  readonly distinct: number;
  /** Checksum of `key:run_id`. */
  readonly keysAndIds: string;
  /** What else is not as it should be. */
  readonly problems: readonly string[];
}

/** Reads the three figures of `Stored`; `key` and `id` are SQL expressions, `$1` is the prefix of the keys. */
export function storedSql(from: string, key: string, id: string): string {
  return `SELECT count(*)::int AS rows, count(DISTINCT ${key})::int AS distinct,
    ${checksumSql(`${key} || ':' || ${id}`)} AS "keysAndIds" FROM ${from} WHERE starts_with(${key}, $1)`;
}
