import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canReach, findAccount } from "../../../src/runtime/embedded-postgres-account.ts";
import { explainFileError, explainOutput } from "../../../src/runtime/embedded-postgres-error.ts";
import { restartDelayMs } from "../../../src/runtime/embedded-postgres-supervisor.ts";
import { connectionUri } from "../../../src/runtime/embedded-postgres.ts";
import { commandLine, identifyProcess } from "../../../src/runtime/process-identity.ts";

describe("the account of a server started by root", () => {
  const nobody = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin";
  const postgres = "postgres:x:101:104::/var/lib/postgresql:/bin/bash";

  it("is postgres where there is one, else nobody, never root", () => {
    expect(findAccount(`root:x:0:0::/:/bin/sh\n${nobody}\n${postgres}\n`)).toEqual({ uid: 101, gid: 104 });
    expect(findAccount(`root:x:0:0::/:/bin/sh\n${nobody}\n`)).toEqual({ uid: 65534, gid: 65533 });
    expect(findAccount("root:x:0:0::/:/bin/sh\n")).toBeNull();
    expect(findAccount("postgres:x:0:0::/:/bin/sh\n")).toBeNull();
  });

  describe("reaches a file", () => {
    let folder: string;
    const stranger = { uid: 54_321, gid: 54_321 };
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "leadledger-reach-"));
      await chmod(folder, 0o755);
      await mkdir(join(folder, "inner"), { mode: 0o755 });
      await writeFile(join(folder, "inner", "postgres"), "", { mode: 0o755 });
    });
    afterEach(() => rm(folder, { recursive: true }));

    it("if every folder above lets it pass", async () => {
      expect(await canReach(stranger, join(folder, "inner", "postgres"))).toBe(true);
    });

    it("not if one folder above is private", async () => {
      await chmod(folder, 0o700);
      expect(await canReach(stranger, join(folder, "inner", "postgres"))).toBe(false);
    });

    it("not if the file itself is private", async () => {
      await chmod(join(folder, "inner", "postgres"), 0o700);
      expect(await canReach(stranger, join(folder, "inner", "postgres"))).toBe(false);
    });
  });
});

describe("trouble with PostgreSQL", () => {
  it.each([
    ["PANIC:  could not write to file: No space left on device", "disk_full"],
    [
      'FATAL: could not extend file "base/1/2": wrote 4096 of 8192\nHINT: Check free disk space.',
      "disk_full",
    ],
    ["postgres: error while loading shared libraries: libicuuc.so.60: cannot open", "binaries_unusable"],
    ["initdb: error: could not look up effective user ID 12345: user does not exist", "no_server_account"],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', "port_taken"],
    ["FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", "memory_still_in_use"],
    ["FATAL:  something new", "start_failed"],
  ])("that says %s has a stable code and keeps PostgreSQL's words", (output, code) => {
    const error = explainOutput("postgres", output, "start_failed");
    expect(error.code).toBe(code);
    expect(error.message).toContain(output);
  });

  it("with the disk or with permissions is told from a bug", () => {
    const errno = (code: string) => Object.assign(new Error(code), { code });
    expect(explainFileError(errno("ENOSPC"), "/data")).toMatchObject({ code: "disk_full" });
    expect(explainFileError(errno("EACCES"), "/data")).toMatchObject({ code: "permission_denied" });
    const bug = new TypeError("x is undefined");
    expect(explainFileError(bug, "/data")).toBe(bug);
  });
});

describe("a server that keeps dying", () => {
  it("is started again after pauses that grow to ten seconds", () => {
    expect([0, 1, 2, 6, 7, 100].map(restartDelayMs)).toEqual([100, 200, 400, 6_400, 10_000, 10_000]);
  });
});

describe("a connection URI", () => {
  it("takes any password", () => {
    const connection = { host: "127.0.0.1", port: 5432, user: "a b", password: "p@s/s:?#%", database: "d" };
    const uri = new URL(connectionUri(connection));
    expect(decodeURIComponent(uri.password)).toBe(connection.password);
    expect(decodeURIComponent(uri.username)).toBe("a b");
    expect(uri.host).toBe("127.0.0.1:5432");
  });
});

describe("the identity of a process", () => {
  it("is stable while it lives and absent for a pid that nobody has", async () => {
    expect(await identifyProcess(process.pid)).toEqual(await identifyProcess(process.pid));
    expect(await identifyProcess(process.pid)).not.toEqual(await identifyProcess(process.ppid));
    expect(await identifyProcess(9_999_999)).toBeNull();
    expect(await commandLine(9_999_999)).toBeNull();
    expect((await commandLine(process.pid))?.join(" ")).toContain("node");
  });
});
