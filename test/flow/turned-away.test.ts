// Whoever loses a lead can see it: every refusal that a sender can meet is counted by source and code, is in the log and
// in the audit log, and stands where people look (docs/contract.md, Turned away).
import { afterAll, beforeAll, expect, it } from "vitest";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { postLead, rawExchange } from "../support/webhook-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { readAlarms } from "../../src/ledger/figures/alarms.ts";

const post = (source: string, headers: string, body = "{}"): string =>
  `POST /webhook/lead/${source} HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const plain = "Host: h\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n";

/** What a sender does wrong, by the source it is counted for and the code it is told. */
const refusals: readonly (readonly [string, string, string])[] = [
  ["no-key", "idempotency_key_missing", post("no-key", "Host: h\r\nContent-Type: application/json\r\n")],
  ["bad-key", "idempotency_key_invalid", post("bad-key", `${plain}Idempotency-Key: other\r\n`)],
  ["large", "body_too_large", post("large", plain, `{"a":"${"x".repeat(2_000)}"}`)],
  [
    "large-chunks",
    "body_too_large",
    `POST /webhook/lead/large-chunks HTTP/1.1\r\n${plain}Transfer-Encoding: chunked\r\n\r\n800\r\n${"x".repeat(2_048)}\r\n0\r\n\r\n`,
  ],
  ["xml", "media_type_unsupported", post("xml/a/b", "Host: h\r\nContent-Type: application/xml\r\n", "<a/>")],
  ["zipped", "content_coding_unsupported", post("zipped", `${plain}Content-Encoding: zstd\r\n`)],
  ["refusing", "source_paused", post("refusing", plain)],
  ["two-hosts", "request_malformed", post("two-hosts", `Host: other\r\n${plain}`)],
  ["no-host", "request_malformed", post("no-host", "Content-Type: application/json\r\n")],
  ["coded", "request_malformed", post("coded", `${plain}Transfer-Encoding: gzip\r\n`)],
  ["many-headers", "headers_too_large", post("many-headers", `${plain}${"X-A: 1\r\n".repeat(250)}`)],
  ["long-header", "headers_too_large", post("long-header", `${plain}Cookie: ${"c".repeat(20_000)}\r\n`)],
  ["bad-header", "request_malformed", post("bad-header", `${plain}Bad Header: 1\r\n`)],
  ["twice-long", "request_malformed", post("twice-long", `${plain}Content-Length: 7\r\n`)],
  ["(nobody's)", "source_unknown", post("(nobody's)/token", plain)],
  ["put", "method_not_allowed", post("put/a", plain).replace("POST", "PUT")],
  ["by-header", "headers_too_large", post("", `X-Source: by-header\r\n${plain}A: ${"c".repeat(20_000)}\r\n`)],
  [
    "encoded name",
    "idempotency_key_missing",
    post("encoded%20name", "Host: h\r\nContent-Type: application/json\r\n"),
  ],
  ["(others)", "source_name_invalid", post("%01", plain)],
  ["(others)", "request_malformed", post("%zz", plain)],
];

describeOnEachServer("a request that is turned away", (server) => {
  const scene: { database?: FreshDatabase; app?: TestApp } = {};
  const app = (): TestApp => {
    if (scene.app === undefined) throw new Error("the node is not started");
    return scene.app;
  };

  beforeAll(async () => {
    scene.database = await ledgerDatabase(server);
    scene.app = await startTestApp(scene.database, {
      sources: [
        ...refusals
          .filter(([source]) => !["(others)", "(nobody's)", "refusing"].includes(source))
          .map(([source]) => testSource(source, { bodyLimitBytes: 1_000 })),
        testSource("refusing", { paused: "refuse" }),
        testSource("fast", { rateLimit: { requests: 1, perMs: 60_000 } }),
        testSource("cut-off"),
      ],
    });
  });
  afterAll(async () => {
    await scene.app?.stop();
    await scene.database?.drop();
  });

  it("leaves a figure, an event and a line of the log, by source and code, however early it ends", async () => {
    for (const [, , request] of refusals) await rawExchange(app().url, request, { answers: 1 });
    await postLead(app().url, { path: "/webhook/lead/fast", key: "1", body: {} });
    await postLead(app().url, { path: "/webhook/lead/fast", key: "2", body: {} });
    await rawExchange(app().url, post("cut-off", plain, "x".repeat(100)).slice(0, -50), { cut: true });
    // Nobody sends leads so; a look at the address is nobody's loss.
    await fetch(`${app().url}/webhook/lead/no-key`);
    const { url } = scene.database ?? { url: "" };
    await app().stop();
    scene.app = await startTestApp({ url }, {}, { withoutFile: true });
    const { rows } = await app().installation.database.query<Record<string, unknown>>(
      "SELECT source, error_code, requests::int FROM internal.denied_requests",
    );
    const expected = [
      ...refusals.map(([source, code]) => [source, code]),
      ["fast", "rate_limited"],
      ["cut-off", "request_timeout"],
    ].map(([source, error_code]) => ({ source, error_code, requests: 1 }));
    expect(rows.toSorted(byName)).toEqual(expected.toSorted(byName));
    const { rows: told } = await app().installation.database.query<Record<string, unknown>>(
      `SELECT payload ->> 'source' AS source, payload ->> 'code' AS error_code, (payload ->> 'count')::int AS requests
       FROM audit_events WHERE event_type = 'request_denied'`,
    );
    expect(told.toSorted(byName)).toEqual(expected.toSorted(byName));
  });

  it("is an alarm: an error where somebody has to mend something, a warning where trying again is enough", async () => {
    const alarms = (await readAlarms(app().installation.database)).flatMap((alarm) =>
      alarm.code === "requests_denied" ? [alarm] : [],
    );
    expect(alarms.find(({ source }) => source === "no-key")?.severity).toBe("error");
    expect(alarms.find(({ source }) => source === "fast")?.severity).toBe("warning");
    expect(alarms.find(({ source }) => source === "(nobody's)")?.is_configured).toBe(false);
  });
});

function byName(one: Record<string, unknown>, other: Record<string, unknown>): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
