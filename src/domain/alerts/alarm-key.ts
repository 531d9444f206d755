// What an alarm is about, and by which key it is the same alarm the next time it is seen.
import type { Alarm } from "../figures/alarm.ts";

export interface AlertSubject {
  readonly kind: "installation" | "source" | "destination" | "other";
  /** null: the installation as a whole. */
  readonly name: string | null;
}

/** Members that name what an alarm is about, the one that says most first. */
const naming = ["destination", "source", "sla", "credential", "node", "name"] as const;
type Naming = (typeof naming)[number];
type Named = { readonly [Member in Naming]: Extract<Alarm, Readonly<Record<Member, string>>> }[Naming];
type Unnamed = Exclude<Alarm, Named>;

const wholeInstallation: AlertSubject = { kind: "installation", name: null };

/**
 * What alarms are about that have no member that names it. An alarm that has one (`naming`) needs nothing here; a new one
 * without does not compile until it has a line.
 */
const subjects: {
  readonly [Code in Unnamed["code"]]: (alarm: Extract<Alarm, { code: Code }>) => AlertSubject;
} = {
  all_sources_silent: () => wholeInstallation,
  no_node_runs: () => wholeInstallation,
  deliveries_stopped: () => wholeInstallation,
  database_was_away: () => wholeInstallation,
  dead_mans_switch_silent: () => wholeInstallation,
  postgresql_unsafe: () => wholeInstallation,
  entries_need_decision: ({ largest: { destination, source } }) =>
    destination !== null
      ? { kind: "destination", name: destination }
      : source === null
        ? wholeInstallation
        : { kind: "source", name: source },
};

export function subjectOf(alarm: Alarm): AlertSubject {
  if (alarm.code === "database_went_back") return { kind: "other", name: String(alarm.setback_id) };
  if (alarm.code === "credentials_expire" && (alarm.of === "source" || alarm.of === "destination"))
    return { kind: alarm.of, name: alarm.name };
  // Several may be about one source or destination.
  if (alarm.code === "sla_at_risk") return { kind: "other", name: alarm.sla };
  // What nobody configured is named by strangers: all of it is one alarm.
  if (alarm.code === "requests_denied" && !alarm.is_configured) return wholeInstallation;
  for (const member of naming) {
    const name = (alarm as Readonly<Partial<Record<Naming, unknown>>>)[member];
    if (typeof name !== "string") continue;
    return { kind: member === "source" || member === "destination" ? member : "other", name };
  }
  // TypeScript cannot see that the code that finds the line is the alarm's own.
  const subject = (subjects as Readonly<Record<string, (of: Alarm) => AlertSubject>>)[alarm.code];
  return subject?.(alarm) ?? wholeInstallation;
}

/** The same as long as it is the same alarm, whatever its figures are. */
export function alarmKey(alarm: Alarm): string {
  const { kind, name } = subjectOf(alarm);
  return name === null ? alarm.code : `${alarm.code}:${kind}:${name}`;
}

/** Alarms of one cause are told in one message: whatever is wrong with one destination, or one source. */
export function causeOf(alarm: Alarm): string {
  const { kind, name } = subjectOf(alarm);
  return kind === "source" || kind === "destination" ? `${kind}:${name}` : alarmKey(alarm);
}
