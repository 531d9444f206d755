// Textures of areas, the same on a chart's canvas and in its legend.
import type { Texture } from "./chart-series.ts";

/** Of the tile that repeats. */
export const tilePx = 8;

/** Lines and dots that are drawn over the colour, as SVG paths within a tile. */
export const texturePaths: Readonly<Record<Texture, string | null>> = {
  plain: null,
  stripes: "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6",
  dots: "M3 4 h2",
  grid: "M0 4 H8 M4 0 V8",
};

export const textureLinePx: Readonly<Record<Texture, number>> = {
  plain: 0,
  stripes: 1.6,
  dots: 2,
  grid: 1.2,
};

/** Of the lines over the colour: seen, but not loud. */
export const textureOpacity = 0.65;

export function textureOn(colour: string, ink: string, texture: Texture): CanvasPattern | string {
  const path = texturePaths[texture];
  const tile = document.createElement("canvas");
  const scale = window.devicePixelRatio;
  tile.width = tilePx * scale;
  tile.height = tilePx * scale;
  const context = tile.getContext("2d");
  if (path === null || context === null) return colour;
  context.scale(scale, scale);
  context.fillStyle = colour;
  context.fillRect(0, 0, tilePx, tilePx);
  context.strokeStyle = ink;
  context.globalAlpha = textureOpacity;
  context.lineWidth = textureLinePx[texture];
  context.stroke(new Path2D(path));
  return context.createPattern(tile, "repeat") ?? colour;
}
