// What somebody should look at now, read from counters and indexes: it takes as long however much history there is.
import { needsMending } from "../../domain/attention/state-words.ts";
import type { Alarm } from "../../domain/figures/alarm.ts";
import type { DlqKind } from "../../domain/leads/run.ts";
import { isPassing } from "../../domain/sources/turned-away.ts";
import { listCircuits } from "../delivery/circuits.ts";
import type { Circuit } from "../delivery/circuits.ts";
import type { Queryable } from "../connection/database.ts";
import { figuresSinceSql } from "./day-figures.ts";
import { todaySql } from "../connection/reporting-time-sql.ts";
import { readDeliverySwitch } from "../delivery/delivery-switch.ts";
import type { DeliverySwitch } from "../delivery/delivery-switch.ts";
import { listDeniedLately } from "../intake/denied-requests.ts";
import type { DeniedLately } from "../intake/denied-requests.ts";
import type { DestinationBacklog } from "../delivery/destination-backlog.ts";
import { listBacklogs } from "../delivery/destination-backlog.ts";
import { causeSql, causesSql, laneOrderSql, laneSql } from "../attention/dlq-causes.ts";
import { readInstallationAlarms } from "./installation-alarms.ts";
import { listHeldForDecision, listPausedSources } from "../delivery/held-deliveries.ts";
import { listIncompleteSources } from "../leads/incomplete-leads.ts";
import type { PausedSource } from "../delivery/held-deliveries.ts";
import { listSetbacks } from "../log/history.ts";
import type { Setback } from "../log/history.ts";
import { listSlaRisks } from "../sla/days.ts";
import { nodeRunsSql } from "../connection/leader.ts";
import { listMissingHeartbeats } from "./heartbeats.ts";
import { listOpenSilences } from "./silences.ts";
import type { OpenSilence } from "./silences.ts";

/** Of one kind, about sources or destinations. */
export const alarmsPerCodeMax = 20;
/** Whoever was denied within this may still be. */
const denialGoesOnMs = 3_600_000;

/** In no order. */
export async function readAlarms(database: Queryable): Promise<Alarm[]> {
  const { now, node_runs: nodeRuns } = await readMoment(database);
  const backlogs = await listBacklogs(database);
  return [
    ...(await listSetbacks(database, "open", alarmsPerCodeMax)).map(setbackAlarm),
    ...(nodeRuns ? [] : [{ code: "no_node_runs", severity: "error" } as const]),
    ...silenceAlarms(await listOpenSilences(database, alarmsPerCodeMax)),
    ...(await listMissingHeartbeats(database, alarmsPerCodeMax)).map(
      (missing) => ({ code: "heartbeat_missing", severity: "error", ...missing }) as const,
    ),
    ...(await listDeniedLately(database, alarmsPerCodeMax)).map((denied) => deniedAlarm(denied, now)),
    ...(await readDeliveredToNobody(database)),
    ...stoppedAlarm(await readDeliverySwitch(database)),
    ...(await listCircuits(database))
      .flatMap((circuit) => leftAloneAlarm(circuit, backlogs))
      .slice(0, alarmsPerCodeMax),
    ...backlogs.flatMap(overdueAlarm).slice(0, alarmsPerCodeMax),
    ...(await readNeedDecision(database)),
    ...(await readFailing(database)),
    ...backlogs.flatMap(pausedAlarm).slice(0, alarmsPerCodeMax),
    ...(await listIncompleteSources(database, alarmsPerCodeMax)).map(
      ({ is_stuck: isStuck, ...rest }) =>
        ({ code: "leads_incomplete", severity: isStuck ? "error" : "warning", ...rest }) as const,
    ),
    ...(await listHeldForDecision(database, alarmsPerCodeMax)).map(
      ({ is_long: isLong, ...rest }) =>
        ({ code: "leads_held_for_decision", severity: isLong ? "error" : "warning", ...rest }) as const,
    ),
    ...(await listSlaRisks(database, alarmsPerCodeMax)).map(
      (risk) => ({ code: "sla_at_risk", ...risk }) as const,
    ),
    ...(await listPausedSources(database, alarmsPerCodeMax)).map(sourceAlarm),
    ...(await readInstallationAlarms(database, now, alarmsPerCodeMax)),
  ];
}

function setbackAlarm({ setback_id, node, noticed_at, since, until, ...missing }: Setback): Alarm {
  const { events_max, leads_missing } = missing;
  const told = { setback_id, node, noticed_at, since, until, events_max, leads_missing };
  return { code: "database_went_back", severity: "error", ...told };
}

/** While all are silent, those that are silent with them are no news. */
function silenceAlarms(open: readonly OpenSilence[]): Alarm[] {
  const all = open.find(({ source }) => source === "");
  const alone = open.filter(
    ({ source, noticed_at: noticedAt }) => source !== "" && (all === undefined || noticedAt < all.since),
  );
  return [
    ...(all === undefined
      ? []
      : [{ code: "all_sources_silent", severity: "error", since: all.since } as const]),
    ...alone.map(
      ({ source, since, missed }) =>
        ({ code: "source_silent", severity: "error", source, since, missed }) as const,
    ),
  ];
}

interface Moment {
  readonly now: Date;
  readonly node_runs: boolean;
}

async function readMoment(database: Queryable): Promise<Moment> {
  const { rows } = await database.query<Moment>(
    `SELECT clock_timestamp() AS now, ${nodeRunsSql} AS node_runs`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the database answered without a row");
  return row;
}

function deniedAlarm({ is_configured, last_at, reason: _reason, ...denied }: DeniedLately, now: Date): Alarm {
  const goesOn = now.getTime() - last_at.getTime() < denialGoesOnMs && !isPassing(denied.error_code);
  const severity = is_configured && goesOn ? "error" : "warning";
  return { code: "requests_denied", severity, ...denied, is_configured, last_at };
}

/** Of yesterday and today, in the reporting time zone: figures are kept by the day. */
async function readDeliveredToNobody(database: Queryable): Promise<Alarm[]> {
  const since = `${todaySql} - 1`;
  const { rows } = await database.query<{ source: string; count: number; since_day: string }>(
    `SELECT source, sum(no_destination)::bigint AS count, (min(day) FILTER (WHERE no_destination > 0))::text AS since_day
     FROM (${figuresSinceSql(`(SELECT ${since})`)}) AS f GROUP BY source HAVING sum(no_destination) > 0
     ORDER BY count DESC, source LIMIT ${alarmsPerCodeMax}`,
  );
  return rows.map((row) => ({ code: "delivered_to_nobody", severity: "error", ...row }));
}

function overdueAlarm({ destination, overdue, overdue_since: since }: DestinationBacklog): Alarm[] {
  if (since === null) return [];
  return [{ code: "deliveries_overdue", severity: "error", destination, count: overdue, since }];
}

function stoppedAlarm({ stopped, at, by, reason }: DeliverySwitch): Alarm[] {
  if (!stopped || at === null || by === null) return [];
  return [{ code: "deliveries_stopped", severity: "error", by, reason, since: at }];
}

/** Of destinations that leads are sent to otherwise. */
function leftAloneAlarm(circuit: Circuit, backlogs: readonly DestinationBacklog[]): Alarm[] {
  const { destination, state, reason, opened_at: since, next_probe_at: nextProbeAt } = circuit;
  const backlog = backlogs.find((each) => each.destination === destination);
  if (state === "closed" || nextProbeAt === null || backlog === undefined || backlog.is_paused) return [];
  return [
    {
      code: "destination_left_alone",
      severity: needsMending(reason) ? "error" : "warning",
      destination,
      error_code: reason,
      since,
      next_probe_at: nextProbeAt,
      waiting: backlog.waiting,
    },
  ];
}

function pausedAlarm({ destination, is_paused: isPaused, waiting }: DestinationBacklog): Alarm[] {
  if (!isPaused || waiting === 0) return [];
  return [{ code: "destination_paused", severity: "warning", destination, waiting }];
}

function sourceAlarm({ source, refuses, held, held_since, is_long: isLong }: PausedSource): Alarm {
  if (refuses) return { code: "source_paused", severity: "warning", source };
  return { code: "source_held", severity: isLong ? "error" : "warning", source, held, held_since };
}

async function readNeedDecision(database: Queryable): Promise<Alarm[]> {
  const { rows } = await database.query<{
    readonly in_all: number;
    readonly kind: DlqKind;
    readonly destination: string | null;
    readonly source: string | null;
    readonly error_code: string | null;
    readonly need_decision: number;
  }>(
    `SELECT (sum(need_decision) OVER ())::bigint AS in_all, kind, destination, source, error_code, need_decision
     FROM (${causesSql}) AS causes WHERE need_decision > 0 ORDER BY need_decision DESC, cause LIMIT 1`,
  );
  return rows.map(({ in_all: count, need_decision: ofLargest, ...cause }) => ({
    code: "entries_need_decision",
    severity: "error",
    count,
    largest: { ...cause, count: ofLargest },
  }));
}

/** As the alarm about all entries, but one for each destination, or source where there is none: each is told by itself. */
export async function readNeedDecisionByPlace(database: Queryable): Promise<Alarm[]> {
  const { rows } = await database.query<{
    readonly in_all: number;
    readonly kind: DlqKind;
    readonly destination: string | null;
    readonly source: string | null;
    readonly error_code: string | null;
    readonly need_decision: number;
  }>(
    `SELECT DISTINCT ON (destination, source)
       (sum(need_decision) OVER (PARTITION BY destination, source))::bigint AS in_all, kind, destination, source, error_code,
       need_decision
     FROM (${causesSql}) AS causes WHERE need_decision > 0
     ORDER BY destination, source, need_decision DESC, cause LIMIT ${alarmsPerCodeMax}`,
  );
  return rows.map(({ in_all: count, need_decision: ofLargest, ...cause }) => ({
    code: "entries_need_decision",
    severity: "error",
    count,
    largest: { ...cause, count: ofLargest },
  }));
}

/** Of each destination the cause that most entries have which are tried again by themselves. */
async function readFailing(database: Queryable): Promise<Alarm[]> {
  const { rows } = await database.query<{
    readonly destination: string;
    readonly error_code: string | null;
    readonly count: number;
    readonly since: Date;
    readonly next_retry_at: Date | null;
  }>(
    `SELECT failing.destination, failing.error_code, failing.count, q.created_at AS since,
       (SELECT q.next_retry_at FROM public.dlq q WHERE ${causeSql} = failing.cause AND q.status = 'open'
          AND q.next_retry_at IS NOT NULL ORDER BY q.next_retry_at LIMIT 1) AS next_retry_at
     FROM (
       SELECT DISTINCT ON (destination) cause, destination, error_code, at_work - need_decision AS count
       FROM (${causesSql}) AS causes
       WHERE destination IS NOT NULL AND at_work > need_decision AND kind IN ('delivery', 'replay')
       ORDER BY destination, at_work - need_decision DESC, cause) AS failing
     CROSS JOIN LATERAL (
       SELECT q.created_at FROM unnest('{open,retrying}'::text[]) AS at (stage) CROSS JOIN LATERAL (
         SELECT q.dlq_id, q.created_at FROM public.dlq q
         WHERE ${laneSql("failing.cause", "at.stage")} ORDER BY ${laneOrderSql("ASC")} LIMIT 1) AS q
       ORDER BY q.dlq_id LIMIT 1) AS q
     ORDER BY failing.count DESC, failing.destination LIMIT ${alarmsPerCodeMax}`,
  );
  return rows.map((row) => ({ code: "destination_failing", severity: "warning", ...row }));
}
