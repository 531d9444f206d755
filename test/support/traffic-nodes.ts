// What nodes do with the ledger: take leads of every kind, claim, settle, give back, renew, recover; and what operators
// do with entries. Four nodes share one memory here; a lease that is forgotten, or used too late, is part of the game.
import { createHash, randomUUID } from "node:crypto";
import type { Lead, RecognisedBy, RefusedPayload } from "../../src/domain/leads/lead.ts";
import { acceptLeads } from "../../src/ledger/intake/accept-leads.ts";
import { withDeadlockRetry } from "../../src/ledger/connection/database.ts";
import type { Database, Queryable } from "../../src/ledger/connection/database.ts";
import {
  claimDeliveries,
  releaseDeliveries,
  renewDeliveryLeases,
  settleDelivered,
  settleForFastRetry,
  settleToDlq,
} from "../../src/ledger/delivery/deliveries.ts";
import type { DeliveryAttempt } from "../../src/ledger/delivery/deliveries.ts";
import { closeEntry, retryEntry } from "../../src/ledger/attention/work-entry.ts";
import {
  claimDueEntries,
  recoverExpiredEntries,
  releaseEntries,
  renewEntryLeases,
  settleEntries,
} from "../../src/ledger/delivery/dlq-attempts.ts";
import type { EntryAttempt, EntryEnd } from "../../src/ledger/delivery/dlq-attempts.ts";
import { databaseTrouble } from "../../src/ledger/connection/postgres-error.ts";
import { deduplicateArrivals } from "../../src/ledger/intake/deduplicate-arrivals.ts";
import type { WeightedOperations } from "./ledger-traffic.ts";
import type { Random } from "./random.ts";
import { pickEntry } from "./traffic-hand.ts";

export interface NodeWork {
  readonly operations: WeightedOperations;
  /** Leads that were acknowledged and are not there; windows of the body-hash rule that hold two runs. */
  brokenPromises(database: Queryable): Promise<string[]>;
}

interface HeldEntry extends EntryAttempt {
  readonly destination: string;
}

const nodes = ["node-a", "node-b", "node-c", "node-d"] as const;
const sendable = ["crm", "erp", "shop"] as const;
const longLeaseMs = 60_000;
const recentKeysMax = 300;
const hashWindowsMs = { short: 300, hour: 3_600_000 } as const;
const dayMs = 86_400_000;
const nothing = /^$/;
/** What a person is told, too: the rule that is in the way, or another entry at work. */
const rules = /^(LL|23505)/;

export function createNodeWork(): NodeWork {
  const attempts = new Map<string, DeliveryAttempt[]>(nodes.map((node) => [node, []]));
  const entries = new Map<string, HeldEntry[]>(nodes.map((node) => [node, []]));
  const recent: { key: string; body: number | null }[] = [];
  const told = new Set<string>();
  let keys = 0;

  function remember(key: string, body: number | null): void {
    recent.push({ key, body });
    if (recent.length > recentKeysMax) recent.shift();
  }

  const newKey = (): string => `key-${(keys += 1)}`;

  /** Some of what the node holds, taken out of its hands; now and then it keeps it and will be late. */
  function take<T extends { readonly destination: string }>(held: T[], random: Random): T[] {
    const destination = random.chance(0.6) ? random.pick(sendable) : null;
    const count = 1 + random.below(20);
    const chosen = held
      .filter((each) => destination === null || each.destination === destination)
      .slice(0, count);
    if (random.chance(0.05)) return chosen;
    const gone = new Set<T>(chosen);
    held.splice(0, held.length, ...held.filter((each) => !gone.has(each)));
    return chosen;
  }

  function holder(random: Random): { node: (typeof nodes)[number]; leaseMs: number } {
    return { node: random.pick(nodes), leaseMs: random.chance(0.2) ? 1 + random.below(50) : longLeaseMs };
  }

  async function accept(database: Database, random: Random): Promise<void> {
    const lease = holder(random);
    const leads = Array.from({ length: 1 + random.below(6) }, () => {
      const known = random.chance(0.1) ? recent.at(-1 - random.below(40)) : undefined;
      const key = known?.key ?? newKey();
      const body = known?.body ?? random.below(1_000);
      if (known === undefined) remember(key, body);
      return { key, lead: newLead(random, { kind: "key", key }, body, "website") };
    });
    const accepted = await withDeadlockRetry(() => acceptLeads(database, leads, lease));
    const late: Lead[] = [];
    for (const { lead } of leads) {
      if (!accepted.has(lead.runId)) {
        late.push(lead);
        continue;
      }
      told.add(lead.runId);
      for (const { destination, leased } of lead.routes) {
        if (leased) attempts.get(lease.node)?.push({ runId: lead.runId, destination, attempt: 1 });
      }
    }
    if (late.length > 0) await settle(database, late, lease);
  }

  async function arrive(database: Database, random: Random): Promise<void> {
    const arrivals = Array.from({ length: 1 + random.below(6) }, () => arrival(random));
    await settle(database, arrivals, holder(random));
  }

  async function settle(
    database: Database,
    arrivals: readonly (Lead | RefusedPayload)[],
    lease: { node: string; leaseMs: number },
  ): Promise<void> {
    await eachCounts(arrivals, async (some) => {
      for (const { runId } of await deduplicateArrivals(database, some, lease)) told.add(runId);
    });
  }

  function arrival(random: Random): Lead | RefusedPayload {
    const known = recent.at(-1 - random.below(recent.length + 1));
    const kind = random.weighted([
      [4, "duplicate"],
      [2, "conflict"],
      [3, "refused"],
      [3, "corrected"],
      [2, "refused_again"],
      [3, "body_hash"],
      [1, "body_hash_refused"],
    ] as const);
    const window = random.pick(["short", "hour"] as const);
    const hashed = String(random.below(6));
    const byHash = { kind: "body_hash", hashHex: sha256(hashed), windowMs: hashWindowsMs[window] } as const;
    if (kind === "body_hash") return newLead(random, byHash, Number(hashed), window);
    if (kind === "body_hash_refused") return newRefusal(random, byHash, `${window}-refused`);
    if (kind === "refused" || known === undefined) {
      const key = newKey();
      remember(key, null);
      return newRefusal(random, { kind: "key", key }, "website");
    }
    const { key } = known;
    if (kind === "refused_again") return newRefusal(random, { kind: "key", key }, "website");
    const other = random.below(3) - 3;
    return newLead(
      random,
      { kind: "key", key },
      kind === "conflict" ? other : (known.body ?? other),
      "website",
    );
  }

  async function deliver(database: Database, random: Random): Promise<void> {
    const node = random.pick(nodes);
    const taken = take(attempts.get(node) ?? [], random);
    const settled = taken.map((attempt) => ({ ...attempt, event: eventOf(attempt, "delivered") }));
    await eachCounts(settled, (some) => settleDelivered(database, some, node));
  }

  async function failFast(database: Database, random: Random): Promise<void> {
    const node = random.pick(nodes);
    const failed = take(attempts.get(node) ?? [], random).map((attempt) => ({
      ...attempt,
      event: eventOf(attempt, "destination_error"),
      delayMs: random.below(20),
      counts: random.chance(0.8),
    }));
    await eachCounts(failed, (some) => settleForFastRetry(database, some, node));
  }

  async function failToDlq(database: Database, random: Random): Promise<void> {
    const node = random.pick(nodes);
    const moved = take(attempts.get(node) ?? [], random).map((attempt) => ({
      ...attempt,
      event: eventOf(attempt, "destination_error"),
      errorCode: "destination_error",
      reason: `${attempt.destination} answered 503`,
      nextRetryDelayMs: random.chance(0.2) ? null : random.below(30),
    }));
    await eachCounts(moved, (some) => settleToDlq(database, some, node));
  }

  async function claim(database: Database, random: Random): Promise<void> {
    const lease = holder(random);
    const claimed = await claimDeliveries(database, random.pick(sendable), 1 + random.below(20), lease);
    attempts.get(lease.node)?.push(...claimed);
  }

  async function release(database: Database, random: Random): Promise<void> {
    const node = random.pick(nodes);
    await releaseDeliveries(database, take(attempts.get(node) ?? [], random), node);
  }

  async function renew(database: Database, random: Random): Promise<void> {
    const lease = holder(random);
    await renewDeliveryLeases(database, (attempts.get(lease.node) ?? []).slice(0, 50), lease);
    await renewEntryLeases(database, (entries.get(lease.node) ?? []).slice(0, 50), lease);
  }

  async function claimEntries(database: Database, random: Random): Promise<void> {
    const lease = holder(random);
    const claimed = await claimDueEntries(database, random.pick(sendable), 1 + random.below(20), lease);
    entries.get(lease.node)?.push(...claimed);
  }

  async function endEntries(database: Database, random: Random): Promise<void> {
    const node = random.pick(nodes);
    const ended = take(entries.get(node) ?? [], random).map((entry) => {
      const end = random.weighted<EntryEnd>([
        [6, { status: "resolved" }],
        [
          2,
          {
            status: "open",
            errorCode: "destination_timeout",
            reason: "no answer",
            nextRetryDelayMs: random.below(20),
          },
        ],
        [1, { status: "open", errorCode: null, reason: null, nextRetryDelayMs: null }],
        [1, { status: "dead", errorCode: "destination_error", reason: "given up" }],
      ]);
      const { dlqId, destination, retryCount } = entry;
      const event = { destination, lane: "dlq", attempt: retryCount, dlq_id: dlqId, outcome: end.status };
      return { ...entry, end, event: JSON.stringify(event) };
    });
    await eachCounts(ended, (some) => settleEntries(database, some, node));
  }

  async function giveEntriesBack(database: Database, random: Random): Promise<void> {
    const node = random.pick(nodes);
    await releaseEntries(database, take(entries.get(node) ?? [], random), node);
  }

  async function decideAboutEntry(database: Database, random: Random): Promise<void> {
    const dlqId = await pickEntry(database, random);
    if (dlqId === null) return;
    if (random.chance(0.5)) await retryEntry(database, "user:7", dlqId, { at: null, note: null });
    else
      await closeEntry(database, "user:7", dlqId, {
        status: random.pick(["resolved", "resolved", "dead"]),
        note: "typed in",
      });
  }

  return {
    operations: [
      [9, { name: "accept", tolerates: nothing, run: accept }],
      [6, { name: "arrive", tolerates: nothing, run: arrive }],
      [14, { name: "deliver", tolerates: nothing, run: deliver }],
      [5, { name: "fail fast", tolerates: nothing, run: failFast }],
      [7, { name: "fail to DLQ", tolerates: nothing, run: failToDlq }],
      [12, { name: "claim", tolerates: nothing, run: claim }],
      [1, { name: "release", tolerates: nothing, run: release }],
      [1, { name: "renew", tolerates: nothing, run: renew }],
      [8, { name: "claim entries", tolerates: nothing, run: claimEntries }],
      [10, { name: "end entries", tolerates: nothing, run: endEntries }],
      [1, { name: "release entries", tolerates: nothing, run: giveEntriesBack }],
      [
        1,
        {
          name: "recover",
          tolerates: nothing,
          run: async (database) => {
            await recoverExpiredEntries(database);
          },
        },
      ],
      [8, { name: "operator", tolerates: rules, run: decideAboutEntry }],
    ],
    async brokenPromises(database) {
      const { rows: lost } = await database.query<{ violation: string }>(
        `SELECT told.run_id || ': acknowledged, but not there' AS violation
         FROM unnest($1::uuid[]) AS told (run_id) WHERE NOT EXISTS (SELECT FROM runs r WHERE r.run_id = told.run_id)`,
        [[...told]],
      );
      const { rows: doubled } = await database.query<{ violation: string }>(
        `SELECT run_id || ': the same body within the window' AS violation FROM (
           SELECT run_id, received_at - lag(received_at) OVER (
               PARTITION BY source, split_part(idempotency_key, ':', 2) ORDER BY received_at) AS gap,
             CASE WHEN source LIKE 'short%' THEN $1::float8 ELSE $2::float8 END * interval '1 millisecond' AS window_length
           FROM runs WHERE idempotency_key LIKE 'sha256:%') AS runs_by_hash
         WHERE gap < window_length`,
        [hashWindowsMs.short, hashWindowsMs.hour],
      );
      return [...lost, ...doubled].map(({ violation }) => violation);
    },
  };
}

/** Writes a batch as group commit does: what the database refuses is tried one by one, so that it blames the right one. */
async function eachCounts<Item>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<unknown>,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await write(items);
  } catch (error) {
    if (items.length === 1 || databaseTrouble(error) !== "refused") throw error;
    for (const item of items) await write([item]);
  }
}

function newLead(random: Random, recognisedBy: RecognisedBy, body: number, source: string): Lead {
  const json = JSON.stringify({ name: "Jürgen Groß", number: body });
  const arrived = newArrival(random, recognisedBy, source);
  const routes = [...sendable, "own-worker", "gone"].filter((name) =>
    random.chance(name === "own-worker" || name === "gone" ? 0.04 : 0.55),
  );
  return {
    kind: "lead",
    ...arrived,
    emailHash: null,
    phoneHash: null,
    leadJson: json,
    test: random.chance(0.05),
    payload: `{"at":"${arrived.receivedAt}","source":"${source}","sha256":"${sha256(json)}","body":${json}}`,
    routes: routes.map((destination) => ({ destination, leased: random.chance(0.6) })),
  };
}

function newRefusal(random: Random, recognisedBy: RecognisedBy, source: string): RefusedPayload {
  const bytes = `{"broken":${random.below(3)}`;
  const arrived = newArrival(random, recognisedBy, source);
  return {
    kind: "refused",
    ...arrived,
    errorCode: "json_malformed",
    message: "the body ends too early",
    payload: JSON.stringify({
      at: arrived.receivedAt,
      source,
      content_type: "application/json",
      sha256: sha256(bytes),
      body_base64: Buffer.from(bytes).toString("base64"),
    }),
  };
}

function newArrival(
  random: Random,
  recognisedBy: RecognisedBy,
  source: string,
): Pick<Lead, "runId" | "source" | "recognisedBy" | "receivedAt"> {
  // Some leads are of earlier days, as those of a spool are.
  const agoMs = recognisedBy.kind === "key" && random.chance(0.3) ? random.below(3 * dayMs) : 0;
  return {
    runId: randomUUID(),
    source,
    recognisedBy,
    receivedAt: new Date(Date.now() - agoMs).toISOString(),
  };
}

function eventOf({ destination, attempt }: DeliveryAttempt, outcome: string): string {
  return JSON.stringify({ destination, lane: "fast", attempt, outcome });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
