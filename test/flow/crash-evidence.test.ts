// The judge of the crash tests is worth nothing unless it sees what is missing, doubled, misdated or undelivered.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import {
  bringEvidence,
  countLost,
  countUnfinished,
  describeLost,
  findDoubled,
  findUndelivered,
  findWrongTimes,
} from "../support/evidence.ts";
import type { Told } from "../support/load.ts";
import { openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

let ledger: TestLedger;
let client: pg.Client;
beforeEach(async () => {
  const [server] = inject("servers");
  if (server === undefined) throw new Error("there is no server");
  ledger = await openTestLedger(server);
  client = new pg.Client({ connectionString: ledger.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await ledger.close();
});

it("a lead that is there is not lost; one that is not, or has another body, key or source, is", async () => {
  const told = await receive("a");
  expect(await lost(told)).toEqual([]);
  const { runId } = told;
  expect(await lost({ ...told, runId: randomUUID() })).toMatchObject([
    expect.stringContaining("no such run"),
  ]);
  expect(await lost({ ...told, marker: "b" })).toMatchObject([expect.stringContaining("not have this body")]);
  expect(await lost({ ...told, key: "another" })).toMatchObject([
    expect.stringContaining("another sender's"),
  ]);
  expect(await lost({ ...told, source: "shop" })).toMatchObject([
    expect.stringContaining("another sender's"),
  ]);
  expect(await lost({ ...told, dlqId: 1 })).toMatchObject([expect.stringContaining("not have this body")]);
  expect(await lost(told, { ...told, runId: randomUUID() }, { ...told, runId })).toHaveLength(1);
});

it("a told id is resolved by the duplicate or the entry that carries it, and by nothing else", async () => {
  const first = await receive("a");
  const [repeat, conflict] = [randomUUID(), randomUUID()];
  expect(await lost({ ...first, runId: repeat })).toHaveLength(1);
  await record("audit_events (run_id, event_type, payload) VALUES ($1, 'duplicate_received', $2)", first, {
    arrival_id: repeat,
  });
  expect(await lost({ ...first, runId: repeat })).toEqual([]);
  const refused = { ...first, marker: "c", runId: conflict };
  expect(await lost(refused)).toHaveLength(1);
  await record(
    "dlq (run_id, kind, error_code, reason, payload) VALUES ($1, 'conflict', 'idempotency_key_reused', '', $2)",
    first,
    { arrival_id: conflict, body_base64: Buffer.from('{"lead":"c",').toString("base64") },
  );
  expect(await lost(refused)).toEqual([]);
});

it("a body that became two runs, or a run and an entry, is doubled", async () => {
  const first = await receive("a");
  await receive("b");
  expect(await findDoubled(client)).toEqual([]);
  await record(
    "dlq (run_id, kind, error_code, reason, payload) VALUES ($1, 'conflict', 'x', '', $2)",
    first,
    {
      body: { lead: "a" },
    },
  );
  await receive("b");
  expect((await findDoubled(client)).toSorted()).toEqual(["a", "b"]);
});

it("a run received an hour before it was sent has the wrong time", async () => {
  const told = await receive("a");
  await bringEvidence(client, [told]);
  expect(await findWrongTimes(client)).toEqual([]);
  const hourMs = 3_600_000;
  await bringEvidence(client, [
    { ...told, sentAtMs: told.sentAtMs + hourMs, answeredAtMs: told.answeredAtMs + hourMs },
  ]);
  expect(await findWrongTimes(client)).toHaveLength(1);
});

it("a run that is under way is unfinished, and one that the destination has not seen is undelivered", async () => {
  const { runId } = await receive("a");
  expect(await countUnfinished(client)).toBeGreaterThan(0);
  const log = {
    url: "",
    countOf: () => 1,
    twice: () => [],
    attemptsMs: new Map(),
    close: () => Promise.resolve(),
  };
  expect(await findUndelivered(client, log, "crm")).toEqual([`${runId}: not processed`]);
  await ledger.by("delivery", "DELETE FROM internal.deliveries WHERE run_id = $1", [runId]);
  await ledger.by(
    "delivery",
    "UPDATE runs SET status = 'processed', outcome = 'delivered' WHERE run_id = $1",
    [runId],
  );
  expect(await findUndelivered(client, log, "crm")).toEqual([]);
  expect(await findUndelivered(client, { ...log, countOf: () => 0 }, "crm")).toEqual([`${runId}: delivered`]);
});

/** A lead in the ledger, and what its sender was told. */
async function receive(marker: string): Promise<Told> {
  const [runId, key, sentAtMs] = [randomUUID(), randomUUID(), Date.now()];
  await ledger.by(
    "webhook",
    `WITH run AS (INSERT INTO runs (run_id, source, idempotency_key) VALUES ($1, 'website', $2)),
     way AS (INSERT INTO internal.deliveries (run_id, destination) VALUES ($1, 'crm'))
     INSERT INTO audit_events (run_id, event_type, payload)
     VALUES ($1, 'lead_received', jsonb_build_object('body', jsonb_build_object('lead', $3::text)))`,
    [runId, key, marker],
  );
  const answeredAtMs = Date.now();
  return {
    source: "website",
    key,
    marker,
    status: 202,
    runId,
    dlqId: null,
    isSpooled: false,
    sentAtMs,
    answeredAtMs,
  };
}

async function record(into: string, { runId }: Told, payload: object): Promise<void> {
  await ledger.by("webhook", `INSERT INTO ${into}`, [runId, JSON.stringify(payload)]);
}

async function lost(...told: Told[]): Promise<string[]> {
  await bringEvidence(client, told);
  const described = await describeLost(client);
  expect(await countLost(client)).toBe(described.length);
  return described;
}
