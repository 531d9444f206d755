// What a destination gets: made by its map, of the leads that its condition wants (docs/contract.md, What a destination
// gets).
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { apiClient } from "../support/api-client.ts";
import { describeOnOneServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { postLead as post } from "../support/webhook-client.ts";

describeOnOneServer("A destination with a map or a condition", (server) => {
  const scene = useDeliveryScene(server);
  const postTo = async (url: string, key: string, body: string): Promise<string> => {
    const { status, json } = await post(url, { path: "/webhook/lead/website", key, body });
    expect([status, json["status"]]).toEqual([202, "accepted"]);
    return String(json["run_id"]);
  };
  const runOf = async (runId: string) => {
    const [run] = await scene.rows<{ status: string; outcome: string | null }>(
      "SELECT status, outcome FROM runs WHERE run_id = $1",
      [runId],
    );
    return run;
  };
  const ended = (runId: string, status: string) =>
    until(`it is ${status}`, async () => (await runOf(runId))?.status === status);
  const typesOf = async (runId: string): Promise<string[]> =>
    (await scene.events(runId)).map(({ event_type }) => event_type);

  describe("with a map", () => {
    it("gets what the map makes, signed as it is sent, while another one gets everything as before", async () => {
      const [mapped, form, plain] = [
        await scene.startSink(),
        await scene.startSink(),
        await scene.startSink(),
      ];
      const map = {
        "properties.email": "/lead/email",
        "properties.id": "/data/id",
        "properties.price": { pointer: "/data/price", type: "text" },
        lead_id: "/run_id",
        company: "/lead/company",
      } as const;
      const node = await scene.startNode({
        sources: [testSource("website")],
        destinations: [
          quickDestination("mapped", mapped.url, { map, secret: "a secret of at least 16" }),
          quickDestination("form", form.url, { map, content: "form" }),
          quickDestination("plain", plain.url),
        ],
      });
      const runId = await postTo(
        node.url,
        "1",
        '{"email":"eva@example.de","id":12345678901234567890,"price":1.10}',
      );
      await ended(runId, "processed");
      const [request] = mapped.requests;
      expect(request?.body).toBe(
        `{"properties":{"email":"eva@example.de","id":12345678901234567890,"price":"1.10"},"lead_id":"${runId}"}`,
      );
      const {
        "webhook-id": id,
        "webhook-timestamp": at,
        "webhook-signature": signature,
      } = request?.headers ?? {};
      const signed = createHmac("sha256", "a secret of at least 16")
        .update(`${String(id)}.${String(at)}.${request?.body}`)
        .digest("base64");
      expect(signature).toBe(`v1,${signed}`);
      expect(form.requests[0]).toMatchObject({
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `properties%5Bemail%5D=eva%40example.de&properties%5Bid%5D=12345678901234567890&properties%5Bprice%5D=1.10&lead_id=${runId}`,
      });
      expect(plain.requests[0]?.body).toContain('"id":12345678901234567890,"price":1.10');
      expect(plain.requests[0]?.headers["content-type"]).toBe("application/json");
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    });

    it("gets no lead that lacks a required field: it waits for a person, whose correction is sent", async () => {
      const crm = await scene.startSink();
      const node = await scene.startNode({
        sources: [testSource("website")],
        destinations: [
          quickDestination("crm", crm.url, {
            map: {
              mail: { pointer: "/lead/email", required: true },
              "a.b": { pointer: "/data/nr", required: true },
            },
          }),
        ],
      });
      const runId = await postTo(node.url, "1", '{"name":"Eva Geheim"}');
      await ended(runId, "failed");
      expect(await scene.rows("SELECT error_code, reason, status, next_retry_at FROM dlq")).toEqual([
        {
          error_code: "required_field_missing",
          reason: "crm must get mail, a.b, and this lead gives nothing for it",
          status: "open",
          next_retry_at: null,
        },
      ]);
      const dlqId = await scene.value<number>("SELECT dlq_id FROM dlq");
      const api = apiClient(node.url);
      expect(await api.post(`/dlq/${dlqId}/dry-run`, {})).toMatchObject({
        status: 409,
        json: { code: "field_missing", dlq_id: dlqId },
      });
      const body = { email: "eva@example.de", nr: 5 };
      const dry = await api.post(`/dlq/${dlqId}/edit/dry-run`, { body });
      expect(dry.json["deliveries"]).toMatchObject([
        { destination: "crm", request: { body: '{"mail":"eva@example.de","a":{"b":5}}' } },
      ]);
      expect(crm.requests).toEqual([]);
      expect((await api.post(`/dlq/${dlqId}/edit`, { body, reason: "asked" })).status).toBe(200);
      await ended(runId, "processed");
      expect(crm.requests.map((each) => each.body)).toEqual(['{"mail":"eva@example.de","a":{"b":5}}']);
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    });
  });

  describe("with a condition", () => {
    it("gets the leads that meet it; of the others nothing is sent, which is told, shown and counted", async () => {
      const [german, everywhere] = [await scene.startSink(), await scene.startSink()];
      const node = await scene.startNode({
        sources: [testSource("website")],
        destinations: [
          quickDestination("german", german.url, {
            when: {
              all: [
                { pointer: "/source", equals: "website" },
                { pointer: "/lead/country", equals: "DE" },
              ],
            },
          }),
          quickDestination("everywhere", everywhere.url),
        ],
      });
      const here = await postTo(node.url, "1", '{"country":"DE"}');
      const there = await postTo(node.url, "2", '{"country":"AT"}');
      await Promise.all([ended(here, "processed"), ended(there, "processed")]);
      expect(german.requests.map(({ id }) => id)).toEqual([`${here}:german`]);
      expect(everywhere.requests.length).toBe(2);
      const skipped = (await scene.events(there)).find(({ event_type }) => event_type === "delivery_skipped");
      expect(skipped).toMatchObject({
        actor: "delivery",
        payload: {
          destination: "german",
          lane: "fast",
          reason: "condition_not_met",
          place: "when.all[1]",
        },
      });
      expect((await typesOf(there)).at(-1)).toBe("lead_processed");
      expect(await runOf(there)).toEqual({ status: "processed", outcome: "delivered" });
      const { json } = await apiClient(node.url).get("/activity");
      expect(json["destinations"]).toMatchObject([
        { destination: "everywhere", skipped_today: 0, skipped_30_days: 0 },
        { destination: "german", skipped_today: 1, skipped_30_days: 1 },
      ]);
      const metrics = await (await fetch(`${node.url}/metrics`)).text();
      expect(metrics).toContain('leadledger_delivery_skipped_total{destination="german"} 1');
      expect(metrics).toContain(
        'leadledger_delivery_attempts_total{destination="german",outcome="delivered"} 1',
      );
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    });

    it("counts as if it had not been asked: where nobody else got the lead, it went nowhere", async () => {
      const sink = await scene.startSink();
      const never = { pointer: "/lead/email", missing: true } as const;
      const node = await scene.startNode({
        sources: [testSource("website")],
        destinations: [
          quickDestination("one", sink.url, { when: never }),
          quickDestination("other", sink.url, { when: { not: { pointer: "/source", exists: true } } }),
        ],
      });
      const runId = await postTo(node.url, "1", '{"email":"eva@example.de"}');
      await ended(runId, "processed");
      expect(await runOf(runId)).toEqual({ status: "processed", outcome: "no_destination" });
      expect(await typesOf(runId)).toEqual([
        ...["lead_received", "delivery_skipped", "delivery_skipped", "lead_processed"],
      ]);
      expect(sink.requests).toEqual([]);
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    });

    it("is judged when a lead is sent: an entry that no longer meets it is resolved unsent", async () => {
      const crm = await scene.startSink(() => ({ kind: "answer", status: 400 }));
      const node = await scene.startNode({
        sources: [testSource("website")],
        destinations: [quickDestination("crm", crm.url, { when: { pointer: "/data/kind", equals: "b2b" } })],
      });
      const runId = await postTo(node.url, "1", '{"kind":"b2b"}');
      await ended(runId, "failed");
      const api = apiClient(node.url);
      const dlqId = await scene.value<number>("SELECT dlq_id FROM dlq");
      const dry = await api.post(`/dlq/${dlqId}/edit/dry-run`, { body: { kind: "b2c" } });
      expect(dry.json["deliveries"]).toEqual([
        { destination: "crm", request: null, not_sent: { code: "condition_not_met", detail: "when" } },
      ]);
      const edited = await api.post(`/dlq/${dlqId}/edit`, { body: { kind: "b2c" }, reason: "mistaken" });
      expect(edited.status).toBe(200);
      await ended(runId, "processed");
      expect(crm.requests.length).toBe(1);
      expect(await runOf(runId)).toEqual({ status: "processed", outcome: "no_destination" });
      expect(await scene.rows("SELECT status, resolution FROM dlq")).toEqual([
        { status: "resolved", resolution: "skipped" },
      ]);
      expect((await typesOf(runId)).slice(-4)).toEqual([
        ...["dlq_retrying", "delivery_skipped", "dlq_resolved", "lead_processed"],
      ]);
      expect(await scene.value("SELECT leads FROM internal.skipped_daily WHERE destination = 'crm'")).toBe(1);
      expect(await brokenInvariants(scene.sql)).toEqual([]);
    });
  });
});
