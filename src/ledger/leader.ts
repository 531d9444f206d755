// Which node does the tasks that one node does: a row with a lease and an epoch, in database time. A leader that was
// frozen finds its epoch outdated; an advisory lock would have kept everyone else out.
import type { Queryable } from "./database.ts";

export interface Leadership {
  readonly epoch: number;
}

const leaderName = "leader";

/** Takes or keeps the leadership for `leaseMs`; null when another node has it. */
export async function takeLeadership(
  database: Queryable,
  node: string,
  leaseMs: number,
): Promise<Leadership | null> {
  const { rows } = await database.query<Leadership>({
    name: "take-leadership",
    text: `
      INSERT INTO public.leader AS l (name, holder, epoch, held_until)
      VALUES ($1, $2, 1, clock_timestamp() + $3::interval)
      ON CONFLICT (name) DO UPDATE
        SET held_until = excluded.held_until, holder = excluded.holder,
          epoch = l.epoch + (l.holder <> excluded.holder OR l.held_until <= clock_timestamp())::int
        WHERE l.holder = excluded.holder OR l.held_until <= clock_timestamp()
      RETURNING epoch`,
    values: [leaderName, node, `${leaseMs} milliseconds`],
  });
  return rows[0] ?? null;
}

/** Lets another node lead at once. */
export async function resignLeadership(database: Queryable, node: string): Promise<void> {
  await database.query(
    "UPDATE public.leader SET held_until = clock_timestamp() WHERE name = $1 AND holder = $2",
    [leaderName, node],
  );
}
