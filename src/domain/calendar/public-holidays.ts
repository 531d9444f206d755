// Public holidays of the German states.
import { isHoliday } from "feiertagejs";

/** The states by the codes of ISO 3166-2:DE, without `DE-`. */
export const germanStates = {
  BW: "Baden-Württemberg",
  BY: "Bayern",
  BE: "Berlin",
  BB: "Brandenburg",
  HB: "Bremen",
  HH: "Hamburg",
  HE: "Hessen",
  MV: "Mecklenburg-Vorpommern",
  NI: "Niedersachsen",
  NW: "Nordrhein-Westfalen",
  RP: "Rheinland-Pfalz",
  SL: "Saarland",
  SN: "Sachsen",
  ST: "Sachsen-Anhalt",
  SH: "Schleswig-Holstein",
  TH: "Thüringen",
} as const;
export type GermanState = keyof typeof germanStates;

export function isGermanState(code: string): code is GermanState {
  return Object.hasOwn(germanStates, code);
}

/**
 * Holidays of a single year, which the library leaves out (law of Berlin on Sundays and public holidays, section 1, as
 * amended in 2024).
 */
const once: Readonly<Partial<Record<GermanState, readonly string[]>>> = { BE: ["2025-05-08", "2028-06-17"] };

/** By state and date: the library makes a whole year's holidays anew for every question, which takes a millisecond. */
const asked = new Map<string, boolean>();
/** More than a year of every state. */
const askedMax = 10_000;

/** In every state. `date` as `2026-12-25`. */
export function isNationalHoliday(date: string): boolean {
  return isHoliday(date, "BUND");
}

/** `date` as `2026-12-25`. */
export function isPublicHoliday(date: string, state: GermanState): boolean {
  const key = `${state} ${date}`;
  const known = asked.get(key);
  if (known !== undefined) return known;
  if (asked.size >= askedMax) asked.clear();
  // Asked with a text, it answers alike in every time zone of the process.
  const isOne = isHoliday(date, state) || once[state]?.includes(date) === true;
  asked.set(key, isOne);
  return isOne;
}
