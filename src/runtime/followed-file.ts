// Looks whether leadledger.yaml was changed since this node read it, and whether it still loads: a mistake in it would
// otherwise be noticed at the next start, when nobody has time for it.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { ConfigurationFault } from "../domain/node/node-condition.ts";

/** The first thing that is wrong with the file. */
export interface FileProblem {
  readonly line: number | null;
  readonly code: string;
}

export interface ConfigurationFile {
  readonly path: string;
  /** Loads it anew and changes nothing; null: it can be loaded, or is not there. */
  readonly check: () => Promise<FileProblem | null>;
}

export interface FollowedFile {
  readonly fault: ConfigurationFault | null;
  look(): Promise<void>;
}

/** The file as it is when this is called is the one that the node has read. */
export async function followFile({ path, check }: ConfigurationFile): Promise<FollowedFile> {
  let known = await stampOf(path);
  let fault: ConfigurationFault | null = null;
  return {
    get fault() {
      return fault;
    },
    async look() {
      const stamp = await stampOf(path);
      if (stamp === known) return;
      const problem = await check();
      known = stamp;
      const since = fault?.since ?? new Date().toISOString();
      fault =
        problem === null
          ? null
          : {
              reason: "unreadable",
              since,
              file: basename(path),
              line: problem.line,
              problem_code: problem.code,
            };
    },
  };
}

/** Another one when the file is another; null: there is none. */
async function stampOf(path: string): Promise<string | null> {
  return stat(path).then(
    ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
    () => null,
  );
}
