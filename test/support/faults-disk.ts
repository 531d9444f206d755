// A disk that a test can fill up and empty again, without touching the machine's own.
import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { NotPossibleHere } from "./faults.ts";

const run = promisify(execFile);
const diskBytes = 32 * 1024 * 1024;
/** What stays free: enough to begin with, and soon used up. */
const leftBytes = 64 * 1024;
const fileBytesMax = 64 * 1024;

export interface SmallDisk {
  readonly name: string;
  readonly dataDir: string;
  /** Leaves next to nothing free for the process. */
  fill(pid: number): Promise<void>;
  free(pid: number): Promise<void>;
}

/** A tmpfs of its own; without the right to mount one, a limit on the size of files. */
export async function openSmallDisk(): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), "leadledger-disk-"));
  const dataDir = join(folder, "data");
  const options = `size=${diskBytes},mode=0700`;
  const isMounted = await run("mount", ["-t", "tmpfs", "-o", options, "leadledger-test", folder]).then(
    () => true,
    () => false,
  );
  onTestFinished(async () => {
    if (isMounted) await run("umount", [folder]);
    await rm(folder, { recursive: true, force: true });
  });
  if (isMounted) return { name: "tmpfs", dataDir, ...withBallast(folder) };
  const canLimit = await run("prlimit", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!canLimit) throw new NotPossibleHere("no right to mount a small disk, and no prlimit");
  return { name: "limit on the size of files", dataDir, ...withFileLimit() };
}

function withBallast(folder: string): Pick<SmallDisk, "fill" | "free"> {
  const ballast = join(folder, "ballast");
  return {
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      const bytes = Math.max(0, bavail * bsize - leftBytes);
      // The node may have been quicker; then it is as full as can be.
      await writeFile(ballast, Buffer.alloc(bytes)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      });
    },
    free: () => rm(ballast),
  };
}

/** The soft limit of the process; node itself ignores the signal that comes with it. */
function withFileLimit(): Pick<SmallDisk, "fill" | "free"> {
  const limit = async (pid: number, to: string): Promise<void> => {
    await run("prlimit", ["--pid", String(pid), `--fsize=${to}:`]);
  };
  return { fill: (pid) => limit(pid, String(fileBytesMax)), free: (pid) => limit(pid, "unlimited") };
}
