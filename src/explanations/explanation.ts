// How one code is explained, for whoever shows it; the texts themselves are loaded with catalogue.ts.
import type { Responsible, Verdict } from "../domain/errors/explained.ts";

/** Where a code is met first. */
export const areas = [
  "http",
  "delivery",
  "operation",
  "configuration",
  "start",
  "database",
  "alarm",
  "health",
  "log",
  "verify",
] as const;
export type Area = (typeof areas)[number];

export interface Explanation {
  readonly code: string;
  readonly area: Area;
  readonly title: string;
  readonly what_happened: string;
  readonly safe: Verdict;
  readonly lead_safe: string;
  readonly what_to_do: string;
  readonly responsible: Responsible;
  readonly who: string;
  readonly http_status?: number;
}
