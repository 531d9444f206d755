// Clients of an agency, tried at random: whatever anybody does to leads, deliveries, entries, revisions, sources and
// destinations, by whatever statement, nothing that is still to be sent would go to another client. Whose everything is, is
// counted here from the tables alone, not by the views that the database judges by.
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replayRuns } from "../../src/ledger/leads/replay-runs.ts";
import { transaction } from "../../src/ledger/connection/database.ts";
import { describeOnEachServer } from "../support/database.ts";
import { openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const clients = ["", "a", "b"] as const;
const sources = ["web", "a-web", "b-web", "unheard-of"] as const;
const destinations = ["crm", "a-crm", "b-crm", "later"] as const;

const one = <Of>(items: readonly Of[]) => fc.constantFrom(...items);
const pick = fc.nat(30);
const aStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("lead"), source: one(sources) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("deliver"), pick, destination: one(destinations) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("entry"),
      pick,
      destination: one(destinations),
      as: one(["delivery", "manual", "replay"] as const),
      byHand: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant("close"), pick, to: one(["resolved", "dead"] as const) }),
  fc.record({ kind: fc.constant("reopen"), pick, destination: one(destinations) }),
  fc.record({ kind: fc.constant("settle"), pick }),
  fc.record({
    kind: fc.constant("move"),
    pick,
    what: one(["delivery", "entry", "run", "waiting"] as const),
    destination: one(destinations),
    source: one(sources),
  }),
  fc.record({ kind: fc.constant("replay"), pick, destination: one(destinations) }),
  fc.record({ kind: fc.constant("revision"), pick, destination: one(destinations) }),
  fc.record({
    kind: fc.constant("source"),
    name: one(sources),
    client: one(clients),
    to: fc.option(one(destinations)),
  }),
  fc.record({ kind: fc.constant("destination"), name: one(destinations), client: one(clients) }),
  fc.record({
    kind: fc.constant("both"),
    source: one(sources),
    destination: one(destinations),
    client: one(clients),
  }),
  fc.record({ kind: fc.constant("remove"), what: one(["sources", "destinations"] as const), pick }),
  fc.record({
    kind: fc.constant("rename"),
    what: one(["sources", "destinations"] as const),
    pick,
    to: one([...sources, ...destinations, "new"]),
  }),
);
type Step = typeof aStep extends fc.Arbitrary<infer Of> ? Of : never;

/** SQLSTATEs of the ledger's rules, of constraints, and of what is no row at all. */
const refusals = /^(?:LL00\d|23\d{3}|P0002)$/;

describeOnEachServer("Clients of an agency", (server) => {
  describe("whatever is tried in whatever order", () => {
    let ledger: TestLedger;
    beforeAll(async () => {
      ledger = await openTestLedger(server);
    });
    afterAll(() => ledger.close());

    it("get nothing of each other", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(aStep, { minLength: 12, maxLength: 40 }), async (steps) => {
          const scene = await newScene(ledger);
          for (const step of steps) {
            const code = await tried(() => take(ledger, scene, step));
            if (code !== null) expect(code, JSON.stringify(step)).toMatch(refusals);
            expect(await across(ledger), JSON.stringify(step)).toEqual([]);
          }
        }),
        { numRuns: 25, endOnFailure: true },
      );
    });

    it("are refused it under its code, by each way that those steps take", async () => {
      const scene = await newScene(ledger);
      const pick = 0;
      const allowed: readonly Step[] = [
        { kind: "lead", source: "a-web" },
        { kind: "deliver", pick, destination: "a-crm" },
      ];
      for (const step of allowed) expect(await tried(() => take(ledger, scene, step))).toBe(null);
      const refused: readonly Step[] = [
        { kind: "deliver", pick, destination: "b-crm" },
        { kind: "entry", pick, destination: "b-crm", as: "delivery", byHand: false },
        { kind: "revision", pick, destination: "b-crm" },
        { kind: "source", name: "a-web", client: "b", to: null },
        { kind: "destination", name: "a-crm", client: "b" },
      ];
      for (const step of refused)
        expect([step.kind, await tried(() => take(ledger, scene, step))]).toEqual([step.kind, "LL007"]);
    });

    it("keep the names by which a lead is somebody's", async () => {
      await newScene(ledger);
      for (const table of ["sources", "destinations"]) {
        const removed = tried(() => ledger.program.query(`DELETE FROM internal.${table}`));
        const renamed = tried(() =>
          ledger.program.query(`UPDATE internal.${table} SET name = 'x' || name WHERE client = 'a'`),
        );
        expect([await removed, await renamed]).toEqual(["LL003", "LL002"]);
      }
    });
  });
});

interface Scene {
  /** In the names of its sources and destinations. */
  readonly mark: string;
  readonly runs: string[];
  readonly entries: number[];
}

/** Names of its own, because nothing of the scene before goes away. */
async function newScene({ program }: TestLedger): Promise<Scene> {
  const mark = randomUUID().slice(0, 8);
  const known = (name: string) => /^([ab])-/.exec(name)?.[1] ?? "";
  await transaction(program, "system", async (client) => {
    for (const name of sources.filter((each) => each !== "unheard-of"))
      await client.query("INSERT INTO internal.sources (name, managed_by, settings) VALUES ($1, 'api', $2)", [
        `${mark}-${name}`,
        { client: known(name), to: [] },
      ]);
    for (const name of destinations.filter((each) => each !== "later"))
      await client.query(
        "INSERT INTO internal.destinations (name, managed_by, kind, settings) VALUES ($1, 'api', 'http', $2)",
        [`${mark}-${name}`, { client: known(name) }],
      );
  });
  return { mark, runs: [], entries: [] };
}

async function tried(attempt: () => Promise<unknown>): Promise<string | null> {
  return attempt().then(
    () => null,
    (error: unknown) => String((error as { code?: unknown }).code),
  );
}

/** Whatever would still be sent, and to whom: by name, from what stands in the tables. */
async function across({ program }: TestLedger): Promise<unknown[]> {
  const { rows } = await program.query(
    `SELECT o.what, r.source, o.destination FROM (
       SELECT 'delivery' AS what, run_id, destination FROM internal.deliveries
       UNION ALL SELECT 'entry', run_id, destination FROM public.dlq WHERE status IN ('open', 'retrying')
       UNION ALL SELECT 'revision', run_id, destination FROM internal.waiting_revisions) AS o
     JOIN public.runs r USING (run_id) JOIN internal.destinations d ON d.name = o.destination
     WHERE coalesce(d.settings ->> 'client', '')
       <> coalesce((SELECT s.settings ->> 'client' FROM internal.sources s WHERE s.name = r.source), '')
     UNION ALL
     SELECT 'route', s.name, d.name FROM internal.sources s JOIN internal.destinations d ON s.settings -> 'to' ? d.name
     WHERE s.enabled AND d.enabled AND coalesce(s.settings ->> 'client', '') <> coalesce(d.settings ->> 'client', '')`,
  );
  return rows;
}

async function take(ledger: TestLedger, scene: Scene, step: Step): Promise<unknown> {
  const { program, hand } = ledger;
  const { mark, runs, entries } = scene;
  const named = (name: string): string => `${mark}-${name}`;
  const run = "pick" in step ? runs[step.pick % Math.max(runs.length, 1)] : undefined;
  const entry = "pick" in step ? entries[step.pick % Math.max(entries.length, 1)] : undefined;
  switch (step.kind) {
    case "lead": {
      const id = randomUUID();
      await program.query(
        "INSERT INTO runs (run_id, source, idempotency_key, received_at) VALUES ($1::uuid, $2, $1::uuid::text, clock_timestamp())",
        [id, named(step.source)],
      );
      return runs.push(id);
    }
    case "deliver":
      return program.query(
        "INSERT INTO internal.deliveries (run_id, destination, due_at) VALUES ($1, $2, 'infinity')",
        [run, named(step.destination)],
      );
    case "entry": {
      const { rows } = await (step.byHand ? hand : program).query<{ dlq_id: number }>(
        `INSERT INTO dlq (run_id, destination, kind, payload) VALUES ($1, $2, $3, $4) RETURNING dlq_id`,
        // Its source is its lead's, whatever somebody writes.
        [run, named(step.destination), step.as, { source: named("a-web"), body: {} }],
      );
      return entries.push(...rows.map(({ dlq_id: id }) => id));
    }
    case "close":
      return program.query("UPDATE dlq SET status = $2 WHERE dlq_id = $1", [entry, step.to]);
    case "reopen":
      return program.query(
        `INSERT INTO dlq (run_id, destination, kind, reopened_from) SELECT run_id, $2, kind, dlq_id FROM dlq WHERE dlq_id = $1`,
        [entry, named(step.destination)],
      );
    case "settle":
      return program.query("DELETE FROM internal.deliveries WHERE run_id = $1", [run]);
    case "move": {
      const [to, source] = [named(step.destination), named(step.source)];
      if (step.what === "run")
        return program.query("UPDATE runs SET source = $2 WHERE run_id = $1", [run, source]);
      if (step.what === "entry")
        return program.query("UPDATE dlq SET destination = $2, source = $3 WHERE dlq_id = $1", [
          entry,
          to,
          source,
        ]);
      const table = step.what === "waiting" ? "waiting_revisions" : "deliveries";
      return program.query(`UPDATE internal.${table} SET destination = $2 WHERE run_id = $1`, [run, to]);
    }
    case "replay":
      if (run === undefined) return null;
      await program.query("UPDATE runs SET status = 'processed' WHERE run_id = $1 AND status = 'accepted'", [
        run,
      ]);
      return transaction(program, "cli:test", (client) =>
        replayRuns(client, [run], { destination: named(step.destination), reason: "try", operationId: null }),
      );
    case "revision":
      return program.query("INSERT INTO internal.waiting_revisions (run_id, destination) VALUES ($1, $2)", [
        run,
        named(step.destination),
      ]);
    case "source":
      return upsert(program, "sources", named(step.name), {
        client: step.client,
        to: step.to === null ? [] : [named(step.to)],
      });
    case "destination":
      return upsert(program, "destinations", named(step.name), { client: step.client });
    case "both":
      return transaction(program, "system", async (client) => {
        await upsert(client, "destinations", named(step.destination), { client: step.client });
        await upsert(client, "sources", named(step.source), {
          client: step.client,
          to: [named(step.destination)],
        });
      });
    case "remove":
      return program.query(`DELETE FROM internal.${step.what} WHERE name LIKE $1`, [`${mark}-%`]);
    case "rename":
      return program.query(
        `UPDATE internal.${step.what} SET name = $2 WHERE name =
           (SELECT name FROM internal.${step.what} WHERE name LIKE $1 ORDER BY name OFFSET $3 LIMIT 1)`,
        [`${mark}-%`, named(step.to), step.pick % 3],
      );
  }
}

function upsert(
  client: Pick<TestLedger["program"], "query">,
  table: "sources" | "destinations",
  name: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const [columns, values] =
    table === "sources"
      ? ["name, managed_by, settings", "$1, 'api', $2"]
      : ["name, managed_by, kind, settings", "$1, 'api', 'http', $2"];
  return client.query(
    `INSERT INTO internal.${table} AS t (${columns}) VALUES (${values})
     ON CONFLICT (name) DO UPDATE SET settings = t.settings || excluded.settings`,
    [name, settings],
  );
}
