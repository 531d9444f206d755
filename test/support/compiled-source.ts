// The program as it is built, for tests that start it in a process of its own and kill that.

import { chmod, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";
import config from "../../rolldown.config.ts";

export interface CompiledSource {
  /** A folder readable by every user, with the entries as their places in `src` say: `cli/main.js`. */
  readonly folder: string;
  remove(): Promise<void>;
}

const project = join(import.meta.dirname, "../..");
/** What the program reads beside itself. */
const beside = ["node_modules", "migrations", "package.json"];

/** Builds from what is in `src` now, so that no test depends on when `dist` was built. Without entries: the program. */
export async function compileSource(...entries: readonly string[]): Promise<CompiledSource> {
  const home = await mkdtemp(join(tmpdir(), "leadledger-compiled-"));
  await chmod(home, 0o755);
  for (const name of beside) await symlink(join(project, name), join(home, name));
  const folder = join(home, "dist");
  const wanted = Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`]));
  await build({
    ...config,
    cwd: project,
    ...(entries.length === 0 ? {} : { input: wanted }),
    output: { ...config.output, dir: folder },
  });
  // The dashboard as `npm run build` left it; no test that starts a process asks for more than its page.
  await symlink(join(project, "dist/web"), join(folder, "web"));
  return { folder, remove: () => rm(home, { recursive: true, force: true }) };
}
