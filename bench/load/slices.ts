// Stretches of one run that alternate between leads alone and leads with health checks: neighbours of half a second share
// the process, the database and the machine's pace, which whole runs do not.

/** Slices of the two kinds come in blocks of four, so that what drifts within a block strikes both kinds alike. */
const pattern = [false, true, true, false] as const;
export const slicesPerBlock = pattern.length;

/** `slice` counts from 0, the start of the measured time; those of the warm-up are negative, and all have checks. */
export function hasHealthChecks(slice: number): boolean {
  return slice < 0 || pattern[slice % slicesPerBlock] === true;
}

export interface Block {
  /** Leads accepted in its two slices of either kind. */
  readonly alone: number;
  readonly withChecks: number;
}

/** What is left over at the end is no block. */
export function blocksOf(acceptedPerSlice: readonly number[]): Block[] {
  const blocks: Block[] = [];
  for (let first = 0; first + slicesPerBlock <= acceptedPerSlice.length; first += slicesPerBlock) {
    const block = { alone: 0, withChecks: 0 };
    acceptedPerSlice.slice(first, first + slicesPerBlock).forEach((accepted, slice) => {
      block[hasHealthChecks(slice) ? "withChecks" : "alone"] += accepted;
    });
    blocks.push(block);
  }
  return blocks;
}
