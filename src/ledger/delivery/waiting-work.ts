// What waits for this node: one question per poll for all that others may have left to it, because every question an
// idle node asks costs it and the database as much as everything around it.
import { circuitsSeenSql } from "./circuits.ts";
import type { CircuitSeen } from "./circuits.ts";
import type { Queryable } from "../connection/database.ts";
import { deliverySwitchSeenSql } from "./delivery-switch.ts";
import type { DeliverySwitchSeen } from "./delivery-switch.ts";
import { milliseconds } from "./deliveries.ts";
import { atWorkSql } from "../operations/operation-batches.ts";
import { configurationRevisionSql, defaultTimezone } from "../settings/settings.ts";

export interface WaitingWork {
  /** Destinations that have something due now. */
  readonly due: readonly DueWork[];
  /** Until something else becomes due; null: not within the time that was asked for. */
  readonly nextDueInMs: number | null;
  /** Whether any operation is not at its end. */
  readonly operations: boolean;
  /** As `readConfigurationRevision`. */
  readonly configurationRevision: number;
  /** Circuits that are open, or closed a moment ago. */
  readonly circuits: readonly CircuitSeen[];
  readonly deliverySwitch: DeliverySwitchSeen;
  /** The reporting time zone. */
  readonly zone: string;
}

export interface DueWork {
  readonly destination: string;
  readonly deliveries: boolean;
  readonly entries: boolean;
  /** Entries of any destination whose node is gone: they have to be recovered before they can be claimed. */
  readonly expired: boolean;
}

interface Row extends Omit<DueWork, "destination"> {
  /** null: the row that stands for no destination at all. */
  readonly destination: string | null;
  readonly next_due_in_ms: number | null;
  readonly operations: boolean;
  readonly revision: number | null;
  readonly circuits: readonly CircuitSeen[];
  readonly switch: DeliverySwitchSeen | null;
  readonly zone: string;
}

/**
 * Looks for what is due for these destinations, or will be within `soonMs`. The time is that of the statement: by one
 * that changes meanwhile the index could not be asked, and all that waits would be read. The names come by a function
 * that PostgreSQL expects the same of whatever the array: of unnest it would expect less with the array at hand, and
 * make a plan for every poll, which costs ten times what the plan does.
 */
export async function findWaitingWork(
  database: Queryable,
  destinations: readonly string[],
  soonMs: number,
): Promise<WaitingWork> {
  const { rows } = await database.query<Row>({
    name: "find-waiting-work",
    text: `
      SELECT name AS destination,
        EXISTS (SELECT 1 FROM internal.deliveries WHERE destination = name AND due_at <= statement_timestamp()) AS deliveries,
        EXISTS (SELECT 1 FROM public.dlq WHERE destination = name AND status = 'open'
                AND next_retry_at <= statement_timestamp()) AS entries,
        EXISTS (SELECT 1 FROM public.dlq WHERE status = 'retrying' AND lease_until < statement_timestamp()) AS expired,
        extract(epoch FROM least(
          (SELECT min(due_at) FROM internal.deliveries WHERE destination = name
             AND due_at > statement_timestamp() AND due_at <= statement_timestamp() + $2::interval),
          (SELECT min(next_retry_at) FROM public.dlq WHERE destination = name AND status = 'open'
             AND next_retry_at > statement_timestamp() AND next_retry_at <= statement_timestamp() + $2::interval)
        ) - statement_timestamp())::float8 * 1000 AS next_due_in_ms,
        EXISTS (SELECT 1 FROM internal.operations WHERE ${atWorkSql}) AS operations,
        ${configurationRevisionSql} AS revision, ${circuitsSeenSql} AS circuits, ${deliverySwitchSeenSql} AS switch,
        internal.reporting_timezone() AS zone
      FROM (VALUES (1)) AS once LEFT JOIN jsonb_array_elements_text(to_jsonb($1::text[])) AS name ON true`,
    values: [destinations, milliseconds(soonMs)],
  });
  const next = rows.flatMap(({ next_due_in_ms: inMs }) => inMs ?? []);
  return {
    due: rows.flatMap(({ destination, deliveries, entries, expired }) =>
      destination !== null && (deliveries || entries || expired)
        ? [{ destination, deliveries, entries, expired }]
        : [],
    ),
    nextDueInMs: next.length === 0 ? null : Math.min(...next),
    operations: rows.some(({ operations }) => operations),
    configurationRevision: rows[0]?.revision ?? 0,
    circuits: rows[0]?.circuits ?? [],
    deliverySwitch: rows[0]?.switch ?? { stopped: false, resumed_for_ms: null },
    zone: rows[0]?.zone ?? defaultTimezone,
  };
}
