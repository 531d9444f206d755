// Who is told what, and when: of an alert that was raised, got worse, was left without an answer, or is over. Pure.
import type { AlarmSeverity } from "../figures/alarm.ts";
import { openTimes } from "../calendar/opening-hours.ts";
import type { OpeningHours } from "../calendar/opening-hours.ts";
import type { AlertTimings } from "./alert-rules.ts";

export type NoticeKind = "raised" | "worsened" | "escalated" | "cleared" | "confirmation";

export interface RecipientRules {
  readonly name: string;
  /** The least that it is told of; `none`: only what others leave without an answer, or cannot be told. */
  readonly severity: AlarmSeverity | "none";
  /** Of these alarms alone; none: of all. */
  readonly codes: readonly string[];
  /** Of this client's sources and destinations alone; undefined: of everything. */
  readonly client?: string | undefined;
  /** Times at which it is told nothing, as rules of opening hours are written. */
  readonly quiet: OpeningHours | null;
  /** Errors are told at quiet times, too. */
  readonly errorsPass: boolean;
  /** Whom to tell when nobody acknowledges; undefined: nobody. */
  readonly escalateTo?: string | undefined;
  readonly escalateAfterMs: number;
  /** Somebody has confirmed that messages arrive. */
  readonly isConfirmed: boolean;
  /** Messages do not get through at this moment. */
  readonly isFailing: boolean;
}

export interface StandingAlert {
  readonly alertId: string;
  readonly code: string;
  readonly severity: AlarmSeverity;
  readonly cause: string;
  /** null: it names none, or it is about the whole installation. */
  readonly client: string | null;
  readonly state: "raised" | "cleared";
  readonly isMuted: boolean;
  readonly isAcknowledged: boolean;
}

/** What was decided before about one alert. */
export interface KnownNotice {
  readonly alertId: string;
  readonly kind: NoticeKind;
  readonly recipient: string;
  /** How bad it was when that was decided. */
  readonly severity: AlarmSeverity;
  readonly state: "waiting" | "sent" | "withdrawn" | "given_up";
  readonly attempts: number;
  readonly endedAtMs: number | null;
}

export interface Notice {
  readonly alertId: string;
  readonly kind: NoticeKind;
  readonly recipient: string;
  readonly cause: string;
  readonly dueMs: number;
  /** Whose channel failed, so that this one is told; null: for itself. */
  readonly insteadOf: string | null;
}

export interface Planned {
  readonly notices: readonly Notice[];
  /** Those that wait, and are over before anybody was told. */
  readonly withdrawn: readonly Pick<Notice, "alertId" | "kind" | "recipient">[];
}

interface Around {
  readonly recipients: readonly RecipientRules[];
  readonly nowMs: number;
  readonly timezone: string;
  readonly timings: Pick<AlertTimings, "groupMs">;
}

/** After so many attempts somebody else is told. */
export const attemptsBeforeAnotherIsTold = 3;

/** What is missing of what should be told of this alert. The same question twice gives nothing the second time. */
export function planNotices(alert: StandingAlert, known: readonly KnownNotice[], around: Around): Planned {
  const own = known.filter(({ alertId }) => alertId === alert.alertId);
  const wanted = alert.state === "raised" ? wantedOfRaised(alert, own, around) : wantedOfCleared(own, around);
  const has = new Set(own.map(({ kind, recipient }) => `${kind} ${recipient}`));
  const notices = wanted
    .filter(({ kind, recipient }) => !has.has(`${kind} ${recipient}`))
    .map(({ kind, recipient, insteadOf }) => ({
      alertId: alert.alertId,
      kind,
      recipient,
      cause: alert.cause,
      dueMs: dueMs(alert, recipient, around),
      insteadOf,
    }));
  return { notices, withdrawn: own.filter((notice) => isOutdated(alert, notice, notices)) };
}

type Wanted = Pick<Notice, "kind" | "recipient" | "insteadOf">;

/** Over before it was told, or told by another one that says more. */
function isOutdated(
  alert: StandingAlert,
  { kind, state, recipient }: KnownNotice,
  added: readonly Notice[],
): boolean {
  if (state !== "waiting" || kind === "cleared") return false;
  if (alert.state === "cleared") return true;
  if (kind === "escalated") return alert.isAcknowledged;
  return kind === "raised" && added.some((each) => each.kind === "worsened" && each.recipient === recipient);
}

function wantedOfRaised(
  alert: StandingAlert,
  own: readonly KnownNotice[],
  { recipients, nowMs }: Around,
): readonly Wanted[] {
  if (alert.isMuted) return [];
  const told = recipients.filter((recipient) => isWanted(recipient, alert));
  const raised = told.map(({ name }): Wanted => ({ kind: "raised", recipient: name, insteadOf: null }));
  const asWarning = new Set(
    own
      .filter(({ kind, severity }) => kind === "raised" && severity === "warning")
      .map(({ recipient }) => recipient),
  );
  const worsened = told
    .filter(({ name }) => alert.severity === "error" && asWarning.has(name))
    .map(({ name }): Wanted => ({ kind: "worsened", recipient: name, insteadOf: null }));
  // Whoever is told for the first time when it is an error already hears of it as one that was raised.
  return [
    ...raised,
    ...worsened,
    ...(alert.isAcknowledged ? [] : escalations(alert, own, recipients, nowMs)),
    ...replacements(alert, own, recipients),
  ];
}

export function isWanted(
  recipient: RecipientRules,
  alert: Pick<StandingAlert, "severity" | "code" | "client">,
): boolean {
  const { severity, codes, isConfirmed } = recipient;
  if (!isConfirmed || severity === "none" || !mayKnow(recipient, alert)) return false;
  if (severity === "error" && alert.severity !== "error") return false;
  return codes.length === 0 || codes.includes(alert.code);
}

/** One that is a client's own hears nothing of anybody else's, whatever fails. */
function mayKnow({ client }: RecipientRules, alert: Pick<StandingAlert, "client">): boolean {
  return client === undefined || client === alert.client;
}

function escalations(
  alert: StandingAlert,
  own: readonly KnownNotice[],
  recipients: readonly RecipientRules[],
  nowMs: number,
): readonly Wanted[] {
  return own.flatMap(({ kind, recipient, state, endedAtMs }): Wanted[] => {
    const rules = recipients.find(({ name }) => name === recipient);
    if (rules?.escalateTo === undefined || (kind !== "raised" && kind !== "worsened")) return [];
    if (state !== "sent" || endedAtMs === null || nowMs - endedAtMs < rules.escalateAfterMs) return [];
    const to = recipients.find(({ name }) => name === rules.escalateTo);
    if (to === undefined || !to.isConfirmed || !mayKnow(to, alert)) return [];
    return [{ kind: "escalated", recipient: to.name, insteadOf: null }];
  });
}

/** Somebody else whose channel works is told what does not get through. */
function replacements(
  alert: StandingAlert,
  own: readonly KnownNotice[],
  recipients: readonly RecipientRules[],
): readonly Wanted[] {
  return own.flatMap(({ kind, recipient, state, attempts }): Wanted[] => {
    const failed = state === "given_up" || (state === "waiting" && attempts >= attemptsBeforeAnotherIsTold);
    if (!failed || kind === "confirmation" || kind === "cleared") return [];
    const { escalateTo } = recipients.find(({ name }) => name === recipient) ?? {};
    const able = recipients
      .filter(
        (each) => each.name !== recipient && each.isConfirmed && !each.isFailing && mayKnow(each, alert),
      )
      .toSorted((one, other) => Number(other.name === escalateTo) - Number(one.name === escalateTo));
    // Whoever was told of this alert anyhow need not hear it twice.
    const knows = own.some(
      (each) => each.recipient !== recipient && each.state === "sent" && each.kind !== "cleared",
    );
    const [instead] = able;
    return knows || instead === undefined
      ? []
      : [{ kind: "raised", recipient: instead.name, insteadOf: recipient }];
  });
}

/** Those who were told of it, or may have been, and are there still. */
function wantedOfCleared(own: readonly KnownNotice[], { recipients }: Around): readonly Wanted[] {
  const there = new Set(recipients.filter(({ isConfirmed }) => isConfirmed).map(({ name }) => name));
  const told = own.filter(
    ({ kind, state, attempts, recipient }) =>
      kind !== "cleared" && (state === "sent" || attempts > 0) && there.has(recipient),
  );
  return [...new Set(told.map(({ recipient }) => recipient))].map((recipient) => ({
    kind: "cleared",
    recipient,
    insteadOf: null,
  }));
}

function dueMs(
  alert: Pick<StandingAlert, "severity">,
  recipient: string,
  { recipients, nowMs, timezone, timings }: Around,
): number {
  const soonMs = nowMs + timings.groupMs;
  const rules = recipients.find(({ name }) => name === recipient);
  if (rules === undefined || rules.quiet === null) return soonMs;
  if (rules.errorsPass && alert.severity === "error") return soonMs;
  return afterQuietMs(rules.quiet, soonMs, timezone);
}

const minuteMs = 60_000;
const quietMinutesMax = 8 * 24 * 60;

/** The first whole minute that is not quiet; `atMs` itself where it is not. */
export function afterQuietMs(quiet: OpeningHours, atMs: number, zone: string): number {
  const times = openTimes({ hours: quiet, zone });
  if (!times.isOpen(atMs)) return atMs;
  const firstMs = Math.ceil((atMs + 1) / minuteMs) * minuteMs;
  for (let minute = 0; minute < quietMinutesMax; minute += 1) {
    const candidateMs = firstMs + minute * minuteMs;
    if (!times.isOpen(candidateMs)) return candidateMs;
  }
  // Whoever is never to be disturbed is told after all: an alert must not be lost.
  return atMs;
}

/** Between attempts; the last one goes on until a day is over. */
const retryDelaysMs = [10_000, 30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000] as const;
const retryForMs = 86_400_000;
/** A channel that asks for more patience than this is asked again all the same: an alert must not be lost. */
const retryPauseMaxMs = 3_600_000;

/** null: it is given up. `attempts`: those made, at least one. */
export function nextAttemptMs(
  attempts: number,
  sinceMs: number,
  nowMs: number,
  retryAfterMs: number | null,
): number | null {
  if (nowMs - sinceMs >= retryForMs) return null;
  const delayMs = retryDelaysMs[Math.min(attempts, retryDelaysMs.length) - 1] ?? retryDelaysMs[0];
  return nowMs + Math.max(delayMs, Math.min(retryAfterMs ?? 0, retryPauseMaxMs));
}
