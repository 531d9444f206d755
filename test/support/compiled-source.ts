// The program's source as JavaScript, for tests that start it in a process of its own and kill that.

import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";

export interface CompiledSource {
  /** A folder readable by every user, with the tree of `src`. */
  readonly folder: string;
  remove(): Promise<void>;
}

const project = join(import.meta.dirname, "../..");

/** Compiles what is in `src` now, so that no test depends on when `dist` was built. */
export async function compileSource(...folders: readonly string[]): Promise<CompiledSource> {
  const home = await mkdtemp(join(tmpdir(), "leadledger-compiled-"));
  await symlink(join(project, "node_modules"), join(home, "node_modules"));
  await writeFile(join(home, "package.json"), '{ "type": "module" }');
  for (const folder of folders) await compileFolder(join("src", folder), home);
  return { folder: join(home, "src"), remove: () => rm(home, { recursive: true, force: true }) };
}

async function compileFolder(folder: string, home: string): Promise<void> {
  const names = await readdir(join(project, folder), { recursive: true });
  for (const name of names.filter((each) => each.endsWith(".ts"))) {
    const { outputText } = ts.transpileModule(await readFile(join(project, folder, name), "utf8"), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    const output = join(home, folder, name.replace(/\.ts$/, ".js"));
    await mkdir(dirname(output), { recursive: true });
    await writeFile(output, outputText);
  }
}
