// Several sources behind one address: a sender with a single address for all pages of all clients.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { apiClient } from "../support/api-client.ts";
import { startTestApp, testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { linkedinHeaders, metaHeaders } from "../support/vendor-requests.ts";
import { graphLead, startVendorInterface } from "../support/vendor-interfaces.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Source } from "../../src/domain/sources/source.ts";

const secret = "planted-app-secret";
const key = { kind: "header_preferred", windowMs: 600_000 } as const;
const address = (kind: string) =>
  testSource("address", { auth: { kind, secrets: [{ value: secret, notAfter: null }] }, key, to: [] });

function behind(name: string, kind: string, settings: object, changes: Partial<Source> = {}): Source {
  return testSource(name, {
    auth: { kind, secrets: [], via: "address", ...settings },
    key,
    to: [name],
    ...changes,
  });
}

interface Notified {
  readonly page: string;
  readonly form?: string;
  readonly id: string;
}

/** One request with an entry for each lead, signed as Meta does. */
async function notify(url: string, leads: readonly Notified[]): Promise<void> {
  const entry = leads.map(
    ({ page, form = "5", id }) =>
      `{"id":"${page}","time":1,"changes":[{"field":"leadgen","value":{"leadgen_id":"${id}","page_id":${page},"form_id":"${form}"}}]}`,
  );
  const body = `{"object":"page","entry":[${entry.join(",")}]}`;
  const headers = metaHeaders({ secret, body: Buffer.from(body), atMs: 0, url: "" });
  const { status, text } = await postLead(url, {
    path: "/webhook/lead/address",
    body,
    headers: { ...headers },
  });
  expect([status, text]).toEqual([200, "EVENT_RECEIVED"]);
}

describeOnEachServer("Sources that share an address", (server) => {
  const scene = useDeliveryScene(server);
  const runs = () =>
    scene.rows(
      "SELECT source, idempotency_key AS key, status, error_code FROM runs ORDER BY idempotency_key",
    );

  it("get their own leads of one request, each fetched with its own token and sent to its own destination", async () => {
    const graph = await startVendorInterface(graphLead);
    scene.onEnd(() => graph.close());
    const [mueller, schmidt] = [await scene.startSink(), await scene.startSink()];
    const vendor = { baseUrl: graph.url, allowPrivate: true };
    const node = await scene.startNode({
      sources: [
        address("meta-lead-ads"),
        behind("mueller", "meta-lead-ads", {
          ...vendor,
          pages: ["10499654448812345"],
          pageToken: "of-mueller",
        }),
        behind("schmidt", "meta-lead-ads", {
          ...vendor,
          pages: ["10499654448812346"],
          pageToken: "of-schmidt",
        }),
      ],
      destinations: [quickDestination("mueller", mueller.url), quickDestination("schmidt", schmidt.url)],
    });
    const leads = [
      { page: "10499654448812345", id: "1" },
      { page: "10499654448812346", id: "2" },
      { page: "10499654448812347", id: "3" },
    ];
    await notify(node.url, leads);
    await until("both are delivered", () => mueller.requests.length + schmidt.requests.length === 2);
    expect([mueller.requests.length, schmidt.requests.length]).toEqual([1, 1]);
    expect(
      Object.fromEntries(
        graph.requests.map((each) => [/\/(\d+)\?/.exec(each.path)?.[1], each.headers.authorization]),
      ),
    ).toEqual({ 1: "Bearer of-mueller", 2: "Bearer of-schmidt" });
    await until(
      "they are settled",
      async () => (await scene.value("SELECT count(*) FROM runs WHERE status = 'accepted'")) === 0,
    );
    expect(await runs()).toEqual([
      { source: "mueller", key: "1", status: "processed", error_code: null },
      { source: "schmidt", key: "2", status: "processed", error_code: null },
      { source: "address", key: "3", status: "failed", error_code: "page_unknown" },
    ]);
    // What nobody lists is kept whole, and once, however often it comes.
    await notify(node.url, leads);
    expect(
      await scene.rows("SELECT kind, status, error_code, payload -> 'body' ->> 'page_id' AS page FROM dlq"),
    ).toEqual([{ kind: "refused", status: "open", error_code: "page_unknown", page: "10499654448812347" }]);
    expect(await runs()).toHaveLength(3);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("are held and sent on one by one: a source that is paused holds only its own leads", async () => {
    const [a, b] = [await scene.startSink(), await scene.startSink()];
    const node = await scene.startNode({
      sources: [
        address("meta-lead-ads"),
        behind("a", "meta-lead-ads", { pages: ["1"] }, { paused: true }),
        behind("b", "meta-lead-ads", { pages: ["1"], forms: ["9"] }),
      ],
      destinations: [quickDestination("a", a.url), quickDestination("b", b.url)],
    });
    await notify(node.url, [
      { page: "1", form: "9", id: "1" },
      { page: "1", form: "8", id: "2" },
    ]);
    await until(
      "one is delivered",
      async () =>
        (await scene.value("SELECT count(*) FROM internal.deliveries WHERE destination = 'b'")) === 0,
    );
    expect(b.requests).toHaveLength(1);
    expect(await scene.rows("SELECT destination, held_reason FROM internal.deliveries")).toEqual([
      { destination: "a", held_reason: "source_paused" },
    ]);
    expect(a.requests).toEqual([]);
  });

  it("are told apart by LinkedIn's owners, whether by URN or by number", async () => {
    const node = await scene.startNode({
      sources: [
        address("linkedin-lead-sync"),
        behind("org", "linkedin-lead-sync", { organizations: ["urn:li:organization:12"] }, { to: [] }),
        behind("ads", "linkedin-lead-sync", { organizations: ["5678"] }, { to: [] }),
      ],
      destinations: [],
    });
    const send = async (id: string, owner: object): Promise<void> => {
      const body = JSON.stringify({
        type: "LEAD_ACTION",
        leadGenFormResponse: id,
        leadGenForm: "urn:li:leadGenForm:7",
        owner,
        leadAction: "CREATED",
      });
      const headers = linkedinHeaders({ secret, body: Buffer.from(body), atMs: 0, url: "" });
      expect(
        (await postLead(node.url, { path: "/webhook/lead/address", body, headers: { ...headers } })).status,
      ).toBe(200);
    };
    await send("a", { organization: "urn:li:organization:12" });
    await send("b", { sponsoredAccount: "urn:li:sponsoredAccount:5678" });
    await send("c", { organization: "urn:li:organization:13" });
    expect((await runs()).map((run) => (run as { source: string }).source)).toEqual([
      "org",
      "ads",
      "address",
    ]);
  });

  it("take in what came before they listed it, one lead or all of them, and a repeat stays the same lead", async () => {
    const crm = await scene.startSink();
    const node = await scene.startNode({ destinations: [quickDestination("crm", crm.url)] });
    const api = apiClient(node.url);
    const add = (entry: object) => api.post("/sources", { kind: "meta-lead-ads", ...entry });
    expect((await add({ name: "address", secret, to: [], pages: ["1"] })).status).toBe(201);
    await until("the node knows it", async () => {
      const { json } = await postLead(node.url, { path: "/webhook/lead/address", body: {} });
      return json["code"] !== "source_unknown";
    });
    await notify(node.url, [
      { page: "7", id: "71" },
      { page: "7", id: "72" },
      { page: "7", id: "73" },
      { page: "8", id: "81" },
    ]);
    const cause = async () =>
      (
        (await api.get("/dlq/groups")).json["items"] as {
          error_code: string;
          count: number;
          filter: object;
        }[]
      )[0];
    expect(await cause()).toMatchObject({
      error_code: "page_unknown",
      kind: "refused",
      source: "address",
      count: 4,
    });
    const entries = await scene.rows<{ id: number; page: string }>(
      "SELECT dlq_id AS id, payload -> 'body' ->> 'page_id' AS page FROM dlq ORDER BY dlq_id",
    );
    const [first, second] = entries;
    const takeIn = (id: unknown) =>
      api.post(`/dlq/${String(id)}/take-in`, { reason: "their page is listed now" });
    expect([(await takeIn(first?.id)).json["code"], (await api.get(`/dlq/${first?.id}`)).json]).toMatchObject(
      [
        "page_unknown",
        { status: "open", obstacles: { take_in: null, edit: "page_unknown", retry: "entry_refused" } },
      ],
    );
    const made = await add({ name: "mueller", via: "address", pages: ["7"], to: ["crm"], country: "AT" });
    expect([made.status, made.json["auth"], made.json["secret"]]).toEqual([
      201,
      { kind: "meta-lead-ads", secrets: [] },
      undefined,
    ]);
    expect((await api.get("/sources/mueller/samples")).json["url"]).toMatch(/\/webhook\/lead\/address$/);
    const { json } = await takeIn(first?.id);
    expect(
      await scene.rows("SELECT source, idempotency_key AS key FROM runs WHERE run_id = $1", [json["run_id"]]),
    ).toEqual([{ source: "mueller", key: "71" }]);
    expect((await takeIn(first?.id)).json).toEqual(json);
    // One that its sender repeats meanwhile is there already.
    await until("the node knows it", async () => {
      await notify(node.url, [{ page: "7", id: "72" }]);
      return (await scene.value("SELECT count(*) FROM runs WHERE source = 'mueller'")) === 2;
    });
    const again = await takeIn(second?.id);
    expect(
      await scene.rows("SELECT source, idempotency_key AS key FROM runs WHERE run_id = $1", [
        again.json["run_id"],
      ]),
    ).toEqual([{ source: "mueller", key: "72" }]);
    const group = await cause();
    const order = { action: "dlq.take_in", filter: group?.filter, reason: "all that are listed now" };
    const operation = (await api.post("/operations", order)).json["operation_id"];
    await until("all are taken in", async () => {
      const { json: now } = await api.get(`/operations/${String(operation)}`);
      return now["status"] === "done";
    });
    expect((await api.get(`/operations/${String(operation)}`)).json).toMatchObject({ done: 1, skipped: 1 });
    expect(await cause()).toMatchObject({ error_code: "page_unknown", count: 1 });
    await until("three are delivered", () => crm.requests.length === 3);
    await until(
      "they are settled",
      async () => (await scene.value("SELECT count(*) FROM runs WHERE status = 'accepted'")) === 0,
    );
    expect(await scene.brokenStories()).toEqual([]);
    expect((await api.delete("/sources/address")).json).toMatchObject({
      code: "source_in_use",
      reason: "mueller",
    });
  });

  it("get the rows of a file that are theirs, and a row that is another's is named", async () => {
    const node = await scene.startNode({
      sources: [
        address("meta-lead-ads"),
        behind("a", "meta-lead-ads", { pages: ["1"] }, { to: [] }),
        behind("b", "meta-lead-ads", { pages: ["1"], forms: ["9"] }, { to: [] }),
      ],
      destinations: [],
    });
    const api = apiClient(node.url);
    const bring = async (source: string, bodies: readonly object[], more: object = {}) => {
      const rows = bodies.map((body, index) => ({ row: index + 1, body }));
      const { status, json } = await api.post("/imports", { source, rows, ...more });
      expect(status).toBe(200);
      return (json["rows"] as Record<string, unknown>[]).map((row) => [
        row["result"],
        row["source"],
        row["code"],
      ]);
    };
    const mixed = [
      { page_id: 1, form_id: "8", email: "1@example.com" },
      { page_id: "1", form_id: "9", email: "2@example.com" },
      { page_id: "7", email: "3@example.com" },
      { email: "4@example.com" },
    ];
    const routed = [
      ["accepted", "a", null],
      ["accepted", "b", null],
      ["refused", "address", "page_unknown"],
      ["refused", "address", "page_unknown"],
    ];
    expect(await bring("address", mixed, { dry_run: true })).toEqual(routed);
    expect(await runs()).toEqual([]);
    expect(await bring("address", mixed)).toEqual(routed);
    expect(await bring("address", mixed.slice(0, 2))).toEqual([
      ["duplicate", "a", null],
      ["duplicate", "b", null],
    ]);
    expect(await scene.rows("SELECT source, count(*)::int FROM runs GROUP BY 1 ORDER BY 1")).toEqual([
      { source: "a", count: 1 },
      { source: "address", count: 2 },
      { source: "b", count: 1 },
    ]);
    // Whoever names one of them means that one.
    expect(
      await bring("a", [
        { page_id: "1", email: "5@example.com" },
        { email: "6@example.com" },
        { page_id: "1", form_id: "9", email: "7@example.com" },
        { page_id: "7", email: "8@example.com" },
      ]),
    ).toEqual([
      ["accepted", "a", null],
      ["accepted", "a", null],
      ["invalid", null, "page_of_other_source"],
      ["invalid", null, "page_of_other_source"],
    ]);
  });

  it("have no limits of their own: what limits requests is said where the address is", async () => {
    const node = await scene.startNode({ destinations: [] });
    const api = apiClient(node.url);
    const add = (entry: object) => api.post("/sources", { kind: "meta-lead-ads", to: [], ...entry });
    const limits = { rate_limit: "5/s", body_limit: "1MB" };
    expect((await add({ name: "address", secret, pages: ["1"], ...limits })).status).toBe(201);
    const refused = await add({ name: "mueller", via: "address", pages: ["7"], ...limits });
    const { problems } = refused.json as { problems: { place: string; message: string }[] };
    expect([refused.status, problems.map(({ place }) => place).sort()]).toEqual([
      422,
      ["body_limit", "rate_limit"],
    ]);
    expect(problems[0]?.message).toContain("at address");
    expect((await add({ name: "mueller", via: "address", pages: ["7"] })).status).toBe(201);
    // What is changed later says its defaults as well.
    expect((await api.patch("/sources/mueller", { pages: ["8"] })).status).toBe(200);
    expect((await api.patch("/sources/mueller", { rate_limit: "1/s" })).status).toBe(422);
  });

  it("get their leads also while the database is away, and so does what belongs to nobody", async () => {
    const crm = await scene.startSink();
    const line = await startTcpProxy(Number(new URL(scene.url).port));
    scene.onEnd(() => line.close());
    const url = new URL(scene.url);
    url.port = String(line.port);
    const dataDir = await mkdtemp(join(tmpdir(), "leadledger-shared-"));
    scene.onEnd(() => rm(dataDir, { recursive: true, force: true }));
    const node = await startTestApp(
      { url: url.href },
      {
        sources: [
          address("meta-lead-ads"),
          behind("a", "meta-lead-ads", { pages: ["1"] }),
          behind("b", "meta-lead-ads", { pages: ["2"] }),
        ],
        destinations: [quickDestination("a", crm.url), quickDestination("b", crm.url)],
      },
      { dataDir },
    );
    scene.onEnd(() => node.stop());
    await line.set("refuse");
    const leads = ["1", "2", "3"].map((page) => ({ page, id: page }));
    await notify(node.url, leads);
    await notify(node.url, leads);
    await line.set("pass");
    await until("the spool is empty", async () => (await scene.value("SELECT count(*) FROM runs")) === 3);
    expect((await runs()).map((run) => (run as { source: string }).source)).toEqual(["a", "b", "address"]);
    await until("both are delivered", () => crm.requests.length === 2);
    expect(await scene.value("SELECT count(*) FROM dlq WHERE error_code = 'page_unknown'")).toBe(1);
  });
});
