// Where the axes of a chart have labels: few, and at round places.
import { weekdayOf } from "../language/days.ts";

const countStepsMax = 4;
const roundSteps = [1, 2, 5] as const;

/** From 0 to the first round number that is not below `largest`, in whole and round steps. */
export function countTicks(largest: number): readonly number[] {
  const step = roundStep(Math.max(largest, countStepsMax) / countStepsMax);
  const steps = Math.ceil(Math.max(largest, countStepsMax) / step);
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}

/** The smallest of 1, 2, 5, 10, 20, 50, … that is not below `least`. */
function roundStep(least: number): number {
  for (let power = 1; ; power *= 10) {
    const fits = roundSteps.find((step) => step * power >= least);
    if (fits !== undefined) return fits * power;
  }
}

const dayLabelPx = 58;
const daysPerStep = [1, 7, 14, 28] as const;

/** Indexes of the days that have a label: all of them, or Mondays, or every so many Mondays, as there is room. */
export function dayTicks(days: readonly string[], widthPx: number): readonly number[] {
  const roomFor = Math.max(Math.floor(widthPx / dayLabelPx), 1);
  const step =
    daysPerStep.find((each) => days.length / each <= roomFor) ?? daysPerStep[daysPerStep.length - 1] ?? 28;
  const indexes = days.map((_, index) => index);
  if (step === 1) return indexes;
  const firstMonday = days.findIndex((day) => weekdayOf(day) === 0);
  return indexes.filter((index) => index >= firstMonday && (index - firstMonday) % step === 0);
}
