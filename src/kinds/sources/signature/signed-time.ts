// What is wrong with the time that a request was signed at, for whoever has to correct the sender.
import type { Texts } from "../../../domain/errors/explained.ts";
import type { TimestampUnit } from "./scheme.ts";

/** Of a timestamp that `timestampFault` has nothing against. */
export function timestampMs(timestamp: string, unit: TimestampUnit): number {
  return unit === "s" ? Number(timestamp) * 1_000 : Number(timestamp);
}

/** In another unit than the expected one, or no number at all; null: as expected. `place`: where it stood. */
export function timestampFault(
  timestamp: string,
  place: string,
  unit: TimestampUnit,
  nowMs: number,
): Texts | null {
  const expected = expectations[unit];
  if (expected.pattern.test(timestamp)) return null;
  const { en, de } = writtenAs(timestamp);
  const example = unit === "s" ? Math.floor(nowMs / 1_000) : Math.floor(nowMs);
  return {
    en: `${place} came as ${en}. Expected: ${expected.en}, now for example ${example}.`,
    de: `${place} kam als ${de}. Erwartet: ${expected.de}, jetzt zum Beispiel ${example}.`,
  };
}

const expectations = {
  s: { pattern: /^[0-9]{1,11}$/, en: "whole unix seconds", de: "ganze Unix-Sekunden" },
  ms: { pattern: /^[0-9]{12,14}$/, en: "whole unix milliseconds", de: "ganze Unix-Millisekunden" },
} as const;

/** What of it may be shown is shown: somebody may have put a secret there. */
function writtenAs(text: string): Texts {
  const unit = /^[0-9]+$/.test(text) ? units.find(({ digitsMax }) => text.length <= digitsMax) : undefined;
  if (unit !== undefined) return { en: `${text}: ${unit.en}`, de: `${text}: ${unit.de}` };
  if (/^[0-9]{1,20}[.,][0-9]{1,12}$/.test(text))
    return { en: `${text}: a number with decimals`, de: `${text}: eine Zahl mit Nachkommastellen` };
  if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,]{4,18}(?:Z|[+-][0-9:]{2,6})?)?$/i.test(text))
    return { en: `${text}: a date (ISO 8601)`, de: `${text}: ein Datum (ISO 8601)` };
  if (/^[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/.test(text))
    return { en: `${text}: a date as in HTTP headers`, de: `${text}: ein Datum wie in HTTP-Kopfzeilen` };
  return {
    en: `a text of ${text.length} characters that is no number`,
    de: `ein Text von ${text.length} Zeichen, der keine Zahl ist`,
  };
}

/** Unix times of this century by how many digits they have. */
const units = [
  { digitsMax: 11, en: "seconds", de: "Sekunden" },
  { digitsMax: 14, en: "milliseconds", de: "Millisekunden" },
  { digitsMax: 17, en: "microseconds", de: "Mikrosekunden" },
  { digitsMax: 20, en: "nanoseconds", de: "Nanosekunden" },
] as const;

/** Of a time that is too far off. */
export function staleness(
  timestamp: string,
  place: string,
  {
    atMs,
    nowMs,
    toleranceMs,
  }: { readonly atMs: number; readonly nowMs: number; readonly toleranceMs: number },
): Texts {
  const at = wholeSeconds(atMs);
  const now = wholeSeconds(nowMs);
  const off = Math.abs(Math.round((nowMs - atMs) / 1_000));
  const isZone = off % 1_800 <= zoneSlackSeconds || 1_800 - (off % 1_800) <= zoneSlackSeconds;
  const zone = isZone && off >= 1_700 && off < 15 * 3_600;
  const isBehind = atMs < nowMs;
  const allowed = toleranceMs / 1_000;
  return {
    en: `${place} came as ${timestamp}, that is ${at}; here it is ${now}. It is ${off} s ${isBehind ? "behind" : "ahead"}; ${allowed} s are tolerated.${zone ? " That is a time zone: unix seconds count from 1970 in UTC everywhere." : ""}`,
    de: `${place} kam als ${timestamp}, das ist ${at}; hier ist es ${now}. Das sind ${off} s ${isBehind ? "zu wenig" : "zu viel"}; ${allowed} s sind erlaubt.${zone ? " Das ist eine Zeitzone: Unix-Sekunden zählen überall ab 1970 in UTC." : ""}`,
  };
}

const zoneSlackSeconds = 30;

function wholeSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1_000) * 1_000).toISOString().replace(".000", "");
}
