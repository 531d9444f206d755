// When an alarm becomes an alert: how long it has to stand, how long it has to be gone. On from the start for every alarm.
import type { Alarm, AlarmSeverity } from "../figures/alarm.ts";

export interface AlertRule {
  /** false: nobody is told. */
  readonly notify: boolean;
  /** How long it has to stand. */
  readonly forMs: number;
  /** How long it has to be gone; longer where it comes and goes. */
  readonly clearAfterMs: number;
  /** In place of the alarm's own; null: as it is. */
  readonly severity: AlarmSeverity | null;
}

/** What somebody said about a code; absent: as it is from the start. */
export interface RuleChange {
  readonly notify?: boolean | undefined;
  readonly forMs?: number | undefined;
  readonly clearAfterMs?: number | undefined;
  readonly severity?: AlarmSeverity | undefined;
}

export type RuleChanges = Readonly<Record<string, RuleChange>>;

export interface AlertTimings {
  readonly errorForMs: number;
  readonly warningForMs: number;
  readonly clearAfterMs: number;
  /** What is raised within it goes into one message. */
  readonly groupMs: number;
  /** Between two messages of one cause to one recipient. */
  readonly groupPauseMs: number;
}

export const alertTimings: AlertTimings = {
  errorForMs: 30_000,
  warningForMs: 300_000,
  clearAfterMs: 120_000,
  groupMs: 15_000,
  groupPauseMs: 300_000,
};

/** Of codes whose alarm says already that it has stood for a while, or that nothing will end it. */
const forMsOf: Readonly<Partial<Record<Alarm["code"], number>>> = {
  database_went_back: 0,
  deliveries_overdue: 0,
};

export function ruleOf(
  code: Alarm["code"],
  severity: AlarmSeverity,
  changes: RuleChanges,
  timings: AlertTimings = alertTimings,
): AlertRule {
  const change = changes[code] ?? {};
  const inForce = change.severity ?? severity;
  const usualForMs = inForce === "error" ? timings.errorForMs : timings.warningForMs;
  return {
    notify: change.notify ?? true,
    forMs: change.forMs ?? forMsOf[code] ?? usualForMs,
    clearAfterMs: change.clearAfterMs ?? timings.clearAfterMs,
    severity: change.severity ?? null,
  };
}
