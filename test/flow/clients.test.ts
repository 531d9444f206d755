// Clients of an agency (docs/contract.md, Clients of an agency): nothing of one reaches another, whoever tries and by whatever way.
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { apiClient } from "../support/api-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { postLead } from "../support/webhook-client.ts";

const dayMs = 86_400_000;

describeOnEachServer("Clients of an agency", (server) => {
  const scene = useDeliveryScene(server);
  const start = async () => {
    const crm = await scene.startSink();
    const samePerson = { withinMs: 30 * dayMs, then: "hold" } as const;
    const node = await scene.startNode({
      sources: [
        testSource("a-web", { client: "a", samePerson }),
        testSource("b-web", { client: "b", samePerson }),
        testSource("web"),
      ],
      destinations: [
        quickDestination("a-crm", crm.url, { client: "a", retry: { fastMs: [50], slowMs: [300] } }),
        quickDestination("b-crm", crm.url, { client: "b" }),
        quickDestination("crm", crm.url),
      ],
    });
    let count = 0;
    const send = async (source: string, body: Record<string, unknown> = { note: "hi" }): Promise<string> => {
      const path = `/webhook/lead/${source}`;
      const { status, json } = await postLead(node.url, { path, key: `k${(count += 1)}`, body });
      expect(status).toBe(202);
      return String(json["run_id"]);
    };
    const arrived = (...ids: string[]) =>
      until("they arrive", () => ids.every((id) => crm.countOf(id) === 1));
    const processed = (runId: string) =>
      until(
        "it is done",
        async () => (await scene.value("SELECT status FROM runs WHERE run_id = $1", [runId])) === "processed",
      );
    return { crm, node, send, arrived, processed, api: apiClient(node.url) };
  };

  it("each get their own leads alone, and a source without `to` sends to all of its client", async () => {
    const { crm, node, send, arrived } = await start();
    const runs = { a: await send("a-web"), b: await send("b-web"), none: await send("web") };
    await arrived(`${runs.a}:a-crm`, `${runs.b}:b-crm`, `${runs.none}:crm`);
    expect(crm.requests).toHaveLength(3);
    expect(await brokenInvariants(node.installation.database)).toEqual([]);
  });

  it("get no delivery of each other, whoever asks for it", async () => {
    const { node, send, arrived, processed, api } = await start();
    const run = await send("a-web");
    await arrived(`${run}:a-crm`);
    await processed(run);
    const wrong = { code: "LL007" };
    const trying = (text: string, ...values: unknown[]) => expect(scene.rows(text, values), text).rejects;
    for (const destination of ["b-crm", "crm"]) {
      await trying(
        "INSERT INTO internal.deliveries (run_id, destination, due_at) VALUES ($1, $2, 'infinity')",
        run,
        destination,
      ).toMatchObject(wrong);
      await trying(
        "INSERT INTO dlq (run_id, destination, kind) VALUES ($1, $2, 'manual')",
        run,
        destination,
      ).toMatchObject(wrong);
      await trying(
        "INSERT INTO dlq (run_id, destination, kind, next_retry_at) VALUES ($1, $2, 'replay', now())",
        run,
        destination,
      ).toMatchObject(wrong);
      expect(await api.post(`/runs/${run}/replay`, { destination, reason: "try" })).toMatchObject({
        status: 409,
        json: { code: "lead_of_other_client" },
      });
    }
    await api.post("/destinations/a-crm/pause").catch(() => undefined);
    await trying("UPDATE internal.deliveries SET destination = 'b-crm'").toMatchObject({ code: "LL002" });
    expect((await api.post(`/runs/${run}/replay`, { destination: "a-crm", reason: "ok" })).status).toBe(202);
    expect(await brokenInvariants(node.installation.database)).toEqual([]);
  });

  it("are refused as routes, by API and by SQL", async () => {
    const { api } = await start();
    const source = { name: "own", client: "a", auth: { kind: "none" }, to: ["b-crm"] };
    expect(await api.post("/sources", source)).toMatchObject({
      status: 422,
      json: { problems: [{ code: "destination_of_other_client", place: "to[0]" }] },
    });
    expect(await api.post("/sources", { ...source, to: ["a-crm"] })).toMatchObject({
      status: 201,
      json: { client: "a", to: ["a-crm"] },
    });
    expect(await api.patch("/sources/own", { client: "b" })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "destination_of_other_client" }] },
    });
    await expect(
      scene.rows(`UPDATE internal.sources SET settings = settings || '{"to": ["b-crm"]}' WHERE name = 'own'`),
    ).rejects.toMatchObject({ code: "LL007" });
    const own = { name: "own-crm", client: "a", kind: "external" };
    expect(await api.post("/destinations", own)).toMatchObject({ status: 201, json: { client: "a" } });
    expect((await api.patch("/sources/own", { to: ["own-crm"] })).status).toBe(200);
    expect(await api.patch("/destinations/own-crm", { client: null })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "sources_of_other_client", place: "client" }] },
    });
  });

  it("hear which sources will send to a destination before it is added", async () => {
    const { api } = await start();
    const preview = async (entry: Record<string, unknown>) =>
      (await api.post("/destinations/preview", { name: "new", kind: "external", ...entry })).json;
    expect(await preview({ client: "a" })).toMatchObject({ sources: ["a-web"], warnings: [] });
    expect(await preview({})).toMatchObject({ sources: ["web"] });
    expect(await preview({ client: "c" })).toMatchObject({
      sources: [],
      warnings: [{ code: "nobody_sends_there" }],
    });
    expect(await preview({ name: "a-crm" })).toMatchObject({ code: "managed_by_file" });
    expect((await api.get("/destinations/new")).status).toBe(404);
  });

  it("are set up like another, without anything that is the other's", async () => {
    const { api, crm } = await start();
    const made = await api.post("/clients", { name: "c", from: "a", label: "Möbel C" });
    expect(made).toMatchObject({
      status: 201,
      json: {
        sources: [{ name: "c-web", template: "a-web", gaps: [] }],
        destinations: [{ name: "c-crm", template: "a-crm", gaps: ["url"] }],
      },
    });
    expect((await api.get("/sources/c-web")).json).toMatchObject({ client: "c", to: null, paused: false });
    expect((await api.get("/destinations/c-crm")).json).toMatchObject({
      client: "c",
      paused: true,
      origin: "https://to-be-filled-in.invalid",
    });
    expect(JSON.stringify(made.json)).not.toContain(new URL(crm.url).port);
    const given = { destinations: { "a-crm": { url: crm.url } } };
    expect(await api.post("/clients", { name: "d", from: "a", ...given })).toMatchObject({
      status: 201,
      json: { destinations: [{ name: "d-crm", gaps: [] }] },
    });
    expect((await api.get("/destinations/d-crm")).json).toMatchObject({ client: "d", paused: false });
    expect((await api.post("/clients", { name: "c", from: "a" })).json).toMatchObject({ code: "name_taken" });
    expect((await api.post("/clients", { name: "e", from: "x" })).json).toMatchObject({
      code: "client_not_found",
    });
    const wrong = { destinations: { "a-crm": { url: "no address" } } };
    expect(await api.post("/clients", { name: "e", from: "a", ...wrong })).toMatchObject({
      status: 422,
      json: { problems: [{ place: "destinations.a-crm.url" }] },
    });
    expect((await api.get("/sources/e-web")).status).toBe(404);
  });

  it("keep the sources that had leads, and what has not been delivered", async () => {
    const { send, api, node } = await start();
    const known = async (source: string) =>
      until("the node knows it", async () => {
        const lead = { path: `/webhook/lead/${source}`, key: "first", body: { note: "first" } };
        return [200, 202].includes((await postLead(node.url, lead)).status);
      });
    const auth = { kind: "none" };
    expect((await api.post("/destinations", { name: "worker", kind: "external" })).status).toBe(201);
    expect((await api.post("/sources", { name: "own", auth, to: ["worker"] })).status).toBe(201);
    await known("own");
    await send("own");
    expect((await api.patch("/sources/own", { to: [] })).status).toBe(200);
    expect(await api.patch("/sources/own", { client: "a" })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "client_has_open_deliveries" }] },
    });
    expect(await api.patch("/destinations/worker", { client: "a" })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "client_has_open_deliveries" }] },
    });
    // Both together, as `leadledger apply` does it.
    await scene.rows(`WITH d AS (UPDATE internal.destinations SET settings = settings || '{"client": "a"}' WHERE name = 'worker')
      UPDATE internal.sources SET settings = settings || '{"client": "a"}' WHERE name = 'own'`);
    expect(await api.patch("/sources/own", { client: "b" })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "client_has_leads" }] },
    });
    expect((await api.get("/sources/own")).json).toMatchObject({ client: "a" });
  });

  it("get nothing of each other from a node that has not heard of a change, and no lead is lost", async () => {
    const crm = await scene.startSink();
    const node = await scene.startNode({
      sources: [testSource("web", { to: ["crm"] })],
      destinations: [quickDestination("crm", crm.url)],
    });
    // By hand, so that no node is told: from here on the destination is somebody's.
    await scene.rows(
      `WITH s AS (UPDATE internal.sources SET settings = settings || '{"to": []}' WHERE name = 'web')
       UPDATE internal.destinations SET settings = settings || '{"client": "a"}' WHERE name = 'crm'`,
    );
    const lead = { path: "/webhook/lead/web", key: "stale", body: { note: "whose" } };
    const { status, json } = await postLead(node.url, lead);
    expect([status, json["status"]]).toEqual([202, "accepted"]);
    await scene.rows(
      "UPDATE internal.settings SET value = to_jsonb((value #>> '{}')::int + 1) WHERE name = 'configuration_revision'",
    );
    const runs = () => scene.rows("SELECT run_id, status, outcome FROM runs");
    await until("the lead is there", async () => (await runs()).length > 0);
    expect(await runs()).toEqual([
      { run_id: json["run_id"], status: "processed", outcome: "no_destination" },
    ]);
    expect(await scene.rows("SELECT FROM internal.deliveries_across_clients")).toEqual([]);
    expect(crm.requests).toEqual([]);
    expect(await brokenInvariants(node.installation.database)).toEqual([]);
  });

  it("know nothing of a person who wrote to both", async () => {
    const { send, arrived, api } = await start();
    const anna = { email: "anna@example.de" };
    const first = await send("a-web", anna);
    const other = await send("b-web", anna);
    await arrived(`${first}:a-crm`, `${other}:b-crm`);
    for (const run of [first, other])
      expect((await api.get(`/runs/${run}`)).json).toMatchObject({ related_runs: [] });
    const again = await send("a-web", anna);
    expect((await api.get(`/runs/${again}`)).json).toMatchObject({
      is_held: true,
      related_runs: [{ run_id: first, by: "email" }],
    });
  });

  it("have figures of their own, which add up to those of all", async () => {
    const { send, processed, api } = await start();
    for (const source of ["a-web", "a-web", "b-web", "web"]) await processed(await send(source));
    const today = await scene.value<string>(
      "SELECT (now() AT TIME ZONE internal.reporting_timezone())::date::text",
    );
    const range = `from=${today}&to=${today}`;
    const clients = async () =>
      (await api.get(`/kpi/clients?${range}`)).json["items"] as { client: string; received_count: number }[];
    await until("they are counted", async () => (await clients()).length === 3);
    expect((await clients()).map((row) => [row.client, row.received_count])).toEqual([
      [null, 1],
      ["a", 2],
      ["b", 1],
    ]);
    expect((await api.get(`/kpi/sources?${range}&client=a`)).json).toMatchObject({
      items: [{ source: "a-web", client: "a", received_count: 2 }],
    });
    expect((await api.get(`/kpi/sources?${range}&client=`)).json).toMatchObject({
      items: [{ source: "web", client: null }],
    });
    expect(
      await scene.value(
        `SELECT count(*)::int FROM kpi_daily k WHERE (k.received_count, k.processed_count, k.failed_count, k.processing_us_sum)
         <> (SELECT sum(c.received_count), sum(c.processed_count), sum(c.failed_count), sum(c.processing_us_sum) FROM kpi_daily_clients c WHERE c.day = k.day)`,
      ),
    ).toBe(0);
  });
});
