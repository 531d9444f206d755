// Which node does the tasks that one node does: a row with a lease and an epoch, in database time. A leader that was
// frozen finds its epoch outdated; an advisory lock would have kept everyone else out.
import type { Queryable } from "./database.ts";

export interface Leadership {
  readonly node: string;
  /** Rises whenever the leadership is taken, also by the node that had it before and let it lapse. */
  readonly epoch: number;
}

export type Campaign =
  | { readonly kind: "leads"; readonly leadership: Leadership }
  | { readonly kind: "another_leads" }
  /** A task of the leader holds the row at this moment, so nothing was changed. */
  | { readonly kind: "busy" };

/** Another node leads, or has led since this one took the leadership: what was about to be written is not. */
export class LeadershipLostError extends Error {
  constructor() {
    super("this node does not lead any more");
  }
}

/** Called first in a transaction: lets it go on only as long as whoever made the guard leads. */
export type LeaderGuard = (client: Queryable) => Promise<void>;

const leaderName = "leader";

/** SQL: whether some node holds the leadership at this moment. */
export const nodeRunsSql = "EXISTS (SELECT 1 FROM internal.leader WHERE held_until > clock_timestamp())";

/**
 * Takes or keeps the leadership for `leaseMs`. Nobody waits for the row: where another leads, it is only read, and
 * while a task of the leader holds it, nobody can take it anyway.
 */
export async function takeLeadership(database: Queryable, node: string, leaseMs: number): Promise<Campaign> {
  const { rows } = await database.query<{ epoch: number | null; another: boolean }>({
    name: "take-leadership",
    text: `
      WITH made AS (
        INSERT INTO internal.leader (name, holder, epoch, held_until)
        SELECT $1, $2, 1, clock_timestamp() + $3::interval
        WHERE NOT EXISTS (SELECT FROM internal.leader WHERE name = $1)
        ON CONFLICT (name) DO NOTHING
        RETURNING epoch),
      free AS MATERIALIZED (
        SELECT name, epoch + (holder <> $2 OR held_until <= clock_timestamp())::int AS next_epoch FROM internal.leader
        WHERE name = $1 AND (holder = $2 OR held_until <= clock_timestamp())
        FOR NO KEY UPDATE SKIP LOCKED),
      taken AS (
        UPDATE internal.leader l SET holder = $2, epoch = free.next_epoch, held_until = clock_timestamp() + $3::interval
        FROM free WHERE l.name = free.name
        RETURNING l.epoch)
      SELECT coalesce((SELECT epoch FROM made), (SELECT epoch FROM taken)) AS epoch,
        EXISTS (SELECT FROM internal.leader WHERE name = $1 AND holder <> $2 AND held_until > clock_timestamp()) AS another`,
    values: [leaderName, node, `${leaseMs} milliseconds`],
  });
  const [answer] = rows;
  if (answer === undefined) throw new Error("the database did not say who leads");
  if (answer.epoch !== null) return { kind: "leads", leadership: { node, epoch: answer.epoch } };
  return answer.another ? { kind: "another_leads" } : { kind: "busy" };
}

/**
 * A guard for every transaction that writes as leader. It locks the row until the transaction ends: a leader that is
 * frozen after this point keeps the leadership until the database ends its forsaken transaction, and nothing of it is
 * written; one that was frozen before finds another holder or epoch, or its lease over.
 * The guard throws LeadershipLostError. In a snapshot it comes after the snapshot's own lock; a renewal in between is a
 * serialisation failure, which the transaction tries again.
 */
export function guardedBy({ node, epoch }: Leadership): LeaderGuard {
  return async (client) => {
    const { rowCount } = await client.query(
      `SELECT FROM internal.leader WHERE name = $1 AND holder = $2 AND epoch = $3 AND held_until > clock_timestamp()
       FOR SHARE`,
      [leaderName, node, epoch],
    );
    if (rowCount !== 1) throw new LeadershipLostError();
  };
}

/** Lets another node lead at once; does nothing when another leads already. */
export async function resignLeadership(database: Queryable, { node, epoch }: Leadership): Promise<void> {
  await database.query(
    "UPDATE internal.leader SET held_until = clock_timestamp() WHERE name = $1 AND holder = $2 AND epoch = $3",
    [leaderName, node, epoch],
  );
}
