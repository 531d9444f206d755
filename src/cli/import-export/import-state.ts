// How far an import has come, kept beside the file: after a kill -9 the same command goes on there.
import { createHash } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";

export interface ImportCounts {
  /** In which something stands. */
  readonly rows: number;
  /** Passed over. */
  readonly blank: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly revised: number;
  readonly refused: number;
  readonly key_reused: number;
  readonly invalid: number;
}

export interface ImportState {
  /** Of the file and how it is read: another import does not go on where this one stopped. */
  readonly fingerprint: string;
  readonly counts: ImportCounts;
  readonly refusedFile: string | null;
  /** What stands in the file of refused rows beyond this is of a batch that was not finished. */
  readonly refusedBytes: number;
}

export const noCounts: ImportCounts = {
  rows: 0,
  blank: 0,
  accepted: 0,
  duplicate: 0,
  revised: 0,
  refused: 0,
  key_reused: 0,
  invalid: 0,
};

export function stateFileOf(path: string): string {
  return `${path}.import-state`;
}

/** Changes with the file, and with whatever makes other leads of it. */
export async function importFingerprint(path: string, how: unknown): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return createHash("sha256")
    .update(JSON.stringify([size, mtimeMs, how]))
    .digest("hex");
}

/** null: this import begins at the first row. */
export async function readImportState(path: string, fingerprint: string): Promise<ImportState | null> {
  try {
    const state = JSON.parse(await readFile(stateFileOf(path), "utf8")) as ImportState;
    if (state.fingerprint !== fingerprint) return null;
    return { ...state, counts: { ...noCounts, ...state.counts } };
  } catch {
    return null;
  }
}

/** Whole or not at all. */
export async function writeImportState(path: string, state: ImportState): Promise<void> {
  const unfinished = `${stateFileOf(path)}.part`;
  await writeFile(unfinished, JSON.stringify(state), { mode: 0o600 });
  await rename(unfinished, stateFileOf(path));
}

export async function removeImportState(path: string): Promise<void> {
  await rm(stateFileOf(path), { force: true });
}
