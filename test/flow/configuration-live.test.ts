// A configuration that changes while leads are on their way: every node follows, no lead is lost, no secret is seen.
import { expect, it } from "vitest";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { applyFile } from "../../src/app.ts";
import type { TestApp, TestConfiguration } from "../support/app.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import {
  postLead,
  postLeads,
  quickDestination,
  repeats,
  until,
  useDeliveryScene,
} from "../support/delivery-scene.ts";
import { open } from "../support/ledger.ts";
import { always } from "../support/sink.ts";

describeOnEachServer("a configuration that changes", (server) => {
  const scene = useDeliveryScene(server);
  const sources = [testSource("website")];

  it("holds deliveries back while a destination is paused, and sends them once it is resumed", async () => {
    const sink = await scene.startSink();
    const crm = quickDestination("crm", sink.url);
    const node = await scene.startNode({ sources, destinations: [crm] });
    await apply(node, { sources, destinations: [{ ...crm, paused: true }] });
    await loaded([node], 2);
    await postLeads(node, 20);
    await until("they wait", async () => (await statuses()) === "accepted 20");
    await apply(node, { sources, destinations: [crm] });
    await until("they arrived", async () => (await statuses()) === "processed 20");
    expect(repeats(sink)).toEqual([]);
  });

  it("reaches a node also while a claim of it waits for a run that a person has locked", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 422 }));
    const crm = quickDestination("crm", sink.url);
    const node = await scene.startNode({ sources, destinations: [crm] });
    const runId = await postLead(node, "locked");
    await until("it is an entry", async () => (await scene.value("SELECT count(*)::int FROM dlq")) === 1);
    const person = open(scene.url, 1);
    scene.onEnd(() => person.close());
    await scene.sql.query("UPDATE dlq SET next_retry_at = clock_timestamp() + interval '1 second'");
    await person.query("BEGIN");
    await person.query("SELECT FROM runs WHERE run_id = $1 FOR UPDATE", [runId]);
    const waitingClaim = `SELECT pid || ' since ' || query_start FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%public.dlq%'`;
    let changes = 0;
    // A claim gives up after a while, and another one comes.
    await until("a change is known while one and the same claim waits", async () => {
      const before = await scene.value<string | undefined>(waitingClaim);
      if (before === undefined) return false;
      changes += 1;
      await apply(node, { sources, destinations: [{ ...crm, concurrency: 2 + changes }] });
      await loaded([node], 1 + changes);
      return (await scene.value<string | undefined>(waitingClaim)) === before;
    });
    await person.query("ROLLBACK");
  });

  it("reaches every node: a new address, an added destination", async () => {
    const [before, after, added] = [
      await scene.startSink(),
      await scene.startSink(),
      await scene.startSink(),
    ];
    const first = await scene.startNode({ sources, destinations: [quickDestination("crm", before.url)] });
    const second = await scene.startNode({ sources, destinations: [quickDestination("crm", before.url)] });
    const changed = {
      sources,
      destinations: [quickDestination("crm", after.url), quickDestination("erp", added.url)],
    };
    const changes = await apply(first, changed);
    expect(changes).toMatchObject([
      { part: "destination", name: "crm", change: "changed", fields: ["origin", "secrets"] },
      { part: "destination", name: "erp", change: "added" },
    ]);
    await loaded([first, second], 2);
    const runIds = [await postLead(first, "one"), await postLead(second, "two")];
    await until("they arrived", async () => (await statuses()) === "processed 2");
    expect(before.requests).toEqual([]);
    for (const runId of runIds) {
      expect([after.countOf(`${runId}:crm`), added.countOf(`${runId}:erp`)]).toEqual([1, 1]);
    }
  });

  it("that is applied twice changes nothing the second time, and says nothing", async () => {
    const sink = await scene.startSink();
    const configuration = {
      sources: [testSource("website"), testSource("fair", { auth: token("fair-token"), rateLimit: null })],
      destinations: [
        quickDestination("crm", sink.url, { headers: { "X-B": "2", "X-A": "1" }, secret: "whsec_abc" }),
      ],
    };
    const node = await scene.startNode(configuration);
    expect(node.app.changes).toHaveLength(3);
    const revision = "SELECT value FROM internal.settings WHERE name = 'configuration_revision'";
    const before = await scene.value(revision);
    expect(await apply(node, configuration)).toEqual([]);
    const second = await scene.startNode(configuration);
    expect(second.app.changes).toEqual([]);
    expect(await scene.value(revision)).toEqual(before);
    expect(await scene.value(changesSql)).toBe(3);
  });

  it("that removes a destination leaves its leads to a person, those too that another node accepts meanwhile", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 503 }));
    const slow = { fastMs: [60_000], slowMs: [200, 60_000] };
    const crm = quickDestination("crm", sink.url, { retry: slow });
    const erp = quickDestination("erp", sink.url, { retry: { fastMs: [], slowMs: [60_000] } });
    const node = await scene.startNode({ sources, destinations: [crm, erp] });
    const runId = await postLead(node, "lead");
    await until(
      "one waits, one is in the DLQ",
      async () =>
        (await scene.value<number>(
          "SELECT count(*)::int FROM audit_events WHERE event_type = 'delivery_failed'",
        )) >= 2,
    );
    await until(
      "nobody sends",
      async () => (await scene.value("SELECT leased_by FROM internal.deliveries")) === null,
    );
    const changes = await apply(node, { sources, destinations: [] });
    expect(changes).toContainEqual(
      expect.objectContaining({ name: "crm", change: "removed", moved_to_dlq: 1 }),
    );
    // As a node that has not heard of it yet would write it.
    const late = await scene.value<string>(
      `WITH run AS (INSERT INTO runs (source, idempotency_key) VALUES ('website', 'late') RETURNING run_id),
       told AS (INSERT INTO audit_events (run_id, event_type, payload)
         SELECT run_id, 'lead_received', '{"body":{"name":"Anna"}}' FROM run)
       INSERT INTO internal.deliveries (run_id, destination) SELECT run_id, 'crm' FROM run RETURNING run_id`,
    );
    await until("all wait for a person", async () => (await waiting()) === 3);
    const status = "SELECT status FROM runs WHERE run_id = $1";
    expect([await scene.value(status, [runId]), await scene.value(status, [late])]).toEqual([
      "failed",
      "failed",
    ]);
    expect(await scene.value("SELECT count(*)::int FROM internal.deliveries")).toBe(0);
  });

  it("that removes a destination while a lead is being sent to it lets that lead arrive", async () => {
    let answer = (): void => undefined;
    const isRemoved = new Promise<void>((resolve) => (answer = resolve));
    const sink = await scene.startSink(() =>
      isRemoved.then(() => ({ kind: "answer", status: 200 }) as const),
    );
    const node = await scene.startNode({ sources, destinations: [quickDestination("crm", sink.url)] });
    const runId = await postLead(node, "lead");
    await until("it is being sent", () => sink.requests.length === 1);
    await apply(node, { sources, destinations: [] });
    answer();
    await until("it arrived", async () => (await statuses()) === "processed 1");
    expect((await scene.events(runId)).map(({ event_type: type }) => type)).toEqual([
      "lead_received",
      "lead_delivered",
      "lead_processed",
    ]);
  });

  it("is audited by the names of what changed, and no secret of it is in the tables or in the log", async () => {
    const planted = [
      "token-VrX81-planted",
      "signing-Zq77-planted",
      "header-Kp02-planted",
      "path-Ww55-planted",
    ];
    const sink = await scene.startSink();
    const source = testSource("website", { auth: token(planted[0] ?? "") });
    const crm = quickDestination("crm", `${sink.url}?key=${planted[3] ?? ""}`, {
      secret: planted[1] ?? "",
      headers: { Authorization: planted[2] ?? "" },
    });
    const node = await scene.startNode({ sources: [source], destinations: [crm] });
    await apply(node, {
      sources: [source],
      destinations: [{ ...crm, concurrency: 3, secret: "another-planted" }],
    });
    await loaded([node], 2);
    sink.behave(always({ kind: "reset" }));
    const lead = { name: "Anna" };
    const answer = await fetch(`${node.url}/webhook/lead/website`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${planted[0] ?? ""}`,
        "idempotency-key": "a",
        "content-type": "application/json",
      },
      body: JSON.stringify(lead),
    });
    expect(answer.status).toBe(202);
    await until("it failed", async () => (await statuses()) === "failed 1");

    expect(
      await scene.rows(
        "SELECT payload FROM audit_events WHERE event_type = 'configuration_changed' ORDER BY event_id",
      ),
    ).toMatchObject([
      { payload: { name: "crm", change: "added" } },
      { payload: { name: "website", change: "added" } },
      { payload: { name: "crm", change: "changed", fields: ["concurrency", "secrets"] } },
    ]);
    const text = await everythingInTheTables();
    expect(text).toContain("configuration_changed");
    expect(sink.requests[0]?.headers["authorization"]).toBe(planted[2]);
    for (const secret of [...planted, "another-planted"]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString("hex"));
      expect(text).not.toContain(Buffer.from(secret).toString("base64").replaceAll("=", ""));
      expect(JSON.stringify(node.log)).not.toContain(secret);
    }
  });

  const changesSql = "SELECT count(*)::int FROM audit_events WHERE event_type = 'configuration_changed'";
  const waiting = (): Promise<number> =>
    scene.value(
      `SELECT count(*)::int FROM dlq WHERE status = 'open' AND next_retry_at IS NULL AND error_code = 'destination_removed'`,
    );

  async function statuses(): Promise<string> {
    return (
      (await scene.value<string | null>(
        "SELECT string_agg(status || ' ' || count, ', ') FROM (SELECT status, count(*) FROM runs GROUP BY status) AS s",
      )) ?? ""
    );
  }

  async function apply(node: TestApp, { sources = [], destinations = [] }: TestConfiguration) {
    const configuration = {
      timezone: "Europe/Berlin",
      openIntake: false,
      trustProxy: [],
      sources,
      destinations,
    };
    const applied = await applyFile(node.installation, "cli:anna", configuration, "all", builtInKinds);
    return applied.kind === "applied" ? applied.changes : null;
  }

  async function loaded(nodes: readonly TestApp[], times: number): Promise<void> {
    const has = ({ log }: TestApp): boolean =>
      log.filter(({ event }) => event === "configuration_loaded").length >= times;
    await until("the nodes have it", () => nodes.every(has));
  }

  async function everythingInTheTables(): Promise<string> {
    const tables = await scene.rows<{ name: string }>(
      "SELECT quote_ident(relname) AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      texts.push(
        ...(await scene.rows<{ text: string }>(`SELECT t::text AS text FROM public.${name} t`)).map(
          (row) => row.text,
        ),
      );
    }
    return texts.join("\n");
  }

  function token(value: string) {
    return { kind: "token" as const, secrets: [{ value, notAfter: null }] };
  }
});
