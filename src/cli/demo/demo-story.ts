// Tells the story of one lead in words for people: its log entries, one short line each.
import type { BookEvent } from "../../ledger/figures/books.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../frame/language.ts";
import type { TimeText } from "../frame/times.ts";

/** `16:24:21,123  an newsletter zugestellt`. What has no line of its own follows from the line before it. */
export function storyLines(
  { say }: CommandContext,
  times: TimeText,
  events: readonly BookEvent[],
): (readonly [time: string, line: string])[] {
  return events.flatMap((event) => {
    const line = lineOf(event, times);
    if (line === null) return [];
    const clock = times.precisely(new Date(event.at_us / 1_000)).split(" ")[1] ?? "";
    return [[clock, say(line)] as const];
  });
}

function lineOf({ event_type, payload }: BookEvent, times: TimeText): Texts | null {
  const destination = text(payload.destination);
  switch (event_type) {
    case "lead_received":
      return { en: `received from ${text(payload.source)}`, de: `empfangen von ${text(payload.source)}` };
    case "lead_rejected":
      return {
        en: `received from ${text(payload.source)}, but unreadable: kept`,
        de: `empfangen von ${text(payload.source)}, aber unlesbar: aufbewahrt`,
      };
    case "lead_corrected":
      return { en: "sent again by the sender, correct now", de: "vom Absender berichtigt nachgesandt" };
    case "duplicate_received":
      return {
        en: "sent once more by the sender: recognised as a duplicate",
        de: "vom Absender noch einmal geschickt: als Dublette erkannt",
      };
    case "delivery_failed": {
      const answer =
        payload.http_status === null ? text(payload.outcome) : `HTTP ${text(payload.http_status)}`;
      return {
        en: `${destination} does not take it (${answer})`,
        de: `${destination} nimmt ihn nicht an (${answer})`,
      };
    }
    case "dlq_created":
      return next(payload.next_retry_at, times, {
        en: `needs attention (entry ${text(payload.dlq_id)})`,
        de: `wird ein Klärfall (Nr. ${text(payload.dlq_id)})`,
      });
    case "dlq_rescheduled":
      return next(payload.next_retry_at, times, { en: "goes on waiting", de: "wartet weiter" });
    case "dlq_resolved":
      // A delivery that heals an entry has a line of its own.
      if (payload.resolution === "delivered") return null;
      return {
        en: `entry ${text(payload.dlq_id)} is settled`,
        de: `Klärfall Nr. ${text(payload.dlq_id)} ist erledigt`,
      };
    case "lead_delivered":
      return { en: `delivered to ${destination}`, de: `an ${destination} zugestellt` };
    case "lead_processed":
      return { en: "done: every destination has the lead", de: "fertig: Alle Ziele haben den Lead" };
    default:
      return null;
  }
}

function next(at: unknown, times: TimeText, what: Texts): Texts {
  if (typeof at !== "string") return what;
  const clock = times.at(new Date(at)).split(" ")[1] ?? "";
  return { en: `${what.en}, next attempt ${clock}`, de: `${what.de}, nächster Versuch ${clock}` };
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
