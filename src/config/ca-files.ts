// The files with certificate authorities that destinations name. Deliveries read them anew for each connection; here they
// are looked at so that whoever applies a configuration hears at once of one that cannot be used.
import { resolve } from "node:path";
import { whyNoAuthorities } from "../domain/destinations/certificate-authorities.ts";
import type { Configuration } from "./configuration.ts";
import type { CaFileFault } from "./problem.ts";
import { readTextFile } from "./read-text-file.ts";
import type { ReadFile } from "./read-text-file.ts";

export interface CaFile {
  readonly destination: string;
  readonly why: CaFileFault;
}

/** Paths in leadledger.yaml begin at its folder, wherever the program was started. */
export function withAbsoluteCaFiles(configuration: Configuration, folder: string): Configuration {
  return {
    ...configuration,
    destinations: configuration.destinations.map((destination) =>
      destination.caFile !== undefined
        ? { ...destination, caFile: resolve(folder, destination.caFile) }
        : destination,
    ),
  };
}

export async function unusableCaFiles(
  { destinations }: Configuration,
  readFile: ReadFile,
): Promise<readonly CaFile[]> {
  const found = await Promise.all(
    destinations.map(async (destination): Promise<CaFile[]> => {
      if (destination.caFile === undefined) return [];
      const why = await faultOf(destination.caFile, readFile);
      return why === null ? [] : [{ destination: destination.name, why }];
    }),
  );
  return found.flat();
}

async function faultOf(path: string, readFile: ReadFile): Promise<CaFileFault | null> {
  const read = await readTextFile(path, readFile);
  switch (read.kind) {
    case "missing":
      return "missing";
    case "text":
      return whyNoAuthorities(read.text) === null ? null : "no_certificate";
    case "not_utf8":
      return "no_certificate";
    case "unreadable":
    case "too_large":
      return "unreadable";
  }
}
