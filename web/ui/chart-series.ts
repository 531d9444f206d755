// What a chart of days shows, and the sums that its legend and its table show with it.

/** Told apart by lightness and by texture, so that nobody needs to see the colours. */
export type Texture = "plain" | "stripes" | "dots" | "grid";

export interface Look {
  /** A custom property of chart.module.css or global.css: `--chart-good`. */
  readonly colour: string;
  readonly texture: Texture;
}

export interface ChartSeries extends Look {
  readonly id: string;
  readonly name: string;
  /** One for each day; null: there are no figures of that day. */
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  readonly title: string;
  /** ISO days, the oldest first. */
  readonly days: readonly string[];
  readonly series: readonly ChartSeries[];
  /** What stands for all days together: their sum, or the newest value where they are a stock. */
  readonly together: "sum" | "newest";
}

/** Data for uPlot, which draws each bar from the axis: the whole stack first, and what stands lower over it. */
export function stackedFromTop(series: readonly ChartSeries[]): (number | null)[][] {
  const days = series[0]?.values.length ?? 0;
  const heights = Array.from({ length: days }, () => 0);
  const stacks = series.map(({ values }) =>
    values.map((value, day) => {
      heights[day] = (heights[day] ?? 0) + (value ?? 0);
      // Nothing of this height yet: no bar, not even its outline.
      return heights[day] === 0 ? null : heights[day];
    }),
  );
  return stacks.reverse();
}

export function largestStack(series: readonly ChartSeries[]): number {
  const days = series[0]?.values ?? [];
  return Math.max(0, ...days.map((_, day) => totalOfDay(series, day) ?? 0));
}

/** null: there are no figures of that day. */
export function totalOfDay(series: readonly ChartSeries[], day: number): number | null {
  let total: number | null = null;
  for (const { values } of series) {
    const value = values[day] ?? null;
    if (value !== null) total = (total ?? 0) + value;
  }
  return total;
}

export function sumOfDays(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

export function newestOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
