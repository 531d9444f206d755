// What the figures were measured on: machine, versions, commit. Nothing that names the machine or its user.
import { execFileSync } from "node:child_process";
import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, totalmem, type as systemName } from "node:os";
import { productFolder } from "./built-product.ts";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly commit: string;
  /** The working copy has changes that are not in that commit. */
  readonly dirty: boolean;
  /** Average number of busy processes in the minute before; above 0.5 somebody else is at work. */
  readonly loadBefore: number;
  /** The data folder is in memory: fsync costs nothing there, and no figure says anything. */
  readonly dataInMemory: boolean;
}

const tmpfsMagic = 0x01021994;

export async function describeMachine(dataDir: string): Promise<Machine> {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: systemName(),
    node: process.version,
    commit: git("rev-parse", "--short=10", "HEAD") || "unknown",
    dirty:
      git("status", "--porcelain", "--", "src", "migrations", "sql", "bench", "package-lock.json") !== "",
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    dataInMemory: (await statfs(dataDir)).type === tmpfsMagic,
  };
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync("git", args, { cwd: productFolder, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "";
  }
}
