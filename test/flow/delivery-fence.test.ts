// The fence: an outcome counts only for the newest attempt, and only from the node that holds it.
import { expect, it } from "vitest";
import {
  claimDeliveries,
  renewDeliveryLeases,
  settleDelivered,
  settleForFastRetry,
  settleToDlq,
} from "../../src/ledger/delivery/deliveries.ts";
import {
  claimDueEntries,
  recoverExpiredEntries,
  settleEntries,
} from "../../src/ledger/delivery/dlq-attempts.ts";
import { describeOnEachServer } from "../support/database.ts";
import { useDeliveryScene } from "../support/delivery-scene.ts";

const event = '{"destination":"crm"}';
const failed = { errorCode: "destination_error", reason: "crm answered 503", nextRetryDelayMs: 0 };

describeOnEachServer("the outcome of an attempt whose lease has ended", (server) => {
  const scene = useDeliveryScene(server);
  const leaseOf = (node: string, leaseMs = 60_000) => ({ node, leaseMs });

  it.each(["late", "same"])("changes nothing while a newer attempt is under way (%s node)", async (node) => {
    const newer = node === "late" ? "other" : node;
    const runId = await accepted();
    expect(await claimDeliveries(scene.sql, "crm", 1, leaseOf(node, 0))).toMatchObject([{ attempt: 1 }]);
    expect(await claimDeliveries(scene.sql, "crm", 1, leaseOf(newer))).toMatchObject([{ attempt: 2 }]);
    const before = await everything();

    const late = { runId, destination: "crm", attempt: 1, event };
    expect(await settleDelivered(scene.sql, [late], node)).toBe(0);
    expect(await settleForFastRetry(scene.sql, [{ ...late, delayMs: 0, counts: true }], node)).toBe(0);
    expect(await settleToDlq(scene.sql, [{ ...late, ...failed }], node)).toBe(0);
    expect((await renewDeliveryLeases(scene.sql, [late], leaseOf(node))).size).toBe(0);
    expect(await everything()).toEqual(before);

    expect(await settleDelivered(scene.sql, [{ ...late, attempt: 2 }], newer)).toBe(1);
    expect(await scene.value("SELECT status FROM runs")).toBe("processed");
  });

  it("changes nothing when the newer attempt has the same number, because the first was handed back", async () => {
    const runId = await accepted();
    await claimDeliveries(scene.sql, "crm", 1, leaseOf("late"));
    const attempt = { runId, destination: "crm", attempt: 1, event };
    expect(await settleForFastRetry(scene.sql, [{ ...attempt, delayMs: 0, counts: false }], "late")).toBe(1);
    expect(await claimDeliveries(scene.sql, "crm", 1, leaseOf("other"))).toMatchObject([{ attempt: 1 }]);
    const before = await everything();
    expect(await settleDelivered(scene.sql, [attempt], "late")).toBe(0);
    expect(await everything()).toEqual(before);
  });

  it("changes nothing in the DLQ either", async () => {
    const runId = await accepted();
    await claimDeliveries(scene.sql, "crm", 1, leaseOf("late"));
    await settleToDlq(scene.sql, [{ runId, destination: "crm", attempt: 1, event, ...failed }], "late");
    const [first] = await claimDueEntries(scene.sql, "crm", 1, leaseOf("late", 0));
    expect(await recoverExpiredEntries(scene.sql)).toBe(1);
    const [second] = await claimDueEntries(scene.sql, "crm", 1, leaseOf("late"));
    expect([first?.retryCount, second?.retryCount]).toEqual([1, 2]);
    const before = await everything();
    const late = {
      dlqId: first?.dlqId ?? 0,
      runId,
      retryCount: 1,
      event,
      end: { status: "resolved" } as const,
    };
    expect(await settleEntries(scene.sql, [late], "late")).toBe(0);
    expect(await settleEntries(scene.sql, [{ ...late, retryCount: 2 }], "other")).toBe(0);
    expect(await everything()).toEqual(before);
    expect(await settleEntries(scene.sql, [{ ...late, retryCount: 2 }], "late")).toBe(1);
  });

  function accepted(): Promise<string> {
    return scene.value(
      `WITH run AS (INSERT INTO runs (source, idempotency_key) VALUES ('website', 'lead') RETURNING run_id),
       told AS (INSERT INTO audit_events (run_id, event_type, payload)
         SELECT run_id, 'lead_received', '{"body":{"name":"Anna"}}' FROM run)
       INSERT INTO internal.deliveries (run_id, destination) SELECT run_id, 'crm' FROM run RETURNING run_id`,
    );
  }

  function everything(): Promise<unknown> {
    return scene.value(
      `SELECT jsonb_build_array((SELECT jsonb_agg(r) FROM runs r), (SELECT jsonb_agg(d) FROM internal.deliveries d),
         (SELECT jsonb_agg(q) FROM dlq q), (SELECT count(*) FROM audit_events))`,
    );
  }
});
