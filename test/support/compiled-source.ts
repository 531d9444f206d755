// The program as it is built, for tests that start it in a process of its own and kill that.

import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "rolldown";
import { inject } from "vitest";
import config from "../../rolldown.config.ts";
import { until } from "./until.ts";

export interface CompiledSource {
  /** A folder readable by every user, with the entries as their places in `src` say: `cli/main.js`. Shared: only read it. */
  readonly folder: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Of this run; every user may pass through it. Gone when the run has ended. */
    runFolder: string;
  }
}

const project = join(import.meta.dirname, "../..");
/** What the program reads beside itself. */
const beside = ["node_modules", "migrations", "sql", "package.json"];
const buildLimitMs = 120_000;

/**
 * Builds from what is in `src` now, so that no test depends on when `dist` was built. Without entries: the program. Of all
 * files and workers of a run that want the same, the first builds it and the others wait for that.
 */
export async function compileSource(...entries: readonly string[]): Promise<CompiledSource> {
  const name = createHash("sha256")
    .update(`${entries.join()} ${await newestChangeMs()}`)
    .digest("hex");
  const home = join(inject("runFolder"), `compiled-${name.slice(0, 16)}`);
  const unfinished = `${home}-unfinished`;
  if (!(await exists(home))) {
    const isFirst = await mkdir(unfinished).then(
      () => true,
      () => false,
    );
    if (isFirst) await buildInto(unfinished, home, entries);
    else await until("the program to be built", () => exists(home), buildLimitMs);
  }
  return { folder: join(home, "dist") };
}

/** Puts a script of a test beside it, which imports from there; returns its path. Equal names are equal scripts. */
export async function addScript({ folder }: CompiledSource, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  // Another worker may be starting the same one.
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
  return path;
}

async function buildInto(unfinished: string, home: string, entries: readonly string[]): Promise<void> {
  try {
    await chmod(unfinished, 0o755);
    for (const name of beside) await symlink(join(project, name), join(unfinished, name));
    const folder = join(unfinished, "dist");
    const wanted = Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`]));
    await build({
      ...config,
      cwd: project,
      ...(entries.length === 0 ? {} : { input: wanted }),
      output: { ...config.output, dir: folder },
    });
    // The dashboard as `npm run build` left it; no test that starts a process asks for more than its page.
    await symlink(join(project, "dist/web"), join(folder, "web"));
    await rename(unfinished, home);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** So that a watching run does not keep what was built before a change. */
async function newestChangeMs(): Promise<number> {
  const names = await readdir(join(project, "src"), { recursive: true });
  const changes = await Promise.all(
    names.map(async (name) => (await stat(join(project, "src", name))).mtimeMs),
  );
  return Math.max(...changes);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
