// The version of this program, as package.json says it.
import { readFileSync } from "node:fs";

/** `src/runtime` and `dist/runtime` are equally deep in the package. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
