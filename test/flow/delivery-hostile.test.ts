// A node among destinations that mean harm: each attempt ends in time and as documented, memory stays bounded, and the
// destination that behaves gets its leads at full pace.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { describe, expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { describeOnOneServer } from "../support/database.ts";
import { postLead, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { useNodeProcesses } from "../support/node-process.ts";
import { always } from "../support/sink.ts";
import type { SinkAnswer } from "../support/sink.ts";

const timeoutMs = 2_000;
const leads = 40;
const leadEveryMs = 80;
/** A lead that waits for somebody else's attempt waits for a timeout; the rest is left to a machine with too much to do. */
const p50MaxMs = timeoutMs / 2;
const p99MaxMs = 1.5 * timeoutMs;
const mebibyte = 1_024 * 1_024;
/** Everything that is held at one time, and what the garbage collector has not come to. */
const growthMaxMebibytes = 200;
const endless = { status: 200, bytes: Infinity } as const;

/** How each behaves, and the outcome of every single attempt. */
const hostile: Readonly<Record<string, readonly [SinkAnswer, string]>> = {
  hangs: [{ kind: "hang" }, "destination_timeout"],
  drips_headers: [{ kind: "drip", part: "head", status: 200, everyMs: 1_000 }, "destination_timeout"],
  drips_body: [{ kind: "drip", part: "body", status: 200, everyMs: 1_000 }, "delivered"],
  closes: [{ kind: "close" }, "destination_connection_lost"],
  closes_in_headers: [
    { kind: "raw", bytes: "HTTP/1.1 200 OK\r\nx-half: ", thenClose: true },
    "destination_connection_lost",
  ],
  closes_in_body: [{ kind: "cut_body", status: 200 }, "delivered"],
  resets: [{ kind: "reset" }, "destination_connection_lost"],
  sends_100_mb: [{ kind: "flood", status: 200, bytes: 100_000_000 }, "delivered"],
  sends_100_mb_chunked: [{ kind: "flood", status: 200, bytes: 100_000_000, framing: "chunked" }, "delivered"],
  sends_endlessly: [{ kind: "flood", framing: "chunked", ...endless }, "delivered"],
  refuses_endlessly: [{ kind: "flood", framing: "chunked", ...endless, status: 503 }, "destination_error"],
  sends_100_mb_of_headers: [
    {
      kind: "raw_flood",
      first: "HTTP/1.1 200 OK\r\n",
      again: `x-filler: ${"v".repeat(1_000)}\r\n`,
      bytes: 100_000_000,
    },
    "destination_bad_response",
  ],
};

interface Attempts {
  readonly destination: string;
  readonly outcomes: string[];
  readonly attempts: number;
  readonly longest_ms: number;
}

describe("destinations that mean harm", { tags: "thorough" }, () => {
  const startProcess = useNodeProcesses();

  describeOnOneServer("beside one that behaves", (server) => {
    const scene = useDeliveryScene(server);

    it("cost it no time and the node little memory, and each attempt ends in time and as documented", async () => {
      const crm = quickDestination("crm", await quietServer());
      const silent = await silentServer();
      const alone = await startProcess(scene, { sources: [testSource("website")], destinations: [crm] });
      const paceAlone = await paceOf(alone, "alone");
      alone.signal("SIGTERM");
      await alone.exited;

      const destinations = [crm, quickDestination("never_speaks_tls", silent, hasty)];
      for (const [name, [answer]] of Object.entries(hostile))
        destinations.push(quickDestination(name, (await scene.startSink(always(answer))).url, hasty));
      const configuration = { sources: [testSource("website")], destinations };
      const node = await startProcess(scene, configuration, undefined, { neverLeftAlone: true });
      const before = await residentMebibytes(node);
      let peak = before;
      const pace = await paceOf(node, "beside");
      await until(
        "every delivery has ended",
        async () => {
          peak = Math.max(peak, await residentMebibytes(node));
          await delay(100);
          return (await scene.value("SELECT count(*)::int FROM internal.deliveries")) === 0;
        },
        60_000,
      );
      const after = await residentMebibytes(node);
      const figures = { p50AloneMs: paceAlone.p50, p50Ms: pace.p50, p99Ms: pace.p99, before, peak, after };
      console.log(`hostile destinations: ${JSON.stringify(figures)} (MiB RSS)`);

      expect(peak - before).toBeLessThan(growthMaxMebibytes);
      expect(pace.p50).toBeLessThan(p50MaxMs);
      expect(pace.p99).toBeLessThan(p99MaxMs);
      const expected = new Map(Object.entries(hostile).map(([name, [, outcome]]) => [name, outcome]));
      expected.set("never_speaks_tls", "destination_timeout").set("crm", "delivered");
      const told = await attemptsOf("beside");
      expect(told.map(({ destination }) => destination).toSorted()).toEqual([...expected.keys()].toSorted());
      for (const { destination, outcomes, attempts, longest_ms: longestMs } of told) {
        expect({ destination, outcomes }).toEqual({ destination, outcomes: [expected.get(destination)] });
        expect(attempts).toBe(expected.get(destination) === "delivered" ? leads : 2 * leads);
        expect(longestMs).toBeLessThan(2 * timeoutMs);
      }
    }, 180_000);

    const hasty = { timeoutMs, retry: { fastMs: [100], slowMs: [600_000] } };

    /** Says yes, in a process of its own: those that flood keep this one busy. */
    async function quietServer(): Promise<string> {
      const script = `
        const server = require("node:http").createServer((request, response) => {
          request.resume().on("end", () => response.end());
        });
        server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
      const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
      const exited = once(child, "exit");
      scene.onEnd(() => {
        child.kill("SIGKILL");
        return exited;
      });
      const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
      return `http://127.0.0.1:${String(first.value)}/leads`;
    }

    /** Accepts connections and never says a word. */
    async function silentServer(): Promise<string> {
      const sockets = new Set<Socket>();
      const silent = createServer((socket) => void sockets.add(socket.on("error", () => undefined)));
      silent.listen(0, "127.0.0.1");
      await once(silent, "listening");
      scene.onEnd(() => {
        for (const socket of sockets) socket.destroy();
        silent.close();
        return once(silent, "close");
      });
      return `https://127.0.0.1:${(silent.address() as AddressInfo).port}/leads`;
    }

    /** Posts leads evenly; how long they took to the destination that behaves. */
    async function paceOf(node: { readonly url: string }, prefix: string) {
      const posted: Promise<string>[] = [];
      for (let index = 0; index < leads; index += 1) {
        posted.push(postLead(node, `${prefix}-${index}`));
        await delay(leadEveryMs);
      }
      const runIds = await Promise.all(posted);
      const arrived = `FROM audit_events d WHERE d.run_id = ANY ($1) AND d.event_type = 'lead_delivered'
        AND d.payload ->> 'destination' = 'crm'`;
      await until(
        "all arrived",
        async () => (await scene.value(`SELECT count(*)::int ${arrived}`, [runIds])) === leads,
      );
      const [pace] = await scene.rows<{ p50: number; p99: number }>(
        `SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::int AS p50,
           round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms))::int AS p99
         FROM (SELECT extract(epoch FROM d.event_time - r.event_time) * 1000 AS ms
               FROM audit_events d JOIN audit_events r ON r.run_id = d.run_id AND r.event_type = 'lead_received'
               WHERE d.run_id = ANY ($1) AND d.event_type = 'lead_delivered' AND d.payload ->> 'destination' = 'crm') AS t`,
        [runIds],
      );
      return pace ?? { p50: Infinity, p99: Infinity };
    }

    function attemptsOf(prefix: string): Promise<Attempts[]> {
      return scene.rows<Attempts>(
        `SELECT payload ->> 'destination' AS destination, count(*)::int AS attempts,
           array_agg(DISTINCT payload ->> 'outcome') AS outcomes, max((payload ->> 'duration_ms')::int) AS longest_ms
         FROM audit_events JOIN runs USING (run_id)
         WHERE event_type IN ('lead_delivered', 'delivery_failed') AND idempotency_key LIKE $1 GROUP BY 1`,
        [`${prefix}-%`],
      );
    }
  });
});

async function residentMebibytes(node: { readonly url: string }): Promise<number> {
  const { body } = await request(`${node.url}/metrics`);
  const found = /^process_resident_memory_bytes (\S+)/m.exec(await body.text());
  return Math.round(Number(found?.[1]) / mebibyte);
}
