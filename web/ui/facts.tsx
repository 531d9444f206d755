// Names and values, as a list of definitions.
import type { ReactNode } from "react";
import classes from "./facts.module.css";

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
  /** Short names, in little room. */
  readonly isNarrow?: boolean;
}

export function Facts({ facts, isNarrow = false }: FactsProps) {
  return (
    <dl className={`${classes.facts ?? ""} ${isNarrow ? (classes.narrow ?? "") : ""}`}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
