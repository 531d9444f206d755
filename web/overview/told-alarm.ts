// What is told of one alarm, and what of the reader's formats telling it needs.

export interface Told {
  /** What is wrong, without full stop. */
  readonly sentence: string;
  /** What to do about it, in whole sentences. */
  readonly todo: string;
  readonly links: readonly { readonly href: string; readonly label: string }[];
}

/** What of the reader's formats (language/format.ts) the sentences need. */
export interface SentenceFormat {
  readonly count: (value: number) => string;
  /** What people call it. */
  readonly sourceName: (name: string) => string;
  readonly shortTime: (iso: string) => string;
  readonly shortDay: (day: string) => string;
  readonly today: () => string;
}
