// The receiver of examples/ in PHP against real deliveries; skipped where php is not installed.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, it, vi } from "vitest";
import { choosePort } from "../../src/runtime/loopback-port.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead } from "../support/webhook-client.ts";

const receiver = join(import.meta.dirname, "../../examples/receiver.php");
const hasPhp = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "php")));
const key = Buffer.from("a key of twenty-four bytes");
const secret = `whsec_${key.toString("base64")}`;
const waiting = { timeout: 10_000, interval: 50 };

describeOnEachServer("the example receiver in PHP", (server) => {
  it.skipIf(!hasPhp)("says 500 until it can store, stores once, and turns forged ones away", async () => {
    const parent = await mkdtemp(join(tmpdir(), "leadledger-php-"));
    const folder = join(parent, "leads");
    const port = await choosePort();
    const url = `http://127.0.0.1:${port}/`;
    const php = spawn("php", ["-d", "display_errors=0", "-S", `127.0.0.1:${port}`, receiver], {
      env: { ...process.env, LEADLEDGER_SECRET: secret, LEADS_FOLDER: folder },
      stdio: "ignore",
    });
    await vi.waitFor(() => fetch(url), waiting);
    const database = await ledgerDatabase(server);
    const app = await startTestApp(database, {
      sources: [testSource("website")],
      destinations: [
        testDestination("crm", url, { secret, retry: { fastMs: [50, 50], slowMs: [200, 200, 200, 200] } }),
        testDestination("forger", url, { secret: "another one entirely" }),
      ],
    });
    const answers = async (destination: string): Promise<unknown[]> => {
      const { rows } = await app.installation.database.query<{ status: string }>(
        "SELECT payload ->> 'http_status' AS status FROM audit_events WHERE event_type IN ('lead_delivered', 'delivery_failed') AND payload ->> 'destination' = $1 ORDER BY event_time",
        [destination],
      );
      return rows.map(({ status }) => status);
    };
    try {
      await postLead(app.url, {
        path: "/webhook/lead/website",
        key: "1",
        body: '{"name":"Jörg","id":12345678901234567890}',
      });
      await vi.waitFor(async () => expect(await answers("crm")).toContain("500"), waiting);
      await mkdir(folder);
      await vi.waitFor(async () => expect((await answers("crm")).at(-1)).toBe("200"), waiting);
      await vi.waitFor(async () => expect(await answers("forger")).toEqual(["401"]), waiting);

      const [stored = ""] = (await readdir(folder)).filter((name) => name.endsWith(".json"));
      const body = await readFile(join(folder, stored), "utf8");
      expect(body).toContain("12345678901234567890");
      const id = decodeURIComponent(stored.replace(".json", ""));
      expect(id).toBe(`${(JSON.parse(body) as { run_id: string }).run_id}:crm`);

      const now = Math.floor(Date.now() / 1_000);
      expect(await send(url, id, now, body)).toEqual({ status: 200, answer: { stored: true, repeat: true } });
      expect(await send(url, id, now - 400, body)).toMatchObject({ status: 401 });
      expect((await readdir(folder)).toSorted()).toEqual([".lock", stored]);
    } finally {
      await app.stop();
      await database.drop();
      const exited = once(php, "exit");
      php.kill();
      await exited;
      await rm(parent, { recursive: true });
    }
  });
});

async function send(
  url: string,
  id: string,
  timestamp: number,
  body: string,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": `v1,${signature}`,
    },
    body,
  });
  return { status: response.status, answer: await response.json() };
}
