// How fast leads arrive: handed over without waiting for a poll, whatever the other destinations do.
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { describeOnOneServer } from "../support/database.ts";
import { postLead, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { always } from "../support/sink.ts";

interface Pace {
  readonly p50: number;
  readonly p99: number;
}

const leads = 200;
/** Much less than what a poll in between would cost. */
const handoverP50MaxMs = 150;

describeOnOneServer("a lead that was accepted", (server) => {
  const scene = useDeliveryScene(server);

  it(
    "is delivered at once, and no later because other destinations are down, hang or are slow",
    { tags: "thorough" },
    async () => {
      const crm = quickDestination("crm", (await scene.startSink()).url);
      const alone = await paceOf([crm], "alone");
      expect(alone.p50).toBeLessThan(handoverP50MaxMs);

      const hangs = await scene.startSink(always({ kind: "hang" }));
      const slow = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 10_000 }));
      const down = await scene.startSink();
      await down.close();
      const besideTrouble = await paceOf(
        [
          crm,
          quickDestination("hangs", hangs.url, { timeoutMs: 10_000 }),
          quickDestination("slow", slow.url, { timeoutMs: 20_000 }),
          quickDestination("down", down.url),
        ],
        "beside",
      );
      expect(hangs.requests.length).toBeGreaterThan(0);
      expect(besideTrouble.p50).toBeLessThan(handoverP50MaxMs);
      expect(besideTrouble.p99).toBeLessThan(3_000);
    },
  );

  async function paceOf(destinations: ReturnType<typeof quickDestination>[], prefix: string): Promise<Pace> {
    const node = await scene.startNode({ sources: [testSource("website")], destinations });
    const posted: Promise<string>[] = [];
    for (let index = 0; index < leads; index += 1) {
      posted.push(postLead(node, `${prefix}-${index}`));
      await delay(5);
    }
    const runIds = await Promise.all(posted);
    const arrived = `FROM audit_events d WHERE d.run_id = ANY ($1) AND d.event_type = 'lead_delivered'
      AND d.payload ->> 'destination' = 'crm'`;
    await until(
      "all arrived",
      async () => (await scene.value(`SELECT count(*)::int ${arrived}`, [runIds])) === leads,
    );
    const [pace] = await scene.rows<Pace>(
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99
       FROM (SELECT extract(epoch FROM d.event_time - r.event_time) * 1000 AS ms
             FROM audit_events d JOIN audit_events r ON r.run_id = d.run_id AND r.event_type = 'lead_received'
             WHERE d.run_id = ANY ($1) AND d.event_type = 'lead_delivered' AND d.payload ->> 'destination' = 'crm') AS t`,
      [runIds],
    );
    const stopping = node.stop();
    scene.onEnd(() => stopping);
    return pace ?? { p50: Infinity, p99: Infinity };
  }
});
