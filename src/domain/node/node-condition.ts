// What a node says of itself, and what of it somebody should look at. Pure: the node measures, whoever reads decides.
import type { Alarm, AlarmSeverity } from "../figures/alarm.ts";
import type { NodeRole } from "./node-role.ts";

/** As it is stored: times are ISO 8601. Nodes of other builds may say less, or more. */
export interface NodeCondition {
  readonly roles: readonly NodeRole[];
  /** Whether the database is the embedded one of this node's data folder. */
  readonly embedded: boolean;
  /** What waits on its disk for the database; null: it cannot keep anything there. */
  readonly spool: { readonly records: number; readonly since: string | null } | null;
  readonly disks: readonly Disk[];
  /** The machine's clock minus the database's; null: not measured yet. */
  readonly clock_offset_ms: number | null;
  /** Of its TLS certificate; null: plain HTTP. */
  readonly certificate_expires_at: string | null;
  /** null: its configuration is the one that its file says, or that nobody changed since. */
  readonly configuration: ConfigurationFault | null;
}

export interface Disk {
  /** `data`: the data folder, with the embedded database; `spool`: where leads wait, if that is another disk. */
  readonly place: "data" | "spool";
  /** For this process. */
  readonly free_bytes: number;
  readonly total_bytes: number;
}

/** Why a node goes by an older configuration than its file's. */
export interface ConfigurationFault {
  /** `unreadable`: it was changed and does not load, so the next start will fail; `refused`: it would switch off what it must not. */
  readonly reason: "unreadable" | "refused";
  readonly since: string;
  /** Base name. */
  readonly file: string;
  /** Of the first problem; null: it is about the whole file. */
  readonly line: number | null;
  /** Of the first problem: a code of configuration problems; null with `refused`. */
  readonly problem_code: string | null;
}

export interface NodeRow {
  readonly name: string;
  readonly since: Date;
  readonly held_until: Date;
  readonly condition: NodeCondition;
}

/** Of a node that is in contact with the database, what it says may be up to this old. */
export const nodeLimits = {
  /** Without a word for so long a node is gone. */
  heldMs: 60_000,
  /** A node that has nothing new says that it is there this often. */
  renewedMs: 20_000,
  /** Whoever has been there for less cannot say that another is gone: the database may have been away from all. */
  witnessMs: 30_000,
  /** Leads that wait for less are on their way. */
  spoolWaitsMs: 30_000,
  spoolWaitsLongMs: 15 * 60_000,
  clockOffMs: 5_000,
  clockFarOffMs: 60_000,
} as const;

const gibibyte = 1024 ** 3;

/** Enough to go on for days; below `error` the database may stop at any time. */
export const diskLimits = {
  warning: { share: 0.1, bytesMin: gibibyte, bytesMax: 20 * gibibyte },
  error: { share: 0.03, bytesMin: gibibyte / 4, bytesMax: 2 * gibibyte },
} as const;

/** Alarms about nodes, at the database's time. */
export function nodeAlarms(rows: readonly NodeRow[], now: Date): Alarm[] {
  const hasWitness = rows.some(
    ({ since, held_until: until }) => until >= now && now.getTime() - since.getTime() >= nodeLimits.witnessMs,
  );
  return rows.flatMap((row): Alarm[] => {
    if (row.held_until >= now) return conditionAlarms(row, now);
    return hasWitness ? [goneAlarm(row)] : [];
  });
}

/** What waits on the disk of a node that is gone is out of everybody's reach. */
function goneAlarm({ name, held_until: heldUntil, condition }: NodeRow): Alarm {
  const spooled = condition.spool?.records ?? 0;
  const since = new Date(heldUntil.getTime() - nodeLimits.heldMs);
  return { code: "node_gone", severity: spooled > 0 ? "error" : "warning", node: name, since, spooled };
}

function conditionAlarms({ name: node, condition }: NodeRow, now: Date): Alarm[] {
  const { spool, disks, clock_offset_ms: offsetMs, configuration } = condition;
  return [
    ...spoolAlarm(node, spool, now),
    ...disks.flatMap((disk): Alarm[] => {
      const severity = diskSeverity(disk);
      return severity === null ? [] : [{ code: "disk_nearly_full", severity, node, ...disk }];
    }),
    ...(offsetMs === null || Math.abs(offsetMs) < nodeLimits.clockOffMs ? [] : [clockAlarm(node, offsetMs)]),
    ...(configuration === null ? [] : [configurationAlarm(node, configuration)]),
  ];
}

function spoolAlarm(node: string, spool: NodeCondition["spool"], now: Date): Alarm[] {
  if (spool === null || spool.records === 0 || spool.since === null) return [];
  const since = new Date(spool.since);
  const waitsMs = now.getTime() - since.getTime();
  if (waitsMs < nodeLimits.spoolWaitsMs) return [];
  const severity = waitsMs < nodeLimits.spoolWaitsLongMs ? "warning" : "error";
  return [{ code: "spool_in_use", severity, node, records: spool.records, since }];
}

function clockAlarm(node: string, offsetMs: number): Alarm {
  const severity = Math.abs(offsetMs) < nodeLimits.clockFarOffMs ? "warning" : "error";
  return { code: "clock_off", severity, node, offset_ms: offsetMs };
}

function configurationAlarm(node: string, { since, ...fault }: ConfigurationFault): Alarm {
  const { reason, file, line, problem_code } = fault;
  const told = { reason, file, line, problem_code };
  return { code: "configuration_broken", severity: "error", node, since: new Date(since), ...told };
}

/** null: there is room. */
export function diskSeverity({ free_bytes: free, total_bytes: total }: Disk): AlarmSeverity | null {
  for (const severity of ["error", "warning"] as const) {
    const { share, bytesMin, bytesMax } = diskLimits[severity];
    if (free < Math.max(bytesMin, Math.min(bytesMax, share * total))) return severity;
  }
  return null;
}

/** Whether the two say different things: figures that move all the time do not count, what follows from them does. */
export function saysOtherwise(before: NodeCondition, now: NodeCondition): boolean {
  return gist(before) !== gist(now);
}

function gist({ spool, disks, clock_offset_ms: offsetMs, ...rest }: NodeCondition): string {
  const waits = spool === null ? null : spool.records > 0;
  const off = offsetMs === null ? null : Math.round(offsetMs / nodeLimits.clockOffMs);
  return JSON.stringify([rest, waits, off, disks.map((disk) => [disk.place, diskSeverity(disk)])]);
}
