// leadledger demo, as a person starts it: in both languages, at the same time, interrupted, on a kept folder.
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { displayWidth } from "../../src/cli/frame/table.ts";
import { openDatabase } from "../../src/ledger/connection/database.ts";
import { connectionUri, startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { useCommandLine } from "../support/command-line.ts";
import type { Finished } from "../support/command-line.ts";

const commandLine = useCommandLine();
const limitMs = 60_000;
/** On a machine that is busy with other tests; what a person is promised is `limitMs`. */
const testLimitMs = 150_000;
const seed = [
  "SELECT run_id, status, received_at FROM runs ORDER BY received_at DESC LIMIT 20;",
  "SELECT dlq_id, reason, retry_count FROM dlq WHERE status = 'open';",
  "SELECT * FROM kpi_daily ORDER BY day DESC LIMIT 7;",
];

async function timed(command: Promise<Finished>): Promise<Finished & { readonly tookMs: number }> {
  const startedMs = performance.now();
  return { ...(await command), tookMs: performance.now() - startedMs };
}

/** Runs `sql` on the data folder that a demo left behind. */
async function inKeptData<Row extends Record<string, unknown>>(folder: string, sql: string): Promise<Row> {
  const server = await startEmbeddedPostgres({ dataDir: join(folder, "data"), log: () => undefined });
  const url = connectionUri(server.connection);
  const database = openDatabase({ url, connectionsMax: 1, applicationName: "test" });
  try {
    const { rows } = await database.query<Row>(sql);
    return rows[0] as Row;
  } finally {
    await database.close();
    await server.stop();
  }
}

function numberBefore(text: string, words: string): number {
  return Number(new RegExp(`(\\d+) +${words}`).exec(text)?.[1]);
}

describe("leadledger demo", { timeout: testLimitMs }, () => {
  it(
    "tells the truth in both languages, twice at once, within a minute, and its books balance",
    { tags: "thorough" },
    async () => {
      const [kept, alsoKept] = [join(commandLine.folder, "demo"), join(commandLine.folder, "zweite")];
      // Another database in the environment is none of the demo's business.
      commandLine.env = {
        DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none",
        LEADLEDGER_KEY: "00".repeat(32),
      };
      const [german, english] = await Promise.all([
        timed(commandLine.run("demo", "--exit", "--lang", "de", "--keep", kept)),
        timed(commandLine.run("demo", "--exit", "--lang", "en", "--keep", alsoKept)),
      ]);
      for (const { code, stderr, stdout, tookMs } of [german, english]) {
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(tookMs).toBeLessThan(limitMs);
        expect(stdout).not.toContain("✗");
        expect(stdout).not.toContain("\u001b");
        for (const sql of seed) expect(stdout).toContain(`\n${sql}\n`);
        // A command that is to be copied stands on one line, however long the folder's name is.
        const lines = stdout.split("\n").filter((line) => !line.includes(commandLine.folder));
        expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
      }
      expect(german.stdout).toContain("Stimmen die Bücher?\n✓ ");
      expect(english.stdout).toContain("Do the books balance?\n✓ ");

      const found = await inKeptData<
        Record<"received" | "delivered" | "later" | "repeats" | "waiting", number>
      >(
        kept,
        `SELECT count(*) AS received, count(*) FILTER (WHERE status = 'processed') AS delivered,
         (SELECT count(DISTINCT run_id) FROM dlq JOIN runs USING (run_id)
          WHERE runs.status = 'processed' AND resolution = 'delivered') AS later,
         (SELECT count(*) FROM audit_events WHERE event_type = 'duplicate_received') AS repeats,
         (SELECT count(*) FROM dlq WHERE status IN ('open', 'dead')) AS waiting
       FROM runs`,
      );
      expect({
        received: numberBefore(german.stdout, "Leads empfangen"),
        delivered: numberBefore(german.stdout, "zugestellt, davon"),
        later: numberBefore(german.stdout, "nachgeholt, als"),
        repeats: numberBefore(german.stdout, "Dubletten erkannt"),
        waiting:
          numberBefore(german.stdout, "nicht zugestellt: Klärfälle") +
          numberBefore(german.stdout, "weitere Klärfälle"),
      }).toEqual(found);
      expect(found.received).toBe(500);
      expect(found.later).toBeGreaterThan(0);

      const runsByHand = await commandLineJson(kept);
      expect(runsByHand.items).toHaveLength(20);
      expect(await readFile(join(kept, "leadledger.yaml"), "utf8")).toContain("slow: [2s, 3s, 4s]");
    },
  );

  it(
    "stays up to be looked at, on another port where the usual one is taken, until it is told to end",
    { tags: "thorough" },
    async () => {
      const blocker = createServer().listen(8_080, "127.0.0.1");
      blocker.on("error", () => undefined);
      commandLine.env = { TMPDIR: commandLine.folder };
      const { child, output, finished } = commandLine.start("demo", "--lang", "de");
      await vi.waitFor(() => expect(output.stdout).toContain("Strg-C beendet"), {
        timeout: limitMs,
        interval: 100,
      });
      const curl = /curl -i (http:\S+) \\\n +-H 'Authorization: (.*)' \\\n/.exec(output.stdout);
      expect(curl?.[1]).not.toContain(":8080/");
      const send = (): Promise<Response> =>
        fetch(curl?.[1] ?? "", {
          method: "POST",
          headers: { Authorization: curl?.[2] ?? "", "Idempotency-Key": "mein-lead-1" },
          body: new URLSearchParams({ name: "Erika", plz: "10115" }),
        });
      expect((await send()).status).toBe(202);
      expect((await send()).status).toBe(200);
      child.kill("SIGINT");
      expect(await finished).toMatchObject({ code: 0 });
      blocker.close();
      expect(
        (await readdir(commandLine.folder)).filter((name) => name.startsWith("leadledger-demo-")),
      ).toEqual([]);
    },
  );

  it("ends in order when it is interrupted half-way, and leaves nothing behind", async () => {
    commandLine.env = { TMPDIR: commandLine.folder };
    const { child, output, finished } = commandLine.start("demo", "--lang", "en");
    await vi.waitFor(() => expect(output.stdout).toContain("✓ An ordinary day"), { timeout: limitMs });
    child.kill("SIGINT");
    expect(await finished).toMatchObject({ code: 130, stderr: "Interrupted.\n" });
    expect((await readdir(commandLine.folder)).filter((name) => name.startsWith("leadledger-demo-"))).toEqual(
      [],
    );
  });

  it("never writes into a folder that holds something already", async () => {
    const folder = join(commandLine.folder, "full");
    await mkdir(folder);
    await writeFile(join(folder, "letter.txt"), "mine");
    const { code, stderr } = await commandLine.run("demo", "--exit", "--lang", "en", "--keep", folder);
    expect(code).toBe(2);
    expect(stderr).toContain("is not empty");
    expect(await readdir(folder)).toEqual(["letter.txt"]);
    expect(existsSync(join(commandLine.folder, "data"))).toBe(false);
  });
});

/** What an operator sees afterwards with the usual commands on the folder that was kept. */
async function commandLineJson(folder: string): Promise<{ readonly items: readonly unknown[] }> {
  commandLine.env = { LEADLEDGER_DATA_DIR: join(folder, "data") };
  return commandLine.json("runs", "list");
}
