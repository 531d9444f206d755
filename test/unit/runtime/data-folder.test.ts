import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureDataFolder, lockDataFolder } from "../../../src/runtime/data-folder.ts";
import { identifyProcess, pidSpace } from "../../../src/runtime/process-identity.ts";
import { addScript, compileSource } from "../../support/compiled-source.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "leadledger-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the data folder", () => {
  it("is made for its owner alone, with the folders above it", async () => {
    const path = await ensureDataFolder(join(folder, "a", "data"));
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it("is closed to others if it was empty and open", async () => {
    const path = join(folder, "data");
    await mkdir(path, { mode: 0o755 });
    await ensureDataFolder(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it("keeps its mode if it holds things that are not ours", async () => {
    const path = join(folder, "home");
    await mkdir(path, { mode: 0o755 });
    await writeFile(join(path, "letters.txt"), "");
    await ensureDataFolder(path);
    expect((await stat(path)).mode & 0o777).toBe(0o755);
  });

  it("is refused with its name if it is a file", async () => {
    await writeFile(join(folder, "data"), "");
    await expect(ensureDataFolder(join(folder, "data"))).rejects.toMatchObject({
      code: "data_folder_unusable",
      message: expect.stringContaining(join(folder, "data")) as string,
    });
  });
});

describe("the lock of the data folder", () => {
  it("keeps a second one out until it is released", async () => {
    const lock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: "data_folder_in_use" });
    await lock.release();
    const again = await lockDataFolder(folder);
    await again.release();
    expect(await readdir(join(folder, "lock"))).toEqual([]);
  });

  it("of a process that died is no obstacle, also if its pid was taken by another", async () => {
    const space = await pidSpace();
    await leaveClaim(`4194305.1.${space}`);
    await leaveClaim(`${process.ppid}.1.${space}`);
    const lock = await lockDataFolder(folder);
    expect(await readdir(join(folder, "lock"))).toHaveLength(1);
    await lock.release();
  });

  it("of a living process names that process", async () => {
    const parent = await identifyProcess(process.ppid);
    await leaveClaim(`${process.ppid}.${parent?.startedAt ?? ""}.${await pidSpace()}`);
    await expect(lockDataFolder(folder)).rejects.toMatchObject({
      code: "data_folder_in_use",
      message: expect.stringContaining(`process ${process.ppid}`) as string,
    });
  });

  it("from before a reboot is no obstacle", async () => {
    const claim = await leaveClaim("1.1.aaaaaaaaaaaa");
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(claim, longAgo, longAgo);
    await (await lockDataFolder(folder)).release();
  });

  it("of another container counts as long as that one shows life", async () => {
    const claim = await leaveClaim("1.1.aaaaaaaaaaaa");
    const heart = setInterval(() => void utimes(claim, new Date(), new Date()), 200);
    await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: "data_folder_in_use" });
    clearInterval(heart);
  });

  async function leaveClaim(name: string): Promise<string> {
    await mkdir(join(folder, "lock"), { recursive: true });
    await writeFile(join(folder, "lock", name), "held\n");
    return join(folder, "lock", name);
  }
});

describe("processes that start at the same instant", () => {
  let contender: string;
  beforeAll(async () => {
    contender = await addScript(
      await compileSource("runtime/data-folder"),
      "contender.js",
      `import { lockDataFolder } from "./runtime/data-folder.js";
       process.once("message", (folder) => lockDataFolder(folder).then(
         () => process.send("locked"),
         (error) => process.send(error.code)));
       setInterval(() => undefined, 1000);
       process.send("up");`,
    );
  });

  it("never get the data folder together, and one of them gets it", async () => {
    const contenders = Array.from({ length: 6 }, () => fork(contender));
    await Promise.all(contenders.map((each) => once(each, "message")));
    const answers = contenders.map((each) => once(each, "message"));
    for (const each of contenders) each.send(folder);
    const outcomes = (await Promise.all(answers)).flat().filter((answer) => typeof answer === "string");
    for (const each of contenders) each.kill("SIGKILL");
    expect(outcomes.toSorted()).toEqual([...Array<string>(5).fill("data_folder_in_use"), "locked"]);
  }, 30_000);
});
