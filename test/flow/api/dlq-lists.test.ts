// GET /dlq and /dlq/groups: entries are found by whatever is known of them, and causes are counted exactly.
import { describe, expect, it } from "vitest";
import { listDlqGroups, rollUpDlqCauses } from "../../../src/ledger/attention/dlq-causes.ts";
import { pageOfEntries } from "../../../src/ledger/attention/dlq-list.ts";
import { dlqConditions } from "../../../src/ledger/attention/dlq-filter.ts";
import type { DlqFilter } from "../../../src/ledger/attention/dlq-filter.ts";
import { pageOfRuns } from "../../../src/ledger/leads/run-list.ts";
import { describeOnEachServer } from "../../support/database.ts";
import type { TestServer } from "../../support/database.ts";
import { openTestLedger, receiveLead } from "../../support/ledger.ts";
import type { TestLedger } from "../../support/ledger.ts";
import { seededRandom } from "../../support/random.ts";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";

async function withLedger(server: TestServer, work: (ledger: TestLedger) => Promise<void>): Promise<void> {
  const ledger = await openTestLedger(server);
  try {
    await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** All entries that the filter matches, by its plain conditions. */
async function plainly(ledger: TestLedger, filter: DlqFilter): Promise<number[]> {
  const { sql, values } = dlqConditions(filter, 1);
  const { rows } = await ledger.program.query<{ dlq_id: number }>(
    `SELECT q.dlq_id FROM dlq q WHERE ${sql} ORDER BY q.dlq_id DESC`,
    [...values],
  );
  return rows.map((row) => row.dlq_id);
}

/** The same by the pages of the list. */
async function byPages(ledger: TestLedger, filter: DlqFilter, limit: number): Promise<number[]> {
  const ids: number[] = [];
  for (let after: number | null = null; ;) {
    const page: { rows: readonly { dlq_id: number }[]; next: string | null } = await pageOfEntries(
      ...([ledger.program, filter, after, limit] as const),
    );
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    ids.push(...page.rows.map(({ dlq_id }) => dlq_id));
    if (page.next === null) return ids;
    after = Number(page.next);
  }
}

describeOnEachServer("Causes and lists of entries", (server) => {
  it("are exact after whatever happened to entries, by the program and by hand", () =>
    withLedger(server, async (ledger) => {
      const random = seededRandom(7);
      const runs = await Promise.all(Array.from({ length: 12 }, () => receiveLead(ledger, [])));
      const steps = [
        () =>
          ledger.program.query(
            `INSERT INTO dlq (run_id, kind, destination, error_code, next_retry_at, payload, reason)
             VALUES ($1, 'manual', $2, $3, $4, $5, $6)`,
            [
              random.pick([...runs, null]),
              random.pick([null, null]),
              random.pick(["http_401", "timeout", "", null]),
              random.pick([null, "2030-01-01", "2031-01-01"]),
              random.pick(['{"source":"by-hand"}', "{}", "[1]", null]),
              random.pick(["It answered 401", "100 % broken_"]),
            ],
          ),
        () => ledger.hand.query("INSERT INTO dlq (reason, destination) VALUES ('by hand', 'crm')"),
        () => change("status = 'retrying'", "status = 'open'"),
        () => change("status = 'open', next_retry_at = NULL", "status = 'retrying'"),
        () => change("status = 'resolved'", "status IN ('open', 'retrying')"),
        () => change("status = 'dead'", "status IN ('open', 'retrying')"),
        () => change("error_code = 'changed'", "status IN ('open', 'dead')"),
        () => rollUpDlqCauses(ledger.program),
        () => ledger.program.query("SELECT internal.dlq_roll_up_causes()"),
      ];
      const change = (set: string, where: string): Promise<unknown> =>
        ledger.program.query(
          `UPDATE dlq SET ${set} WHERE dlq_id = (SELECT dlq_id FROM dlq WHERE ${where} ORDER BY random() LIMIT 1)`,
        );
      const [insert = steps[0]] = steps;
      for (let step = 0; step < 300; step += 1) await (random.chance(0.4) ? insert : random.pick(steps))?.();

      const groups = await listDlqGroups(ledger.program, 100);
      expect(groups.length).toBeGreaterThan(4);
      const inGroups: number[] = [];
      for (const group of groups) {
        const ids = await plainly(ledger, group.filter);
        expect(ids, JSON.stringify(group.filter)).toHaveLength(group.count);
        expect(await byPages(ledger, group.filter, 3)).toEqual(ids);
        const { rows } = await ledger.program.query<Record<string, unknown>>(
          `SELECT count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL) AS need_decision,
             min(next_retry_at) FILTER (WHERE status = 'open') AS next_retry_at
           FROM dlq WHERE dlq_id = ANY ($1)`,
          [ids],
        );
        expect(group).toMatchObject(rows[0] ?? {});
        inGroups.push(...ids);
      }
      const atWork = await plainly(ledger, { status: ["open", "retrying"] });
      expect(inGroups.toSorted((one, other) => other - one)).toEqual(atWork);

      const filters: DlqFilter[] = [
        ...[
          {},
          { status: ["open"] },
          { status: ["dead", "resolved"] },
          { kind: ["manual"] },
          { kind: ["refused"] },
        ],
        ...[{ destination: "crm" }, { destination: "no" }, { error_code: "changed" }, { error_code: "" }],
        ...[
          { source: "website" },
          { source: "by-hand" },
          { needs_decision: true },
          { needs_decision: false },
        ],
        ...[
          { without: ["destination"] },
          { without: ["source"] },
          { without: ["error_code", "destination"] },
        ],
        ...[{ without: ["destination"], source: "website" }, { reason: "ANSWERED 401" }, { reason: "%" }],
        ...[{ next_retry_before: "2030-06-01" }, { run_id: runs[0] }, { dlq_id: [1, 3, 9999] }],
        ...[
          { idempotency_key: runs[1] },
          { idempotency_key: "none" },
          { status: ["open"], reason: "broken_" },
        ],
        ...[{ status: ["retrying"], needs_decision: true }, { created_from: "2100-01-01" }],
      ] as DlqFilter[];
      for (const filter of filters) {
        expect(await byPages(ledger, filter, 7), JSON.stringify(filter)).toEqual(
          await plainly(ledger, filter),
        );
      }
    }));

  it("give every lead that was there exactly once, while leads pour in and change", () =>
    withLedger(server, async (ledger) => {
      const at = ["2026-01-01T00:00:00.000001Z", "2026-01-01T00:00:00.000002Z", "2026-01-01T00:00:00Z"];
      for (let lead = 0; lead < 40; lead += 1) {
        await receiveLead(ledger, lead % 3 === 0 ? ["crm"] : [], { receivedAt: at[lead % 3] ?? "" });
      }
      const { rows } = await ledger.program.query<{ run_id: string }>(
        "SELECT run_id FROM runs ORDER BY received_at DESC, run_id DESC",
      );
      const seen: string[] = [];
      for (let after: string | null = null; ;) {
        const page: { rows: readonly { run_id: string }[]; next: string | null } = await pageOfRuns(
          ...([ledger.program, {}, after, 7] as const),
        );
        seen.push(...page.rows.map(({ run_id }) => run_id));
        if (page.next === null) break;
        after = page.next;
        await receiveLead(ledger, ["crm"]);
        await ledger.by(
          "delivery",
          "DELETE FROM internal.deliveries WHERE run_id = (SELECT run_id FROM internal.deliveries LIMIT 1)",
        );
      }
      expect(seen).toEqual(rows.map(({ run_id }) => run_id));
    }));

  it("know the source of an entry, which nobody changes", () =>
    withLedger(server, async (ledger) => {
      const run = await receiveLead(ledger, []);
      await ledger.hand.query('INSERT INTO dlq (run_id, payload) VALUES ($1, \'{"source":"other"}\')', [run]);
      const { rows } = await ledger.program.query("SELECT source FROM dlq");
      expect(rows).toEqual([{ source: "website" }]);
      await expect(ledger.hand.query("UPDATE dlq SET source = 'x'")).rejects.toMatchObject({ code: "LL002" });
    }));

  it("find leads that a person made accepted or failed", () =>
    withLedger(server, async (ledger) => {
      const insert = "INSERT INTO runs (idempotency_key, status, error_code) VALUES ($1, $2, $3)";
      await ledger.hand.query(insert, ["a", "accepted", null]);
      await ledger.hand.query(insert, ["b", "failed", null]);
      await ledger.hand.query(insert, ["c", "failed", "own_code"]);
      const keysOf = async (filter: Parameters<typeof pageOfRuns>[1]): Promise<string[]> =>
        (await pageOfRuns(ledger.program, filter, null, 9)).rows.map((run) => run.idempotency_key);
      expect(await keysOf({ status: ["accepted"] })).toEqual(["a"]);
      expect(await keysOf({ status: ["failed"] })).toEqual(["c", "b"]);
      expect(await keysOf({ error_code: "own_code" })).toEqual(["c"]);
      await ledger.hand.query(
        "UPDATE runs SET status = 'failed', error_code = 'later' WHERE idempotency_key = 'a'",
      );
      expect(await keysOf({ error_code: "later" })).toEqual(["a"]);
    }));
});

describe("Entries over the API", () => {
  const scene = useApiScene(() => ({}));

  it("are listed without payload and shown with it, masked unless revealed", async () => {
    await scene.query(
      `INSERT INTO dlq (reason, error_code, payload)
       VALUES ('anna@example.com is unknown', 'own', '{"name":"Anna Muster","big":12345678901234567890}')`,
    );
    const api = apiClient(scene.app.url);
    const { json } = await api.get("/dlq?error_code=own");
    const [item] = json["items"] as Record<string, unknown>[];
    expect(item).toMatchObject({ reason: "a***@e***.com is unknown", kind: "manual" });
    expect(item).not.toHaveProperty("payload");
    const one = await api.get(`/dlq/${String(item?.["dlq_id"])}`);
    expect(one.json).toMatchObject({ payload: { name: "A*** M***" } });
    expect(one.text).toContain("12345678901234567890");
    expect(one.headers.get("etag")).toMatch(/^".+"$/);
    const revealed = await api.get(`/dlq/${String(item?.["dlq_id"])}?reveal=true`);
    expect(revealed.json).toMatchObject({ payload: { name: "Anna Muster" } });
    expect(
      await scene.query("SELECT actor, payload FROM audit_events WHERE event_type = 'person_data_shown'"),
    ).toEqual([{ actor: "key:environment", payload: { dlq_id: item?.["dlq_id"] } }]);
    expect(await api.get("/dlq/99999")).toMatchObject({ status: 404, json: { code: "dlq_entry_unknown" } });
    const groups = await api.get("/dlq/groups");
    expect(groups.json["items"]).toMatchObject([
      { count: 1, need_decision: 1, reason: "a***@e***.com is unknown", filter: { error_code: "own" } },
    ]);
  });
});
