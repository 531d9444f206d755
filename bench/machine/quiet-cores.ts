// "Two quiet cores": idle ones are kept from sleeping, and what the host takes of them is known. Linux only; elsewhere
// nothing is done and nothing known.
import { closeSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** The kernel's quality of service for processors: so many microseconds may pass until an idle core is back at work. */
const wakeUpLimitFile = "/dev/cpu_dma_latency";
const wakeUpLimitUs = 0;

export interface AwakeCores {
  /** False: the system did not allow it; only root may. */
  readonly awake: boolean;
  release(): void;
}

/**
 * Idle cores wait in a loop instead of sleeping until `release`, as they do on machines set up for short delays. In a
 * virtual machine a core that sleeps is given away by the host, which may take milliseconds to give it back.
 */
export function keepCoresAwake(): AwakeCores {
  try {
    const file = openSync(wakeUpLimitFile, "w");
    const limit = Buffer.alloc(4);
    limit.writeInt32LE(wakeUpLimitUs);
    writeSync(file, limit);
    // The demand stands as long as the file is open.
    return { awake: true, release: () => closeSync(file) };
  } catch {
    return { awake: false, release: () => undefined };
  }
}

/**
 * Waits `afterMs`, then watches for `duringMs`: the share (0 to 1) of all cores' time in which they had work, but the
 * host let something else run ("steal"); null: unknown.
 */
export async function shareTakenByHost(afterMs: number, duringMs: number): Promise<number | null> {
  await delay(afterMs);
  const before = await coreTimes();
  await delay(duringMs);
  const after = await coreTimes();
  if (before === null || after === null) return null;
  return (after.taken - before.taken) / (after.all - before.all);
}

/** Of all cores together, since the machine started, in the kernel's ticks; see proc(5), /proc/stat. */
async function coreTimes(): Promise<{ readonly all: number; readonly taken: number } | null> {
  const text = await readFile("/proc/stat", "utf8").catch(() => "");
  const fields = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(" ").map(Number);
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is contained in user and nice.
  const times = fields?.slice(0, 8);
  const taken = times?.[7];
  if (times === undefined || taken === undefined) return null;
  return { all: times.reduce((sum, ticks) => sum + ticks, 0), taken };
}
