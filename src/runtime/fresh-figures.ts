// Figures that cost a question to the database: asked once for everybody who wants them at about the same time, and never
// waited for longer than somebody who collects metrics has patience.

export interface FreshFigures<Figures> {
  /** null: they could not be had in time, and those from before are too old. */
  read(): Promise<Figures | null>;
}

export interface FreshnessLimits {
  /** Younger ones are given again. */
  readonly keepMs: number;
  /** So long is waited for new ones; then those from before are given. */
  readonly waitMs: number;
  /** Older ones are not given at all. */
  readonly staleMs: number;
}

export const defaultFreshness: FreshnessLimits = { keepMs: 5_000, waitMs: 2_000, staleMs: 60_000 };

export function createFreshFigures<Figures>(
  ask: () => Promise<Figures>,
  nowMs: () => number,
  { keepMs, waitMs, staleMs }: FreshnessLimits = defaultFreshness,
): FreshFigures<Figures> {
  let known: { readonly figures: Figures; readonly atMs: number } | null = null;
  // However many ask, and however slow it is: one question at a time.
  let asking: Promise<void> | null = null;

  function renew(): Promise<void> {
    asking ??= ask()
      .then((figures) => {
        known = { figures, atMs: nowMs() };
      })
      .catch(() => undefined)
      .finally(() => {
        asking = null;
      });
    return asking;
  }

  return {
    async read() {
      if (known === null || nowMs() - known.atMs >= keepMs) await within(waitMs, renew());
      return known !== null && nowMs() - known.atMs < staleMs ? known.figures : null;
    },
  };
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
