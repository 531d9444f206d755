// Makes alerts of alarms: looks at what somebody should look at, and decides what became of it and who is told.
import { readCurrentAlarms } from "../config/current-alarms.ts";
import type { AlarmDeps } from "../config/current-alarms.ts";
import { storedRules } from "../config/stored-recipient.ts";
import { alarmKey, causeOf, subjectOf } from "../domain/alerts/alarm-key.ts";
import { ruleOf } from "../domain/alerts/alert-rules.ts";
import type { AlertTimings, RuleChanges } from "../domain/alerts/alert-rules.ts";
import { judgeAlert } from "../domain/alerts/judge-alert.ts";
import type { Judged } from "../domain/alerts/judge-alert.ts";
import { planNotices } from "../domain/alerts/notices.ts";
import type { RecipientRules } from "../domain/alerts/notices.ts";
import type { Alarm, AlarmSeverity } from "../domain/figures/alarm.ts";
import { maskedText } from "../domain/persons/masking.ts";
import { dropOldAlerts, readStanding, writeGone, writeSeen } from "../ledger/alerts/alerts.ts";
import type { AlarmSeen, AlertsNow, StoredStanding } from "../ledger/alerts/alerts.ts";
import {
  addNotices,
  askForConfirmations,
  readToPlan,
  withdrawNotices,
} from "../ledger/alerts/notifications.ts";
import { listRecipients } from "../ledger/alerts/recipients.ts";
import type { KeptRecipient } from "../ledger/alerts/recipients.ts";
import { readAlertRules, readClientsOfPlaces } from "../ledger/alerts/rules.ts";
import type { Database, Queryable } from "../ledger/connection/database.ts";
import { transaction } from "../ledger/connection/database.ts";
import type { LeaderGuard } from "../ledger/connection/leader.ts";
import { readNeedDecisionByPlace } from "../ledger/figures/alarms.ts";
import { readTimezone } from "../ledger/settings/settings.ts";

export interface EvaluateDeps extends AlarmDeps {
  readonly database: Database;
  readonly timings: AlertTimings;
  readonly monotonicMs: () => number;
}

/** Facts that changed (how many leads wait) are written at most so often. */
const factsEveryMs = 30_000;
const tidyEveryMs = 3_600_000;

/** As a leader's task. */
export function createEvaluation(deps: EvaluateDeps): (guard: LeaderGuard) => Promise<void> {
  const { database, timings, monotonicMs } = deps;
  const facts = createFacts(monotonicMs);
  let tidyAtMs = monotonicMs() + tidyEveryMs;
  return async (guard) => {
    const { rules } = await readAlertRules(database);
    const seen = await readSeen(deps, rules);
    const now = await readStanding(database);
    const turns = judgeAll(seen, now, rules, timings).filter((turn) => isNews(turn) || facts.areDue(turn));
    const recipients = await listRecipients(database);
    const isQuiet = turns.length + now.standing.length + now.repeats.size === 0;
    if (isQuiet && recipients.every(isConfirmed)) return;
    await transaction(database, "system", async (client) => {
      await guard(client);
      for (const turn of turns) await write(client, turn);
      await plan(client, deps, recipients, now.nowMs);
    });
    for (const turn of turns) facts.written(turn);
    if (monotonicMs() < tidyAtMs) return;
    tidyAtMs = monotonicMs() + tidyEveryMs;
    await transaction(database, "system", async (client) => {
      await guard(client);
      await dropOldAlerts(client);
    });
  };
}

function isConfirmed({ confirmedAt }: KeptRecipient): boolean {
  return confirmedAt !== null;
}

/** By key, in the order of the alarms. */
async function readSeen(deps: EvaluateDeps, rules: RuleChanges): Promise<ReadonlyMap<string, AlarmSeen>> {
  const { database, timings } = deps;
  const alarms = [
    ...(await readCurrentAlarms(deps)).filter(({ code }) => code !== "entries_need_decision"),
    ...(await readNeedDecisionByPlace(database)),
  ];
  const clients = alarms.length === 0 ? new Map<string, string>() : await readClientsOfPlaces(database);
  const seen = new Map<string, AlarmSeen>();
  for (const alarm of alarms) {
    const rule = ruleOf(alarm.code, alarm.severity, rules, timings);
    if (!rule.notify) continue;
    const told = shown(rule.severity === null ? alarm : withSeverity(alarm, rule.severity));
    const key = alarmKey(told);
    // Several of one key are one alert: as bad as the worst of them.
    if (seen.get(key)?.alarm.severity === "error") continue;
    const subject = subjectOf(told);
    const client = clients.get(`${subject.kind}:${subject.name}`) ?? null;
    seen.set(key, { key, alarm: told, subject, cause: causeOf(told), client });
  }
  return seen;
}

/** Alarms of a code have the severities that the code has; a rule may say another one. */
function withSeverity(alarm: Alarm, severity: AlarmSeverity): Alarm {
  return { ...alarm, severity } as Alarm;
}

/** The name of a source that is not there is what a sender wrote. */
function shown(alarm: Alarm): Alarm {
  return alarm.code === "requests_denied" && !alarm.is_configured
    ? { ...alarm, source: maskedText(alarm.source) }
    : alarm;
}

interface Turn extends Judged {
  readonly key: string;
  readonly before: StoredStanding | null;
  readonly seen: AlarmSeen | null;
}

function judgeAll(
  seen: ReadonlyMap<string, AlarmSeen>,
  { standing, repeats, nowMs }: AlertsNow,
  rules: RuleChanges,
  timings: AlertTimings,
): Turn[] {
  const known = new Map(standing.map((each) => [each.key, each]));
  return [...new Set([...seen.keys(), ...known.keys()])].flatMap((key): Turn[] => {
    const before = known.get(key) ?? null;
    const now = seen.get(key) ?? null;
    const code = now?.alarm.code ?? before?.code;
    if (code === undefined) return [];
    const severity = now?.alarm.severity ?? before?.severity ?? "error";
    const rule = ruleOf(code, severity, rules, timings);
    const judged = judgeAlert(before, now?.alarm.severity ?? null, rule, {
      nowMs,
      repeats: repeats.get(key) ?? 0,
    });
    return [{ ...judged, key, before, seen: now }];
  });
}

function isNews({ before, next, change }: Turn): boolean {
  if (change !== null || before === null || next === null) return true;
  return (before.goneSinceMs === null) !== (next.goneSinceMs === null);
}

async function write(client: Queryable, { before, seen, next, change }: Turn): Promise<void> {
  if (seen !== null && next !== null)
    await writeSeen(client, seen, next, change === "cleared" ? null : change);
  else if (before !== null) await writeGone(client, before.alertId, next, change === "cleared");
}

interface Facts {
  areDue(turn: Turn): boolean;
  written(turn: Turn): void;
}

function createFacts(monotonicMs: () => number): Facts {
  const known = new Map<string, { readonly text: string; readonly atMs: number }>();
  return {
    areDue({ key, seen }) {
      if (seen === null) return false;
      const last = known.get(key);
      if (last === undefined) return true;
      return last.text !== JSON.stringify(seen.alarm) && monotonicMs() - last.atMs >= factsEveryMs;
    },
    written({ key, seen }) {
      if (seen === null) known.delete(key);
      else known.set(key, { text: JSON.stringify(seen.alarm), atMs: monotonicMs() });
    },
  };
}

async function plan(
  client: Queryable,
  { kinds, timings }: EvaluateDeps,
  kept: readonly KeptRecipient[],
  nowMs: number,
): Promise<void> {
  const recipients = kept.flatMap((each): RecipientRules[] => {
    const state = { isConfirmed: isConfirmed(each), isFailing: each.failingSince !== null };
    const rules = storedRules(each, state, kinds);
    return rules === null ? [] : [rules];
  });
  if (!kept.every(isConfirmed)) await askForConfirmations(client);
  const { alerts, known } = await readToPlan(client);
  const timezone = await readTimezone(client);
  for (const alert of alerts) {
    const { notices, withdrawn } = planNotices(alert, known, { recipients, nowMs, timezone, timings });
    await withdrawNotices(client, withdrawn);
    await addNotices(client, notices, timings.groupPauseMs);
  }
}
