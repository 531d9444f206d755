// What a destination says about its record stands on the lead and finds it; and a destination that is at fault strands
// itself, not its leads one by one.
import { expect, it } from "vitest";
import { apiClient } from "../support/api-client.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, postLeads, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { pipedriveDestination, startPipedriveDouble } from "../support/pipedrive-double.ts";
import { always } from "../support/sink.ts";
import type { SinkAnswer } from "../support/sink.ts";

const success = [
  { status: 404, outcome: "configuration", reason: "/error" },
  { status: 500, body: { pointer: "/code", equals: "DUPLICATE" }, outcome: "duplicate", id: "/id" },
  { status: 202, outcome: "unproven" },
  {
    status: 200,
    body: { pointer: "/id", exists: true },
    outcome: "delivered",
    id: "/id",
    url: "https://crm.example/leads/{id}",
  },
] as const;

const answer = (status: number, body?: object): SinkAnswer => ({
  kind: "answer",
  status,
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

describeOnEachServer("what a destination says about its record", (server) => {
  const scene = useDeliveryScene(server);
  const crm = (url: string) =>
    quickDestination("crm", url, {
      success,
      headers: { "X-Key": "planted-header-key" },
      concurrency: 2,
      retry: { fastMs: [50], slowMs: [100, 100] },
    });
  const processed = () => scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'");
  const known = { attempt: 1, due_at: null, held_reason: null, destination: "crm", http_status: 200 };

  it("stands on the lead, finds it, and tells what is not certain", async () => {
    const sink = await scene.startSink(always(answer(200, { id: "90071992547409931" })));
    const node = await scene.startNode({ sources: [testSource("website")], destinations: [crm(sink.url)] });
    const api = apiClient(node.url);
    const deliveriesOf = async (runId: string) => (await api.get(`/runs/${runId}`)).json["deliveries"];
    const arrived = async (count: number) =>
      until(`${count} have arrived`, async () => (await processed()) === count);

    const proven = await postLead(node, "proven");
    await arrived(1);
    expect(await deliveriesOf(proven)).toEqual([
      {
        ...known,
        delivered_at: expect.any(String) as string,
        remote_id: "90071992547409931",
        remote_url: "https://crm.example/leads/90071992547409931",
        proven: true,
        maybe_twice: false,
        duplicate: null,
        warning: null,
      },
    ]);
    const found = (await api.get("/runs?remote_id=90071992547409931")).json["items"] as { run_id: string }[];
    expect(found.map(({ run_id: runId }) => runId)).toEqual([proven]);
    expect((await api.get("/runs?remote_id=9007")).json["items"]).toEqual([]);

    sink.behave(always(answer(202)));
    const unproven = await postLead(node, "unproven");
    await arrived(2);
    expect(await deliveriesOf(unproven)).toMatchObject([
      { proven: false, remote_id: null, remote_url: null },
    ]);

    sink.behave(always(answer(500, { code: "DUPLICATE", id: "7" })));
    const person = await postLead(node, "known person");
    await arrived(3);
    expect(await deliveriesOf(person)).toMatchObject([{ duplicate: "known_person", remote_id: "7" }]);

    // The first attempt failed in a way in which it may have arrived.
    sink.behave(({ attempt }) => (attempt === 1 ? answer(502) : answer(500, { code: "DUPLICATE", id: "8" })));
    const repeat = await postLead(node, "repeat");
    await arrived(4);
    expect(await deliveriesOf(repeat)).toMatchObject([{ duplicate: "same_delivery", remote_id: "8" }]);

    // As some receivers do, which repeat what they were sent.
    sink.behave(({ headers }) => ({
      kind: "answer",
      status: 201,
      headers: { "x-request-id": "q-1" },
      body: `X-Key: ${String(headers["x-key"])}`,
    }));
    const silent = await postLead(node, "silent");
    await arrived(5);
    expect(await deliveriesOf(silent)).toMatchObject([
      {
        ...known,
        http_status: 201,
        delivered_at: expect.any(String) as string,
        remote_id: null,
        proven: true,
      },
    ]);

    const signs = async (filter: string) => {
      const items = (await api.get(`/runs${filter}`)).json["items"] as { run_id: string; signs: string[] }[];
      return Object.fromEntries(items.map((item) => [item.run_id, item.signs]));
    };
    expect(await signs("?unproven=true")).toEqual({ [unproven]: ["unproven"] });
    expect(await signs("?known_person=true")).toEqual({ [person]: ["known_person"] });
    expect(await signs("?maybe_twice=true")).toEqual({});
    expect(await signs("?added_to_person=true")).toEqual({});
    expect(await signs("?warning=true")).toEqual({});
    expect(await signs("?unproven=false&known_person=false")).toEqual({
      [proven]: [],
      [repeat]: [],
      [silent]: [],
    });
    expect((await api.get(`/runs/${person}`)).json).toMatchObject({
      signs: ["known_person"],
      last_attempts: [
        {
          destination: "crm",
          delivered: true,
          http_status: 500,
          error_code: null,
          answer: { status: 500, body_excerpt: '{"code":"DUPLICATE","id":"7"}' },
        },
      ],
    });
    expect((await api.get(`/runs/${silent}`)).json["last_attempts"]).toMatchObject([
      { answer: { status: 201, headers: { "x-request-id": "q-1" }, body_excerpt: "X-Key: ***" } },
    ]);
    const csv = await api.get("/exports/runs?format=csv&unproven=true");
    expect(csv.text.trim().split("\n").at(-1)).toMatch(/,unproven$/);

    expect(
      await scene.rows(
        `SELECT payload ->> 'remote_id' AS id, payload ->> 'proven' AS proven, payload ->> 'duplicate' AS duplicate
         FROM audit_events WHERE event_type = 'lead_delivered' ORDER BY event_id`,
      ),
    ).toEqual([
      { id: "90071992547409931", proven: null, duplicate: null },
      { id: null, proven: "false", duplicate: null },
      { id: "7", proven: null, duplicate: "known_person" },
      { id: "8", proven: null, duplicate: "same_delivery" },
      { id: null, proven: null, duplicate: null },
    ]);
    expect(await scene.brokenStories()).toEqual([]);
    expect(
      await scene.rows(
        "SELECT destination, unproven, maybe_twice, known_person, added_to_person FROM internal.receipts_daily",
      ),
    ).toEqual([{ destination: "crm", unproven: 1, maybe_twice: 0, known_person: 1, added_to_person: 0 }]);
    await scene.sql.query("UPDATE internal.receipts SET remote_id = 'r-0' WHERE run_id = $1", [proven]);
    await scene.sql.query("DELETE FROM internal.receipts WHERE run_id = $1", [unproven]);
    expect(await scene.brokenStories()).toHaveLength(2);
  });

  it("of an entry, too; and a destination at fault keeps its leads together until somebody has mended it", async () => {
    const sink = await scene.startSink(always(answer(404, { error: "no such workflow" })));
    const node = await scene.startNode({ sources: [testSource("website")], destinations: [crm(sink.url)] });
    const api = apiClient(node.url);
    await postLead(node, "first");
    await until("the circuit is open", async () => {
      const { circuit } = (await api.get("/destinations/crm")).json as { circuit: { state: string } };
      return circuit.state === "open";
    });
    await postLeads(node, 20);
    const shown = (await api.get("/destinations/crm")).json["circuit"];
    expect(shown).toMatchObject({
      reason: "destination_configuration",
      message: "crm answered 404 Not Found: no such workflow",
    });
    const alarms = (await api.get("/overview")).json["alarms"] as readonly { code: string }[];
    expect(alarms).toContainEqual(
      expect.objectContaining({ code: "destination_left_alone", severity: "error" }),
    );
    // Twenty wait, and nothing was sent for them: not one Klärfall each.
    expect(sink.requests).toHaveLength(1);
    expect(await scene.value("SELECT count(*)::int FROM internal.deliveries WHERE attempt = 0")).toBe(20);
    expect(await scene.rows("SELECT error_code, status, retry_count FROM dlq")).toEqual([
      { error_code: "destination_configuration", status: "open", retry_count: 0 },
    ]);
    // Probes that fail use up no schedule, though it has two steps only.
    for (let probes = 2; probes <= 5; probes += 1) {
      await scene.sql.query(
        `WITH due AS (UPDATE dlq SET next_retry_at = clock_timestamp() WHERE status = 'open')
         UPDATE internal.circuits SET next_probe_at = clock_timestamp() WHERE state = 'open'`,
      );
      await until(`${probes} were tried`, () => sink.requests.length >= probes);
      await until(
        "it is open again",
        async () => (await scene.value("SELECT state FROM internal.circuits")) === "open",
      );
    }
    expect(await scene.value("SELECT count(*)::int FROM dlq WHERE status = 'dead'")).toBe(0);

    sink.behave(({ id }) => answer(200, { id: `r-${id.slice(0, 8)}` }));
    // Whoever has mended it looks whether it can be reached, and one lead tries at once.
    expect((await api.post("/destinations/crm/probe", {})).json).toMatchObject({ reachable: true });
    await until("all have arrived", async () => (await processed()) === 21, 20_000);
    expect(await scene.value("SELECT count(*)::int FROM internal.receipts WHERE remote_id LIKE 'r-%'")).toBe(
      21,
    );
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("is not made twice where the note that follows it was refused for now", async () => {
    const pipedrive = await startPipedriveDouble();
    pipedrive.instead("POST /v1/notes", [429, { success: false }], 1);
    const retry = { fastMs: [50, 100], slowMs: [100, 100] };
    const node = await scene.startNode({
      sources: [testSource("website")],
      destinations: [pipedriveDestination(pipedrive.url, { retry })],
    });
    await postLead(node, "noted-later");
    await until("it has arrived", async () => (await processed()) === 1);
    expect([pipedrive.persons.length, pipedrive.leads.length, pipedrive.notes.length]).toEqual([1, 1, 1]);
    expect(
      await scene.rows(
        "SELECT payload ->> 'outcome' AS outcome, payload -> 'perhaps_arrived' AS there FROM audit_events WHERE event_type = 'delivery_failed'",
      ),
    ).toEqual([{ outcome: "destination_throttled", there: true }]);
    await pipedrive.close();
  });
});
