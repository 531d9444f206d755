// The tables source_rhythms, silences and silence_watch: what each source usually brings, and when it was quieter. What is
// read for it is bounded by the weeks of a rhythm, however much history there is.
import { learnedWeeks } from "../../domain/silence/rhythm.ts";
import type { Rhythm } from "../../domain/silence/rhythm.ts";
import type { SilencesFound } from "../../domain/silence/judge-silence.ts";
import type { SilenceRule } from "../../domain/silence/silence-setting.ts";
import type { Queryable } from "../connection/database.ts";

/** While leads come, a rhythm is learned anew no more often. */
const learnedAgainSql = "interval '1 hour'";
/** Longer than that between two looks, which come each minute, no node was there. */
const unwatchedSql = "interval '100 seconds'";
/** After a start nobody knows for how long intake was away: long enough for a lively source to seem dead. */
const unwatchedBeforeStartSql = "interval '5 seconds'";
const keptSql = "interval '1 year'";
const expiredMax = 1_000;

/** Of a source that is set up. */
export interface HeardSource {
  readonly source: string;
  /** null: it says nothing of it. */
  readonly silence: SilenceRule | null;
  /** It is switched off or paused. */
  readonly is_off: boolean;
  readonly off_since: Date | null;
  /** null: no lead ever came. */
  readonly last_lead_at: Date | null;
  readonly rhythm: Rhythm | null;
  /** Leads came since it was learned, and that is a while ago. */
  readonly is_to_be_learned: boolean;
}

export async function listHeardSources(
  database: Queryable,
  source: string | null = null,
): Promise<HeardSource[]> {
  const { rows } = await database.query<HeardSource>({
    name: "heard-sources",
    text: `
      WITH waiting AS MATERIALIZED (
        SELECT d.source, max(d.last_received_at) AS last_received_at FROM internal.kpi_deltas d
        WHERE d.source IS NOT NULL GROUP BY d.source)
      SELECT s.name AS source, s.settings -> 'silence' AS silence, off.is_off,
        CASE WHEN off.is_off THEN coalesce(s.paused_at, clock_timestamp()) END AS off_since, heard.last_lead_at,
        CASE WHEN cardinality(r.rates) > 0 THEN
          json_build_object('leads', r.leads, 'rates', r.rates, 'hours', r.hours, 'dispersion', r.dispersion) END AS rhythm,
        heard.last_lead_at IS NOT NULL AND (r.source IS NULL OR heard.last_lead_at > r.learned_until
          AND r.learned_at < clock_timestamp() - ${learnedAgainSql}) AS is_to_be_learned
      FROM internal.sources s
      LEFT JOIN internal.source_rhythms r ON r.source = s.name
      LEFT JOIN waiting w ON w.source = s.name
      LEFT JOIN LATERAL (
        SELECT k.last_received_at FROM internal.kpi_daily_sources k WHERE k.source = s.name
        ORDER BY k.day DESC LIMIT 1) AS k ON true
      CROSS JOIN LATERAL (SELECT greatest(k.last_received_at, w.last_received_at) AS last_lead_at) AS heard
      CROSS JOIN LATERAL (
        SELECT NOT s.enabled OR coalesce(s.settings ->> 'paused', 'false') <> 'false' AS is_off) AS off
      WHERE $1::text IS NULL OR s.name = $1 ORDER BY 1`,
    values: [source],
  });
  return rows;
}

/** Leads of whole hours, by when the hour began (milliseconds since 1970). */
export async function readHourlyLeads(
  database: Queryable,
  source: string,
  until: Date,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await database.query<{ hour: Date; leads: number }>({
    name: "hourly-leads",
    text: `SELECT hour, received_count AS leads FROM internal.figures_hourly
           WHERE source = $1 AND hour >= $2::timestamptz - interval '${learnedWeeks} weeks' AND hour <= $2`,
    values: [source, until],
  });
  return new Map(rows.map(({ hour, leads }) => [hour.getTime(), leads]));
}

/** null: too little came. */
export async function saveRhythm(
  database: Queryable,
  source: string,
  until: Date,
  rhythm: Rhythm | null,
): Promise<void> {
  await database.query(
    `INSERT INTO internal.source_rhythms (source, learned_at, learned_until, leads, rates, hours, dispersion)
     VALUES ($1, clock_timestamp(), $2, $3, $4, $5, $6)
     ON CONFLICT (source) DO UPDATE SET learned_at = excluded.learned_at, learned_until = excluded.learned_until,
       leads = excluded.leads, rates = excluded.rates, hours = excluded.hours, dispersion = excluded.dispersion`,
    [source, until, rhythm?.leads ?? 0, rhythm?.rates ?? [], rhythm?.hours ?? [], rhythm?.dispersion ?? 1],
  );
}

export interface Silence {
  /** Empty: all of them. */
  readonly source: string;
  readonly reason: "silent" | "paused" | "outage";
  readonly since: Date;
  readonly noticed_at: Date;
  readonly ended_at: Date | null;
}

/** Those that reach into the time since `from`. */
export async function listSilences(database: Queryable, from: Date): Promise<Silence[]> {
  const { rows } = await database.query<Silence>({
    name: "list-silences",
    text: `SELECT source, reason, since, noticed_at, ended_at FROM internal.silences
           WHERE ended_at IS NULL OR ended_at > $1`,
    values: [from],
  });
  return rows;
}

/**
 * That somebody looks now; a gap since the last time is an outage of ours. Drops what is long over. `isFirstLook`: of this
 * process.
 */
export async function noteWatch(database: Queryable, isFirstLook: boolean): Promise<void> {
  await database.query(
    `INSERT INTO internal.silences (source, reason, since, noticed_at, ended_at)
     SELECT '', 'outage', watched_at, watched_at, clock_timestamp() FROM internal.silence_watch
     WHERE watched_at < clock_timestamp() - ${isFirstLook ? unwatchedBeforeStartSql : unwatchedSql}`,
  );
  await database.query(
    `INSERT INTO internal.silence_watch (watched_at) VALUES (clock_timestamp())
     ON CONFLICT (is_only) DO UPDATE SET watched_at = excluded.watched_at`,
  );
  await database.query(
    `DELETE FROM internal.silences WHERE silence_id IN (
       SELECT silence_id FROM internal.silences WHERE ended_at < clock_timestamp() - ${keptSql}
       ORDER BY ended_at LIMIT ${expiredMax})`,
  );
}

/** Opens and closes what is paused, switched off, or on again. */
export async function notePauses(database: Queryable, sources: readonly HeardSource[]): Promise<void> {
  const off = sources.filter(({ is_off: isOff }) => isOff);
  await database.query(
    `UPDATE internal.silences SET ended_at = clock_timestamp()
     WHERE reason = 'paused' AND ended_at IS NULL AND source <> ALL ($1::text[])`,
    [off.map(({ source }) => source)],
  );
  await database.query(
    `INSERT INTO internal.silences (source, reason, since, noticed_at)
     SELECT source, 'paused', since, since FROM unnest($1::text[], $2::timestamptz[]) AS off (source, since)
     ON CONFLICT (source, reason) WHERE ended_at IS NULL DO NOTHING`,
    [off.map(({ source }) => source), off.map(({ off_since: since }) => since)],
  );
}

/** Opens what is silent now and closes what is no more: with the lead that came, where one did. */
export async function saveSilences(
  database: Queryable,
  { silent, allSinceMs }: SilencesFound,
  heard: readonly HeardSource[],
): Promise<void> {
  const all = allSinceMs === null ? [] : [{ source: "", sinceMs: allSinceMs, missed: null }];
  const found = [...all, ...silent];
  const sources = found.map(({ source }) => source);
  const since = found.map(({ sinceMs }) => new Date(sinceMs));
  await database.query(
    `WITH found AS (SELECT * FROM unnest($1::text[], $2::timestamptz[]) AS f (source, since)),
     heard AS (SELECT * FROM unnest($3::text[], $4::timestamptz[]) AS h (source, last_lead_at))
     UPDATE internal.silences s SET ended_at = greatest(s.noticed_at, coalesce(
       (SELECT max(h.last_lead_at) FROM heard h WHERE s.source IN ('', h.source) AND h.last_lead_at > s.since), clock_timestamp()))
     WHERE s.reason = 'silent' AND s.ended_at IS NULL
       AND NOT EXISTS (SELECT FROM found f WHERE f.source = s.source AND f.since <= s.since)`,
    [sources, since, heard.map(({ source }) => source), heard.map(({ last_lead_at: at }) => at)],
  );
  await database.query(
    `INSERT INTO internal.silences (source, reason, since, noticed_at, missed)
     SELECT source, 'silent', since, clock_timestamp(), missed
     FROM unnest($1::text[], $2::timestamptz[], $3::double precision[]) AS f (source, since, missed)
     ON CONFLICT (source, reason) WHERE ended_at IS NULL DO NOTHING`,
    [sources, since, found.map(({ missed }) => missed)],
  );
}

export interface OpenSilence {
  readonly source: string;
  readonly since: Date;
  readonly noticed_at: Date;
  readonly missed: number | null;
}

/** The longest first. */
export async function listOpenSilences(database: Queryable, limit: number): Promise<OpenSilence[]> {
  const { rows } = await database.query<OpenSilence>(
    `SELECT source, since, noticed_at, missed FROM internal.silences
     WHERE reason = 'silent' AND ended_at IS NULL ORDER BY source <> '', since, source LIMIT $1`,
    [limit],
  );
  return rows;
}
