// A run of any part, on cores that the host leaves alone: what it disturbed says more about the host than about a
// contestant, and is measured again. For all contestants alike, and without looking at what they reached.
import type { Bench } from "../bench.ts";
import { coreTimes, shareTaken } from "../machine/quiet-cores.ts";

export interface QuietRun<Run> {
  /** The one that was disturbed least, with the problems of all. */
  readonly run: Run;
  /** Those that do not count. */
  readonly discarded: readonly Run[];
}

/** Repeats `measure` until the cores are quiet, `triesMax` times in all at most. */
export async function quietRun<Run extends { readonly problems: readonly string[] }>(
  bench: Bench,
  what: string,
  measure: () => Promise<Run>,
): Promise<QuietRun<Run>> {
  const { triesMax, takenShareMax } = bench.scale;
  bench.step(what);
  const tries: { readonly run: Run; readonly taken: number }[] = [];
  while (tries.length < triesMax) {
    const before = await coreTimes();
    const run = await measure();
    const taken = shareTaken(before, await coreTimes()) ?? 0;
    tries.push({ run, taken });
    if (taken <= takenShareMax) break;
    bench.disturbed.push({ what, takenShare: taken });
  }
  const [least, ...others] = tries.toSorted((a, b) => a.taken - b.taken).map(({ run }) => run);
  if (least === undefined) throw new Error(`${what}: nothing was measured`);
  // A lead that was lost in a run that does not count was lost all the same.
  return {
    run: { ...least, problems: tries.flatMap(({ run }) => run.problems) },
    discarded: others,
  };
}
