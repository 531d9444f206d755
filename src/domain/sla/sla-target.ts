// What is agreed about leads: a target, what it is about and what it measures. Pure.
import { formatDuration } from "../values/duration.ts";
import type { SlaMeasure } from "../figures/sla-kinds.ts";
import type { GermanState } from "../calendar/public-holidays.ts";

/** Shares are whole millionths, so that 99.5 % of 200 is exact. */
export const wholeShareMillionths = 1_000_000;

export interface SlaDefinition {
  readonly label: string | null;
  readonly measure: SlaMeasure;
  /** What it is about; all null: everything. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly client: string | null;
  /** null: `success`, which has no time. */
  readonly withinMs: number | null;
  /** Of 1,000,000. Of `delivery_time` the percentile; of `oldest_entry` all of it. */
  readonly shareMillionths: number;
  /** Rules of opening hours, in which time is counted; null: the clock's. */
  readonly openingHours: readonly string[] | null;
  /** Whose public holidays are kept; null: nobody's. */
  readonly holidays: GermanState | null;
}

export interface SlaTarget extends SlaDefinition {
  readonly name: string;
}

/** Where a target says none. */
export const defaultShareMillionths: Readonly<Record<SlaMeasure, number>> = {
  delivered: 990_000,
  success: 990_000,
  delivery_time: 950_000,
  contacted: 900_000,
  oldest_entry: wholeShareMillionths,
};

const shareText = /^(\d{1,3})(?:[.,](\d{1,4}))? ?%$/;

/** Millionths of `99%`, `99.5 %` or `99,95%`; null: it is none from above 0 % to below 100 %. */
export function parseShare(text: string): number | null {
  const [, whole = "", part = ""] = shareText.exec(text.trim()) ?? [];
  if (whole === "") return null;
  const millionths = Number(whole) * 10_000 + Number(part.padEnd(4, "0"));
  // Of 100 % nobody may miss any: no budget, and nothing to judge by. 99.9999 % says as much and can be judged.
  return millionths > 0 && millionths < wholeShareMillionths ? millionths : null;
}

/** `99.5%`, which `parseShare` reads back. */
export function formatShare(shareMillionths: number): string {
  return `${shareMillionths / 10_000}%`;
}

/** As leadledger.yaml and the API write it. */
export interface SlaEntry {
  readonly label?: string;
  readonly measure: SlaMeasure;
  readonly source?: string;
  readonly destination?: string;
  readonly client?: string;
  readonly within?: string;
  readonly share?: string;
  readonly opening_hours?: readonly string[];
  readonly holidays?: GermanState;
}

/** Only what a person would write: presets are left out. */
export function slaEntryOf(target: SlaDefinition): SlaEntry {
  const { label, measure, source, destination, client, withinMs, shareMillionths, openingHours, holidays } =
    target;
  return {
    ...(label === null ? {} : { label }),
    measure,
    ...(source === null ? {} : { source }),
    ...(destination === null ? {} : { destination }),
    ...(client === null ? {} : { client }),
    ...(withinMs === null ? {} : { within: formatDuration(withinMs) }),
    ...(measure === "oldest_entry" ? {} : { share: formatShare(shareMillionths) }),
    ...(openingHours === null ? {} : { opening_hours: openingHours }),
    ...(holidays === null ? {} : { holidays }),
  };
}
