// A source that distributes its leads: each goes to one of several destinations, decided once, fairly, by all nodes
// together, and told.
import { expect, it } from "vitest";
import type { DistributionGroup } from "../../src/domain/leads/distribution.ts";
import { apiClient } from "../support/api-client.ts";
import { testSource } from "../support/app.ts";
import type { TestConfiguration } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, postLeads, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { request } from "undici";

function group(weights: Readonly<Record<string, number>>, skipPaused = false): DistributionGroup {
  return {
    members: Object.entries(weights).map(([destination, weight]) => ({ destination, weight })),
    skipPaused,
  };
}

describeOnEachServer("a source that distributes its leads", (server) => {
  const scene = useDeliveryScene(server);

  async function configuration(
    oneOf: DistributionGroup,
    paused: readonly string[] = [],
  ): Promise<TestConfiguration> {
    const sink = await scene.startSink();
    const names = oneOf.members.map(({ destination }) => destination);
    return {
      sources: [testSource("website", { to: ["crm", ...names], oneOf: [oneOf], onKeyReuse: "revision" })],
      destinations: ["crm", ...names].map((name) =>
        quickDestination(name, sink.url, { paused: paused.includes(name) }),
      ),
    };
  }

  const isProcessed = async (count: number): Promise<boolean> =>
    (await scene.value<number>("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === count;
  const decisions = () =>
    scene.rows<{ run_id: string; destination: string }>(
      "SELECT run_id, payload ->> 'destination' AS destination FROM audit_events WHERE event_type = 'lead_distributed'",
    );
  const delivered = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await scene.rows<{ name: string; leads: number }>(
          `SELECT payload ->> 'destination' AS name, count(*)::int AS leads FROM audit_events
           WHERE event_type = 'lead_delivered' GROUP BY 1`,
        )
      ).map(({ name, leads }) => [name, leads]),
    );

  it("gives everybody their share to within one lead, with two nodes at work and leads that come twice", async () => {
    const shared = await configuration(group({ anna: 1, bernd: 1, carla: 2 }));
    const nodes = [await scene.startNode(shared), await scene.startNode(shared)] as const;
    const repeat = (node: { url: string }, key: string) =>
      request(`${node.url}/webhook/lead/website`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify({ name: "Jürgen Groß", email: `${key}@beispiel.de`, note: "bitte zurückrufen" }),
      }).then(({ body }) => body.dump());
    await Promise.all([
      postLeads(nodes[0], 61, { prefix: "one" }),
      postLeads(nodes[1], 40, { prefix: "other" }),
    ]);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => repeat(nodes[index % 2 === 0 ? 0 : 1], `one-${index}`)),
    );
    await until("all have arrived", () => isProcessed(101));
    const { crm, anna = 0, bernd = 0, carla = 0 } = await delivered();
    expect(crm).toBe(101);
    expect(anna + bernd + carla).toBe(101);
    expect(Math.abs(anna - 101 / 4)).toBeLessThan(1);
    expect(Math.abs(bernd - 101 / 4)).toBeLessThan(1);
    expect(Math.abs(carla - 101 / 2)).toBeLessThan(1);
    // One decision for each lead, and it went where it says.
    const decided = await decisions();
    expect(new Set(decided.map(({ run_id }) => run_id)).size).toBe(decided.length);
    expect(
      await scene.value(
        `SELECT count(*)::int FROM audit_events d JOIN audit_events a USING (run_id)
         WHERE d.event_type = 'lead_delivered' AND a.event_type = 'lead_distributed'
           AND d.payload ->> 'destination' IN ('anna', 'bernd', 'carla')
           AND d.payload ->> 'destination' <> a.payload ->> 'destination'`,
      ),
    ).toBe(0);
    const { json } = await apiClient(nodes[0].url).get("/activity");
    const shown = (json["destinations"] as { destination: string; distributed_today: number }[]).map(
      ({ destination, distributed_today: today }) => [destination, today],
    );
    expect(Object.fromEntries(shown)).toEqual({ crm: 0, anna, bernd, carla });
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("says on the lead who was chosen, by which rule, and who else could have been", async () => {
    const node = await scene.startNode(await configuration(group({ anna: 1, bernd: 3 })));
    const runId = await postLead(node, "told");
    await until("it has arrived", () => isProcessed(1));
    const story = await scene.events(runId);
    expect(story.map(({ event_type }) => event_type).slice(0, 2)).toEqual([
      "lead_received",
      "lead_distributed",
    ]);
    expect(story[1]).toEqual({
      event_type: "lead_distributed",
      actor: "webhook",
      payload: {
        destination: "bernd",
        rule: "weights",
        among: [
          { destination: "anna", weight: 1 },
          { destination: "bernd", weight: 3 },
        ],
        turn: 0,
      },
    });
  });

  it("keeps the share of who is paused, unless it is to be left out", async () => {
    const shared = await configuration(group({ anna: 1, bernd: 1 }), ["anna"]);
    const node = await scene.startNode(shared);
    await postLeads(node, 6);
    await until("three have arrived", () => isProcessed(3));
    expect(
      await scene.value("SELECT count(*)::int FROM internal.deliveries WHERE destination = 'anna'"),
    ).toBe(3);
    await node.stop();
    const { destinations = [] } = shared;
    await scene.startNode({
      ...shared,
      destinations: destinations.map((each) => ({ ...each, paused: false })),
    });
    await until("all have arrived", () => isProcessed(6));
    expect(await delivered()).toEqual({ crm: 6, anna: 3, bernd: 3 });
  });

  it("sends the share of who is paused to the others, where that is wanted, and says so", async () => {
    const shared = group({ anna: 1, bernd: 1, carla: 1 }, true);
    const node = await scene.startNode(await configuration(shared, ["anna"]));
    await postLeads(node, 6);
    await until("all have arrived", () => isProcessed(6));
    expect(await delivered()).toEqual({ crm: 6, bernd: 3, carla: 3 });
    expect(
      await scene.value(
        `SELECT bool_and(payload -> 'skipped' = '["anna"]') FROM audit_events WHERE event_type = 'lead_distributed'`,
      ),
    ).toBe(true);
  });

  it("brings changes of a lead, and the lead when it is sent again, to who got it", async () => {
    const node = await scene.startNode(await configuration(group({ anna: 1, bernd: 1 })));
    const [first] = [await postLead(node, "first"), await postLead(node, "second")];
    await until("both have arrived", () => isProcessed(2));
    const change = await request(`${node.url}/webhook/lead/website`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "first" },
      body: JSON.stringify({ name: "Jürgen Groß", email: "neu@beispiel.de" }),
    });
    expect(await change.body.json()).toMatchObject({ run_id: first, revision: 1 });
    await until("the change has arrived", async () => (await delivered())["anna"] === 2);
    expect(await delivered()).toMatchObject({ anna: 2, bernd: 1 });
    expect(await decisions()).toHaveLength(2);
  });

  it("brings changes to who got the lead before there was a group, and to nobody else", async () => {
    const shared = await configuration(group({ bernd: 1, anna: 1 }));
    const before = await scene.startNode({
      ...shared,
      sources: [testSource("website", { to: ["crm", "anna"], onKeyReuse: "revision" })],
    });
    const runId = await postLead(before, "first");
    await until("it has arrived", () => isProcessed(1));
    await before.stop();
    const node = await scene.startNode(shared);
    const change = await request(`${node.url}/webhook/lead/website`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "first" },
      body: JSON.stringify({ name: "Jürgen Groß", email: "neu@beispiel.de" }),
    });
    expect(await change.body.json()).toMatchObject({ run_id: runId, revision: 1 });
    await until("the change has arrived", async () => (await delivered())["crm"] === 2);
    await until("at Anna's, too", async () => (await delivered())["anna"] === 2);
    expect(await delivered()).toEqual({ crm: 2, anna: 2 });
    expect(await decisions()).toEqual([]);
  });

  it("goes on with test leads without taking a turn, and they reach everybody", async () => {
    const node = await scene.startNode(await configuration(group({ anna: 1, bernd: 1 })));
    await apiClient(node.url).post("/sources/website/test", {});
    await until("the test has arrived everywhere", async () => Object.keys(await delivered()).length === 3);
    await postLead(node, "first");
    await until("the lead has arrived", () => isProcessed(2));
    expect((await decisions()).map(({ destination }) => destination)).toEqual(["anna"]);
  });

  it("is set up by API as it is written in the file, with mistakes named by their place", async () => {
    const node = await scene.startNode(await configuration(group({ anna: 1, bernd: 1 })));
    const api = apiClient(node.url);
    const to = ["crm", { one_of: ["anna", { destination: "bernd", weight: 3 }], skip_paused: true }];
    const made = await api.post("/sources", { name: "phone", auth: { kind: "token" }, to });
    expect(made.status).toBe(201);
    expect((await api.get("/sources/phone")).json["to"]).toEqual(to);
    const wrong = await api.post("/sources", {
      name: "fax",
      auth: { kind: "token" },
      to: [
        { one_of: ["anna", { destination: "berndt", weight: 0 }], skip: true },
        { one_of: [] },
        "anna",
        { destination: "bernd" },
      ],
    });
    expect(wrong.status).toBe(422);
    const problems = wrong.json["problems"] as { code: string; place: string }[];
    expect(problems.map(({ code, place }) => `${place} ${code}`).toSorted()).toEqual([
      "to[0].one_of[1].destination destination_unknown",
      "to[0].one_of[1].weight number_range",
      "to[0].skip unknown_key",
      "to[1].one_of list_empty",
      "to[2] destination_listed_twice",
      "to[3].destination unknown_key",
      "to[3].one_of key_missing",
    ]);
    // Who takes turns is somebody whom the source sends to.
    const removed = await api.delete("/destinations/bernd");
    expect(removed.status).toBe(409);
  });
});
