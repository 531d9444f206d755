// An agency runs one LeadLedger for many customers: whoever is limited to one client meets nothing of another, whichever
// call of the API is made (test/support/api-calls.ts has them all), and changes nothing of it.
import { beforeAll, describe, expect, inject, it } from "vitest";
import { testDestination, testSource } from "../../support/app.ts";
import { testAdminKey } from "../../support/api-client.ts";
import { apiCalls } from "../../support/api-calls.ts";
import type { ExampleCall, Made } from "../../support/api-calls.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { isPgBouncerInstalled, startPgBouncer } from "../../support/pgbouncer.ts";
import { always, startSink } from "../../support/sink.ts";
import type { TestServer } from "../../support/database.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

/** In the name of whatever belongs to somebody: source, destination, user, key, e-mail address, reason. */
const owners = ["anton", "berta", "niemand"] as const;
type Owner = (typeof owners)[number];
const clientOf: Readonly<Record<Owner, string | null>> = { anton: "anton", berta: "berta", niemand: null };

/** Many entries, since each call that takes one gets one of its own. */
const failedLeads = 14;

interface Things {
  readonly runs: readonly string[];
  readonly alertId: string;
  readonly made: Made;
}

const [newest, ...oldest] = inject("servers");
/** The database's owner is a plain role on each of them: LOGIN CREATEROLE and no more. */
const places = [
  { place: newest?.name, server: newest, isPooled: false, tags: [] },
  ...oldest.map((server) => ({ place: server.name, server, isPooled: false, tags: ["thorough"] })),
  ...(isPgBouncerInstalled
    ? [{ place: "through PgBouncer", server: oldest[0] ?? newest, isPooled: true, tags: ["thorough"] }]
    : []),
];

describe.each(places)("Clients of an agency ($place)", ({ server, isPooled, tags }) => {
  describe("told apart", { tags }, () => testClients(server, isPooled));
});

function testClients(server: TestServer | undefined, isPooled: boolean): void {
  const scene = useApiScene(
    async () => {
      const [broken, crm] = await Promise.all([
        startSink(always({ kind: "answer", status: 400 })),
        startSink(),
      ]);
      const of = <Item extends object>(owner: Owner, item: Item): Item & { client: string } =>
        ({ ...item, ...(clientOf[owner] === null ? {} : { client: clientOf[owner] }) }) as never;
      return {
        sources: owners.flatMap((owner) => [
          of(owner, testSource(`${owner}-web`, { to: [`${owner}-broken`] })),
          of(owner, testSource(`${owner}-shop`, { to: [`${owner}-crm`] })),
        ]),
        destinations: owners.flatMap((owner) => [
          of(owner, testDestination(`${owner}-broken`, broken.url)),
          of(owner, testDestination(`${owner}-crm`, crm.url)),
        ]),
      };
    },
    { ...(isPooled ? { pooler: startPgBouncer } : {}) },
    server,
  );
  const things = {} as Record<Owner, Things>;
  const keys = {} as Record<"anton" | "berta", string>;
  let calls: Map<string, { readonly method: string; readonly path: string }>;

  beforeAll(async () => {
    calls = await describedCalls(scene.app.url);
    for (const owner of ["anton", "berta"] as const)
      keys[owner] = String(
        (
          await asked(testAdminKey, "POST", "/api-keys", {
            name: `${owner}-key`,
            role: "admin",
            clients: [owner],
          })
        ).json["key"],
      );
    for (const owner of owners) things[owner] = await filled(owner);
  });

  const asked = async (key: string, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${scene.app.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const mediaType = response.headers.get("content-type")?.split(";")[0] ?? "";
    const isJson = /^application\/(?:problem\+)?json$/.test(mediaType) && text !== "";
    const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, text, json };
  };

  const send = async (owner: Owner, source: string, key: string, name: string = owner): Promise<string> => {
    const body = { name, email: `${owner}@example.com`, phone: "+49 30 1234567" };
    const answer = await postLead(scene.app.url, { path: `/webhook/lead/${owner}-${source}`, key, body });
    return String(answer.json["run_id"]);
  };

  /** Leads of all kinds, a request that was turned away, an operation, a user, a key, a service level and an alert. */
  async function filled(owner: Owner): Promise<Things> {
    await fetch(`${scene.app.url}/webhook/lead/${owner}-shop`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: `${owner} without a key` }),
    });
    const runs = [await send(owner, "shop", "delivered")];
    for (let lead = 0; lead < failedLeads; lead += 1) runs.push(await send(owner, "web", `failed-${lead}`));
    for (const key of ["twice-1", "twice-2"]) {
      runs.push(await send(owner, "shop", key));
      await send(owner, "shop", key, `${owner} Anders`);
    }
    const ids = <Row extends object>(sql: string) => scene.query<Row & { id: string }>(sql, [`${owner}-%`]);
    const entries = await until(`the leads of ${owner} have ended`, async () => {
      const rows = await ids("SELECT dlq_id AS id FROM dlq WHERE source LIKE $1 AND kind = 'delivery'");
      const open = await ids("SELECT run_id AS id FROM runs WHERE source LIKE $1 AND status = 'accepted'");
      return rows.length === failedLeads && open.length === 0 && rows.map(({ id }) => Number(id));
    });
    const conflicts = (
      await ids("SELECT dlq_id AS id FROM dlq WHERE source LIKE $1 AND kind = 'conflict'")
    ).map(({ id }) => Number(id));
    const turnedAway = await until(`what ${owner} sent without a key is kept`, async () => {
      const rows = await ids(
        "SELECT quarantine_id::text AS id FROM internal.quarantine WHERE source LIKE $1",
      );
      return rows.length === 1 && rows.map(({ id }) => id);
    });
    const key = owner === "niemand" ? testAdminKey : keys[owner];
    const clients = owner === "niemand" ? null : [owner];
    const answers = {
      post_users: (
        await asked(key, "POST", "/users", {
          login: `${owner}@team.example`,
          display_name: owner,
          role: "sales",
          clients,
        })
      ).json,
      post_api_keys: (
        await asked(key, "POST", "/api-keys", { name: `${owner}-viewer`, role: "viewer", clients })
      ).json,
      post_operations: (
        await asked(key, "POST", "/operations", {
          action: "dlq.resolve",
          ids: [entries[0]],
          reason: owner,
        })
      ).json,
    };
    const level = { name: `${owner}-shop`, measure: "delivered", source: `${owner}-shop`, within: "5m" };
    const agreed = await asked(key, "POST", "/sla", { ...level, share: "99%" });
    expect(agreed.status, agreed.text).toBe(201);
    await until(`the service level of ${owner} is counted`, async () => {
      const days = await scene.query("SELECT FROM sla_daily WHERE sla = $1", [`${owner}-shop`]);
      return days.length > 0;
    });
    // Over, so that nobody judges it again.
    const [alert] = await scene.query<{ alert_id: string }>(
      `INSERT INTO internal.alerts
         (key, code, severity, subject_kind, subject, cause, client, alarm, state, raised_at, cleared_at)
       VALUES ('source_silent:' || $1, 'source_silent', 'error', 'source', $1, 'source_silent', $2,
         jsonb_build_object('source', $1::text), 'cleared', clock_timestamp(), clock_timestamp()) RETURNING alert_id`,
      [`${owner}-web`, clientOf[owner] ?? ""],
    );
    await until(`the operation of ${owner} is done`, async () => {
      const rows = await scene.query(
        "SELECT FROM internal.operations WHERE reason = $1 AND status = 'done'",
        [owner],
      );
      return rows.length === 1;
    });
    // Not used up: every call that takes one may take it again.
    const nextOf = <Id>(list: readonly Id[]) => {
      let next = 1;
      return () => list[next++ % list.length] as Id;
    };
    const [deliveredRun = "", failedRun = ""] = runs;
    return {
      runs,
      alertId: alert?.alert_id ?? "",
      made: {
        deliveredRun,
        failedRun,
        answers,
        nextEntry: nextOf(entries),
        nextConflict: nextOf(conflicts),
        nextTurnedAway: nextOf(turnedAway),
      },
    };
  }

  /** Of `owner` in place of the example's own. */
  const exampleOf = (operationId: string, owner: Owner): ExampleCall => {
    const example = apiCalls[operationId]?.(things[owner].made) ?? {};
    // What is raised by itself is so only after minutes.
    if (operationId === "get_alerts") return { query: "state=cleared" };
    if (example.params?.["alert_id"] !== undefined)
      return { ...example, params: { alert_id: things[owner].alertId } };
    if (example.params?.["name"] === undefined) return example;
    const name = operationId.includes("destinations") ? `${owner}-crm` : `${owner}-shop`;
    return { ...example, params: { ...example.params, name } };
  };

  const made = async (key: string, operationId: string, { params = {}, query, body }: ExampleCall) => {
    const { method = "", path = "" } = calls.get(operationId) ?? {};
    const filledIn = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(params[name] ?? ""),
    );
    return asked(key, method, `${filledIn}${query === undefined ? "" : `?${query}`}`, body);
  };

  const ofOthers = (): RegExp =>
    new RegExp(["berta", "niemand", ...things.berta.runs, ...things.niemand.runs].join("|"), "i");

  /** Everything that is somebody else's, as it stands. */
  const others = async (): Promise<string> => {
    const read = (sql: string) => scene.query<{ rows: string }>(sql);
    const rows = await read(
      `SELECT jsonb_agg(t.row ORDER BY t.row::text)::text AS rows FROM (
         SELECT to_jsonb(r) AS row FROM runs r WHERE source ~ '^(berta|niemand)-'
         UNION ALL SELECT to_jsonb(q) FROM dlq q WHERE source ~ '^(berta|niemand)-'
         UNION ALL SELECT to_jsonb(q) FROM internal.quarantine q WHERE source ~ '^(berta|niemand)-'
         UNION ALL SELECT to_jsonb(s) FROM internal.sources s WHERE name ~ '^(berta|niemand)-'
         UNION ALL SELECT to_jsonb(d) FROM internal.destinations d WHERE name ~ '^(berta|niemand)-'
         UNION ALL SELECT to_jsonb(u) FROM internal.users u WHERE login !~ '^(anton|gerda)'
         UNION ALL SELECT to_jsonb(k) - 'last_used_at' FROM internal.api_keys k WHERE name ~ '^(berta|niemand)'
         UNION ALL SELECT to_jsonb(t) FROM internal.sla_targets t WHERE name ~ '^(berta|niemand)-'
         UNION ALL SELECT to_jsonb(a) FROM internal.alerts a WHERE subject ~ '^(berta|niemand)-' AND state = 'cleared'
         UNION ALL SELECT to_jsonb(m) FROM internal.alert_mutes m
         UNION ALL SELECT to_jsonb(c) FROM internal.contacts c
           WHERE run_id IN (SELECT r.run_id FROM runs r WHERE source ~ '^(berta|niemand)-')
         UNION ALL SELECT to_jsonb(o) FROM internal.operations o WHERE reason IN ('berta', 'niemand')
         UNION ALL SELECT to_jsonb(s) FROM internal.settings s WHERE name NOT IN ('configuration_revision', 'person_names')) AS t`,
    );
    return rows[0]?.rows ?? "";
  };

  const withoutEnd = ["get_events"];
  /** What they name is nobody's. */
  const aboutNobody = ["get_error_codes_code", "get_reports_report", "get_reports_report_page"];
  const callIds = Object.keys(apiCalls).filter((id) => !withoutEnd.includes(id));

  it("are told apart by every call that there is", () => {
    expect([...calls.keys()].filter((id) => apiCalls[id] === undefined)).toEqual([]);
  });

  it.each(callIds)("%s: neither answers with nor changes what is somebody else's", async (operationId) => {
    for (const owner of ["berta", "niemand"] as const) {
      const before = await others();
      const example = exampleOf(operationId, owner);
      const { status, text, json } = await made(keys.anton, operationId, example);
      const isAboutOne = example.params !== undefined && !aboutNobody.includes(operationId);
      // The answer is that about what there is not at all.
      if (isAboutOne) {
        const ofNone = await made(keys.anton, operationId, aboutNothing(example));
        expect({ status, code: json["code"] }).toEqual({ status: ofNone.status, code: ofNone.json["code"] });
        expect([403, 404, 409], text).toContain(status);
      } else expect(status, text).toBeLessThan(500);
      const said = Object.values(example.params ?? {}).map(String);
      expect(said.reduce((rest, own) => rest.replaceAll(own, ""), text)).not.toMatch(ofOthers());
      expect(await others()).toBe(before);
    }
  });

  it.each(callIds)("%s: works on one's own, with nothing of somebody else's in it", async (operationId) => {
    const { status, text } = await made(keys.anton, operationId, exampleOf(operationId, "anton"));
    expect(status, text).toBeLessThan(500);
    expect(text).not.toMatch(ofOthers());
  });

  it("have lists, figures and exports that count their own leads alone", async () => {
    const get = async (key: string, path: string) => (await asked(key, "GET", path)).json;
    const leads = (await get(keys.anton, "/runs?limit=500"))["items"] as { source: string }[];
    expect(new Set(leads.map(({ source }) => source))).toEqual(new Set(["anton-web", "anton-shop"]));
    const { today } = (await get(keys.berta, "/overview")) as { today: { received: number } };
    expect(today.received).toBe(things.berta.runs.length);
    const own = (await get(keys.berta, "/users"))["items"] as { login: string }[];
    expect(own.map(({ login }) => login)).toEqual(["berta@team.example"]);
    const levels = (await get(keys.berta, "/sla"))["items"] as { name: string }[];
    expect(levels.map(({ name }) => name)).toEqual(["berta-shop"]);
    const alerts = (await get(keys.berta, "/alerts?state=cleared"))["items"] as { alert_id: string }[];
    expect(alerts.map(({ alert_id: id }) => id)).toEqual([things.berta.alertId]);
  });

  it("are kept from handing on what they do not have, and from names of others", async () => {
    const [sales, key] = [
      { role: "sales", display_name: "x" },
      { name: "x", role: "viewer" },
    ];
    const before = await others();
    for (const clients of [undefined, null, ["berta"], ["anton", "berta"]]) {
      const user = { ...sales, login: "new@team.example", ...(clients === undefined ? {} : { clients }) };
      const { json: ofUser } = await asked(keys.anton, "POST", "/users", user);
      expect(ofUser["code"]).toBe("clients_exceed_own");
      const { json: ofKey } = await asked(keys.anton, "POST", "/api-keys", {
        ...key,
        ...(clients === undefined ? {} : { clients }),
      });
      expect(ofKey["code"]).toBe("clients_exceed_own");
    }
    const own = String(things.anton.made.answers["post_users"]?.["user_id"]);
    const widened = await asked(keys.anton, "PATCH", `/users/${own}`, { clients: null });
    expect(widened.json["code"]).toBe("clients_exceed_own");
    const source = { auth: { kind: "token" }, to: [], client: "anton" };
    expect((await asked(keys.anton, "POST", "/sources", { ...source, name: "berta-web" })).json["code"]).toBe(
      "name_taken",
    );
    const strange = await asked(keys.anton, "POST", "/sources", { ...source, name: "new", client: "berta" });
    expect(strange.json["code"]).toBe("clients_exceed_own");
    const across = await asked(keys.anton, "POST", "/sources", { ...source, name: "new", to: ["berta-crm"] });
    const absent = await asked(keys.anton, "POST", "/sources", { ...source, name: "new", to: ["berta-crn"] });
    const codeOf = ({ json }: typeof across) =>
      (json["problems"] as { code: string }[]).map(({ code }) => code);
    expect(codeOf(across)).toEqual(codeOf(absent));
    const made = await asked(keys.anton, "POST", "/sources", {
      auth: { kind: "token" },
      to: [],
      name: "anton-new",
    });
    expect(made.json["client"]).toBe("anton");
    expect(await others()).toBe(before);
  });

  it("are all in the answers to who has no limit, and each alone by its name", async () => {
    const sum = async (path: string, key = testAdminKey): Promise<number> => {
      const { json } = await asked(key, "GET", path);
      const { today, items } = json as { today?: { received: number }; items?: readonly object[] };
      return today?.received ?? items?.length ?? NaN;
    };
    const types = [
      "lead_received",
      "dlq_created",
      "operation_started",
      "configuration_changed",
      "user_created",
      "api_key_created",
      "request_denied",
    ];
    const events = `/audit-events?limit=500&${types.map((type) => `event_type=${type}`).join("&")}`;
    for (const path of [
      "/runs?limit=500",
      "/dlq?limit=500",
      "/overview?",
      "/sources?",
      "/quarantine?",
      "/operations?limit=500",
      events,
    ]) {
      // What was sent again just now may be counted between one answer and the next.
      await until(`${path}: the sum over the clients is the whole`, async () => {
        const whole = await sum(path);
        const each = await Promise.all(
          ["anton", "berta", ""].map((client) => sum(`${path}&client=${client}`)),
        );
        return whole > 0 && each.reduce((all, one) => all + one, 0) === whole;
      });
      expect(await sum(`${path}&client=berta`, keys.anton), path).toBe(0);
    }
    // Each of these has its own: none of them is everybody's, or nobody's.
    for (const type of types)
      for (const client of ["anton", "berta", ""]) {
        const { items } = (
          await asked(testAdminKey, "GET", `/audit-events?event_type=${type}&client=${client}`)
        ).json as { items: { payload: Record<string, unknown>; run_id: string | null }[] };
        expect(items.length, `${type} of ${client}`).toBeGreaterThan(0);
        const owner = client === "" ? "niemand" : client;
        const foreign = owners.filter((each) => each !== owner && each !== "niemand").join("|");
        expect(JSON.stringify(items), type).not.toMatch(new RegExp(`(?:${foreign})-`));
      }
    const all = { action: "dlq.dead", filter: { client: "berta", status: ["open"] } };
    const { json: preview } = await asked(testAdminKey, "POST", "/operations/preview", all);
    expect(preview["total"]).toBe(await sum("/dlq?limit=500&status=open&client=berta"));
    const { json: foreign } = await asked(keys.anton, "POST", "/operations/preview", all);
    expect(foreign["total"]).toBe(0);
    const { json: matching } = await asked(keys.anton, "POST", "/operations/preview", {
      action: "dlq.dead",
      filter: { status: ["open"] },
    });
    expect(matching["total"]).toBe(await sum("/dlq?limit=500&status=open", keys.anton));
  });

  it("keep operations about everything that matches to themselves", async () => {
    const before = await others();
    const order = { action: "dlq.dead", filter: { status: ["open"] }, reason: "anton" };
    const { json } = await asked(keys.anton, "POST", "/operations", order);
    const done = await until("the operation is done", async () => {
      const { json: now } = await asked(keys.anton, "GET", `/operations/${String(json["operation_id"])}`);
      return now["status"] === "done" && now;
    });
    expect(done["done"]).toBeGreaterThan(0);
    expect(await others()).toBe(before);
  });

  it("try their destinations with a lead of their own", async () => {
    const { status, json } = await asked(keys.anton, "POST", "/destinations/anton-crm/test", {});
    expect(status).toBe(202);
    const lead = await until("the test lead is delivered", async () => {
      const { json: now } = await asked(keys.anton, "GET", `/runs/${String(json["run_id"])}`);
      return now["status"] === "processed" && now;
    });
    expect(lead).toMatchObject({ test: true, outcome: "delivered" });
  });

  it("are told live what happens to their own leads, and of nobody else's", async () => {
    const ending = new AbortController();
    const stream = await fetch(`${scene.app.url}/api/v1/events?health_checks=true`, {
      headers: { authorization: `Bearer ${keys.anton}` },
      signal: ending.signal,
    });
    await send("berta", "shop", "live-1");
    const own = await send("anton", "shop", "live-1");
    await fetch(`${scene.app.url}/health`);
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of stream.body ?? []) {
      text += decoder.decode(chunk as Uint8Array);
      if (text.includes(own) && text.includes("lead_processed")) break;
    }
    ending.abort();
    const ids = [...text.matchAll(/"run_id":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids)).toEqual(new Set([own]));
  });
}

/** The same call about something that never was. */
function aboutNothing(example: ExampleCall): ExampleCall {
  const params = Object.entries(example.params ?? {}).map(([name]) => {
    if (name === "name") return [name, "nobody-has-this"];
    return [
      name,
      /^(?:run|quarantine|operation|alert)_id$/.test(name)
        ? "01900000-0000-7000-8000-000000000000"
        : 999_999_999,
    ];
  });
  return { ...example, params: Object.fromEntries(params) as Record<string, string | number> };
}

async function describedCalls(url: string): Promise<Map<string, { method: string; path: string }>> {
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const calls = new Map<string, { method: string; path: string }>();
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith("/api/v1/")) continue;
    for (const [method, { operationId }] of Object.entries(methods))
      calls.set(operationId, { method: method.toUpperCase(), path: path.slice("/api/v1".length) });
  }
  return calls;
}
