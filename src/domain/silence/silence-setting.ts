// What is wanted of a source: how its silence is judged, and whether test leads show that its way is open.
import type { GermanState } from "../calendar/public-holidays.ts";

export type SilenceRule =
  /** By its own rhythm. */
  | {
      readonly kind: "learned";
      /** So often at most somebody is told although nothing is wrong. */
      readonly falseAlarmsPerYear: number;
      readonly holidays: GermanState | null;
    }
  /** A lead at least in so much time, of which only opening hours count. */
  | {
      readonly kind: "at_least_one";
      readonly perMs: number;
      /** Rules as those of a destination; empty: always. */
      readonly openingHours: readonly string[];
      readonly holidays: GermanState | null;
    }
  | { readonly kind: "off" };

/** Who sends the test leads: LeadLedger itself, or whoever fills in the form or calls the address. */
export const heartbeatSenders = ["leadledger", "sender"] as const;
export type HeartbeatSender = (typeof heartbeatSenders)[number];

export interface HeartbeatRule {
  readonly everyMs: number;
  readonly sentBy: HeartbeatSender;
}

export const defaultFalseAlarmsPerYear = 1;
export const falseAlarmsPerYearMax = 365;

/** Of a source that says nothing. */
export const defaultSilenceRule: SilenceRule = {
  kind: "learned",
  falseAlarmsPerYear: defaultFalseAlarmsPerYear,
  holidays: null,
};

/** Beyond when it is due, until a test lead has come and was processed. */
export const heartbeatGraceMs = 30 * 60_000;
