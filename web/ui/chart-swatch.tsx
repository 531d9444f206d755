// A piece of a series' colour and texture, for the legend.
import { useId } from "react";
import type { Look } from "./chart-series.ts";
import { textureLinePx, textureOpacity, texturePaths, tilePx } from "./chart-textures.ts";
import classes from "./chart.module.css";

const sizePx = 14;

export function Swatch({ colour, texture }: Look) {
  const id = useId();
  const path = texturePaths[texture];
  return (
    <svg className={classes.swatch} width={sizePx} height={sizePx} aria-hidden>
      <defs>
        <pattern id={id} width={tilePx} height={tilePx} patternUnits="userSpaceOnUse">
          <rect width={tilePx} height={tilePx} fill={`var(${colour})`} />
          {path === null ? null : (
            <path
              d={path}
              fill="none"
              stroke="var(--surface)"
              strokeOpacity={textureOpacity}
              strokeWidth={textureLinePx[texture]}
            />
          )}
        </pattern>
      </defs>
      <rect width={sizePx} height={sizePx} fill={`url(#${id})`} />
    </svg>
  );
}
