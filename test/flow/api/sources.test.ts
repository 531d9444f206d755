// Sources made, changed and removed over the API: real leads are posted to them; no secret is seen again.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testSource } from "../../support/app.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { apiClient } from "../../support/api-client.ts";
import { plant } from "../../support/leak-watch.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";
import { until } from "../../support/until.ts";
import { postLead, signedHeaders } from "../../support/webhook-client.ts";
import type { Answer } from "../../support/webhook-client.ts";

const planted = ["planted-token-of-a-source-4711", "planted-hmac-secret-of-a-source-4712"] as const;
const fileSecret = "planted-secret-of-the-file-4713";

describe("Sources over the API", () => {
  let sink: Sink;
  const answers: string[] = [];
  const scene = useApiScene(async () => {
    plant([...planted, fileSecret]);
    sink = await startSink();
    return {
      sources: [
        testSource("from-file", {
          auth: { kind: "token", secrets: [{ value: fileSecret, notAfter: null }] },
        }),
      ],
    };
  });
  beforeAll(async () => {
    await call("post", "/destinations", { name: "crm", kind: "http", url: sink.url, allow_private: true });
    await followed();
  });
  afterAll(() => sink.close());

  async function call(
    method: "post" | "patch",
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await scene.api[method](path, body, { headers });
    answers.push(answer.text);
    return answer;
  }

  /** Until the node goes by the newest configuration. */
  async function followed(): Promise<void> {
    const [row] = await scene.query<{ revision: number }>(
      "SELECT (value #>> '{}')::int AS revision FROM internal.settings WHERE name = 'configuration_revision'",
    );
    await until("the node follows", () =>
      scene.app.log.some(
        ({ event, fields }) => event === "configuration_loaded" && fields["revision"] === row?.revision,
      ),
    );
  }

  function post(name: string, key: string, token: string): Promise<Answer> {
    return postLead(scene.app.url, {
      path: `/webhook/lead/${name}`,
      key,
      body: { name: "Anna Muster" },
      headers: { authorization: `Bearer ${token}` },
    });
  }

  it("take leads a moment after they were added, with the secret that is shown once", async () => {
    const added = await call("post", "/sources", { name: "website", auth: { kind: "token" }, to: ["crm"] });
    expect(added).toMatchObject({
      status: 201,
      json: {
        name: "website",
        managed_by: "api",
        enabled: true,
        to: ["crm"],
        body_limit: "256kB",
        warnings: [],
      },
    });
    const token = String(added.json["secret"]);
    plant([token]);
    answers.pop();
    expect(token).toMatch(/^[\w-]{43}$/);
    await followed();
    expect(await post("website", "first", "wrong")).toMatchObject({ status: 401 });
    const accepted = await post("website", "first", token);
    expect(accepted).toMatchObject({ status: 202 });
    await until("it arrives", () => sink.countOf(`${String(accepted.json["run_id"])}:crm`) === 1);
    const shown = await scene.api.get("/sources/website");
    expect(shown.text).not.toContain(token);
    expect(shown.json["auth"]).toEqual({
      kind: "token",
      secrets: [{ fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) as string, not_after: null }],
    });
    expect(shown.headers.get("etag")).toMatch(/^"\d+"$/);
  });

  it("have a display name with umlauts, and say of what they refused what was missing", async () => {
    const added = await call("post", "/sources", {
      name: "koeln",
      label: "Messe Köln",
      auth: { kind: "hmac" },
      to: null,
    });
    expect(added.json).toMatchObject({ name: "koeln", label: "Messe Köln" });
    plant([String(added.json["secret"])]);
    answers.pop();
    expect((await call("patch", "/sources/koeln", { label: "Messe Köln\n" })).json).toMatchObject({
      code: "configuration_invalid",
      problems: [{ code: "label_invalid", place: "label" }],
    });
    await call("patch", "/sources/koeln", { rate_limit: "5/s" });
    expect((await scene.api.get("/sources/koeln")).json["label"]).toBe("Messe Köln");
    await followed();
    await post("koeln", "1", "a-token-where-a-signature-belongs");
    const refused = async () => {
      const { json } = await scene.api.get("/activity", { headers: { "accept-language": "de" } });
      const sources = json["sources"] as { source: string; label: string; refused_last_24h: unknown[] }[];
      return sources.find(({ source }) => source === "koeln");
    };
    await until("it is told", async () => (await refused())?.refused_last_24h.length === 1);
    const told = await refused();
    expect(told?.label).toBe("Messe Köln");
    expect(told?.refused_last_24h).toMatchObject([
      {
        error_code: "credentials_missing",
        detail: expect.stringContaining("Gesucht: X-Signature, X-Timestamp. Davon war nichts da.") as string,
      },
    ]);
    expect(JSON.stringify(told)).not.toContain("a-token-where-a-signature-belongs");
    await call("patch", "/sources/koeln", { label: null });
    expect((await scene.api.get("/sources/koeln")).json["label"]).toBeNull();
  });

  it("say where their leads go, also if that is everywhere; nothing is taken for it", async () => {
    const anywhere = { name: "anywhere", auth: { kind: "none" } };
    const german = await call("post", "/sources", anywhere, { "accept-language": "de" });
    expect(german).toMatchObject({ status: 422, json: { code: "configuration_invalid" } });
    expect(german.json["problems"]).toMatchObject([
      {
        place: "to",
        code: "destinations_unchosen",
        message: expect.stringContaining("auch künftige") as string,
      },
    ]);
    expect((await scene.api.get("/sources/anywhere")).status).toBe(404);
    const said = await call("post", "/sources", { ...anywhere, to: null });
    expect(said).toMatchObject({ status: 201, json: { to: null } });
  });

  it("are checked as leadledger.yaml is, with every problem at once, in the reader's language", async () => {
    const body = {
      name: "broken",
      auth: { kind: "token", secret: "two words" },
      to: ["cmr"],
      body_limit: "256",
      rate_limit: 5,
      schema: { type: "objekt" },
      colour: "red",
    };
    const english = await call("post", "/sources", body);
    expect(english).toMatchObject({ status: 422, json: { code: "configuration_invalid" } });
    const problems = english.json["problems"] as { code: string; place: string; message: string }[];
    expect(problems.map(({ code, place }) => `${place}: ${code}`).sort()).toEqual([
      "auth.secret: token_unsendable",
      "body_limit: size_invalid",
      "colour: unknown_key",
      "rate_limit: rate_invalid",
      "schema: schema_rejected",
      "to[0]: destination_unknown",
    ]);
    expect(english.text).not.toContain("two words");
    const german = await call("post", "/sources", body, { "accept-language": "de" });
    const messages = (german.json["problems"] as { message: string }[]).map(({ message }) => message);
    expect(messages.join(" ")).toMatch(/ist keine Größe.*Meinten Sie „crm“\?/s);
    expect(german.json["title"]).toBe("Diese Konfiguration ist nicht gültig");
    expect(await call("post", "/sources", { name: "a b", auth: { kind: "none" }, to: [] })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "name_invalid", place: "name" }] },
    });
    expect(await call("post", "/sources", {})).toMatchObject({ status: 422 });
    expect(await call("post", "/sources", [])).toMatchObject({ status: 422 });
    expect(await scene.query("SELECT FROM internal.sources WHERE name IN ('broken', 'a b')")).toEqual([]);
  });

  it("give warnings where something valid is perhaps not meant", async () => {
    expect(await call("post", "/sources", { name: "open", auth: { kind: "none" }, to: [] })).toMatchObject({
      status: 201,
      json: {
        warnings: [
          { code: "auth_none", place: "auth.kind" },
          { code: "sends_to_nobody", place: "to" },
        ],
      },
    });
  });

  it("change member by member and keep their secrets; an ETag tells who was first", async () => {
    await call("post", "/sources", { name: "form", auth: { kind: "token", secret: planted[0] }, to: null });
    const before = await scene.api.get("/sources/form");
    const changed = await call("patch", "/sources/form", {
      rate_limit: "50/s",
      auth: { kind: "token" },
      key: { pointer: "/lead_id" },
      schema: { type: "object", required: ["lead_id"] },
    });
    expect(changed).toMatchObject({
      status: 200,
      json: { rate_limit: "50/s", key: { pointer: "/lead_id" }, schema: { required: ["lead_id"] } },
    });
    expect(changed.json["auth"]).toEqual(before.json["auth"]);
    expect(changed.json["secret"]).toBeUndefined();
    const stale = { "if-match": before.headers.get("etag") ?? "" };
    expect(await call("patch", "/sources/form", { rate_limit: null }, stale)).toMatchObject({
      status: 412,
      json: { code: "changed_meanwhile" },
    });
    const current = { "if-match": changed.headers.get("etag") ?? "" };
    expect(await call("patch", "/sources/form", { rate_limit: null }, current)).toMatchObject({
      status: 200,
      json: { rate_limit: null, key: { pointer: "/lead_id" } },
    });
    await followed();
    expect(
      await postLead(scene.app.url, {
        path: "/webhook/lead/form",
        body: { lead_id: "L-1" },
        headers: { "x-api-key": planted[0] },
      }),
    ).toMatchObject({ status: 202 });
    const events = await scene.query<{ payload: unknown; actor: string }>(
      `SELECT payload, actor FROM audit_events WHERE event_type = 'configuration_changed' AND payload ->> 'name' = 'form'
       ORDER BY event_id`,
    );
    expect(events).toEqual([
      { actor: "key:environment", payload: { part: "source", name: "form", change: "added", fields: [] } },
      {
        actor: "key:environment",
        payload: { part: "source", name: "form", change: "changed", fields: ["key", "rateLimit", "schema"] },
      },
      {
        actor: "key:environment",
        payload: { part: "source", name: "form", change: "changed", fields: ["rateLimit"] },
      },
    ]);
  });

  it("that nothing changes leave no trace", async () => {
    const told = "SELECT count(*) FROM audit_events WHERE event_type = 'configuration_changed'";
    const before = await scene.query(told);
    const { headers } = await scene.api.get("/sources/form");
    const same = await call("patch", "/sources/form", { paused: false });
    expect(same.headers.get("etag")).toBe(headers.get("etag"));
    expect(await scene.query(told)).toEqual(before);
  });

  it("are paused and resumed", async () => {
    await call("post", "/sources", { name: "fair", auth: { kind: "token", secret: planted[0] }, to: null });
    expect(await call("post", "/sources/fair/pause")).toMatchObject({ status: 200, json: { paused: true } });
    await followed();
    expect(await post("fair", "held", planted[0])).toMatchObject({ status: 202 });
    await call("patch", "/sources/fair", { paused: "refuse" });
    await followed();
    expect(await post("fair", "one", planted[0])).toMatchObject({
      status: 503,
      json: { code: "source_paused" },
    });
    expect(await call("post", "/sources/fair/resume")).toMatchObject({
      status: 200,
      json: { paused: false },
    });
    await followed();
    expect(await post("fair", "one", planted[0])).toMatchObject({ status: 202 });
  });

  it("get a new secret without a gap: the old one is good in the overlap and not after it", async () => {
    await call("post", "/sources", { name: "signed", auth: { kind: "hmac", secret: planted[1] }, to: null });
    const rotated = await call("post", "/sources/signed/rotate-secret", { overlap: "1h" });
    const fresh = String(rotated.json["secret"]);
    plant([fresh]);
    answers.pop();
    expect(rotated.json["auth"]).toMatchObject({
      secrets: [{ not_after: null }, { not_after: expect.stringMatching(/^2/) as string }],
    });
    await followed();
    const body = '{"name":"Anna"}';
    const send = (key: string, secret: string): Promise<Answer> =>
      postLead(scene.app.url, {
        path: "/webhook/lead/signed",
        key,
        body,
        headers: signedHeaders(secret, body),
      });
    expect(await send("old", planted[1])).toMatchObject({ status: 202 });
    expect(await send("new", fresh)).toMatchObject({ status: 202 });
    const newest = "planted-secret-that-is-newer-4715";
    plant([newest]);
    await call("post", "/sources/signed/rotate-secret", { overlap: "3s", secret: newest });
    await followed();
    await until("the old ones have ended", async () => (await send("later", fresh)).status === 401);
    expect(await send("later", planted[1])).toMatchObject({ status: 401 });
    expect(await send("new-2", newest)).toMatchObject({ status: 202 });
    // At once, and with a secret of one's own: the ones before are dropped.
    const own = "planted-secret-of-ones-own-4714";
    plant([own]);
    const atOnce = await call("post", "/sources/signed/rotate-secret", { overlap: "0s", secret: own });
    expect(atOnce.json["secret"]).toBeUndefined();
    expect(atOnce.json["auth"]).toMatchObject({ secrets: [{ not_after: null }] });
    await followed();
    expect(await send("new-3", newest)).toMatchObject({ status: 401 });
    expect(await send("new-3", own)).toMatchObject({ status: 202 });
    expect(await call("post", "/sources/signed/rotate-secret", { overlap: "soon" })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "duration_invalid", place: "overlap" }] },
    });
    expect(await call("post", "/sources/open/rotate-secret")).toMatchObject({
      status: 409,
      json: { code: "without_secret" },
    });
  });

  it("are tested with a lead that is delivered, marked, counted nowhere, and bears who sent it", async () => {
    await call("post", "/sources", {
      name: "tested",
      auth: { kind: "token" },
      to: ["crm"],
      key: { pointer: "/id" },
    });
    answers.pop();
    const test = await call("post", "/sources/tested/test");
    expect(test).toMatchObject({ status: 202, json: { destinations: ["crm"] } });
    const runId = String(test.json["run_id"]);
    await until("it arrives", () => sink.countOf(`${runId}:crm`) === 1);
    const [run] = await until("it is processed", async () => {
      const rows = await scene.query<{ test: boolean; source: string }>(
        "SELECT test, source, email_hash IS NOT NULL AS person FROM runs WHERE run_id = $1 AND status = 'processed'",
        [runId],
      );
      return rows.length > 0 && rows;
    });
    expect(run).toEqual({ test: true, source: "tested", person: true });
    const story = await scene.query<{ event_type: string; who: string | null }>(
      "SELECT event_type, payload ->> 'triggered_by' AS who FROM audit_events WHERE run_id = $1 ORDER BY event_time",
      [runId],
    );
    expect(story).toEqual([
      { event_type: "lead_received", who: "key:environment" },
      { event_type: "lead_delivered", who: null },
      { event_type: "lead_processed", who: null },
    ]);
    expect(
      await scene.query(
        "SELECT actor FROM audit_events WHERE event_type = 'test_lead_sent' AND payload ->> 'run_id' = $1",
        [runId],
      ),
    ).toEqual([{ actor: "key:environment" }]);
    const [counted] = await scene.query<{ leads: number; counted: number }>(
      `SELECT (SELECT count(*)::int FROM runs WHERE NOT test) AS leads,
         (SELECT coalesce(sum(received), 0) FROM internal.kpi_deltas)::int
           + (SELECT coalesce(sum(received_count), 0) FROM kpi_daily)::int AS counted`,
    );
    expect(counted?.counted).toBe(counted?.leads);
    // What the source would refuse is not recorded; a body of one's own that it takes is.
    await call("patch", "/sources/tested", { schema: { type: "object", required: ["budget"] } });
    const runs = await scene.query("SELECT count(*) FROM runs");
    expect(await call("post", "/sources/tested/test", {})).toMatchObject({
      status: 422,
      json: { code: "test_lead_refused", reason: expect.stringContaining("budget") as string },
    });
    expect(await scene.query("SELECT count(*) FROM runs")).toEqual(runs);
    const own = await call("post", "/sources/tested/test", { body: { id: 12345678901234567, budget: 1 } });
    expect(own).toMatchObject({ status: 202 });
    const [arrived] = await until("it arrives", () => {
      const found = sink.requests.filter(({ id }) => id === `${String(own.json["run_id"])}:crm`);
      return found.length > 0 && found;
    });
    expect(arrived?.body).toContain('"budget":1');
  });

  it("are switched off, never deleted, and come back as they are given anew", async () => {
    await call("post", "/sources", { name: "gone", auth: { kind: "token", secret: planted[0] }, to: null });
    await followed();
    expect(await post("gone", "one", planted[0])).toMatchObject({ status: 202 });
    const removed = await scene.api.delete("/sources/gone");
    expect(removed).toMatchObject({ status: 200, json: { enabled: false } });
    await followed();
    expect(await post("gone", "two", planted[0])).toMatchObject({ status: 401 });
    expect(await scene.query("SELECT enabled FROM internal.sources WHERE name = 'gone'")).toEqual([
      { enabled: false },
    ]);
    expect(await call("patch", "/sources/gone", { paused: true })).toMatchObject({
      status: 409,
      json: { code: "part_removed" },
    });
    expect(await scene.api.delete("/sources/gone")).toMatchObject({ status: 200 });
    expect(await call("post", "/sources", { name: "gone", auth: { kind: "none" }, to: null })).toMatchObject({
      status: 201,
    });
    await followed();
    expect(await post("gone", "one", "any")).toMatchObject({ status: 200, json: { status: "duplicate" } });
    expect(await call("post", "/sources", { name: "gone", auth: { kind: "none" }, to: null })).toMatchObject({
      status: 409,
      json: { code: "name_taken" },
    });
  });

  it("from the file are shown and tested here, and changed only there", async () => {
    const shown = await scene.api.get("/sources/from-file");
    expect(shown).toMatchObject({ status: 200, json: { managed_by: "file", enabled: true } });
    answers.push(shown.text);
    const refused = { status: 409, json: { code: "managed_by_file" } };
    expect(await call("patch", "/sources/from-file", { paused: true })).toMatchObject(refused);
    expect(await call("post", "/sources/from-file/pause")).toMatchObject(refused);
    expect(await call("post", "/sources/from-file/rotate-secret")).toMatchObject(refused);
    expect(
      await call("post", "/sources", { name: "from-file", auth: { kind: "none" }, to: null }),
    ).toMatchObject(refused);
    expect(await scene.api.delete("/sources/from-file")).toMatchObject(refused);
    const german = await call("post", "/sources/from-file/pause", {}, { "accept-language": "de" });
    expect(german.json["detail"]).toContain("`leadledger apply`");
    // A source that sends to all sends to nobody of another client, tests included.
    const foreign = { name: "of-anton", kind: "http", url: sink.url, allow_private: true, client: "anton" };
    expect(await call("post", "/destinations", foreign)).toMatchObject({ status: 201 });
    expect(await call("post", "/sources/from-file/test")).toMatchObject({
      status: 202,
      json: { destinations: ["crm"] },
    });
  });

  it("are listed by name, page by page, and by what they are", async () => {
    const names: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Answer = await scene.api.get(`/sources?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      names.push(...(page.json["items"] as { name: string }[]).map(({ name }) => name));
      answers.push(page.text);
      cursor = page.json["next_cursor"] as string | null;
    }
    expect(names).toEqual([
      "anywhere",
      "fair",
      "form",
      "from-file",
      "gone",
      "koeln",
      "open",
      "signed",
      "tested",
      "website",
    ]);
    const ofFile = await scene.api.get("/sources?managed_by=file");
    expect((ofFile.json["items"] as unknown[]).length).toBe(1);
    expect(await scene.api.get("/sources?cursor=x")).toMatchObject({
      status: 400,
      json: { code: "cursor_invalid" },
    });
    expect(await scene.api.get("/sources/nobody")).toMatchObject({
      status: 404,
      json: { code: "source_not_found" },
    });
    expect(await apiClient(scene.app.url, null).get("/sources")).toMatchObject({ status: 401 });
  });

  it("leave no secret in any answer, in the tables that people read, or in the log", async () => {
    const [tables] = await scene.query<{ text: string }>(
      `SELECT coalesce((SELECT string_agg(payload::text, ' ') FROM audit_events), '')
         || coalesce((SELECT string_agg(settings::text, ' ') FROM internal.sources), '') AS text`,
    );
    const log = scene.app.log.map((line) => JSON.stringify(line)).join(" ");
    for (const secret of [...planted, fileSecret]) {
      expect(answers.join(" ")).not.toContain(secret);
      expect(tables?.text).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
    expect(answers.length).toBeGreaterThan(30);
    expect(tables?.text).toContain("website");
  });
});
