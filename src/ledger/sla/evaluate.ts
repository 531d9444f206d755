// Whoever leads follows the log and keeps the days of targets and how each of them stands. The log says which days that are
// over something has happened to, so that nothing is asked of intake and delivery.
import { createTargetTimes } from "../../domain/sla/target-time.ts";
import type { TargetTimes } from "../../domain/sla/target-time.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import { eventSql } from "../log/event-sql.ts";
import { countDueDays, writeDays } from "./judge-days.ts";
import type { DayOfTarget, DaysToCount, TouchedDays } from "./judge-days.ts";
import { readStandings, writeStandings } from "./risks.ts";

/** Events looked through at once. */
const eventsPerTurnMax = 20_000;

/** What moves a lead, so far as targets are about it. */
const movingEvents = [
  "lead_received",
  "lead_rejected",
  "lead_corrected",
  "lead_delivered",
  "delivery_skipped",
  "delivery_withdrawn",
  "lead_processed",
  "lead_failed",
  "lead_contacted",
  "lead_contact_undone",
  "dlq_created",
  "dlq_resolved",
  "dlq_dead",
  "run_inserted",
  "subject_erased",
] as const;

export type Evaluated = "done" | "behind";

export interface SlaEvaluation {
  (guard: LeaderGuard): Promise<Evaluated>;
}

/** Made once for a node: opening hours are worked out once. */
export function createSlaEvaluation(database: Database): SlaEvaluation {
  let known: { readonly zone: string; readonly times: TargetTimes } | null = null;
  const timesIn = (zone: string): TargetTimes => {
    if (known?.zone !== zone) known = { zone, times: createTargetTimes(zone) };
    return known.times;
  };
  return async (guard) => {
    if (!(await isWanted(database))) return "done";
    const progress = await readProgress(database);
    const times = timesIn(progress.zone);
    const { touched, next } = await readTouched(database, progress);
    // What comes meanwhile has an event of its own, which the next turns see.
    const { days, isBehind } = await countDueDays(database, times, wantedOf(progress, touched));
    const standings = await readStandings(database, times);
    return transaction(database, "system", async (client) => {
      await guard(client);
      if (!(await noteProgress(client, progress, next))) return "behind";
      await writeDays(client, days);
      await writeStandings(client, standings);
      return isBehind || next.done < progress.frontier ? "behind" : "done";
    });
  };
}

function wantedOf({ timezone, zone }: Progress, touched: TouchedDays): DaysToCount {
  const hasMoved = timezone !== null && timezone !== zone;
  return hasMoved ? { kind: "all", reason: "timezone_changed" } : { kind: "due", touched };
}

/** Where nothing is agreed, nothing is looked at: a target that comes later is counted from the beginning. */
async function isWanted(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ wanted: boolean }>(
    "SELECT EXISTS (SELECT FROM internal.sla_targets) OR EXISTS (SELECT FROM internal.sla_daily) AS wanted",
  );
  return rows[0]?.wanted === true;
}

/** Counts every day of every target afresh; returns those whose figures were wrong, which should be none. */
export function rebuildSlaDays(database: Database, actor: Actor): Promise<readonly DayOfTarget[]> {
  return transaction(database, actor, async (client) => {
    await client.query("SELECT FROM internal.sla_progress FOR UPDATE");
    const progress = await readProgress(client);
    const times = createTargetTimes(progress.zone);
    const { days } = await countDueDays(client, times, { kind: "all", reason: "rebuilt" });
    const changed = await writeDays(client, days);
    await writeStandings(client, await readStandings(client, times));
    await client.query("UPDATE internal.sla_progress SET timezone = $1", [progress.zone]);
    await client.query(
      `INSERT INTO public.audit_events (event_type, payload)
       VALUES (${eventSql("sla_rebuilt", { wrong_days: "$1::jsonb" })})`,
      [JSON.stringify(changed)],
    );
    return changed;
  });
}

interface Progress {
  readonly done: number;
  readonly frontier: number;
  readonly is_settled: boolean;
  readonly last_event: number;
  readonly next_xid: string;
  /** That the days are of; null: of none yet. */
  readonly timezone: string | null;
  /** Of now. */
  readonly zone: string;
}

/** A number beyond those that there are is another server's, from which the database was moved here. */
async function readProgress(client: Queryable): Promise<Progress> {
  const { rows } = await client.query<Progress>(
    `SELECT p.done, p.frontier, p.timezone, internal.reporting_timezone() AS zone,
       coalesce(p.xid NOT BETWEEN pg_snapshot_xmin(here.snapshot) AND pg_snapshot_xmax(here.snapshot)
         OR p.xid = pg_snapshot_xmin(here.snapshot), true) AS is_settled,
       coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.audit_events', 'event_id')::regclass), 0) AS last_event,
       pg_snapshot_xmax(here.snapshot)::text AS next_xid
     FROM internal.sla_progress p, pg_current_snapshot() AS here (snapshot)`,
  );
  const [progress] = rows;
  if (progress === undefined) throw new Error("internal.sla_progress has no row");
  return progress;
}

interface NextProgress {
  readonly done: number;
  readonly frontier: number;
  /** null: as it was. */
  readonly xid: string | null;
}

/** Days before today that the next events are about, once all of these have been committed or never will be. */
async function readTouched(
  client: Queryable,
  { done, frontier, is_settled: isSettled, last_event: lastEvent, next_xid: xid }: Progress,
): Promise<{ readonly touched: TouchedDays; readonly next: NextProgress }> {
  if (done >= frontier)
    return {
      touched: new Map(),
      next: lastEvent > frontier ? { done, frontier: lastEvent, xid } : { done, frontier, xid: null },
    };
  if (!isSettled) return { touched: new Map(), next: { done, frontier, xid: null } };
  const upTo = Math.min(done + eventsPerTurnMax, frontier);
  const touched = await touchedBy(client, done, upTo);
  if (upTo < frontier) return { touched, next: { done: upTo, frontier, xid: null } };
  return { touched, next: { done: upTo, frontier: lastEvent, xid } };
}

async function touchedBy(client: Queryable, after: number, upTo: number): Promise<TouchedDays> {
  const { rows } = await client.query<{ day: string; reason: string }>(
    `SELECT (r.received_at AT TIME ZONE here.zone)::date::text AS day,
       string_agg(DISTINCT e.event_type, ', ' ORDER BY e.event_type) AS reason
     FROM public.audit_events e JOIN public.runs r USING (run_id),
       (SELECT internal.reporting_timezone() AS zone) AS here
     WHERE e.event_id > $1 AND e.event_id <= $2 AND e.event_type = ANY ($3) AND NOT r.test
     GROUP BY 1`,
    [after, upTo, movingEvents],
  );
  return new Map(rows.map(({ day, reason }) => [day, reason]));
}

/** Whether nobody else has got further meanwhile. */
async function noteProgress(
  client: Queryable,
  before: Progress,
  { done, frontier, xid }: NextProgress,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE internal.sla_progress SET done = $1, frontier = $2, xid = coalesce($3::xid8, xid), timezone = $4
     WHERE done = $5 AND frontier = $6`,
    [done, frontier, xid, before.zone, before.done, before.frontier],
  );
  return rowCount === 1;
}
