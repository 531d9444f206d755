// The drawn part of a chart: stacked bars, one for each day, on a canvas. What it shows is told in words by what stands
// around it (chart.tsx).
import { useEffect, useEffectEvent, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { textureOn } from "./chart-textures.ts";
import { largestStack, stackedFromTop } from "./chart-series.ts";
import type { ChartSeries } from "./chart-series.ts";
import { countTicks, dayTicks } from "./chart-ticks.ts";
import classes from "./chart.module.css";

interface ChartPlotProps {
  readonly days: readonly string[];
  readonly series: readonly ChartSeries[];
  /** The day that is looked at. */
  readonly at: number | null;
  readonly onPoint: (at: number | null) => void;
  readonly dayLabel: (day: string) => string;
  readonly countLabel: (count: number) => string;
  /** Another one draws afresh: colours are read from the page. */
  readonly scheme: string;
}

export function ChartPlot({ days, series, at, onPoint, dayLabel, countLabel, scheme }: ChartPlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const pointed = useRef(at);
  const shape = series.map(({ id, colour, texture }) => `${id} ${colour} ${texture}`).join("\n");
  const largest = largestStack(series);

  const draw = useEffectEvent((target: HTMLDivElement): uPlot => {
    const { width, height } = target.getBoundingClientRect();
    const options = plotOptions({ days, series, dayLabel, countLabel, target, pointed });
    return new uPlot({ ...options, width, height }, dataOf(days, series), target);
  });
  useEffect(() => {
    const target = place.current;
    if (target === null) return undefined;
    const drawn = draw(target);
    plot.current = drawn;
    const sizes = new ResizeObserver(() => {
      const { width, height } = target.getBoundingClientRect();
      if (width !== drawn.width || height !== drawn.height) drawn.setSize({ width, height });
    });
    sizes.observe(target);
    return () => {
      sizes.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [shape, days, largest, scheme, dayLabel, countLabel]);

  useEffect(() => {
    plot.current?.setData(dataOf(days, series), true);
  }, [days, series]);

  useEffect(() => {
    pointed.current = at;
    plot.current?.redraw(false);
  }, [at]);

  const dayUnder = (clientX: number): number | null => {
    const over = plot.current?.over.getBoundingClientRect();
    if (over === undefined || over.width === 0) return null;
    const day = Math.floor(((clientX - over.left) / over.width) * days.length);
    return day < 0 || day >= days.length ? null : day;
  };
  return (
    <div
      ref={place}
      className={classes.plot}
      aria-hidden
      onPointerMove={({ clientX }) => onPoint(dayUnder(clientX))}
      onPointerDown={({ clientX }) => onPoint(dayUnder(clientX))}
      onPointerLeave={({ pointerType }) => {
        // A finger that leaves the glass has not looked away yet.
        if (pointerType === "mouse") onPoint(null);
      }}
    />
  );
}

function dataOf(days: readonly string[], series: readonly ChartSeries[]): uPlot.AlignedData {
  return [days.map((_, index) => index), ...stackedFromTop(series)];
}

interface PlotInputs {
  readonly days: readonly string[];
  readonly series: readonly ChartSeries[];
  readonly dayLabel: (day: string) => string;
  readonly countLabel: (count: number) => string;
  readonly target: Element;
  readonly pointed: { readonly current: number | null };
}

const axisFontPx = 12;
const countTickSpacePx = 14;
const digitPx = 7.5;

function plotOptions(inputs: PlotInputs): Omit<uPlot.Options, "width" | "height"> {
  const { days, series, dayLabel, countLabel, target, pointed } = inputs;
  const colour = (property: string): string => getComputedStyle(target).getPropertyValue(property).trim();
  const surface = colour("--surface");
  const ticks = countTicks(largestStack(series));
  const top = ticks.at(-1) ?? 0;
  const axis = {
    stroke: colour("--mantine-color-dimmed"),
    font: `${axisFontPx}px ${getComputedStyle(target).fontFamily}`,
    ticks: { show: false },
  };
  const widestLabel = Math.max(...ticks.map((tick) => countLabel(tick).length));
  return {
    cursor: { show: false },
    legend: { show: false },
    padding: [8, 4, 0, 0],
    scales: {
      x: { time: false, range: () => [-0.5, days.length - 0.5] },
      y: { range: () => [0, top] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        splits: (plot) => [...dayTicks(days, plot.bbox.width / uPlot.pxRatio)],
        values: (_, indexes) => indexes.map((index) => dayLabel(days[index] ?? "")),
      },
      {
        ...axis,
        grid: { stroke: colour("--line"), width: 1 },
        size: widestLabel * digitPx + countTickSpacePx,
        splits: () => [...ticks],
        values: (_, counts) => counts.map(countLabel),
      },
    ],
    series: [
      {},
      ...series.toReversed().map(({ colour: property, texture }) => ({
        fill: textureOn(colour(property), surface, texture),
        stroke: surface,
        width: 1,
        points: { show: false },
        paths: barPaths,
      })),
    ],
    hooks: { drawClear: [(plot) => markDay(plot, pointed.current, colour("--chart-pointed"))] },
  };
}

const barShare = 0.78;
const barMaxPx = 44;
const bars = uPlot.paths.bars?.({ size: [barShare, barMaxPx] });
const barPaths: uPlot.Series.PathBuilder = (...drawing) => bars?.(...drawing) ?? null;

function markDay(plot: uPlot, day: number | null, colour: string): void {
  if (day === null) return;
  const left = plot.valToPos(day - 0.5, "x", true);
  const right = plot.valToPos(day + 0.5, "x", true);
  plot.ctx.save();
  plot.ctx.fillStyle = colour;
  plot.ctx.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
  plot.ctx.restore();
}
