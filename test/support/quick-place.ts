// Where tests put the data of their PostgreSQL servers.
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";

const memory = "/dev/shm";
/** Two servers with what is in the largest tests' databases, and their logs of writes. */
const memoryMinBytes = 6 * 1024 ** 3;

/**
 * In memory, where there is plenty: a database is hundreds of files, and making one for each of a thousand tests on a disk
 * is most of what they ask of it. What is tested of disks has folders of its own.
 */
export async function quickPlace(): Promise<string> {
  const there = await statfs(memory).catch(() => null);
  return there !== null && there.bavail * there.bsize >= memoryMinBytes ? memory : tmpdir();
}
