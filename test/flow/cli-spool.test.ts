// An outage as an operator sees it at the command line: serve goes on and starts, doctor says what waits, and the number
// that a sender was told is found.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ledgerDatabase, testRootKeyHex } from "../support/app.ts";
import { serve, useCommandLine } from "../support/command-line.ts";
import { describeOnOneServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import type { TcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

interface Diagnosis {
  readonly checks: readonly { check: string; status: string; message: string }[];
}

describeOnOneServer("an outage at the command line", (server) => {
  const commandLine = useCommandLine();
  let database: FreshDatabase;
  let proxy: TcpProxy;
  beforeEach(async () => {
    database = await ledgerDatabase(server);
    const url = new URL(database.url);
    proxy = await startTcpProxy(Number(url.port));
    url.port = String(proxy.port);
    commandLine.env = { DATABASE_URL: url.href, LEADLEDGER_KEY: testRootKeyHex, PORT: "0" };
    const configuration = "sources: { website: { auth: { kind: token, secret: long-enough-for-a-test } } }\n";
    await writeFile(join(commandLine.folder, "leadledger.yaml"), configuration);
  });
  afterEach(async () => {
    await proxy.close();
    await database.drop();
  });

  const send = (url: string, key: string) =>
    postLead(url, {
      path: "/webhook/lead/website",
      key,
      body: { name: "Anna" },
      headers: { authorization: "Bearer long-enough-for-a-test" },
    });

  it("serve takes leads and starts, doctor shows what waits, and runs show finds what was told", async () => {
    const first = await serve(commandLine);
    const early = await send(first.banner.url, "known");
    await proxy.set("refuse");
    const told = await send(first.banner.url, "known");
    expect(told.json).toMatchObject({ status: "accepted", stored: "spool" });
    first.child.kill("SIGKILL");
    await first.finished;

    const during = await commandLine.run("doctor", "--json");
    expect(during.code).toBe(1);
    const { checks } = JSON.parse(during.stdout) as Diagnosis;
    expect(checks.map(({ check, status }) => `${check} ${status}`)).toEqual(
      expect.arrayContaining(["database fail", "spool warn"]),
    );
    expect(checks.find(({ check }) => check === "spool")?.message).toMatch(/^1 leads, /);

    const second = await serve(commandLine);
    expect(second.banner.sources).toEqual(["website"]);
    expect((await send(second.banner.url, "new")).json).toMatchObject({ stored: "spool" });
    await proxy.set("pass");
    await until("nothing to wait", async () => !(await checkNames()).includes("spool"), 30_000);

    const shown = await commandLine.run("runs", "show", String(told.json["run_id"]));
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain(String(early.json["run_id"]));
    commandLine.env = { ...commandLine.env, LANG: "de_DE.UTF-8" };
    const german = await commandLine.run("runs", "show", String(told.json["run_id"]));
    expect(german.stderr).toContain("unter einer Kennung, die schon bekannt war");
    const run = await commandLine.json<{ run_id: string }>("runs", "show", String(told.json["run_id"]));
    expect(run.run_id).toBe(early.json["run_id"]);
  });

  it(
    "several nodes share one data folder, and a dead one's spool is emptied by another",
    { tags: "thorough" },
    async () => {
      const [first, second] = [await serve(commandLine), await serve(commandLine)];
      await proxy.set("refuse");
      const answers = [await send(first.banner.url, "one"), await send(second.banner.url, "two")];
      expect(answers.map(({ json }) => json["stored"])).toEqual(["spool", "spool"]);
      first.child.kill("SIGKILL");
      await first.finished;
      await proxy.set("pass");
      for (const { json } of answers) {
        const found = async (): Promise<boolean> =>
          (await commandLine.run("runs", "show", String(json["run_id"]))).code === 0;
        await until("the lead to be in the ledger", found, 40_000);
      }
    },
  );

  it("a start without a database that this folder has never met says so and ends", async () => {
    await proxy.set("refuse");
    const { code, stderr } = await commandLine.run("serve");
    expect(code).toBe(3);
    expect(stderr).toContain("cannot be reached");
  });

  async function checkNames(): Promise<string[]> {
    const { stdout } = await commandLine.run("doctor", "--json");
    return (JSON.parse(stdout) as Diagnosis).checks.map(({ check }) => check);
  }
});
