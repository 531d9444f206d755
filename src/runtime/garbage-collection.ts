// How V8 collects the garbage of a process that serves.
import { setFlagsFromString } from "node:v8";

/**
 * Lets every request's objects die young; to be called before the first request. V8 notices objects that live as long as
 * a commit takes and then allocates their kind among the old ones, where they stay until the next full collection, and
 * with them everything young that they point to: measured, 230 MB instead of 140 and a fifth more processor time, in
 * half of all starts.
 */
export function keepRequestsYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
