// Several nodes, what takes longer than the normal run should: thousands of leads behind a slow destination, a leader
// that is frozen while it writes, nodes that die one after another.
import { expect, it } from "vitest";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import type { NodeRole } from "../../src/domain/node/node-role.ts";
import type { TestConfiguration } from "../support/app.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLeads, quickDestination, repeats, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { useNodeProcesses } from "../support/node-process.ts";
import type { NodeProcess } from "../support/node-process.ts";
import type { Sink } from "../support/sink.ts";
import { always } from "../support/sink.ts";

/** (docs/contract.md, Schedules) */
const takenOverWithinMs = 15_000;
const testLimitMs = 5 * 60_000;

describeOnEachServer("Several nodes in the long run", (server) => {
  const scene = useDeliveryScene(server);
  const startProcess = useNodeProcesses();

  it.each<[string, (readonly NodeRole[] | undefined)[]]>([
    ["one that takes them in and two that deliver", [["intake"], ["delivery"], ["delivery", "leader"]]],
    ["three that do everything", [undefined, undefined, undefined]],
  ])(
    "share 3,000 leads behind a slow destination and deliver none of them twice: %s",
    async (_what, roles) => {
      const sink = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 300 }));
      const configuration = to(sink, { concurrency: 16 });
      const nodes: NodeProcess[] = [];
      for (const each of roles) nodes.push(await startProcess(scene, configuration, each));
      const intakes = nodes.filter((_node, index) => roles[index]?.includes("intake") !== false);
      await Promise.all(
        intakes.map((node, index) => postLeads(node, 3_000 / intakes.length, { prefix: `node-${index}` })),
      );
      await until("all arrived", async () => (await processed()) === 3_000, 180_000);
      expect(sink.requests).toHaveLength(3_000);
      expect(repeats(sink)).toEqual([]);
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    },
    testLimitMs,
  );

  it(
    "go on without a leader that is frozen in the middle of a roll-up, of which nothing is written",
    async () => {
      const sink = await scene.startSink();
      const frozen = await startProcess(scene, to(sink, {}));
      await until("it leads", async () => (await leader()) === frozen.node);
      await postLeads(frozen, 20);
      await until("the figures are there", async () => (await figure()) === 20);

      const client = await scene.sql.pool.connect();
      try {
        await client.query(stopAtFiguresSql);
        await client.query("SELECT pg_advisory_lock(42)");
        await postLeads(frozen, 1, { prefix: "last" });
        await until("it is processed", async () => (await processed()) === 21);
        await until("the roll-up waits", () =>
          scene.value<boolean>(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
          ),
        );
        await frozen.freeze();
      } finally {
        client.release(true);
      }

      const begunMs = performance.now();
      const awake = await scene.startNode(to(sink, {}));
      const leads = async (): Promise<boolean> => (await leader()) === awake.installation.node;
      await until("another leads", leads, takenOverWithinMs);
      await postLeads(awake, 10, { prefix: "more" });
      await until(
        "the figures are live",
        async () => (await figure()) === 31,
        takenOverWithinMs - (performance.now() - begunMs) + 3_000,
      );
      frozen.signal("SIGCONT");
      await until("it has noticed", () => frozen.log.some(({ event }) => event === "leadership_lost"));
      expect(await leads()).toBe(true);
      expect(await figure()).toBe(31);
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    },
    testLimitMs,
  );

  it(
    "that die one after another without a word leave nothing behind that the last does not finish",
    async () => {
      const sink = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 200 }));
      const configuration = to(sink, { concurrency: 4 });
      const told: string[] = [];
      for (let round = 1; round <= 3; round += 1) {
        const node = await startProcess(scene, configuration);
        told.push(...(await postLeads(node, 100, { prefix: `round-${round}` })));
        node.signal("SIGKILL");
        await node.exited;
      }
      await scene.startNode(configuration);
      await until("all are processed", async () => (await processed()) === 300, 60_000);
      for (const runId of told) expect(sink.countOf(`${runId}:crm`)).toBeGreaterThanOrEqual(1);
      // What was under way when one died may come twice; nothing else.
      expect(repeats(sink).length).toBeLessThanOrEqual(3 * 16);
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    },
    testLimitMs,
  );

  function to(sink: Sink, changes: Partial<HttpDestination>): TestConfiguration {
    return {
      sources: [testSource("website")],
      destinations: [quickDestination("crm", sink.url, changes)],
    };
  }

  const leader = (): Promise<string> =>
    scene.value("SELECT holder FROM internal.leader WHERE held_until > clock_timestamp()");
  const processed = (): Promise<number> =>
    scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'");
  const figure = (): Promise<number> => scene.value("SELECT sum(processed_count)::int FROM kpi_daily");
});

/** Whoever writes figures waits for the advisory lock 42. */
const stopAtFiguresSql = `
  CREATE FUNCTION public.stop_at_figures() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
  CREATE TRIGGER stop_at_figures BEFORE UPDATE ON kpi_daily FOR EACH STATEMENT EXECUTE FUNCTION stop_at_figures()`;
