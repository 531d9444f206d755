import { execFileSync } from "node:child_process";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findPostmaster } from "../../src/runtime/embedded-postgres-process.ts";
import {
  kill,
  linesOf,
  living,
  rows,
  serverPid,
  serverProcesses,
  useDataFolder,
  useProcesses,
  value,
} from "../support/embedded-postgres.ts";

const isRoot = process.getuid?.() === 0;

describe("a LeadLedger that was killed", () => {
  const folder = useDataFolder("database");
  const processes = useProcesses();

  it("leaves a server that the next start stops, and every committed row", async () => {
    const first = await processes.serve(folder.dataDir);
    await rows(first.connection, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    await kill(first.child);
    const pid = await serverPid(folder.dataDir);
    const second = await folder.start();
    expect(folder.events).toContainEqual({ event: "postgres_left_behind", pid });
    expect(await living([pid])).toEqual([]);
    expect(await value(second.connection, "SELECT count(*)::int FROM kept")).toBe(1000);
  });

  it("together with its server loses no committed row", async () => {
    const first = await processes.serve(folder.dataDir);
    await rows(first.connection, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    const pid = await serverPid(folder.dataDir);
    await kill(first.child);
    process.kill(pid, "SIGKILL");
    const second = await folder.start();
    expect(await value(second.connection, "SELECT count(*)::int FROM kept")).toBe(1000);
  });

  it("keeps nobody out, while a living one does", async () => {
    const first = await processes.serve(folder.dataDir);
    await expect(folder.start()).rejects.toMatchObject({
      code: "data_folder_in_use",
      message: expect.stringContaining(`process ${first.child.pid}`) as string,
    });
    await kill(first.child);
    expect(await value((await folder.start()).connection, "SELECT 1")).toBe(1);
  });
});

describe("a first start that was killed", () => {
  const folder = useDataFolder("nothing");
  const processes = useProcesses();

  it.each(["global", "global/pg_control", "base/5"])(
    "at postgres.new/%s leaves no half database",
    async (step) => {
      const child = processes.spawn(folder.dataDir);
      const path = join(folder.dataDir, "postgres.new", step);
      await vi.waitFor(() => stat(path), { timeout: 20_000, interval: 2 });
      await kill(child);
      const server = await folder.start();
      expect(folder.countOf("postgres_initialised")).toBe(1);
      expect(await value(server.connection, "SELECT 1")).toBe(1);
      expect(await readdir(folder.dataDir)).not.toContain("postgres.new");
    },
  );

  it("long ago leaves nothing that is in the way", async () => {
    await mkdir(join(folder.dataDir, "postgres.new", "base"), { recursive: true });
    expect(await value((await folder.start()).connection, "SELECT 1")).toBe(1);
    expect(await readdir(folder.dataDir)).not.toContain("postgres.new");
  });
});

describe("the end of a LeadLedger", () => {
  const folder = useDataFolder("database");
  const processes = useProcesses();

  it("by Ctrl-C leaves the server running until the program has done its work", async () => {
    const { child, connection, lines, tell } = await processes.serve(folder.dataDir);
    const pids = await serverProcesses(folder.dataDir);
    // What a terminal does: the signal goes to every process of the group.
    process.kill(-(child.pid ?? 0), "SIGINT");
    expect(await lines.next()).toMatchObject({ value: "interrupted" });
    expect(await value(connection, "SELECT 1")).toBe(1);
    expect(await serverPid(folder.dataDir)).toBe(pids[0]);
    await tell("stop");
    expect(await living(pids)).toEqual([]);
  });

  it("by an uncaught error takes the server along", async () => {
    const { tell } = await processes.serve(folder.dataDir);
    const pids = await serverProcesses(folder.dataDir);
    await tell("throw");
    await vi.waitFor(async () => expect(await living(pids)).toEqual([]), { timeout: 10_000 });
    expect(await findPostmaster(folder.dataDir)).toBeNull();
  });
});

describe.runIf(isRoot)("started by root", () => {
  const folder = useDataFolder("nothing");
  const processes = useProcesses();

  it("the server runs as somebody else, below folders that only root may enter", async () => {
    await folder.start();
    expect((await stat(`/proc/${await serverPid(folder.dataDir)}`)).uid).not.toBe(0);
    expect((await stat(folder.home)).mode & 0o077).toBe(0);
    expect((await stat(folder.dataDir)).uid).toBe(0);
  });

  it("an ordinary user's LeadLedger starts, survives its kill, and keeps others out", async () => {
    const nobody = giveHomeTo(65_534);
    const first = await processes.serve(folder.dataDir, nobody);
    expect((await stat(`/proc/${await serverPid(folder.dataDir)}`)).uid).toBe(nobody.uid);
    await rows(first.connection, "CREATE TABLE kept AS SELECT 1 AS n");
    await kill(first.child);
    const second = await processes.serve(folder.dataDir, nobody);
    expect(await value(second.connection, "SELECT n FROM kept")).toBe(1);
    await second.tell("stop");
    const stranger = processes.spawn(folder.dataDir, { uid: 54_321, gid: 54_321 });
    expect(await linesOf(stranger).next()).toMatchObject({ value: "data_folder_unusable" });
  });

  it("a user that the system does not know is told so", async () => {
    const child = processes.spawn(folder.dataDir, giveHomeTo(54_321));
    expect(await linesOf(child).next()).toMatchObject({ value: "no_server_account" });
  });

  function giveHomeTo(id: number): { uid: number; gid: number } {
    execFileSync("chown", ["-R", `${id}:${id}`, folder.home]);
    return { uid: id, gid: id };
  }
});
