// "Two quiet cores": idle ones are kept from sleeping, and what the host takes of them is known. Linux only; elsewhere
// nothing is done and nothing known.
import { openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** The kernel's quality of service for processors: so many microseconds may pass until an idle core is back at work. */
const wakeUpLimitFile = "/dev/cpu_dma_latency";
const wakeUpLimitUs = 0;

/**
 * Idle cores wait in a loop instead of sleeping until this process ends, as they do on machines set up for short delays. In
 * a virtual machine a core that sleeps is given away by the host, which may take milliseconds to give it back. False: the
 * system does not allow it; only root may.
 */
export function keepCoresAwake(): boolean {
  const limit = Buffer.alloc(4);
  limit.writeInt32LE(wakeUpLimitUs);
  try {
    // The demand stands as long as the file is open.
    writeSync(openSync(wakeUpLimitFile, "w"), limit);
    return true;
  } catch {
    return false;
  }
}

/** Of all cores together, since the machine started, in the kernel's ticks. */
export interface CoreTimes {
  readonly all: number;
  /** They had work, but the host let something else run ("steal"). */
  readonly taken: number;
}

/** From /proc/stat, see proc(5); null: unknown. */
export async function coreTimes(): Promise<CoreTimes | null> {
  const text = await readFile("/proc/stat", "utf8").catch(() => "");
  const fields = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(" ").map(Number);
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is contained in user and nice.
  const times = fields?.slice(0, 8);
  const taken = times?.[7];
  if (times === undefined || taken === undefined) return null;
  return { all: times.reduce((sum, ticks) => sum + ticks, 0), taken };
}

/** Which share of their time, 0 to 1, the host took of the cores in between; null: unknown. */
export function shareTaken(before: CoreTimes | null, after: CoreTimes | null): number | null {
  if (before === null || after === null || after.all === before.all) return null;
  return (after.taken - before.taken) / (after.all - before.all);
}
