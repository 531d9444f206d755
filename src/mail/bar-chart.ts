// Bars by day as a picture: the mail programs that people use drop SVG, and a picture beside the mail is not loaded.
import { pngOf } from "./png.ts";

export interface Bar {
  /** Two letters: `Mo`. */
  readonly label: string;
  readonly value: number;
  /** Of the value, drawn in it in another colour. */
  readonly part: number;
  /** The days that the report is about. */
  readonly isStrong: boolean;
}

/** Twice as many points as it is shown with, so that it is sharp on a phone. */
export const chartSize = { width: 1_104, height: 320, shownWidth: 552, shownHeight: 160 } as const;

/** White, text, weak and strong bars, their parts, the line below. */
const colours = ["#ffffff", "#3a4550", "#c3ccd5", "#4a7fb5", "#9aa8b5", "#0b5cad", "#8a96a2"] as const;
const [white, ink, weakBar, strongBar, weakPart, strongPart, line] = [0, 1, 2, 3, 4, 5, 6];
const dot = 4;
const glyph = { width: 5, height: 7, gap: 1 } as const;
const textHeight = glyph.height * dot;
const margin = 8;

export function barChart(bars: readonly Bar[]): Buffer {
  const { width, height } = chartSize;
  const pixels = new Uint8Array(width * height).fill(white);
  const fill = (left: number, top: number, wide: number, high: number, colour: number): void => {
    for (let y = Math.max(top, 0); y < Math.min(top + high, height); y += 1)
      pixels.fill(colour, y * width + Math.max(left, 0), y * width + Math.min(left + wide, width));
  };
  const write = (text: string, middle: number, top: number): void => {
    let left = Math.round(middle - textWidth(text) / 2);
    for (const letter of text) {
      (font[letter] ?? []).forEach((bits, row) => {
        for (let column = 0; column < glyph.width; column += 1)
          if (((bits >> (glyph.width - 1 - column)) & 1) === 1)
            fill(left + column * dot, top + row * dot, dot, dot, ink);
      });
      left += (glyph.width + glyph.gap) * dot;
    }
  };
  const floor = height - textHeight - 2 * margin;
  const room = floor - textHeight - 2 * margin;
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const slot = width / Math.max(bars.length, 1);
  bars.forEach(({ label, value, part, isStrong }, index) => {
    const middle = Math.round((index + 0.5) * slot);
    const wide = Math.round(slot * 0.62);
    const high = value === 0 ? 0 : Math.max(Math.round((value / most) * room), 2);
    const highOfPart = Math.round((Math.min(part, value) / most) * room);
    const left = middle - Math.round(wide / 2);
    fill(left, floor - high, wide, high, isStrong ? strongBar : weakBar);
    fill(left, floor - highOfPart, wide, highOfPart, isStrong ? strongPart : weakPart);
    write(shortCount(value), middle, floor - high - textHeight - margin);
    write(label, middle, floor + margin + 2);
  });
  fill(0, floor, width, 2, line);
  return pngOf({ width, height, pixels, colours });
}

function textWidth(text: string): number {
  return (text.length * (glyph.width + glyph.gap) - glyph.gap) * dot;
}

/** At most three characters. */
function shortCount(value: number): string {
  if (value < 1_000) return String(value);
  return value < 1_000_000
    ? `${Math.min(Math.round(value / 1_000), 999)}k`
    : `${Math.round(value / 1_000_000)}M`;
}

/** Seven rows of five dots for each sign that stands in such a chart. */
const font: Readonly<Record<string, readonly number[]>> = {
  "0": [14, 17, 19, 21, 25, 17, 14],
  "1": [4, 12, 4, 4, 4, 4, 14],
  "2": [14, 17, 1, 2, 4, 8, 31],
  "3": [31, 2, 4, 2, 1, 17, 14],
  "4": [2, 6, 10, 18, 31, 2, 2],
  "5": [31, 16, 30, 1, 1, 17, 14],
  "6": [6, 8, 16, 30, 17, 17, 14],
  "7": [31, 1, 2, 4, 8, 8, 8],
  "8": [14, 17, 17, 14, 17, 17, 14],
  "9": [14, 17, 17, 15, 1, 2, 12],
  k: [16, 16, 18, 20, 24, 20, 18],
  M: [17, 27, 21, 21, 17, 17, 17],
  T: [31, 4, 4, 4, 4, 4, 4],
  W: [17, 17, 17, 21, 21, 21, 10],
  F: [31, 16, 16, 30, 16, 16, 16],
  S: [15, 16, 16, 14, 1, 1, 30],
  D: [28, 18, 17, 17, 17, 18, 28],
  a: [0, 0, 14, 1, 15, 17, 15],
  e: [0, 0, 14, 17, 31, 16, 14],
  h: [16, 16, 22, 25, 17, 17, 17],
  i: [4, 0, 12, 4, 4, 4, 14],
  o: [0, 0, 14, 17, 17, 17, 14],
  r: [0, 0, 22, 25, 16, 16, 16],
  u: [0, 0, 17, 17, 17, 19, 13],
};
