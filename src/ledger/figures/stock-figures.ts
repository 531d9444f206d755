// What stands in the ledger at this moment, for monitoring: read when somebody asks, from indexes and counts that are kept.
import type { Alarm } from "../../domain/figures/alarm.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { listBacklogs } from "../delivery/destination-backlog.ts";
import type { DestinationBacklog } from "../delivery/destination-backlog.ts";
import { causesSql, laneOrderSql, laneSql, readStock, stagesAtWork } from "../attention/dlq-causes.ts";
import { listSourceActivity } from "./source-activity.ts";

export interface StockFigures {
  /** Entries that are open or retrying, and of these how many wait for a person. */
  readonly open: number;
  readonly needDecision: number;
  /** Entries that were given up; at most `deadCountedMax` are counted. */
  readonly dead: number;
  /** Of the entry that has been open for the longest time; 0: none is. */
  readonly oldestOpenSeconds: number;
  readonly destinations: readonly DestinationStock[];
  readonly sources: readonly SourceStock[];
}

/** With what somebody should look at now. */
export interface StockAndAlarms extends StockFigures {
  readonly alarms: readonly Pick<Alarm, "code" | "severity">[];
}

export type DestinationStock = Pick<
  DestinationBacklog,
  "destination" | "waiting" | "overdue" | "retrying" | "need_decision"
>;

export interface SourceStock {
  readonly source: string;
  /** null: nothing has ever come from it. */
  readonly lastReceivedAt: Date | null;
}

export const deadCountedMax = 10_000;
const sourcesMax = 1_000;

export async function readStockFigures(database: Database): Promise<StockFigures> {
  // One after the other: monitoring takes one connection at most.
  const { at_work: open, need_decision: needDecision } = await readStock(database);
  const entries = await readEntryFigures(database);
  const destinations = await listBacklogs(database);
  const sources = await listSourceActivity(database, [], sourcesMax);
  return {
    open,
    needDecision,
    ...entries,
    destinations,
    sources: sources
      .filter(({ is_configured: isConfigured }) => isConfigured)
      .map(({ source, last_received_at: lastReceivedAt }) => ({ source, lastReceivedAt })),
  };
}

async function readEntryFigures(
  database: Queryable,
): Promise<Pick<StockFigures, "dead" | "oldestOpenSeconds">> {
  const { rows } = await database.query<{ dead: number; oldest_seconds: number }>({
    name: "entry-figures",
    text: `
      WITH causes AS MATERIALIZED (${causesSql})
      SELECT
        (SELECT count(*) FROM (
          SELECT FROM causes CROSS JOIN LATERAL (
            SELECT FROM public.dlq q WHERE ${laneSql("causes.cause", "'dead'")} LIMIT ${deadCountedMax}) AS q
          LIMIT ${deadCountedMax}) AS d) AS dead,
        coalesce((SELECT extract(epoch FROM clock_timestamp() - min(first.created_at))::float8
          FROM causes CROSS JOIN unnest('{${stagesAtWork.join(",")}}'::text[]) AS at (stage)
          CROSS JOIN LATERAL (
            SELECT q.created_at FROM public.dlq q
            WHERE ${laneSql("causes.cause", "at.stage")} ORDER BY ${laneOrderSql("ASC")} LIMIT 1) AS first
          WHERE causes.at_work > 0), 0) AS oldest_seconds`,
  });
  const [row] = rows;
  return { dead: row?.dead ?? 0, oldestOpenSeconds: Math.max(0, row?.oldest_seconds ?? 0) };
}
