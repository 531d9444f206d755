// Times as people read them: in the reporting time zone, in the order of their language.
import type { CommandContext } from "./command.ts";
import type { Language } from "./language.ts";

/** Writes times of one zone in one language. */
export interface TimeText {
  readonly timezone: string;
  /** `2026-03-29 14:05:09`, `29.03.2026 14:05:09` */
  at(time: Date): string;
  /** The same with milliseconds, for stories whose steps lie close together. */
  precisely(time: Date): string;
  /** `14:05` when that is today, else with the date. */
  soon(time: Date, now: Date): string;
}

export function timeText(timezone: string, language: Language): TimeText {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const split = (time: Date): { day: string; clock: string } => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
    const [year, month, day] = [part("year").padStart(4, "0"), part("month"), part("day")];
    return {
      day: language === "de" ? `${day}.${month}.${year}` : `${year}-${month}-${day}`,
      clock: `${part("hour")}:${part("minute")}:${part("second")}`,
    };
  };
  const at = (time: Date): string => `${split(time).day} ${split(time).clock}`;
  return {
    timezone,
    at,
    precisely: (time) =>
      `${at(time)}${language === "de" ? "," : "."}${String(time.getUTCMilliseconds()).padStart(3, "0")}`,
    soon(time, now) {
      const { day, clock } = split(time);
      const minutes = clock.slice(0, 5);
      return day === split(now).day ? minutes : `${day} ${minutes}`;
    },
  };
}

/** Names the zone once under a table, on stderr, so that a pipe gets rows alone. */
export function noteTimezone(context: CommandContext, { timezone }: TimeText): void {
  context.terminal.note(
    context.terminal.paintNote("dim", context.say({ en: `Times: ${timezone}`, de: `Zeiten: ${timezone}` })),
  );
}
