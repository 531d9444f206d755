// Whatever people and the program do to a lead, in whatever order: its run is in the state that its deliveries and
// entries call for. Random changes are made to the database and to a small model of the contract side by side.
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnEachServer } from "../support/database.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { one, openTestLedger, receiveLead, story } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const destinations = ["crm", "erp", "own-worker"] as const;
type Destination = (typeof destinations)[number];
type RunStatus = "accepted" | "processed" | "failed";
type EntryStatus = "open" | "retrying" | "resolved" | "dead";
type Who = "hand" | "program";

type Step =
  | { readonly kind: "arrive"; readonly destination: Destination }
  | {
      readonly kind: "insert";
      readonly who: Who;
      readonly destination: Destination;
      readonly entry: "delivery" | "manual";
    }
  | {
      readonly kind: "set_entry";
      readonly who: Who;
      readonly pick: number;
      readonly to: EntryStatus;
      /** Of what is resolved; null: the ledger says `by_hand`. */
      readonly as: "delivered" | "withdrawn" | null;
    }
  | { readonly kind: "reopen"; readonly who: Who; readonly pick: number }
  | { readonly kind: "set_run"; readonly who: Who; readonly to: RunStatus };

interface Entry {
  readonly id: number;
  readonly destination: Destination;
  readonly kind: "delivery" | "manual";
  status: EntryStatus;
  resolution: string | null;
  reopened: boolean;
}

class Model {
  status: RunStatus = "accepted";
  outcome: string | null = null;
  readonly deliveries = new Set<Destination>();
  readonly entries: Entry[] = [];

  atWork(destination: Destination): Entry | undefined {
    return this.entries.find(
      (entry) =>
        entry.destination === destination && (entry.status === "open" || entry.status === "retrying"),
    );
  }

  /** Entries of deliveries that count: those that were not tried again by another. */
  counting(): Entry[] {
    return this.entries.filter((entry) => entry.kind === "delivery" && !entry.reopened);
  }

  decide(): void {
    if (this.status === "processed") return;
    const holding = this.counting().some((entry) => entry.status !== "resolved");
    const resolved = this.counting().filter((entry) => entry.status === "resolved");
    if (holding) this.status = "failed";
    else if (this.deliveries.size === 0) {
      this.status = "processed";
      this.outcome = outcomeOf(resolved) ?? "delivered";
    }
  }
}

const who = fc.constantFrom<Who>("hand", "program");
const destination = fc.constantFrom(...destinations);
// Counted from the newest entry, which is where most happens.
const pick = fc.constantFrom(0, 0, 0, 1, 2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("arrive" as const), destination }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("insert" as const),
      who,
      destination,
      entry: fc.constantFrom("delivery" as const, "delivery" as const, "manual" as const),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("set_entry" as const),
      who,
      pick,
      to: fc.constantFrom<EntryStatus>("open", "retrying", "resolved", "resolved", "dead", "dead"),
      as: fc.constantFrom("delivered" as const, "delivered" as const, "withdrawn" as const, null),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("reopen" as const), who, pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("set_run" as const),
      who,
      to: fc.constantFrom<RunStatus>("accepted", "processed", "failed"),
    }),
  },
);

describeOnEachServer("Random changes by hand and by the program", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    await ledger.by(
      "system",
      `INSERT INTO internal.destinations (name, kind, sends, managed_by, settings)
       VALUES ('crm', 'http', true, 'file', '{}'), ('own-worker', 'external', false, 'file', '{}')`,
    );
  });
  afterAll(() => ledger.close());

  it("leave a run in the state that its deliveries and entries call for, after every step", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...destinations]),
        fc.array(step, { minLength: 4, maxLength: 24, size: "max" }),
        async (to, steps) => {
          const runId = await receiveLead(ledger, to);
          const model = new Model();
          for (const each of to) model.deliveries.add(each);
          for (const each of steps) {
            await takeStep(ledger, runId, model, each);
            await compare(ledger, runId, model);
          }
          expect((await story(ledger, runId)).filter((type) => type === "lead_processed")).toHaveLength(
            model.status === "processed" ? 1 : 0,
          );
        },
      ),
      { numRuns: 120 },
    );
  });

  it("leave books that balance and stories that explain every state", async () => {
    // In the program's name, too, it makes changes that the program never makes: they have no attempt and no cause.
    const tolerated = [
      ...(["entry_without_attempt", "delivered_without_attempt", "run_without_work"] as const),
      ...(["failed_before_cause", "failed_without_cause"] as const),
    ];
    expect(await brokenInvariants(ledger.program, tolerated)).toEqual([]);
    const { received } = await one<{ received: number }>(
      ledger.reader,
      "SELECT sum(received_count)::int AS received FROM kpi_daily",
    );
    expect(received).toBeGreaterThan(0);
  });
});

async function takeStep(ledger: TestLedger, runId: string, model: Model, each: Step): Promise<void> {
  switch (each.kind) {
    case "arrive":
      await ledger.by("delivery", "DELETE FROM internal.deliveries WHERE run_id = $1 AND destination = $2", [
        runId,
        each.destination,
      ]);
      if (model.deliveries.delete(each.destination)) model.decide();
      return;
    case "insert":
      return insertEntry(ledger, runId, model, each);
    case "set_entry":
      return setEntry(ledger, model, each);
    case "reopen":
      return reopen(ledger, runId, model, each);
    case "set_run":
      return setRun(ledger, runId, model, each.who, each.to);
  }
}

async function insertEntry(
  ledger: TestLedger,
  runId: string,
  model: Model,
  each: Step & { kind: "insert" },
): Promise<void> {
  const atWork = model.atWork(each.destination);
  const supersedes = each.entry === "delivery" && each.who === "program" && atWork?.kind === "manual";
  const allowed =
    each.entry === "delivery"
      ? model.status !== "processed" && (atWork === undefined || supersedes)
      : atWork === undefined && !model.deliveries.has(each.destination);
  const inserted = await attempt(
    ledger,
    each.who,
    "INSERT INTO dlq (run_id, kind, destination) VALUES ($1, $2, $3) RETURNING dlq_id",
    [runId, each.entry, each.destination],
  );
  expect(inserted !== null, `${JSON.stringify(each)} on ${JSON.stringify(model)}`).toBe(allowed);
  if (inserted === null) return;
  if (supersedes) {
    atWork.status = "resolved";
    atWork.resolution = "superseded";
  }
  model.entries.push({
    id: Number(inserted.rows[0]?.["dlq_id"]),
    destination: each.destination,
    kind: each.entry,
    status: "open",
    resolution: null,
    reopened: false,
  });
  if (each.entry === "delivery") {
    model.deliveries.delete(each.destination);
    model.decide();
  }
}

/** What was not delivered says how a run ended; null: nothing of it. */
function outcomeOf(resolved: readonly Entry[]): "withdrawn" | "resolved_by_hand" | null {
  if (resolved.some(({ resolution }) => resolution === "withdrawn")) return "withdrawn";
  return resolved.some(({ resolution }) => resolution !== "delivered") ? "resolved_by_hand" : null;
}

const legalChanges: Record<EntryStatus, readonly EntryStatus[]> = {
  open: ["retrying", "resolved", "dead"],
  retrying: ["open", "resolved", "dead"],
  resolved: [],
  dead: [],
};

async function setEntry(ledger: TestLedger, model: Model, each: Step & { kind: "set_entry" }): Promise<void> {
  const entry = model.entries.at(-1 - each.pick);
  if (entry === undefined) return;
  const changed = await attempt(
    ledger,
    each.who,
    "UPDATE dlq SET status = $2, resolution = coalesce($3, resolution) WHERE dlq_id = $1",
    [entry.id, each.to, each.to === "resolved" && entry.status !== "resolved" ? each.as : null],
  );
  expect(changed !== null, JSON.stringify([each, entry])).toBe(
    entry.status === each.to || legalChanges[entry.status].includes(each.to),
  );
  if (changed === null || entry.status === each.to) return;
  entry.status = each.to;
  if (each.to === "resolved") entry.resolution = each.as ?? "by_hand";
  if (entry.kind === "delivery" && (each.to === "resolved" || each.to === "dead")) model.decide();
}

async function reopen(
  ledger: TestLedger,
  runId: string,
  model: Model,
  each: Step & { kind: "reopen" },
): Promise<void> {
  const entry = model.entries.at(-1 - each.pick);
  if (entry === undefined) return;
  const atWork = model.atWork(entry.destination);
  const closed = entry.status === "resolved" || entry.status === "dead";
  const free =
    entry.kind === "delivery"
      ? model.status !== "processed" &&
        (atWork === undefined || (each.who === "program" && atWork.kind === "manual"))
      : atWork === undefined && !model.deliveries.has(entry.destination);
  const inserted = await attempt(
    ledger,
    each.who,
    "INSERT INTO dlq (run_id, kind, destination, reopened_from) VALUES ($1, $2, $3, $4) RETURNING dlq_id",
    [runId, entry.kind, entry.destination, entry.id],
  );
  expect(inserted !== null, `${JSON.stringify(each)} on ${JSON.stringify(model)}`).toBe(
    closed && !entry.reopened && free,
  );
  if (inserted === null) return;
  if (entry.kind === "delivery" && atWork !== undefined) {
    atWork.status = "resolved";
    atWork.resolution = "superseded";
  }
  entry.reopened = true;
  model.entries.push({
    id: Number(inserted.rows[0]?.["dlq_id"]),
    destination: entry.destination,
    kind: entry.kind,
    status: "open",
    resolution: null,
    reopened: false,
  });
  if (entry.kind === "delivery") {
    model.deliveries.delete(entry.destination);
    model.decide();
  }
}

async function setRun(
  ledger: TestLedger,
  runId: string,
  model: Model,
  by: Who,
  to: RunStatus,
): Promise<void> {
  const changed = await attempt(ledger, by, "UPDATE runs SET status = $2 WHERE run_id = $1", [runId, to]);
  const held = model.counting().some((entry) => entry.status !== "resolved");
  const pending = [...model.deliveries].some((each) => each !== "own-worker");
  const allowed =
    model.status === to ||
    (to === "failed" && model.status === "accepted") ||
    (to === "processed" && !held && !pending);
  expect(changed !== null, `${by} sets ${to} on ${JSON.stringify(model)}`).toBe(allowed);
  if (changed === null || model.status === to) return;
  if (to === "processed") {
    const others = model.deliveries.size === 0 ? "resolved_by_hand" : "delivered";
    model.outcome = outcomeOf(model.counting()) ?? others;
    model.deliveries.clear();
  }
  model.status = to;
}

/** Null: the database refused, by one of the ledger's rules or a unique index. */
async function attempt(
  ledger: TestLedger,
  by: Who,
  text: string,
  values: unknown[],
): Promise<pg.QueryResult<Record<string, unknown>> | null> {
  try {
    return await (by === "hand" ? ledger.hand.query(text, values) : ledger.by("user:7", text, values));
  } catch (error) {
    if (error instanceof pg.DatabaseError && /^(LL|23505)/.test(error.code ?? "")) return null;
    throw error;
  }
}

async function compare(ledger: TestLedger, runId: string, model: Model): Promise<void> {
  const found = await one(
    ledger.program,
    `SELECT status, outcome, (processed_at IS NOT NULL) AS ended,
       ARRAY(SELECT destination FROM internal.deliveries d WHERE d.run_id = r.run_id ORDER BY 1) AS deliveries,
       ARRAY(SELECT concat_ws(' ', dlq_id, status, resolution) FROM dlq q WHERE q.run_id = r.run_id ORDER BY dlq_id) AS entries
     FROM runs r WHERE run_id = $1`,
    [runId],
  );
  expect(found).toEqual({
    status: model.status,
    outcome: model.outcome,
    ended: model.status === "processed",
    deliveries: [...model.deliveries].toSorted(),
    entries: model.entries.map((entry) =>
      [entry.id, entry.status, entry.resolution].filter((part) => part !== null).join(" "),
    ),
  });
}
