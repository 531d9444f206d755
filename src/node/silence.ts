// Looks each minute for sources that are quieter than their rhythm explains, and learns rhythms while leads come.
import { findSilences } from "../domain/silence/judge-silence.ts";
import type { WatchedSource } from "../domain/silence/judge-silence.ts";
import { learnedWeeks, learnRhythm } from "../domain/silence/rhythm.ts";
import { defaultSilenceRule } from "../domain/silence/silence-setting.ts";
import type { SilenceRule } from "../domain/silence/silence-setting.ts";
import { hourMs, learnedHours, localHours } from "../domain/silence/watched-hours.ts";
import type { LocalHours, Stretch, Watch } from "../domain/silence/watched-hours.ts";
import type { GermanState } from "../domain/calendar/public-holidays.ts";
import { readDatabaseTime } from "../ledger/connection/database-clock.ts";
import type { Database } from "../ledger/connection/database.ts";
import { transaction } from "../ledger/connection/database.ts";
import {
  listHeardSources,
  listSilences,
  notePauses,
  noteWatch,
  readHourlyLeads,
  saveRhythm,
  saveSilences,
} from "../ledger/figures/silences.ts";
import type { HeardSource, Silence } from "../ledger/figures/silences.ts";
import { readTimezone } from "../ledger/settings/settings.ts";
import type { LeaderTask } from "../runtime/leadership.ts";

/** Of each look, so that a look takes a limited time however many sources there are. */
const learnedPerLookMax = 20;
const weekMs = 7 * 24 * hourMs;
/** So far back what was left out matters. */
const silencesReadWeeks = 2 * learnedWeeks + 2;

export function createSilenceWatch(database: Database): LeaderTask {
  const hoursOf = createLocalHours();
  let isFirstLook = true;
  return async (guard) => {
    // Before anything is judged: while nobody looked, nobody was silent.
    await transaction(database, "system", async (client) => {
      await guard(client);
      await noteWatch(client, isFirstLook);
    });
    isFirstLook = false;
    const now = await readDatabaseTime(database);
    const zone = await readTimezone(database);
    const heard = await listHeardSources(database);
    const silences = await listSilences(database, new Date(now.getTime() - silencesReadWeeks * weekMs));
    const watchOf = (source: HeardSource, isLearning: boolean): Watch => ({
      localHours: hoursOf(zone, holidaysOf(ruleOf(source))),
      unwatched: silences.flatMap((silence) => unwatched(silence, source.source, now, isLearning)),
    });
    const learned = await learnDue(database, heard, (source) => watchOf(source, true));
    const watched = heard.flatMap((source): WatchedSource[] => {
      if (source.is_off || source.last_lead_at === null) return [];
      const rhythm = learned.get(source.source)?.rhythm ?? source.rhythm;
      const lastLeadMs = source.last_lead_at.getTime();
      const isTold = silences.some(
        (each) => each.source === source.source && each.reason === "silent" && each.ended_at === null,
      );
      return [
        {
          source: source.source,
          rule: ruleOf(source),
          rhythm,
          lastLeadMs,
          watch: watchOf(source, false),
          isTold,
        },
      ];
    });
    const found = findSilences(watched, now.getTime());
    await transaction(database, "system", async (client) => {
      await guard(client);
      for (const [source, { until, rhythm }] of learned) await saveRhythm(client, source, until, rhythm);
      await notePauses(client, heard);
      await saveSilences(client, found, heard);
    });
  };
}

function ruleOf({ silence }: HeardSource): SilenceRule {
  return silence ?? defaultSilenceRule;
}

export function holidaysOf(rule: SilenceRule): GermanState | null {
  return rule.kind === "off" ? null : rule.holidays;
}

interface Learned {
  readonly until: Date;
  readonly rhythm: WatchedSource["rhythm"];
}

async function learnDue(
  database: Database,
  heard: readonly HeardSource[],
  watchOf: (source: HeardSource) => Watch,
): Promise<ReadonlyMap<string, Learned>> {
  const learned = new Map<string, Learned>();
  const due = heard.filter((source) => source.is_to_be_learned && !source.is_off);
  for (const source of due.slice(0, learnedPerLookMax)) {
    const until = source.last_lead_at;
    if (until === null) continue;
    const leads = await readHourlyLeads(database, source.source, until);
    const toMs = until.getTime();
    const stretch = { fromMs: toMs - learnedWeeks * weekMs, toMs };
    // Hours of zones that are not whole hours from UTC begin at other quarters.
    const byHour = new Map([...leads].map(([hour, count]) => [Math.floor(hour / hourMs), count]));
    const hours = learnedHours(stretch, watchOf(source), (hour) => byHour.get(hour / hourMs) ?? 0);
    learned.set(source.source, { until, rhythm: learnRhythm(sinceFirstLead(hours)) });
  }
  return learned;
}

/** A source that is new was not silent before it was there. */
function sinceFirstLead<T extends { readonly leads: number }>(hours: readonly T[]): readonly T[] {
  return hours.slice(
    Math.max(
      hours.findIndex(({ leads }) => leads > 0),
      0,
    ),
  );
}

/**
 * Of a silence only what came after somebody was told is left out of a rhythm: what was before may have been chance, and
 * without it the rhythm would seem livelier than it is. One that goes on is what is judged.
 */
function unwatched(silence: Silence, source: string, now: Date, isLearning: boolean): Stretch[] {
  if (silence.source !== "" && silence.source !== source) return [];
  if (silence.reason === "silent" && silence.ended_at === null && !isLearning) return [];
  const from = silence.reason === "silent" ? silence.noticed_at : silence.since;
  return [{ fromMs: from.getTime(), toMs: (silence.ended_at ?? now).getTime() }];
}

/** Kept, because finding out what hour it is takes longer than everything else. */
export function createLocalHours(): (zone: string, holidays: GermanState | null) => LocalHours {
  const known = new Map<string, LocalHours>();
  return (zone, holidays) => {
    const key = `${zone} ${holidays ?? ""}`;
    const hours = known.get(key) ?? localHours(zone, holidays);
    known.set(key, hours);
    return hours;
  };
}
