// What waits for this node: asked once per poll for all destinations together.
import type { Queryable } from "./database.ts";

export interface DueWork {
  readonly destination: string;
  readonly deliveries: boolean;
  readonly entries: boolean;
  /** Entries of any destination whose node is gone: they have to be recovered before they can be claimed. */
  readonly expired: boolean;
}

/** Which of the destinations have something due now. */
export async function findDueWork(database: Queryable, destinations: readonly string[]): Promise<DueWork[]> {
  const { rows } = await database.query<DueWork>({
    name: "find-due-work",
    text: `
      SELECT name AS destination,
        EXISTS (SELECT 1 FROM public.deliveries WHERE destination = name AND due_at <= clock_timestamp()) AS deliveries,
        EXISTS (SELECT 1 FROM public.dlq WHERE destination = name AND status = 'open'
                AND next_retry_at <= clock_timestamp()) AS entries,
        EXISTS (SELECT 1 FROM public.dlq WHERE status = 'retrying' AND lease_until < clock_timestamp()) AS expired
      FROM unnest($1::text[]) AS name`,
    values: [destinations],
  });
  return rows.filter((row) => row.deliveries || row.entries || row.expired);
}
