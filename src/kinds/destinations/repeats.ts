// Which deliveries may have arrived without our hearing of it, for receivers that take every repeat for a new lead.

/** One attempt at a delivery. */
export interface Attempt {
  /** What is sent from now on may arrive without our hearing of it. */
  sending(): void;
  /** The receiver has said that it did not take it. */
  refused(): void;
  /** Whether an earlier attempt may have arrived, too; then since when, in ms before now: Infinity if that is not known. */
  delivered(): number | null;
}

export interface Repeats {
  /** `attempt` as in `DeliveryMessage`: more than 1 that is not known here was made by another process. */
  begin(id: string, attempt: number): Attempt;
}

/** Beyond that the oldest is forgotten, and counts as not known. */
const rememberedMax = 10_000;

export function rememberRepeats(nowMs: () => number): Repeats {
  /** When an attempt was first left without an answer; null: none was. */
  const unansweredSince = new Map<string, number | null>();

  function remember(id: string, sinceMs: number | null): void {
    unansweredSince.delete(id);
    unansweredSince.set(id, sinceMs);
    const [oldest] = unansweredSince.keys();
    if (unansweredSince.size > rememberedMax && oldest !== undefined) unansweredSince.delete(oldest);
  }

  return {
    begin(id, attempt) {
      const known = unansweredSince.get(id);
      const earlier = known === undefined ? (attempt > 1 ? -Infinity : null) : known;
      remember(id, earlier);
      return {
        sending: () => remember(id, earlier ?? nowMs()),
        refused: () => remember(id, earlier),
        delivered: () => {
          unansweredSince.delete(id);
          return earlier === null ? null : nowMs() - earlier;
        },
      };
    },
  };
}
