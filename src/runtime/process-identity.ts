// Which process a pid means: a pid alone is reused by the kernel, a pid with its start time is not.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname, platform } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; differs between two processes that had the same pid. */
  readonly startedAt: string;
}

/** The identity of a live process, null if there is none (a zombie counts as none). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  const startedAt = platform() === "linux" ? await startTicks(pid) : await startDate(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/**
 * Where pids of this process mean anything: one boot of one machine, one pid namespace.
 * A container and its host, or two containers on one volume, cannot judge each other's pids.
 */
export async function pidSpace(): Promise<string> {
  const bootId = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => hostname());
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return createHash("sha256").update(`${bootId.trim()} ${namespace}`).digest("hex").slice(0, 12);
}

/** The pid of the process that started it, or that took it over; null if there is none. */
export async function parentOf(pid: number): Promise<number | null> {
  const parent = platform() === "linux" ? (await statFields(pid))?.[1] : await processColumn(pid, "ppid");
  return parent === null || parent === undefined ? null : Number(parent);
}

/** The arguments a live process was started with, null if there is none. */
export async function commandLine(pid: number): Promise<readonly string[] | null> {
  if (platform() === "linux") {
    const raw = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    // A zombie has an empty command line.
    return raw === "" ? null : raw.replace(/\0$/, "").split("\0");
  }
  const line = await processColumn(pid, "command");
  return line === null ? null : line.split(" ");
}

/** Field 22 of /proc/pid/stat: clock ticks from boot to the start of the process. */
async function startTicks(pid: number): Promise<string | null> {
  return (await statFields(pid))?.[19] ?? null;
}

/** Fields 3 and following of /proc/pid/stat; null if there is no such process (a zombie counts as none). */
async function statFields(pid: number): Promise<readonly string[] | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  // The command in parentheses may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? null : fields;
}

async function startDate(pid: number): Promise<string | null> {
  const date = await processColumn(pid, "lstart");
  return date === null ? null : String(Date.parse(date));
}

async function processColumn(pid: number, column: "command" | "lstart" | "ppid"): Promise<string | null> {
  const found = await run("ps", ["-ww", "-o", `${column}=`, "-p", String(pid)], {
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" },
  }).catch(() => null);
  return found === null || found.stdout.trim() === "" ? null : found.stdout.trim();
}
