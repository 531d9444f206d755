// Sources that fall silent: told when their own rhythm does not explain it, one alarm when all do at once, and over with the
// next lead.
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { apiClient } from "../support/api-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { postLead } from "../support/webhook-client.ts";

/** More hours than between Christmas and New Year, in which nothing is expected. */
const longAgo = 336;

describeOnEachServer("A source that falls silent", (server) => {
  const scene = useDeliveryScene(server);

  /** Nine weeks of three leads an hour, day and night, up to `hoursAgo`. */
  async function livelyUntil(source: string, hoursAgo: number, perHour = 3): Promise<void> {
    await scene.sql.query(
      `INSERT INTO internal.figures_hourly (hour, source, received_count)
       SELECT at, $1, $3 FROM generate_series(date_trunc('hour', now()) - $2 * interval '1 hour' - interval '63 days',
         now() - $2 * interval '1 hour', interval '1 hour') AS at`,
      [source, hoursAgo, perHour],
    );
    await scene.sql.query(
      `INSERT INTO public.runs (source, idempotency_key, received_at, status)
       VALUES ($1, 'last', now() - $2 * interval '1 hour', 'processed')`,
      [source, hoursAgo],
    );
  }

  const start = async (sources: Parameters<typeof testSource>[]) => {
    const crm = await scene.startSink();
    const node = await scene.startNode(
      {
        sources: sources.map(([name, settings]) => testSource(name, { to: ["crm"], ...settings })),
        destinations: [quickDestination("crm", crm.url)],
      },
      { intervals: { silencesMs: 100, heartbeatsMs: 100 } },
    );
    const api = apiClient(node.url);
    const alarms = async (): Promise<{ code: string; source?: string }[]> => {
      const { json } = await api.get("/overview");
      return (json["alarms"] as { code: string; source?: string }[]).filter(({ code }) =>
        ["source_silent", "all_sources_silent", "heartbeat_missing"].includes(code),
      );
    };
    return { node, api, alarms };
  };

  it("is an alarm until a lead comes, and others that are heard are none", async () => {
    await livelyUntil("dead", longAgo);
    await livelyUntil("alive", 0.1);
    await livelyUntil("paused", longAgo);
    await livelyUntil("unwatched", longAgo);
    await livelyUntil("seldom", 20);
    await livelyUntil("of-years-ago", 365 * 24);
    const { node, alarms } = await start([
      ["dead", {}],
      ["alive", {}],
      ["paused", { paused: true }],
      ["unwatched", { silence: { kind: "off" } }],
      ["fresh", {}],
      ["of-years-ago", {}],
      ["seldom", { silence: { kind: "at_least_one", perMs: 86_400_000, openingHours: [], holidays: null } }],
    ]);
    await until("it is told", async () => (await alarms()).length > 0);
    expect(await alarms()).toEqual([
      {
        code: "source_silent",
        severity: "error",
        source: "dead",
        since: expect.any(String) as string,
        missed: expect.any(Number) as number,
      },
    ]);
    await postLead(node.url, { path: "/webhook/lead/dead", key: "again", body: {} });
    await until("it is over", async () => (await alarms()).length === 0);
    const { rows } = await scene.sql.query(
      "SELECT source, reason, ended_at IS NULL AS is_open FROM internal.silences ORDER BY 1, 2",
    );
    expect(rows).toEqual([
      { source: "dead", reason: "silent", is_open: false },
      { source: "paused", reason: "paused", is_open: true },
    ]);
  });

  it("is one alarm together with all others, which is our trouble", async () => {
    for (const source of ["one", "two", "three"]) await livelyUntil(source, longAgo);
    const { node, alarms } = await start([
      ["one", {}],
      ["two", {}],
      ["three", {}],
    ]);
    await until("it is told", async () => (await alarms()).length > 0);
    expect(await alarms()).toMatchObject([{ code: "all_sources_silent" }]);
    await postLead(node.url, { path: "/webhook/lead/one", key: "again", body: {} });
    await until("the others are", async () => (await alarms()).every(({ code }) => code === "source_silent"));
    expect((await alarms()).map(({ source }) => source).toSorted()).toEqual(["three", "two"]);
  });

  it("is told after a fixed time where one is wanted, and an outage of ours does not count", async () => {
    await livelyUntil("fixed", 20);
    await livelyUntil("spared", 20);
    await scene.sql.query(
      "INSERT INTO internal.silence_watch (watched_at) VALUES (now() - interval '10 hours')",
    );
    const rule = (hours: number) =>
      ({ kind: "at_least_one", perMs: hours * 3_600_000, openingHours: [], holidays: null }) as const;
    const { alarms } = await start([
      ["fixed", { silence: rule(9) }],
      ["spared", { silence: rule(12) }],
    ]);
    await until("it is told", async () => (await alarms()).length > 0);
    expect(await alarms()).toMatchObject([{ code: "source_silent", source: "fixed", missed: null }]);
    const { rows } = await scene.sql.query("SELECT source, reason FROM internal.silences ORDER BY 1");
    expect(rows).toEqual([
      { source: "", reason: "outage" },
      { source: "fixed", reason: "silent" },
    ]);
  });

  it("is none of lively sources while LeadLedger is started again, however soon it is back", async () => {
    await livelyUntil("lively", 1 / 60, 3_000);
    await livelyUntil("dead", longAgo);
    await scene.sql.query(
      "INSERT INTO internal.silence_watch (watched_at) VALUES (now() - interval '60 seconds')",
    );
    const { alarms } = await start([
      ["lively", {}],
      ["dead", {}],
    ]);
    await until("it is looked at", async () => (await alarms()).length > 0);
    expect(await alarms()).toMatchObject([{ code: "source_silent", source: "dead" }]);
  });

  it("has regular test leads, sent by LeadLedger or by its sender, and their absence is an alarm", async () => {
    const every = { everyMs: 86_400_000 };
    const { node, alarms } = await start([
      ["ours", { heartbeat: { ...every, sentBy: "leadledger" } }],
      ["theirs", { heartbeat: { ...every, sentBy: "sender" } }],
      [
        "refusing",
        { heartbeat: { ...every, sentBy: "leadledger" }, schema: { type: "object", required: ["car"] } },
      ],
    ]);
    const isAlive = async (source: string): Promise<boolean> =>
      (
        await scene.sql.query("SELECT FROM internal.heartbeats WHERE source = $1 AND alive_at IS NOT NULL", [
          source,
        ])
      ).rowCount === 1;
    await until("ours is processed", () => isAlive("ours"));
    await until("a refusal is told at once", async () => (await alarms()).length > 0);
    expect(await alarms()).toMatchObject([
      { code: "heartbeat_missing", source: "refusing", trouble: expect.any(String) as string },
    ]);
    await scene.sql.query(
      "UPDATE internal.heartbeats SET expected_since = expected_since - interval '2 days' WHERE source = 'theirs'",
    );
    await until("theirs is missing", async () => (await alarms()).some(({ source }) => source === "theirs"));
    await postLead(node.url, {
      path: "/webhook/lead/theirs",
      key: "t1",
      body: {},
      headers: { "x-leadledger-test": "true" },
    });
    await until("theirs is alive", () => isAlive("theirs"));
    await until("it is over", async () => (await alarms()).every(({ source }) => source === "refusing"));
    const { rows } = await scene.sql.query("SELECT source, test FROM public.runs ORDER BY 1");
    expect(rows).toEqual([
      { source: "ours", test: true },
      { source: "theirs", test: true },
    ]);
  });
});
