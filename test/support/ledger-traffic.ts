// Many nodes' worth of calls of the ledger, at once and at random, from ten connections: seven do what nodes do, one
// what the leader and the commands for the books do, two what people type into psql. Whatever is refused that may not
// be refused is a violation.
import { databaseTrouble, sqlState } from "../../src/ledger/connection/postgres-error.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { errorText } from "../../src/domain/node/log.ts";
import { asRole, open } from "./ledger.ts";
import type { TestLedger } from "./ledger.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";
import { createBookWork } from "./traffic-books.ts";
import { createHandWork } from "./traffic-hand.ts";
import { createNodeWork } from "./traffic-nodes.ts";

export interface Traffic {
  /** Everybody works for this long; resolves when all is quiet again. */
  run(forMs: number): Promise<void>;
  /** What went wrong while it ran, and what was promised and is not there. Only while all is quiet. */
  violations(): Promise<string[]>;
  /** How often which operation was done, for a person who reads the test's output. */
  summary(): string;
  close(): Promise<void>;
}

/** One operation on the worker's own connection. */
export interface Operation {
  readonly name: string;
  /** `tolerates`: refusals that belong to the contract, by SQLSTATE or its class. */
  readonly tolerates: RegExp;
  run(database: Database, random: Random): Promise<void>;
}

export type WeightedOperations = readonly (readonly [weight: number, operation: Operation])[];

const nodeConnections = 7;
const shownErrorsMax = 20;

export async function openTraffic(ledger: TestLedger, seed: number): Promise<Traffic> {
  const counts = new Map<string, number>();
  const errors: string[] = [];
  const nodes = createNodeWork();
  const books = createBookWork();
  const byHand = createHandWork();
  await ledger.by("system", destinationsSql);

  const workers = [
    ...Array.from({ length: nodeConnections }, () => ({ url: ledger.url, operations: nodes.operations })),
    { url: ledger.url, operations: books.operations },
    // The same role as the program's, but without an actor: a person at the owner's psql.
    { url: ledger.url, operations: byHand.asOwner },
    { url: asRole(ledger.url, ledger.roles.sql), operations: byHand.asSqlRole },
  ].map(({ url, operations }, index) => ({
    database: open(url, 1),
    random: seededRandom(seed + index * 7_919),
    operations,
  }));

  async function work(worker: (typeof workers)[number], untilMs: number): Promise<void> {
    while (performance.now() < untilMs) {
      const operation = worker.random.weighted<Operation>(worker.operations);
      const outcome = await attempt(operation, worker.database, worker.random);
      const name = `${operation.name}${outcome === "done" ? "" : " (refused)"}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (outcome !== "done" && outcome !== "refused" && errors.length < shownErrorsMax)
        errors.push(outcome.wrong);
    }
  }

  return {
    async run(forMs) {
      const untilMs = performance.now() + forMs;
      await Promise.all(workers.map((worker) => work(worker, untilMs)));
    },
    violations: async () => [
      ...errors,
      ...books.wrongDays.map((day) => `${day}: a rebuild under way changed the figures`),
      ...(await nodes.brokenPromises(ledger.program)),
    ],
    summary: () =>
      [...counts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, count]) => `${name} ${count}`)
        .join(", "),
    close: async () => {
      await Promise.all(workers.map(({ database }) => database.close()));
    },
  };
}

type AttemptOutcome = "done" | "refused" | { readonly wrong: string };

async function attempt(operation: Operation, database: Database, random: Random): Promise<AttemptOutcome> {
  try {
    await operation.run(database, random);
    return "done";
  } catch (error) {
    // In this crowd a deadlock or a lock may be met more often than anyone tries again: nothing was written then.
    const trouble = databaseTrouble(error);
    if (trouble === "retry" || trouble === "locked") return "refused";
    if (operation.tolerates.test(sqlState(error) ?? "")) return "refused";
    return { wrong: `${operation.name}: ${sqlState(error) ?? ""} ${errorText(error)}` };
  }
}

const destinationsSql = `
  INSERT INTO internal.destinations (name, kind, sends, managed_by, enabled, settings)
  VALUES ('crm', 'http', true, 'file', true, '{}'), ('erp', 'http', true, 'file', true, '{}'),
    ('shop', 'http', true, 'file', true, '{}'), ('own-worker', 'external', false, 'file', true, '{}'),
    ('gone', 'http', true, 'file', false, '{}')`;
