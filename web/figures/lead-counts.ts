// What became of leads, counted; from the figures that the API gives by day, and by day and source.
import type { KpiDay, KpiSourceDay } from "../api/types.ts";

export interface LeadCounts {
  readonly received: number;
  readonly delivered: number;
  readonly byHand: number;
  /** Nobody was to get them any more. */
  readonly withdrawn: number;
  /** Delivered to nobody. */
  readonly nobody: number;
  readonly failed: number;
  readonly onTheWay: number;
  /** Of the failed ones: they may still arrive; null: nobody has looked. */
  readonly failedUnfinished: number | null;
  /** By which a mean processing time counts among others. */
  readonly processed: number;
  readonly avgProcessingMs: number | null;
}

export function countsOfSource(figures: KpiSourceDay): LeadCounts {
  const { received_count: received, processed_count: processed, failed_count: failed } = figures;
  const {
    no_destination_count: nobody,
    resolved_by_hand_count: byHand,
    withdrawn_count: withdrawn,
  } = figures;
  return {
    received,
    processed,
    failed,
    nobody,
    byHand,
    withdrawn,
    avgProcessingMs: figures.avg_processing_ms,
    delivered: processed - nobody - byHand - withdrawn,
    onTheWay: received - processed - failed,
    failedUnfinished: figures.failed_unfinished_count,
  };
}

export function sumOf(all: readonly LeadCounts[]): LeadCounts {
  const sum = (member: Exclude<keyof LeadCounts, "avgProcessingMs" | "failedUnfinished">): number =>
    all.reduce((total, counts) => total + counts[member], 0);
  const processed = sum("processed");
  const spentMs = all.reduce((ms, counts) => ms + (counts.avgProcessingMs ?? 0) * counts.processed, 0);
  return {
    received: sum("received"),
    delivered: sum("delivered"),
    byHand: sum("byHand"),
    withdrawn: sum("withdrawn"),
    nobody: sum("nobody"),
    failed: sum("failed"),
    onTheWay: sum("onTheWay"),
    failedUnfinished: all.reduce<number | null>(
      (total, { failedUnfinished: own }) => (total === null || own === null ? null : total + own),
      0,
    ),
    processed,
    avgProcessingMs: processed === 0 ? null : Math.round(spentMs / processed),
  };
}

/**
 * Of the finished ones that were not withdrawn, how many arrived or were settled by hand: from 0 to 1; null: there is none,
 * or nobody knows.
 */
export function successRate({
  processed,
  failed,
  failedUnfinished,
  delivered,
  byHand,
  withdrawn,
}: LeadCounts): number | null {
  if (failedUnfinished === null) return null;
  const finished = processed - withdrawn + failed - failedUnfinished;
  return finished <= 0 ? null : (delivered + byHand) / finished;
}

export interface DayCounts extends LeadCounts {
  readonly day: string;
  /** Cases open at its end; null: the day has no figures yet. */
  readonly open: number | null;
}

/** Of each of `days` what all sources together had; a day that nobody has counted yet has zeros. */
export function countsByDay(
  days: readonly string[],
  figures: readonly KpiDay[],
  ofSources: readonly KpiSourceDay[],
): readonly DayCounts[] {
  const figuresOf = new Map(figures.map((each) => [each.day, each]));
  const sourcesOf = grouped(ofSources, ({ day }) => day);
  return days.map((day) => {
    const known = figuresOf.get(day);
    const own = sourcesOf.get(day) ?? [];
    if (known !== undefined && own.length === 0)
      return { ...countsWithoutSources(known), day, open: known.dlq_open_count };
    const counts = sumOf(own.map(countsOfSource));
    return known === undefined
      ? { ...counts, day, open: null }
      : { ...counts, day, avgProcessingMs: known.avg_processing_ms, open: known.dlq_open_count };
  });
}

/** Figures that a person filled in, or from before sources were counted: they need not add up. */
function countsWithoutSources(figures: KpiDay): LeadCounts {
  const { received_count: received, processed_count: processed, failed_count: failed } = figures;
  return {
    received,
    processed,
    failed,
    nobody: 0,
    byHand: 0,
    withdrawn: 0,
    avgProcessingMs: figures.avg_processing_ms,
    delivered: processed,
    onTheWay: Math.max(received - processed - failed, 0),
    failedUnfinished: null,
  };
}

interface SourceCounts {
  /** null: all others together. */
  readonly source: string | null;
  readonly received: readonly number[];
}

/** Leads of each day by source: of the largest ones each, of all others the sum. */
export function receivedBySource(
  days: readonly string[],
  ofSources: readonly KpiSourceDay[],
  shownMax: number,
): readonly SourceCounts[] {
  const bySource = [...grouped(ofSources, ({ source }) => source)]
    .map(([source, figures]) => ({ source, figures, total: sumOf(figures.map(countsOfSource)).received }))
    .toSorted((one, other) => other.total - one.total || one.source.localeCompare(other.source));
  const perDay = (figures: readonly KpiSourceDay[]): readonly number[] => {
    const ofDay = grouped(figures, ({ day }) => day);
    return days.map((day) => sumOf((ofDay.get(day) ?? []).map(countsOfSource)).received);
  };
  const shown = bySource
    .slice(0, shownMax)
    .map(({ source, figures }) => ({ source, received: perDay(figures) }));
  const rest = bySource.slice(shownMax).flatMap(({ figures }) => figures);
  return rest.length === 0 ? shown : [...shown, { source: null, received: perDay(rest) }];
}

/** In the order in which the keys come. */
export function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
