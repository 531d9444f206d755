// The deliveries of one lead as people look at them: those that wait, and those that arrived.
import type { HeldReason } from "../../domain/destinations/held.ts";
import type { Duplicate } from "../../domain/destinations/receipt.ts";
import { toldAttempts } from "../../domain/log/told-attempts.ts";
import type { ToldAttempt } from "../../domain/log/told-attempts.ts";
import type { ListedEvent } from "../log/audit-list.ts";
import type { Queryable } from "../connection/database.ts";

export interface DeliveryView {
  readonly destination: string;
  /** Attempts begun; of one that arrived, which attempt did, as its lane counts; null: that is not known. */
  readonly attempt: number | null;
  /** null: it is held, or arrived. */
  readonly due_at: Date | null;
  readonly held_reason: HeldReason | null;
  /** The last time; null: it has not arrived. */
  readonly delivered_at: Date | null;
  /** Of its arrival; null: it has not arrived, it was not HTTP, or that is not known. */
  readonly http_status: number | null;
  readonly remote_id: string | null;
  readonly remote_url: string | null;
  /** null: it has not arrived. */
  readonly proven: boolean | null;
  readonly maybe_twice: boolean;
  readonly duplicate: Duplicate | null;
  readonly warning: string | null;
}

/** Of one destination, both may be: one that arrived, and one that waits. `timeline`: the lead's events in their order. */
export async function readDeliveries(
  database: Queryable,
  runId: string,
  timeline: readonly ListedEvent[],
): Promise<DeliveryView[]> {
  const { rows } = await database.query<DeliveryView>(
    `SELECT destination, attempt, CASE WHEN held_reason IS NULL THEN due_at END AS due_at, held_reason,
       NULL::timestamptz AS delivered_at, NULL::integer AS http_status, NULL AS remote_id, NULL AS remote_url,
       NULL::boolean AS proven, false AS maybe_twice, NULL AS duplicate, NULL AS warning
     FROM internal.deliveries WHERE run_id = $1
     UNION ALL
     SELECT destination, NULL, NULL, NULL, delivered_at, NULL, remote_id, remote_url, proven, maybe_twice, duplicate, warning
     FROM internal.receipts WHERE run_id = $1
     ORDER BY destination, delivered_at NULLS FIRST`,
    [runId],
  );
  const waiting = rows.filter(({ delivered_at: at }) => at === null);
  const receipts = rows.filter(({ delivered_at: at }) => at !== null);
  const arrived = arrivals(receipts, toldAttempts(timeline));
  return [...waiting, ...arrived].toSorted((one, other) => {
    if (one.destination !== other.destination) return one.destination < other.destination ? -1 : 1;
    return (one.delivered_at?.getTime() ?? 0) - (other.delivered_at?.getTime() ?? 0);
  });
}

/** Receipts are of destinations that said something; of the others only the log tells. */
function arrivals(receipts: readonly DeliveryView[], attempts: readonly ToldAttempt[]): DeliveryView[] {
  const said = new Map(receipts.map((receipt) => [receipt.destination, receipt]));
  for (const { destination, at, attempt, http_status, delivered } of attempts) {
    if (!delivered) continue;
    const receipt = said.get(destination) ?? { ...silent, destination };
    said.set(destination, { ...receipt, delivered_at: new Date(at), attempt, http_status });
  }
  return [...said.values()];
}

const silent: Omit<DeliveryView, "destination"> = {
  attempt: null,
  due_at: null,
  held_reason: null,
  delivered_at: null,
  http_status: null,
  remote_id: null,
  remote_url: null,
  proven: true,
  maybe_twice: false,
  duplicate: null,
  warning: null,
};
