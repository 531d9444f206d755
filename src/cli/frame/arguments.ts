// Reads the values that commands take: ids, counts and names out of a fixed set.
import { InvalidArgumentError } from "commander";
import { nodeRoles, parseNodeRoles } from "../../domain/node/node-role.ts";
import type { NodeRole } from "../../domain/node/node-role.ts";
import type { CommandContext } from "./command.ts";

/** A run's id. */
export function runIdParser({ say }: CommandContext): (text: string) => string {
  return (text) => {
    if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
    throw new InvalidArgumentError(
      say({
        en: "A run_id is a UUID; `leadledger runs list` shows them.",
        de: "Eine run_id ist eine UUID; `leadledger runs list` zeigt sie.",
      }),
    );
  };
}

/** The ids of one or several DLQ entries; commander calls this once per word. */
export function dlqIdsParser({
  say,
}: CommandContext): (text: string, earlier?: readonly number[]) => number[] {
  return (text, earlier = []) => {
    const id = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isNaN(id)) return [...new Set([...earlier, id])];
    throw new InvalidArgumentError(
      say({
        en: "A dlq_id is a number; `leadledger dlq list` shows them.",
        de: "Eine dlq_id ist eine Zahl; `leadledger dlq list` zeigt sie.",
      }),
    );
  };
}

/** A whole number from 1 to `max`. */
export function countParser({ say }: CommandContext, max: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count >= 1 && count <= max) return count;
    throw new InvalidArgumentError(
      say({
        en: `Expected a whole number from 1 to ${max}.`,
        de: `Erwartet wird eine ganze Zahl von 1 bis ${max}.`,
      }),
    );
  };
}

/** One or several roles of a node, with commas in between; commander calls this once per option. */
export function nodeRolesParser({
  say,
}: CommandContext): (text: string, earlier?: readonly NodeRole[]) => readonly NodeRole[] {
  return (text, earlier = []) => {
    const roles = parseNodeRoles([...earlier, text].join(","));
    if (roles !== null) return roles;
    const known = nodeRoles.join(", ");
    throw new InvalidArgumentError(
      say({
        en: `Expected one or several of ${known}, with commas in between.`,
        de: `Erwartet wird eine oder mehrere von ${known}, mit Kommas dazwischen.`,
      }),
    );
  };
}

/** A text that says something. */
export function noteParser({ say }: CommandContext): (text: string) => string {
  return (text) => {
    const note = text.trim();
    if (note !== "" && note.length <= noteCharactersMax && !note.includes("\0")) return note;
    throw new InvalidArgumentError(
      say({
        en: `Expected a note of 1 to ${noteCharactersMax} characters.`,
        de: `Erwartet wird eine Notiz von 1 bis ${noteCharactersMax} Zeichen.`,
      }),
    );
  };
}

const noteCharactersMax = 2_000;

/** A time with its zone (ISO 8601), as it was written. */
export function timeParser({ say }: CommandContext): (text: string) => string {
  return (text) => {
    const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)$/i.test(text);
    const full = text.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-])/i, "$1:00$2");
    if (isTime && !Number.isNaN(Date.parse(full))) return full;
    throw new InvalidArgumentError(
      say({
        en: "Expected a time with its zone, such as 2026-07-15T09:00:00+02:00.",
        de: "Erwartet wird eine Zeit mit Zeitzone, etwa 2026-07-15T09:00:00+02:00.",
      }),
    );
  };
}

/** A time as `timeParser` reads it, or a day of the reporting time zone. */
export function timeOrDayParser(context: CommandContext): (text: string) => string {
  const time = timeParser(context);
  return (text) => {
    if (isDay(text)) return text;
    try {
      return time(text);
    } catch {
      throw new InvalidArgumentError(
        context.say({
          en: "Expected a day (2026-07-15) or a time with its zone (2026-07-15T09:00:00+02:00).",
          de: "Erwartet wird ein Tag (2026-07-15) oder eine Zeit mit Zeitzone (2026-07-15T09:00:00+02:00).",
        }),
      );
    }
  };
}

/** A day of the reporting time zone. */
export function dayParser({ say }: CommandContext): (text: string) => string {
  return (text) => {
    if (isDay(text)) return text;
    throw new InvalidArgumentError(
      say({ en: "Expected a day, such as 2026-07-15.", de: "Erwartet wird ein Tag, etwa 2026-07-15." }),
    );
  };
}

function isDay(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** So many per second; less than one is possible. */
export function rateParser({ say }: CommandContext): (text: string) => number {
  return (text) => {
    const rate = /^\d{1,6}(?:\.\d{1,2})?$/.test(text) ? Number(text) : 0;
    if (rate > 0) return rate;
    throw new InvalidArgumentError(
      say({
        en: "Expected a number per second, such as 50 or 0.5.",
        de: "Erwartet wird eine Anzahl je Sekunde, etwa 50 oder 0.5.",
      }),
    );
  };
}

/** All words of an option that may stand more than once. */
export function collected(word: string, earlier: readonly string[] = []): string[] {
  return [...earlier, word];
}
