// What a part of the bench brings home.

export interface PartResult {
  readonly title: string;
  /** How it was done, in a few sentences. */
  readonly about: string;
  readonly figures: readonly Figure[];
  readonly targets: readonly Target[];
  /** What was checked, in how many runs, so that the figures may be believed. */
  readonly checks: readonly string[];
  /** Leads lost or doubled, wrong answers, processes that died: any of them makes the figures worthless. */
  readonly problems: readonly string[];
}

export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
}

export interface Target {
  readonly what: string;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  readonly unit: string;
  /** The median of these counts; empty: not measured. */
  readonly values: readonly number[];
}
