import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findPostmaster } from "../../src/runtime/embedded-postgres-process.ts";
import { findRunningEmbeddedPostgres, type PostgresConnection } from "../../src/runtime/embedded-postgres.ts";
import {
  living,
  rows,
  serverPid,
  serverProcesses,
  useDataFolder,
  value,
} from "../support/embedded-postgres.ts";

const isRoot = process.getuid?.() === 0;

describe("the embedded PostgreSQL", () => {
  const folder = useDataFolder("database");

  it("gives the program a UTF-8 database of its own, without superuser rights, that forgets nothing", async () => {
    const { connection, superuser } = await folder.start();
    const rights =
      "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user";
    expect(await rows(connection, rights)).toEqual([
      { rolname: "leadledger", rolsuper: false, rolcreaterole: true, rolcreatedb: false },
    ]);
    const owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()";
    expect(await value(connection, owner)).toBe("leadledger");
    expect(await settings(superuser)).toEqual({
      data_checksums: "on",
      fsync: "on",
      full_page_writes: "on",
      listen_addresses: "127.0.0.1",
      server_encoding: "UTF8",
      synchronous_commit: "on",
      TimeZone: "UTC",
      unix_socket_directories: "",
    });
    expect(await value(connection, "SELECT 'Z' < 'a' AND upper('ä') = 'Ä'")).toBe(true);
  });

  it("keeps the data folder and its secrets to its owner, and asks everybody for a password", async () => {
    const server = await folder.start();
    for (const [path, mode] of [
      [folder.dataDir, 0o700],
      [join(folder.dataDir, "postgres"), 0o700],
      [join(folder.dataDir, "postgres.json"), 0o600],
      [join(folder.dataDir, "postgres.log"), 0o600],
    ] as const) {
      expect((await stat(path)).mode & 0o777, path).toBe(mode);
    }
    for (const user of [server.connection, server.superuser]) {
      await expect(value({ ...user, password: "guess" }, "SELECT 1")).rejects.toMatchObject({
        code: "28P01",
      });
    }
  });

  it.runIf(process.platform === "linux")("gives nothing of our environment to the server", async () => {
    await folder.start();
    const environment = await readFile(`/proc/${await serverPid(folder.dataDir)}/environ`, "utf8");
    const names = environment.split("\0").map((entry) => entry.split("=")[0]);
    expect(names.filter(Boolean).toSorted()).toEqual(["LC_ALL", "PATH", "TZ"]);
  });

  it("writes no personal data of failed statements into its log", async () => {
    const { connection } = await folder.start();
    await rows(connection, "CREATE TABLE people (email text UNIQUE)");
    const insert = "INSERT INTO people VALUES ('erika@example.com')";
    await rows(connection, insert);
    await expect(rows(connection, insert)).rejects.toMatchObject({ code: "23505" });
    expect(await readFile(join(folder.dataDir, "postgres.log"), "utf8")).not.toContain("erika");
  });

  it("keeps rows, port and passwords from one start to the next, and leaves no process behind", async () => {
    const first = await folder.start();
    await rows(first.connection, "CREATE TABLE kept AS SELECT 'Müller' AS name");
    const processes = await serverProcesses(folder.dataDir);
    expect(processes.length).toBeGreaterThan(3);
    await first.stop();
    await first.stop();
    expect(await living(processes)).toEqual([]);
    expect(await readdir(join(folder.dataDir, "lock"))).toEqual([]);
    const second = await folder.start();
    expect(second.connection).toEqual(first.connection);
    expect(await value(second.connection, "SELECT name FROM kept")).toBe("Müller");
  });

  it("takes another port when its own was taken, and keeps that one", async () => {
    const first = await folder.start();
    await first.stop();
    const squatter = createServer().listen(first.connection.port, "127.0.0.1");
    const second = await folder.start();
    squatter.close();
    expect(second.connection.port).not.toBe(first.connection.port);
    expect(await value(second.connection, "SELECT 1")).toBe(1);
    await second.stop();
    expect((await folder.start()).connection.port).toBe(second.connection.port);
  });

  it("refuses a second LeadLedger on the same folder and stays as it is", async () => {
    const first = await folder.start();
    await expect(folder.start()).rejects.toMatchObject({ code: "data_folder_in_use" });
    expect(await value(first.connection, "SELECT 1")).toBe(1);
  });

  it("is found by a command beside the program, and only while it runs", async () => {
    expect(await findRunningEmbeddedPostgres(folder.dataDir)).toBeNull();
    const server = await folder.start();
    const { connection, superuser } = server;
    expect(await findRunningEmbeddedPostgres(folder.dataDir)).toEqual({ connection, superuser });
    await server.stop();
    expect(await findRunningEmbeddedPostgres(folder.dataDir)).toBeNull();
  });

  it("is started again with the same connection when it dies", async () => {
    const server = await folder.start();
    await rows(server.connection, "CREATE TABLE kept AS SELECT 1 AS n");
    for (const restarts of [1, 2]) {
      process.kill(await serverPid(folder.dataDir), "SIGKILL");
      await vi.waitFor(() => expect(folder.countOf("postgres_started")).toBe(restarts + 1), {
        timeout: 20_000,
      });
      expect(folder.countOf("postgres_exited")).toBe(restarts);
      expect(await value(server.connection, "SELECT n FROM kept")).toBe(1);
    }
  });

  it("can be stopped while it is being started again", async () => {
    const server = await folder.start();
    const processes = await serverProcesses(folder.dataDir);
    process.kill(await serverPid(folder.dataDir), "SIGKILL");
    await vi.waitFor(() => expect(folder.countOf("postgres_exited")).toBe(1), { timeout: 10_000 });
    await server.stop();
    await vi.waitFor(async () => expect(await living(processes)).toEqual([]), { timeout: 10_000 });
    expect(await findPostmaster(folder.dataDir)).toBeNull();
  });

  it("starts although the pid of a dead server now belongs to another program", async () => {
    const cluster = join(folder.dataDir, "postgres");
    const first = await folder.start();
    const pidFile = await readFile(join(cluster, "postmaster.pid"), "utf8");
    await first.stop();
    const { uid, gid } = await stat(cluster);
    // Of the same user, because PostgreSQL disregards processes that it may not signal.
    const other = spawn("sleep", ["60"], isRoot ? { uid, gid } : {});
    await once(other, "spawn");
    await writeFile(join(cluster, "postmaster.pid"), pidFile.replace(/^\d+/, String(other.pid)));
    execFileSync("chown", [`${uid}:${gid}`, join(cluster, "postmaster.pid")]);
    expect(await findRunningEmbeddedPostgres(folder.dataDir)).toBeNull();
    expect(await value((await folder.start()).connection, "SELECT 1")).toBe(1);
    expect(other.kill()).toBe(true);
  });

  it("gets new passwords when the file with them was lost, and keeps its rows", async () => {
    const first = await folder.start();
    await rows(first.connection, "CREATE TABLE kept AS SELECT 1 AS n");
    await first.stop();
    await rm(join(folder.dataDir, "postgres.json"));
    const second = await folder.start();
    expect(second.connection.password).not.toBe(first.connection.password);
    expect(await value(second.connection, "SELECT n FROM kept")).toBe(1);
  });

  it("of another major version is left alone, and the message says what to do", async () => {
    await writeFile(join(folder.dataDir, "postgres", "PG_VERSION"), "17\n");
    await expect(folder.start()).rejects.toMatchObject({
      code: "cluster_version",
      message: expect.stringContaining("PostgreSQL 17") as string,
    });
    // A refused start gives the folder free again.
    expect(await readdir(join(folder.dataDir, "lock"))).toEqual([]);
  });
});

async function settings(connection: PostgresConnection): Promise<Record<string, string>> {
  const names = [
    ...["data_checksums", "fsync", "full_page_writes", "listen_addresses", "server_encoding"],
    ...["synchronous_commit", "TimeZone", "unix_socket_directories"],
  ];
  const found = await rows<{ name: string; setting: string }>(
    connection,
    `SELECT name, setting FROM pg_settings WHERE name IN (${names.map((name) => `'${name}'`).join()})`,
  );
  return Object.fromEntries(found.map(({ name, setting }) => [name, setting]));
}
