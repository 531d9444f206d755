// How much may be sent to a destination: `limits: [5/s, 100/m, 2000/d]` (docs/contract.md, Limits of destinations). Pure.

/** Attempts, of all nodes together; absent: no limit of that kind. */
export interface SendLimits {
  readonly perSecond?: number;
  readonly perMinute?: number;
  /** Of the reporting time zone. */
  readonly perDay?: number;
}

export type LimitProblem = "form" | "number" | "repeated";

const limitMax = 1_000_000;
const members = { s: "perSecond", m: "perMinute", d: "perDay" } as const;

/** Of texts such as `5/s`. A problem where one of them has one: configuration has seen to that before. */
export function readSendLimits(texts: readonly string[]): SendLimits | LimitProblem {
  const limits: { -readonly [Member in keyof SendLimits]: SendLimits[Member] } = {};
  for (const text of texts) {
    const [, number, unit] = /^(\d{1,9})\/([smd])$/.exec(text.trim()) ?? [];
    if (unit === undefined) return "form";
    const [limit, member] = [Number(number), members[unit as keyof typeof members]];
    if (limit < 1 || limit > limitMax) return "number";
    if (limits[member] !== undefined) return "repeated";
    limits[member] = limit;
  }
  return limits;
}

export function hasLimits(limits: SendLimits): boolean {
  return Object.keys(limits).length > 0;
}
