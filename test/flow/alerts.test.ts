// Alarms raised for real, and received by a mail server and a webhook: each once, whichever of three nodes leads, and its end too.
import { expect, it } from "vitest";
import { apiClient } from "../support/api-client.ts";
import type { ApiClient } from "../support/api-client.ts";
import { testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { startMailDouble } from "../support/mail-double.ts";
import type { MailDouble } from "../support/mail-double.ts";
import type { Sink, SinkBehaviour } from "../support/sink.ts";
import { accept, always } from "../support/sink.ts";

const options = {
  alertTimings: { errorForMs: 200, warningForMs: 300, clearAfterMs: 300, groupMs: 100, groupPauseMs: 0 },
  intervals: { alertsMs: 100, notificationsMs: 50 },
};
const publicUrl = "https://leads.example.test";

interface Told {
  readonly type: string;
  readonly message_id: string;
  readonly alerts: readonly {
    readonly alert_id: string;
    readonly code: string;
    readonly about: { readonly kind: string; readonly name: string | null };
    readonly run_ids: readonly string[];
  }[];
}

const bodiesOf = (sink: Sink): Told[] => sink.requests.map(({ body }) => JSON.parse(body) as Told);
/** `alert.raised deliveries_stopped`, in the order in which they came. */
const toldBy = (sink: Sink, code?: string): string[] =>
  bodiesOf(sink).flatMap(({ type, alerts }) =>
    alerts.filter((each) => code === undefined || each.code === code).map((each) => `${type} ${each.code}`),
  );

describeOnEachServer("alerts", (server) => {
  const scene = useDeliveryScene(server);

  async function mailServer(): Promise<MailDouble> {
    const mails = await startMailDouble();
    scene.onEnd(() => mails.stop());
    return mails;
  }

  async function startNodes(count: number, crm: Sink): Promise<TestApp[]> {
    const configuration = {
      publicUrl,
      sources: [testSource("website")],
      destinations: [quickDestination("crm", crm.url)],
    };
    const nodes: TestApp[] = [];
    for (let made = 0; made < count; made += 1) nodes.push(await scene.startNode(configuration, options));
    return nodes;
  }

  async function addWebhook(api: ApiClient, sink: Sink, more: object = {}): Promise<void> {
    const made = await api.post("/alert-recipients", {
      name: "pager",
      kind: "http",
      url: `${sink.url}/hook`,
      allow_private: true,
      ...more,
    });
    expect(made).toMatchObject({ status: 201, json: { name: "pager", confirmed_at: null } });
    await until("the webhook's answer confirms it", async () => {
      const { json } = await api.get("/alert-recipients");
      const [first] = json["items"] as readonly { readonly confirmed_by: string | null }[];
      return first?.confirmed_by === "answer";
    });
  }

  it("of wrong credentials come by mail and webhook, and so does their end, none twice with three nodes", async () => {
    let behaviour: SinkBehaviour = always({ kind: "answer", status: 401 });
    const crm = await scene.startSink((request) => behaviour(request));
    const hook = await scene.startSink(accept);
    const mails = await mailServer();
    const [node] = await startNodes(3, crm);
    if (node === undefined) throw new Error("a node");
    const api = apiClient(node.url);
    expect((await api.get("/alerts")).json).toMatchObject({ is_anybody_told: false });
    await api.put("/mail", {
      smtp: `127.0.0.1:${mails.port}`,
      security: "none",
      allow_private: true,
      from: "LeadLedger <ledger@example.test>",
    });
    await addWebhook(api, hook);
    const team = { name: "team", kind: "email", to: ["Team <team@example.test>"], language: "de" };
    expect((await api.post("/alert-recipients", team)).status).toBe(201);
    await until("the request to confirm", () => mails.mails.length === 1);
    const code = /Code ([A-Z0-9]{8})/.exec(textOf(mails.mails[0]?.raw ?? ""))?.[1] ?? "";
    const anybody = apiClient(node.url, null);
    expect((await anybody.post("/alert-recipients/team/confirm", { code: "AAAAAAAA" })).json).toMatchObject({
      code: "alert_code_wrong",
    });
    expect((await anybody.post("/alert-recipients/team/confirm", { code })).status).toBe(204);
    expect((await api.get("/alerts")).json).toMatchObject({ is_anybody_told: true });

    const runId = await postLead(node, "lead-1");
    await until(
      "it is told by both",
      () => toldBy(hook, "destination_left_alone").length > 0 && mails.mails.length >= 2,
    );
    const told = bodiesOf(hook).find(({ alerts }) =>
      alerts.some((each) => each.code === "destination_left_alone"),
    );
    expect(told).toMatchObject({
      type: "alert.raised",
      alerts: [{ about: { kind: "destination", name: "crm" }, run_ids: [runId] }],
    });
    const mail = mails.mails[1]?.raw ?? "";
    expect(mail).toMatch(/^Message-ID: <alert\.[0-9a-f-]{36}@example\.test>\r$/m);
    expect(textOf(mail)).toContain(runId);
    expect(textOf(mail)).toContain("destination_left_alone");
    expect(textOf(mail)).toContain(`${publicUrl}/alerts`);
    expect(mail).not.toContain("Groß");
    const items = (await api.get("/alerts")).json["items"] as readonly { readonly code: string }[];
    expect(items.find((each) => each.code === "destination_left_alone")).toMatchObject({
      state: "raised",
      severity: "error",
      about: { name: "crm" },
    });

    behaviour = accept;
    await api.post("/destinations/crm/try-now", { reason: "mended" });
    await until(
      "its end is told by both",
      () => toldBy(hook).includes("alert.cleared destination_left_alone") && mails.mails.length >= 3,
    );
    await node.stop();
    await until(
      "another node leads",
      async () =>
        (await scene.value<number>(
          "SELECT count(*)::int FROM internal.leader WHERE held_until > clock_timestamp()",
        )) === 1,
    );
    expect(toldBy(hook, "destination_left_alone")).toEqual([
      "alert.raised destination_left_alone",
      "alert.cleared destination_left_alone",
    ]);
    const ids = hook.requests.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const told2 = await scene.rows<{ event_type: string }>(
      "SELECT event_type FROM audit_events WHERE event_type IN ('alert_raised', 'alert_cleared') AND payload ->> 'code' = 'destination_left_alone' ORDER BY event_id",
    );
    expect(told2.map(({ event_type: type }) => type)).toEqual(["alert_raised", "alert_cleared"]);
  });

  it("of stopped deliveries and of what needs a decision are told and end, with codes and leads of their own", async () => {
    const crm = await scene.startSink(always({ kind: "answer", status: 400 }));
    const hook = await scene.startSink(accept);
    const [node] = await startNodes(1, crm);
    if (node === undefined) throw new Error("a node");
    const api = apiClient(node.url);
    await addWebhook(api, hook);
    await api.post("/deliveries/stop", { reason: "a move" });
    await until("that they are stopped", () => toldBy(hook).includes("alert.raised deliveries_stopped"));
    await api.post("/deliveries/resume", { reason: "moved" });
    await until("that they go on", () => toldBy(hook).includes("alert.cleared deliveries_stopped"));
    const runId = await postLead(node, "lead-1");
    await until("the decision", () => toldBy(hook).includes("alert.raised entries_need_decision"));
    const told = bodiesOf(hook).find(({ alerts }) => alerts[0]?.code === "entries_need_decision");
    expect(told?.alerts[0]).toMatchObject({ about: { kind: "destination", name: "crm" }, run_ids: [runId] });
    const dlqId = await scene.value<number>("SELECT dlq_id FROM dlq WHERE status = 'open'");
    await api.post(`/dlq/${dlqId}/resolve`, { reason: "done" });
    await until("that it is decided", () => toldBy(hook).includes("alert.cleared entries_need_decision"));
    expect(toldBy(hook).filter((told) => told.includes("entries_need_decision"))).toHaveLength(2);
  });

  it("are told again to a channel that was away, under the same id, and muted or acknowledged by people", async () => {
    let behaviour: SinkBehaviour = accept;
    const crm = await scene.startSink(accept);
    const hook = await scene.startSink((request) => behaviour(request));
    const [node] = await startNodes(1, crm);
    if (node === undefined) throw new Error("a node");
    const api = apiClient(node.url);
    await addWebhook(api, hook, { secret: `whsec_${Buffer.alloc(32, 7).toString("base64")}` });
    behaviour = always({ kind: "answer", status: 503 });
    await api.post("/deliveries/stop", { reason: "a move" });
    await until("the channel fails", async () => {
      const { json } = await api.get("/alert-recipients");
      const [first] = json["items"] as readonly { readonly failure_code: string | null }[];
      return first?.failure_code === "destination_error";
    });
    behaviour = accept;
    await scene.sql.query(
      "UPDATE internal.notifications SET due_at = clock_timestamp() WHERE state = 'waiting'",
    );
    await until(
      "it is told",
      async () =>
        (await scene.value<number>(
          "SELECT count(*)::int FROM internal.notifications WHERE kind = 'raised' AND state = 'sent'",
        )) === 1,
    );
    const [first, again] = hook.requests.filter(({ body }) => body.includes("deliveries_stopped"));
    expect(again?.id).toBe(first?.id);
    expect(again?.headers["webhook-signature"]).toBeDefined();
    const [alert] = (await api.get("/alerts")).json["items"] as readonly { readonly alert_id: string }[];
    const id = alert?.alert_id ?? "";
    expect((await api.post(`/alerts/${id}/acknowledge`, { note: "on it" })).json).toMatchObject({
      acknowledged_by: expect.stringMatching(/^key:/) as string,
      note: "on it",
    });
    const until_ = new Date(Date.now() + 3_600_000).toISOString();
    expect((await api.post(`/alerts/${id}/mute`, { until: until_, reason: "a move" })).json).toMatchObject({
      mute_reason: "a move",
    });
    expect((await api.post(`/alerts/${id}/unmute`)).json).toMatchObject({ muted_until: null });
    expect((await api.post("/alert-recipients/pager/test")).json).toMatchObject({ sent: true });
    expect(bodiesOf(hook).at(-1)?.type).toBe("alert.test");
    expect((await api.patch("/alert-recipients/pager", { escalate_to: "nobody" })).json).toMatchObject({
      code: "configuration_invalid",
    });
    expect((await api.patch("/alert-recipients/pager", { severity: "warning" })).json).toMatchObject({
      severity: "warning",
      confirmed_by: "answer",
    });
    expect((await api.put("/alert-rules", { deliveries_stopped: { for: "5m" } })).status).toBe(200);
    expect((await api.put("/alert-rules", { no_such_code: {} })).json).toMatchObject({
      code: "configuration_invalid",
    });
    expect((await api.delete("/alert-recipients/pager")).status).toBe(204);
    expect((await api.get("/alert-recipients")).json["items"]).toEqual([]);
  });

  it("that wait are not told while they are muted, nor to another address before that is confirmed", async () => {
    let behaviour: SinkBehaviour = accept;
    const crm = await scene.startSink(accept);
    const hook = await scene.startSink((request) => behaviour(request));
    const elsewhere = await scene.startSink(always({ kind: "answer", status: 503 }));
    const [node] = await startNodes(1, crm);
    if (node === undefined) throw new Error("a node");
    const api = apiClient(node.url);
    await addWebhook(api, hook);
    behaviour = always({ kind: "answer", status: 503 });
    await api.post("/deliveries/stop", { reason: "a move" });
    const attempts = (kind: string): Promise<number> =>
      scene.value<number>(
        `SELECT coalesce(max(attempts), 0) FROM internal.notifications WHERE kind = '${kind}' AND state = 'waiting'`,
      );
    const becomesDue = (): Promise<unknown> =>
      scene.sql.query("UPDATE internal.notifications SET due_at = clock_timestamp() WHERE state = 'waiting'");
    await until("it was tried", async () => (await attempts("raised")) === 1);
    const [alert] = (await api.get("/alerts")).json["items"] as readonly { readonly alert_id: string }[];
    const id = alert?.alert_id ?? "";
    const later = new Date(Date.now() + 3_600_000).toISOString();
    expect((await api.post(`/alerts/${id}/mute`, { until: later, reason: "a move" })).status).toBe(200);
    behaviour = accept;
    await becomesDue();
    await api.patch("/alert-recipients/pager", { url: `${elsewhere.url}/hook` });
    await until("the other address is asked", async () => (await attempts("confirmation")) === 1);
    expect((await api.post(`/alerts/${id}/unmute`)).status).toBe(200);
    await becomesDue();
    await until("it is asked again", async () => (await attempts("confirmation")) === 2);
    expect(new Set(bodiesOf(elsewhere).map(({ type }) => type))).toEqual(new Set(["alert.confirmation"]));
    expect(await attempts("raised")).toBe(1);
    await api.post("/alert-recipients/pager/ask");
    await until(
      "the first request is forgotten",
      async () =>
        (await scene.value<number>(
          "SELECT count(*)::int FROM internal.notifications WHERE kind = 'confirmation' AND state = 'withdrawn'",
        )) === 1,
    );
  });
});

/** What is text in it, decoded. */
function textOf(raw: string): string {
  const unfolded = raw.replaceAll("=\r\n", "");
  const bytes = unfolded.replaceAll(/(?:=[0-9A-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll("=", ""), "hex").toString("utf8"),
  );
  const encoded = [...raw.matchAll(/Content-Transfer-Encoding: base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map(
    ([, text = ""]) => Buffer.from(text, "base64").toString("utf8"),
  );
  return [bytes, ...encoded].join("\n");
}
