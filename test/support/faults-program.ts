// The compiled program for suites of faults.
import { beforeAll } from "vitest";
import type { CompiledSource } from "./compiled-source.ts";
import { compileSource } from "./compiled-source.ts";

/** Compiled before the tests; returns it while they run. */
export function useProgram(): () => CompiledSource {
  let program: CompiledSource | null = null;
  beforeAll(async () => {
    program = await compileSource();
  });
  return () => {
    if (program === null) throw new Error("the program is compiled before the first test");
    return program;
  };
}
