// What every part is given: the scale, the one database server, a folder, and somebody to tell how far it is.
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "./contestants/contestant.ts";
import type { DatabaseServer } from "./machine/database-server.ts";
import type { PartResult } from "./result.ts";
import type { Scale } from "./scale.ts";

export interface Bench {
  readonly scale: Scale;
  readonly server: DatabaseServer;
  readonly folder: string;
  /** One more step begins. */
  step(text: string): void;
  /** Tries so far in which the host took more of the cores than the scale allows; see parts/quiet-run.ts. */
  readonly disturbed: { readonly what: string; readonly takenShare: number }[];
  /** How far the step is, for those that take long. */
  within(text: string): void;
}

export interface Part {
  readonly name: string;
  /** Calls of `step`, for the progress shown. */
  steps(scale: Scale): number;
  run(bench: Bench): Promise<PartResult>;
}

/** Runs `work` with an empty database and an empty folder, which are gone afterwards. */
export async function withFreshPlace<Result>(
  bench: Bench,
  sinkUrl: string | null,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const database = await bench.server.createDatabase();
  try {
    return await withFolder(bench, (folder) => work({ database, folder, sinkUrl }));
  } finally {
    await database.drop();
  }
}

export async function withFolder<Result>(
  bench: Bench,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(bench.folder, "run-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
