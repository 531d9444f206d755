// What a process costs: memory and processor time, read from /proc. Other systems have no /proc and get no figures.
import { readdir, readFile } from "node:fs/promises";
import { monotonicMs } from "./monotonic.ts";

const clockTicksPerSecond = 100;
const sampleEveryMs = 250;

/** Resident memory in MB; null: unknown. */
export async function residentMb(pid: number): Promise<number | null> {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readProc(pid, "status"))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1_024;
}

/** Seconds of processor time so far, user and system; null: unknown. */
export async function cpuSeconds(pid: number): Promise<number | null> {
  const fields = (await readProc(pid, "stat")).split(") ")[1]?.split(" ");
  if (fields === undefined) return null;
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}

/** The process and all its descendants. */
export async function processTree(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number((await readProc(Number(name), "stat")).split(") ")[1]?.split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const member of tree) tree.push(...(children.get(member) ?? []));
  return tree;
}

export interface MemorySamples {
  /** MB. */
  readonly max: number | null;
  /** MB per minute, of the straight line through the samples; the first fifth is left out, memory fills up then. */
  readonly slopePerMinute: number | null;
}

/** Samples the memory of a process until `stop`. */
export function sampleMemory(pid: number): { stop(): MemorySamples } {
  const samples: { atMs: number; mb: number }[] = [];
  const timer = setInterval(() => {
    void residentMb(pid).then((mb) => {
      if (mb !== null) samples.push({ atMs: monotonicMs(), mb });
    });
  }, sampleEveryMs);
  return {
    stop() {
      clearInterval(timer);
      if (samples.length === 0) return { max: null, slopePerMinute: null };
      const settled = samples.slice(Math.floor(samples.length / 5));
      return { max: Math.max(...samples.map(({ mb }) => mb)), slopePerMinute: slope(settled) };
    },
  };
}

function slope(samples: readonly { atMs: number; mb: number }[]): number | null {
  if (samples.length < 2) return null;
  const meanX = mean(samples.map(({ atMs }) => atMs));
  const meanY = mean(samples.map(({ mb }) => mb));
  const above = samples.reduce((sum, { atMs, mb }) => sum + (atMs - meanX) * (mb - meanY), 0);
  const below = samples.reduce((sum, { atMs }) => sum + (atMs - meanX) ** 2, 0);
  return (above / below) * 60_000;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function readProc(pid: number, file: "status" | "stat"): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}
