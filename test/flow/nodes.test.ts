// Several nodes on one database: what a dead or frozen one held is taken over, a late one changes nothing, and without
// a death nothing is delivered twice. Most of the time they wait for a lease to end, so they run beside one another.
import { request } from "undici";
import { describe, expect, it } from "vitest";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import type { TestConfiguration } from "../support/app.ts";
import { testSource } from "../support/app.ts";
import { lockTimeoutMs } from "../../src/ledger/connection/session-settings.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { DeliveryScene } from "../support/delivery-scene.ts";
import {
  postLead,
  postLeads,
  quickDestination,
  repeats,
  until,
  useDeliveryScene,
} from "../support/delivery-scene.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { useNodeProcesses } from "../support/node-process.ts";
import type { NodeProcess } from "../support/node-process.ts";
import type { Sink, SinkBehaviour } from "../support/sink.ts";
import { accept, always } from "../support/sink.ts";

/** What is promised of the program's own lease (docs/contract.md, Schedules). */
const takenOverWithinMs = 15_000;
/** That one, and a short one for every day. */
const leases = [
  { lease: "the program's lease", timing: {}, tags: ["thorough"] },
  { lease: "a short lease", timing: { leaseMs: 3_000 }, tags: [] },
];
const testLimitMs = 180_000;

describe.concurrent("several nodes", () => {
  const startProcess = useNodeProcesses();

  for (const { lease, timing, tags } of leases)
    describeOnEachServer(`of which one is killed and one frozen, with ${lease},`, (server) => {
      const scene = useDeliveryScene(server);

      it(
        `go on within ${takenOverWithinMs / 1_000} s with what these had in hand, in the fast lane, in the DLQ and as leader; the frozen one changes nothing when it wakes up`,
        { tags, timeout: testLimitMs },
        async () => {
          const answers = lateAnswers();
          const sink = await scene.startSink(answers.behaviour);
          const configuration = {
            sources: [testSource("website")],
            destinations: [
              quickDestination("crm", sink.url, { timeoutMs: 60_000 }),
              quickDestination("erp", sink.url, {
                timeoutMs: 60_000,
                retry: { fastMs: [], slowMs: [50, 50, 50, 50] },
              }),
            ],
          };
          const frozen = await startProcess(scene, configuration, undefined, timing);
          await until("it leads", async () => (await leaderOf(scene)) === frozen.node);
          const epoch = await epochOf(scene);
          const runIds = await postLeads(frozen, 2, { prefix: "frozen" });
          await until("it has both lanes in hand", async () => (await inHand(scene, frozen)) === 4);
          const killed = await startProcess(scene, configuration, undefined, timing);
          runIds.push(...(await postLeads(killed, 2, { prefix: "killed" })));
          await until(
            "all is under way",
            async () => (await inHand(scene)) === 8 && sink.requests.length === 12,
          );

          await freezeBeforeRollUp(scene, frozen);
          killed.signal("SIGKILL");
          await killed.exited;
          sink.behave(accept);
          const awake = await scene.startNode(configuration, timing);
          const begunMs = performance.now();
          const leftMs = (): number => begunMs + takenOverWithinMs - performance.now();
          await until("all is processed", async () => (await statusesOf(scene)) === "processed 4", leftMs());
          const leads = async (): Promise<boolean> => (await leaderOf(scene)) === awake.installation.node;
          await until("another leads", leads, leftMs());
          await until("the figures are live", async () => (await processedFigure(scene)) === 4);
          expect(await epochOf(scene)).toBe(epoch + 1);

          const eventsBefore = await scene.value<number>("SELECT count(*)::int FROM audit_events");
          answers.release();
          frozen.signal("SIGCONT");
          runIds.push(await postLead(frozen, "after the freeze"));
          await until("it works again", async () => (await statusesOf(scene)) === "processed 5");
          await until("it leads no more", () =>
            ["leader_write_refused", "leadership_lost"].every((event) =>
              frozen.log.some((line) => line.event === event && line.fields["epoch"] === epoch),
            ),
          );
          frozen.signal("SIGTERM");
          await frozen.exited;

          // lead_received, lead_delivered for both and lead_processed of the lead after the freeze, and not one more
          expect(await scene.value("SELECT count(*)::int FROM audit_events")).toBe(eventsBefore + 4);
          expect(await scene.rows("SELECT status, count(*)::int FROM dlq GROUP BY status")).toEqual([
            { status: "resolved", count: 4 },
          ]);
          expect(await leads()).toBe(true);
          for (const runId of runIds) {
            expect(sink.countOf(`${runId}:crm`)).toBeLessThanOrEqual(2);
            expect(sink.countOf(`${runId}:erp`)).toBeLessThanOrEqual(3);
          }
          expect(await scene.brokenStories()).toEqual([]);
          expect(await brokenInvariants(scene.sql)).toEqual([]);
        },
      );
    });

  describeOnEachServer("with one role each", (server) => {
    const scene = useDeliveryScene(server);

    it(
      "share the work: leads come in at one, go out from the others at once and once only, and one of the right ones leads",
      async () => {
        const sink = await scene.startSink();
        const configuration = to(sink, { concurrency: 16 });
        const intake = await startProcess(scene, configuration, ["intake"]);
        const senders = [
          await startProcess(scene, configuration, ["delivery"]),
          await startProcess(scene, configuration, ["delivery", "leader"]),
        ];
        await until("one leads", async () => (await leaderOf(scene)) === senders[1]?.node);
        const runId = await postLead(intake, "one");
        // Long before a lease would have ended.
        await until("it arrived with the next poll", () => sink.countOf(`${runId}:crm`) === 1, 10_000);

        sink.behave(always({ kind: "answer", status: 200, delayMs: 100 }));
        await postLeads(intake, 600);
        await until("all arrived", async () => (await statusesOf(scene)) === "processed 601", 30_000);
        expect(sink.requests).toHaveLength(601);
        expect(repeats(sink)).toEqual([]);
        expect(await scene.brokenStories()).toEqual([]);
        expect(await brokenInvariants(scene.sql)).toEqual([]);
      },
      testLimitMs,
    );
  });

  describeOnEachServer("without the role of intake", (server) => {
    const scene = useDeliveryScene(server);

    it("say so to senders, health checks and the log", async () => {
      const { url, log } = await startProcess(scene, {}, ["delivery", "leader"]);
      const refused = await request(`${url}/webhook/lead/website`, { method: "POST", body: "{}" });
      expect(refused.statusCode).toBe(503);
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
      expect(await refused.body.json()).toMatchObject({ code: "role_without_intake", status: 503 });

      const statusOf = async (path: string): Promise<number> => {
        const { statusCode, body } = await request(`${url}${path}`);
        await body.dump();
        return statusCode;
      };
      expect(await statusOf("/health")).toBe(200);
      expect(await statusOf("/livez")).toBe(200);
      expect(await statusOf("/metrics")).toBe(200);
      // No lead can be accepted here, so no load balancer shall send one.
      expect(await statusOf("/readyz")).toBe(503);
      expect(log.find(({ event }) => event === "started")?.fields["roles"]).toBe("delivery,leader");
      expect(await scene.value("SELECT count(*)::int FROM runs")).toBe(0);
    });
  });
});

/** The erp refuses a lead once; everything else is refused for good, but not before `release`. */
function lateAnswers(): { behaviour: SinkBehaviour; release(): void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    async behaviour({ id, attempt }) {
      if (id.endsWith(":erp") && attempt === 1) return { kind: "answer", status: 503 };
      await released;
      return { kind: "answer", status: 422 };
    },
    release: () => release(),
  };
}

/** The leader is caught between seeing that figures wait and adding them up, which it does as soon as it wakes up. */
async function freezeBeforeRollUp(scene: DeliveryScene, leader: NodeProcess): Promise<void> {
  await until("it is caught", async () => {
    if (await catchBeforeRollUp(scene, leader)) return true;
    leader.signal("SIGCONT");
    return false;
  });
}

/** False: it was frozen so late that its statement may have given up the wait for the table. */
async function catchBeforeRollUp(scene: DeliveryScene, leader: NodeProcess): Promise<boolean> {
  const waits = "datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%AS needed%'";
  const client = await scene.sql.pool.connect();
  try {
    await client.query("BEGIN; LOCK TABLE internal.kpi_deltas IN ACCESS EXCLUSIVE MODE");
    await client.query(
      "INSERT INTO internal.kpi_deltas (bucket) VALUES (internal.kpi_bucket(clock_timestamp()))",
    );
    await until("it waits to see the figures", async () =>
      scene.value<boolean>(`SELECT count(*) > 0 FROM pg_stat_activity WHERE ${waits}`),
    );
    await leader.freeze();
    const isInTime = await scene.value<boolean>(
      `SELECT count(*) > 0 FROM pg_stat_activity
       WHERE ${waits} AND clock_timestamp() - query_start < interval '${lockTimeoutMs / 2} ms'`,
    );
    await client.query("COMMIT");
    return isInTime;
  } finally {
    client.release(true);
  }
}

function to(sink: Sink, changes: Partial<HttpDestination>): TestConfiguration {
  return {
    sources: [testSource("website")],
    destinations: [quickDestination("crm", sink.url, changes)],
  };
}

/** Deliveries and entries that are being attempted, by that node or by any. */
function inHand(scene: DeliveryScene, by?: NodeProcess): Promise<number> {
  return scene.value(
    `SELECT (SELECT count(*) FROM internal.deliveries WHERE leased_by = coalesce($1, leased_by))::int
       + (SELECT count(*) FROM dlq WHERE status = 'retrying' AND leased_by = coalesce($1, leased_by))::int`,
    [by?.node ?? null],
  );
}

function leaderOf(scene: DeliveryScene): Promise<string> {
  return scene.value("SELECT holder FROM internal.leader WHERE held_until > clock_timestamp()");
}

function epochOf(scene: DeliveryScene): Promise<number> {
  return scene.value("SELECT epoch FROM internal.leader");
}

function processedFigure(scene: DeliveryScene): Promise<number> {
  return scene.value("SELECT sum(processed_count)::int FROM kpi_daily");
}

function statusesOf(scene: DeliveryScene): Promise<string> {
  return scene.value(
    "SELECT coalesce(string_agg(status || ' ' || count, ', '), '') FROM (SELECT status, count(*) FROM runs GROUP BY status) AS s",
  );
}
