// The spool on a real disk: kept is kept, in order, also after a crash in the middle of a write.
import { randomBytes } from "node:crypto";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSpool, SpoolFullError } from "../../../src/spool/spool.ts";
import type { Spool, SpoolLimits } from "../../../src/spool/spool.ts";
import { claimSpoolFolder, listSetAside, takeOverForsaken } from "../../../src/spool/spool-folder.ts";
import { arrivalsOf } from "../../../src/spool/spool-record.ts";
import type { SpoolRecord } from "../../../src/spool/spool-record.ts";

let home: string;
let folder: string;
let logged: string[];
const key = randomBytes(32);
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "leadledger-spool-"));
  folder = join(home, "spool", "1");
  logged = [];
  await mkdir(folder, { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function opened(
  limits?: SpoolLimits,
  fingerprint = "0011223344556677",
): Promise<Spool & { seen: string[] }> {
  const seen: string[] = [];
  const spool = createSpool({
    folder,
    key,
    fingerprint,
    setAside: join(home, "spool", "set-aside"),
    ...(limits === undefined ? {} : { limits }),
    log: (_level, event) => void logged.push(event),
  });
  await spool.adopt((record) => seen.push(nameOf(record)));
  return Object.assign(spool, { seen });
}

const check = (name: string): SpoolRecord => ({
  kind: "health_check",
  id: name,
  at: "2026-11-23T10:00:00.000Z",
});
const nameOf = (record: SpoolRecord): string =>
  record.kind === "health_check" ? record.id : (arrivalsOf(record)[0]?.runId ?? "");
const names = async (spool: Spool, max = 1_000): Promise<string[]> => (await spool.oldest(max)).map(nameOf);
const segments = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".seg"));

async function keepAll(spool: Spool, count: number, prefix = "r"): Promise<string[]> {
  const all = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  await Promise.all(all.map((name) => spool.keep(check(name))));
  return all;
}

describe("the spool", () => {
  it("returns what it keeps in order, again and again until it is dropped, and leaves no file behind", async () => {
    const spool = await opened();
    const all = await keepAll(spool, 50);
    expect(await names(spool, 20)).toEqual(all.slice(0, 20));
    expect(await names(spool, 20)).toEqual(all.slice(0, 20));
    await spool.drop(20);
    expect(await names(spool)).toEqual(all.slice(20));
    await spool.keep(check("late"));
    expect(spool.depth.records).toBe(31);
    await spool.drop(30);
    expect(await names(spool)).toEqual(["late"]);
    await spool.drop(1);
    expect(await names(spool)).toEqual([]);
    expect(spool.depth).toMatchObject({ records: 0, bytes: 0, oldestAtMs: null });
    expect(await segments()).toEqual([]);
    await spool.close();
  });

  it("is private, and no name or body can be read in it", async () => {
    const spool = await opened();
    await spool.keep(check("anna@example.com"));
    const [name = ""] = await segments();
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(folder, name))).includes("anna@")).toBe(false);
    await spool.close();
  });

  it("has everything after a restart, whatever the process did not get to", async () => {
    const before = await opened();
    const all = await keepAll(before, 30);
    await names(before, 10);
    await before.drop(10);
    // No close: it died. What was dropped of a segment that is still there comes again.
    const after = await opened();
    expect(after.seen).toEqual(all);
    await after.keep(check("new"));
    expect(await names(after)).toEqual(all);
    await after.drop(30);
    expect(await names(after)).toEqual(["new"]);
    await after.close();
  });

  it("sets aside a record that a crash has torn, says so, and goes on behind it", async () => {
    const before = await opened();
    const all = await keepAll(before, 5);
    const [name = ""] = await segments();
    const path = join(folder, name);
    await truncate(path, (await stat(path)).size - 7);
    const after = await opened();
    expect(await names(after)).toEqual(all.slice(0, 4));
    await after.keep(check("new"));
    await after.drop(4);
    expect(await names(after)).toEqual(["new"]);
    expect(await listSetAside(home)).toHaveLength(1);
    expect(logged).toContain("spool_record_set_aside");
    await after.close();
  });

  it("is not stopped by a segment of which not even the header got to the disk", async () => {
    await appendFile(join(folder, "000000000001-1-00000000.seg"), "LLSP");
    const spool = await opened();
    await spool.keep(check("new"));
    expect(await names(spool)).toEqual(["new"]);
    expect(await listSetAside(home)).toHaveLength(1);
    await spool.close();
  });

  it("leaves alone what was written under another root key", async () => {
    const before = await opened(undefined, "ffffffffffffffff");
    await keepAll(before, 3);
    const spool = await opened();
    expect(await names(spool)).toEqual([]);
    expect(logged).toContain("spool_of_another_key");
    expect(await segments()).toHaveLength(1);
    await spool.close();
  });

  it("says when a torn record is all that is there, so that somebody looks, and sets it aside", async () => {
    const before = await opened();
    await before.keep(check("torn"));
    const [name = ""] = await segments();
    await truncate(join(folder, name), (await stat(join(folder, name))).size - 7);
    const after = await opened();
    expect(after.depth).toMatchObject({ records: 0, oldestAtMs: null });
    expect(after.depth.bytes).toBeGreaterThan(0);
    expect(await names(after)).toEqual([]);
    expect(after.depth.bytes).toBe(0);
    expect(await listSetAside(home)).toHaveLength(1);
    expect(await segments()).toEqual([]);
    await after.close();
  });

  it("goes on behind a torn record where no copy of it can be made, and keeps the file", async () => {
    const before = await opened();
    const all = await keepAll(before, 5);
    const [name = ""] = await segments();
    await truncate(join(folder, name), (await stat(join(folder, name))).size - 7);
    // As on a full disk: nothing can be made there.
    await writeFile(join(home, "spool", "set-aside"), "");
    const after = await opened();
    expect(await names(after)).toEqual(all.slice(0, 4));
    await after.drop(4);
    await after.keep(check("new"));
    expect(await names(after).catch(() => names(after))).toEqual(["new"]);
    expect(logged).toContain("spool_record_not_set_aside");
    expect(await segments()).toContain(name);
    await after.close();
  });

  it("does not take up again what it removes while its folder is being looked at", async () => {
    const spool = await opened();
    for (let round = 0; round < 50; round += 1) {
      await spool.keep(check(`r${round}`));
      await names(spool);
      // The look begins first and ends last.
      await Promise.all([spool.adopt((record) => spool.seen.push(nameOf(record))), spool.drop(1)]);
      expect(spool.seen).toEqual([]);
      expect(spool.depth.records).toBe(0);
    }
    expect(logged).toEqual([]);
    await spool.close();
  });

  it("promises nothing in a segment that another process has taken over, and goes on in a new one", async () => {
    const spool = await opened();
    await spool.keep(check("before"));
    const [name = ""] = await segments();
    const taken = join(home, name);
    await rename(join(folder, name), taken);
    const { size } = await stat(taken);
    await expect(spool.keep(check("meanwhile"))).rejects.toThrow("ENOENT");
    // It may have been read there, so it stays.
    expect((await stat(taken)).size).toBeGreaterThan(size);
    await spool.keep(check("after"));
    expect(await names(spool)).toEqual(["after"]);
    expect(logged).toContain("spool_segment_gone");
    await spool.drop(1);
    expect(spool.depth).toMatchObject({ records: 0, bytes: 0 });
    await spool.close();
  });

  it("reads the others where one file cannot be read, and tries that again", async () => {
    const before = await opened();
    const all = await keepAll(before, 3);
    await mkdir(join(folder, "000000000000-1-00000000.seg"));
    const after = await opened();
    expect(after.seen).toEqual(all);
    await after.adopt(() => undefined);
    expect(logged.filter((event) => event === "spool_segment_unreadable")).toHaveLength(2);
    await after.close();
  });

  it("refuses one who has more than a fair share of its limits, and takes more when there is room", async () => {
    // One alone gets half of it.
    const spool = await opened({ bytesMax: 1_000_000, recordsMax: 20 });
    await keepAll(spool, 10);
    await expect(spool.keep(check("too many"))).rejects.toBeInstanceOf(SpoolFullError);
    await names(spool, 4);
    await spool.drop(4);
    await spool.keep(check("fits"));
    expect((await names(spool)).at(-1)).toBe("fits");
    await spool.close();
  });

  it("spreads over segments, and removes each when it has been drained", async () => {
    const spool = await opened();
    const big = "x".repeat(1_500_000);
    for (const name of ["a", "b", "c", "d"]) await spool.keep(check(name + big));
    expect((await segments()).length).toBeGreaterThan(1);
    const first = await names(spool);
    expect(first.map((name) => name[0])).toEqual(["a", "b", "c"]);
    await spool.drop(3);
    expect(await segments()).toHaveLength(1);
    expect((await names(spool)).map((name) => name[0])).toEqual(["d"]);
    await spool.close();
  });
});

describe("the folders of the spool", () => {
  it("are one per process, and what a dead one left is taken over", async () => {
    const left = await opened();
    const all = await keepAll(left, 3);
    const lock = await claimSpoolFolder(home);
    expect(lock.path.endsWith("/1")).toBe(true);
    await lock.release();
    const own = join(home, "spool", "2");
    await mkdir(own);
    expect(await takeOverForsaken(home, own)).toBe(1);
    folder = own;
    const spool = await opened();
    expect(await names(spool)).toEqual(all);
    await spool.close();
  });
});
