// Gives the long suite a file for its table, and prints it at the end, whatever failed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { faultTable, readFaultRows } from "./fault-table.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where rows of the table go; without it (the normal suite) they are only said. */
    faultTablePath?: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "leadledger-faults-"));
  const path = join(folder, "rows");
  project.provide("faultTablePath", path);
  return async () => {
    const rows = await readFaultRows(path);
    if (rows.length > 0) console.log(`\n${faultTable(rows)}\n`);
    await rm(folder, { recursive: true, force: true });
  };
}
