// A whole node whose destinations point inside: the lead waits for a person, in the fast lane and from the DLQ alike, and
// nobody inside hears of it.
import { plainReading } from "../../src/domain/leads/lead-reading.ts";
import { expect, it } from "vitest";
import { createDelivery } from "../../src/delivery/delivery.ts";
import { loadSenders } from "../../src/kinds/destinations/senders.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import { testSource } from "../support/app.ts";
import { describeOnOneServer } from "../support/database.ts";
import { postLead, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { always } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";

const notations = [
  ...["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "127.0.0.1.", "%31%32%37.0.0.1"],
  ...["１２７．０．０．１", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]"],
  ...["[2002:7f00:1::]", "[2001:0:7f00:1::]", "localhost", "LOCALHOST", "user@127.0.0.1"],
];

describeOnOneServer("a destination inside, without allow_private,", (server) => {
  const scene = useDeliveryScene(server);

  it("is never connected to, however it is written: not at once, and not from the DLQ", async () => {
    const inside = await scene.startSink();
    const destinations = notations.map((host, index) =>
      quickDestination(`inside-${index}`, `http://${host}:${inside.port}/leads`, { allowPrivate: false }),
    );
    await expectTwice("destination_address_forbidden", destinations);
    expect(inside.connectionsMade()).toBe(0);
  });

  it("is never connected to because a redirect points there: not at once, and not from the DLQ", async () => {
    const inside = await scene.startSink();
    const statuses = [301, 302, 303, 307, 308];
    const targets = [inside.url, "http://169.254.169.254/latest/meta-data/"];
    const redirecting: Sink[] = [];
    for (const status of statuses)
      for (const location of targets)
        redirecting.push(await scene.startSink(always({ kind: "answer", status, headers: { location } })));
    const destinations = redirecting.map(({ url }, index) => quickDestination(`redirects-${index}`, url));
    await expectTwice("destination_redirect", destinations);
    expect(inside.connectionsMade()).toBe(0);
    for (const { requests } of redirecting) expect(requests).toHaveLength(2);
  });

  it("is never connected to because its name has moved there since the last attempt", async () => {
    const inside = await scene.startSink();
    const answers: string[][] = [["127.0.0.1"], ["169.254.169.254", "127.0.0.1"]];
    let lookups = 0;
    const delivery = createDelivery({
      database: scene.sql,
      node: "n1",
      leaseMs: 12_000,
      random: Math.random,
      evaluate: () => Promise.resolve({ kind: "closed" }),
      readingOf: () => plainReading,
      log: () => undefined,
      monotonicMs: () => performance.now(),
      nowMs: Date.now,
      openSender: await loadSenders(builtInKinds.destinations, {
        nowMs: Date.now,
        resolve: () => Promise.resolve(answers[lookups++ % answers.length] ?? []),
      }),
    });
    scene.onEnd(() => delivery.stop(1_000));
    const crm = quickDestination("crm", `http://crm.example:${inside.port}/leads`, {
      allowPrivate: false,
      retry: { fastMs: [], slowMs: Array<number>(10).fill(3_600_000) },
    });
    // As if somebody said each time that it should be tried again.
    const tryAgain = (): void => {
      const deliverySwitch = { stopped: false, resumed_for_ms: null };
      delivery.follow({ circuits: [], deliverySwitch, zone: "UTC" }, performance.now());
    };
    delivery.configure([crm], 0);
    await scene.sql.query(
      `WITH run AS (INSERT INTO runs (source, idempotency_key) VALUES ('website', 'lead') RETURNING run_id),
       told AS (INSERT INTO audit_events (run_id, event_type, payload)
         SELECT run_id, 'lead_received', '{"body":{"name":"Anna"}}' FROM run)
       INSERT INTO internal.deliveries (run_id, destination) SELECT run_id, 'crm' FROM run`,
    );
    for (let attempts = 1; attempts <= 4; attempts += 1) {
      await until("the attempt has ended", async () => {
        tryAgain();
        await delivery.claim([{ destination: "crm", deliveries: true, entries: true, expired: false }]);
        return (await forbiddenAttempts()) === attempts;
      });
      expect(lookups).toBe(attempts);
      await scene.sql.query("UPDATE dlq SET next_retry_at = clock_timestamp()");
    }
    expect(inside.connectionsMade()).toBe(0);
  });

  const forbiddenAttempts = (): Promise<number> =>
    scene.value(
      `SELECT count(*)::int FROM audit_events
       WHERE event_type = 'delivery_failed' AND payload ->> 'outcome' = 'destination_address_forbidden'`,
    );

  /** A lead fails so at each of them, waits for a person, and fails so once more when it is tried from the DLQ. */
  async function expectTwice(code: string, destinations: readonly HttpDestination[]): Promise<void> {
    const node = await scene.startNode({ sources: [testSource("website")], destinations });
    await postLead(node, "lead");
    for (const retries of [0, 1]) {
      await until(
        "all wait for somebody who mends it",
        async () => (await waiting(code, retries)) === destinations.length,
      );
      if (retries > 0) break;
      await scene.sql.query("UPDATE dlq SET next_retry_at = clock_timestamp() WHERE retry_count = 0");
      // Where one is not left alone yet, its second attempt comes by itself.
      await scene.sql.query(
        `UPDATE internal.circuits c SET next_probe_at = clock_timestamp()
         WHERE EXISTS (SELECT FROM dlq q WHERE q.destination = c.destination AND q.retry_count = 0)`,
      );
    }
    expect(
      await scene.value("SELECT count(*)::int FROM audit_events WHERE event_type = 'lead_delivered'"),
    ).toBe(0);
  }

  const waiting = (code: string, retries: number): Promise<number> =>
    scene.value(
      `SELECT count(*)::int FROM dlq WHERE status = 'open' AND error_code = $1 AND retry_count >= $2`,
      [code, retries],
    );
});
