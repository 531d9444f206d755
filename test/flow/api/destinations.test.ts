// Destinations made, changed and removed over the API: leads reach them; addresses, headers and secrets are not shown.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDestination } from "../../support/app.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { plant } from "../../support/leak-watch.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink, SinkRequest } from "../../support/sink.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";
import type { Answer } from "../../support/webhook-client.ts";

const secret = "planted-signing-secret-8841";
const header = "planted-header-value-8842";
const inPath = "planted-in-the-path-8843";

describe("Destinations over the API", () => {
  let sink: Sink;
  const answers: string[] = [];
  const scene = useApiScene(async () => {
    plant([secret, header, inPath]);
    sink = await startSink();
    return { destinations: [testDestination("from-file", sink.url, { paused: true })] };
  });
  beforeAll(async () => {
    await call("post", "/destinations", {
      name: "crm",
      kind: "http",
      url: `${sink.url}?key=${inPath}`,
      allow_private: true,
      secret,
      headers: { "X-Team": header },
    });
    await call("post", "/sources", { name: "website", auth: { kind: "none" }, to: ["crm"] });
    await followed();
  });
  afterAll(() => sink.close());

  async function call(
    method: "get" | "post" | "patch" | "delete",
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { api } = scene;
    const answer =
      method === "post" || method === "patch"
        ? await api[method](path, body, { headers })
        : await api[method](path, { headers });
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

  /** Posts a lead and waits for what the destination gets. */
  async function delivered(key: string, destination = "crm"): Promise<SinkRequest> {
    const answer = await postLead(scene.app.url, {
      path: "/webhook/lead/website",
      key,
      body: { name: "Anna" },
    });
    return arrived(String(answer.json["run_id"]), destination);
  }

  function arrived(runId: string, destination: string): Promise<SinkRequest> {
    return until(
      "it arrives",
      () => sink.requests.find(({ id }) => id === `${runId}:${destination}`) ?? false,
    );
  }

  it("get leads as they are made, and show neither address nor headers nor secret", async () => {
    const request = await delivered("first");
    expect(request.path).toBe(`/leads?key=${inPath}`);
    expect(request.headers["x-team"]).toBe(header);
    expect(signers(request, [secret])).toEqual([secret]);
    expect(await call("get", "/destinations/crm")).toMatchObject({
      status: 200,
      json: {
        name: "crm",
        kind: "http",
        managed_by: "api",
        enabled: true,
        paused: false,
        origin: new URL(sink.url).origin,
        header_names: ["X-Team"],
        timeout: "10s",
        concurrency: 16,
        secrets: [{ fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) as string, not_after: null }],
        retry: { fast: ["1s", "5s"], slow: ["1m", "5m", "30m", "2h", "12h", ...Array<string>(8).fill("1d")] },
      },
    });
  });

  it("bear both signatures while a secret is replaced, and only the new one afterwards", async () => {
    const rotated = await call("post", "/destinations/crm/rotate-secret", { overlap: "1h" });
    const fresh = String(rotated.json["secret"]);
    plant([fresh]);
    answers.pop();
    expect(fresh).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(rotated.json["secrets"]).toMatchObject([
      { not_after: null },
      { not_after: expect.stringMatching(/^2/) as string },
    ]);
    await followed();
    const both = await delivered("both");
    expect(signers(both, [fresh, secret])).toEqual([fresh, secret]);
    // A change of something else leaves the overlap alone.
    await call("patch", "/destinations/crm", { timeout: "5s" });
    await followed();
    expect(signers(await delivered("still-both"), [fresh, secret])).toEqual([fresh, secret]);
    const again = await call("post", "/destinations/crm/rotate-secret", { overlap: "3s" });
    const newest = String(again.json["secret"]);
    plant([newest]);
    answers.pop();
    await followed();
    let count = 0;
    await until("the old ones have ended", async () => {
      const request = await delivered(`after-${(count += 1)}`);
      return signers(request, [newest, fresh, secret]).join() === newest;
    });
    const german = await call(
      "post",
      "/destinations/crm/rotate-secret",
      { secret: "whsec_?" },
      { "accept-language": "de" },
    );
    expect(german).toMatchObject({
      status: 422,
      json: { problems: [{ code: "signing_secret_malformed", place: "secret" }] },
    });
    expect(german.text).toContain("Nach whsec_ muss Base64 folgen");
  });

  it("change member by member: a header is replaced or removed without the others being told", async () => {
    await call("patch", "/destinations/crm", {
      headers: { Authorization: `Bearer ${header}`, "x-team": "two" },
    });
    await followed();
    const request = await delivered("headers");
    expect(request.headers).toMatchObject({ authorization: `Bearer ${header}`, "x-team": "two" });
    expect(request.path).toBe(`/leads?key=${inPath}`);
    const fewer = await call("patch", "/destinations/crm", { headers: { Authorization: null } });
    expect(fewer.json["header_names"]).toEqual(["x-team"]);
    const unsigned = await call("patch", "/destinations/crm", { secret: null });
    expect(unsigned.json["secrets"]).toEqual([]);
    await followed();
    const bare = await delivered("bare");
    expect(bare.headers["webhook-signature"]).toBeUndefined();
    expect(bare.headers["authorization"]).toBeUndefined();
    const events = await scene.query<{ fields: string[] }>(
      `SELECT payload -> 'fields' AS fields FROM audit_events
       WHERE event_type = 'configuration_changed' AND payload ->> 'name' = 'crm' AND actor = 'key:environment'
       ORDER BY event_id`,
    );
    expect(events.map(({ fields }) => fields.join())).toEqual([
      ...["", "secrets", "timeoutMs", "secrets", "secrets", "secrets", "secrets"],
    ]);
  });

  it("are checked as leadledger.yaml is", async () => {
    const answer = await call("post", "/destinations", {
      name: "broken",
      kind: "http",
      url: "ftp://crm.example",
      timeout: "1h",
      concurrency: 0,
      headers: { Host: header },
      retry: { fast: ["soon"] },
    });
    const problems = answer.json["problems"] as { code: string; place: string }[];
    expect(problems.map(({ code, place }) => `${place}: ${code}`).sort()).toEqual([
      "concurrency: number_range",
      "headers.Host: header_reserved",
      "retry.fast[0]: duration_invalid",
      "timeout: duration_range",
      "url: url_scheme",
    ]);
    expect(await call("post", "/destinations", { name: "x", kind: "carrier-pigeon" })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "not_one_of", place: "kind" }] },
    });
    expect(
      await call("post", "/destinations", { name: "x", kind: "http", url: "http://127.0.0.1:1" }),
    ).toMatchObject({
      status: 201,
      json: {
        warnings: [
          { code: "destination_private", place: "url" },
          { code: "nobody_sends_there", place: "name" },
        ],
      },
    });
    await call("delete", "/destinations/x");
  });

  it("hold leads back while they are paused", async () => {
    expect(await call("post", "/destinations/crm/pause")).toMatchObject({ json: { paused: true } });
    await followed();
    const answer = await postLead(scene.app.url, {
      path: "/webhook/lead/website",
      key: "waits",
      body: { name: "Anna" },
    });
    const runId = String(answer.json["run_id"]);
    expect(sink.countOf(`${runId}:crm`)).toBe(0);
    expect(await call("post", "/destinations/crm/resume")).toMatchObject({ json: { paused: false } });
    await arrived(runId, "crm");
  });

  it("are tested by a lead of their own, and probed without one", async () => {
    await call("post", "/destinations", { name: "other", kind: "http", url: sink.url, allow_private: true });
    const test = await call("post", "/destinations/other/test", { body: { anything: "goes" } });
    expect(test).toMatchObject({ status: 202, json: { destinations: ["other"] } });
    const runId = String(test.json["run_id"]);
    const request = await arrived(runId, "other");
    expect(JSON.parse(request.body)).toMatchObject({
      run_id: runId,
      source: "test",
      data: { anything: "goes" },
    });
    expect(sink.countOf(`${runId}:crm`)).toBe(0);
    const own = await call("post", "/destinations/other/test");
    const { body } = await arrived(String(own.json["run_id"]), "other");
    expect(JSON.parse(body)).toMatchObject({
      data: { nachname: "Test", email: "leadledger-test@example.com", ort: "Berlin" },
    });
    expect(await scene.query("SELECT test FROM runs WHERE run_id = $1", [runId])).toEqual([{ test: true }]);
    expect(await call("post", "/destinations/other/probe")).toMatchObject({
      status: 200,
      json: { reachable: true, address: "127.0.0.1" },
    });
    await call("patch", "/destinations/other", { allow_private: false });
    expect(await call("post", "/destinations/other/probe")).toMatchObject({
      json: { reachable: false, error_code: expect.any(String) as string },
    });
    expect(await call("post", "/destinations", { name: "worker", kind: "external" })).toMatchObject({
      status: 201,
      json: { kind: "external", paused: false },
    });
    expect(await call("post", "/destinations/worker/probe")).toMatchObject({
      json: { code: "destination_external" },
    });
    expect(await call("post", "/destinations/worker/rotate-secret")).toMatchObject({
      json: { code: "without_secret" },
    });
  });

  it("are switched off: what had not reached them goes to the DLQ, and sources that need them are named", async () => {
    await call("post", "/destinations/crm/pause");
    await followed();
    await postLead(scene.app.url, {
      path: "/webhook/lead/website",
      key: "undelivered",
      body: { name: "Anna" },
    });
    expect(await call("delete", "/destinations/crm")).toMatchObject({
      status: 409,
      json: { code: "destination_in_use", reason: "website" },
    });
    await call("patch", "/sources/website", { to: null });
    const stale = { "if-match": '"1"' };
    expect(await call("delete", "/destinations/crm", undefined, stale)).toMatchObject({ status: 412 });
    expect(await call("delete", "/destinations/crm")).toMatchObject({
      status: 200,
      json: { enabled: false, moved_to_dlq: 1 },
    });
    expect(await scene.query("SELECT error_code, status FROM dlq WHERE destination = 'crm'")).toEqual([
      { error_code: "destination_removed", status: "open" },
    ]);
    expect(await call("post", "/destinations/crm/test")).toMatchObject({ json: { code: "part_removed" } });
  });

  it("from the file are changed only there", async () => {
    const refused = { status: 409, json: { code: "managed_by_file" } };
    expect(await call("get", "/destinations/from-file")).toMatchObject({ json: { managed_by: "file" } });
    expect(await call("patch", "/destinations/from-file", { paused: false })).toMatchObject(refused);
    expect(await call("post", "/destinations/from-file/resume")).toMatchObject(refused);
    expect(await call("post", "/destinations/from-file/rotate-secret")).toMatchObject(refused);
    expect(await call("delete", "/destinations/from-file")).toMatchObject(refused);
    expect(await call("post", "/destinations/from-file/probe")).toMatchObject({ json: { reachable: true } });
  });

  it("leave no secret in any answer, in the tables that people read, or in the log", async () => {
    await call("get", "/destinations");
    const [tables] = await scene.query<{ text: string }>(
      `SELECT (SELECT string_agg(payload::text, ' ') FROM audit_events)
         || (SELECT string_agg(settings::text, ' ') FROM internal.destinations) AS text`,
    );
    const log = scene.app.log.map((line) => JSON.stringify(line)).join(" ");
    for (const value of [secret, header, inPath]) {
      expect(answers.join(" ")).not.toContain(value);
      expect(tables?.text).not.toContain(value);
      expect(log).not.toContain(value);
    }
    expect(answers.length).toBeGreaterThan(25);
    expect(tables?.text).toContain("crm");
  });
});

/** Which of the secrets a receiver could verify the delivery with, in the order of its signatures (Standard Webhooks 1.0). */
function signers({ headers, body }: SinkRequest, secrets: readonly string[]): string[] {
  const given = String(headers["webhook-signature"]).split(" ");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  return given.map((signature) => {
    const signer = secrets.find((each) => {
      const key = each.startsWith("whsec_") ? Buffer.from(each.slice(6), "base64") : Buffer.from(each);
      return signature === `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
    });
    return signer ?? "nobody";
  });
}
