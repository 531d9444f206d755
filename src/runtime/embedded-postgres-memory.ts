// How much memory the embedded PostgreSQL keeps pages in. Keys and person hashes come in no order, so every lead touches
// pages all over their indexes: what does not fit is read and written out again for each of them.
import { totalmem } from "node:os";

const bytesPerMebibyte = 1024 * 1024;
const leastMb = 128;
const mostMb = 1_024;
/** A machine that does other work too keeps most of its memory. */
const share = 1 / 8;

/** `shared_buffers`, in MiB: an eighth of the memory, within limits. It is taken only as it is filled. */
export function sharedBuffersMb(memoryBytes: number): number {
  return Math.min(Math.max(Math.floor((memoryBytes / bytesPerMebibyte) * share), leastMb), mostMb);
}

/** The machine's memory in bytes, or the container's where that is less. */
export function machineMemoryBytes(): number {
  // 0, undefined or more than there is: no limit.
  const limit = process.constrainedMemory() || Infinity;
  return Math.min(totalmem(), limit);
}
