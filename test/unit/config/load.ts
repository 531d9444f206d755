// Loads a configuration from texts in memory, as loadConfiguration sees files on disk.
import { resolve } from "node:path";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import type { LoadedConfiguration } from "../../../src/config/load-configuration.ts";
import type { Configuration } from "../../../src/config/configuration.ts";
import type { Problem } from "../../../src/config/problem.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** `files` are named from the folder of the configuration file. */
export function load(
  yaml: string | Uint8Array,
  env: Readonly<Record<string, string>> = {},
  files: Files = {},
): Promise<LoadedConfiguration> {
  const onDisk: Files = { "leadledger.yaml": yaml, ...files };
  return loadConfiguration({
    kinds: builtInKinds,
    path: "conf/leadledger.yaml",
    env,
    readFile: (path) => {
      const name = Object.keys(onDisk).find((candidate) => resolve("conf", candidate) === resolve(path));
      const content = name === undefined ? undefined : onDisk[name];
      if (content === undefined)
        return Promise.reject(Object.assign(new Error("no such file"), { code: "ENOENT" }));
      return Promise.resolve(Buffer.from(content));
    },
  });
}

export async function loadedConfiguration(
  yaml: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ configuration: Configuration; warnings: readonly Problem[] }> {
  const loaded = await load(yaml, env);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  return loaded;
}

export async function problemsOf(
  yaml: string | Uint8Array,
  env: Readonly<Record<string, string>> = {},
  files: Files = {},
): Promise<readonly Problem[]> {
  const loaded = await load(yaml, env, files);
  return loaded.ok ? [] : loaded.problems;
}
