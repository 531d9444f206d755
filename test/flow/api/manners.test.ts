// What the API does with ids, cursors, times and lists as callers write them: never a 500, and a hint where one helps.
import { describe, expect, it } from "vitest";
import { testSource } from "../../support/app.ts";
import { useApiScene } from "../../support/api-scene.ts";

describe("Requests to the API", () => {
  const scene = useApiScene(() => ({ sources: [testSource("website", { to: [] })] }));

  const noIds = [
    "9223372036854775808",
    "9".repeat(40),
    "9007199254740993",
    "0",
    "-1",
    "-0",
    "007",
    "+1",
    "2147483648",
  ];
  const calls: readonly (readonly [method: "get" | "post" | "patch", path: string, body: object])[] = [
    ["get", "/dlq/:id", {}],
    ["post", "/dlq/:id/retry", {}],
    ["post", "/dlq/:id/resolve", { reason: "r" }],
    ["post", "/dlq/:id/dead", { reason: "r" }],
    ["post", "/dlq/:id/edit", { reason: "r", body: {} }],
    ["post", "/dlq/:id/dry-run", {}],
    ["post", "/dlq/:id/edit/dry-run", { body: {} }],
    ["post", "/users/:id/setup-links", {}],
    ["post", "/api-keys/:id/revoke", {}],
    ["get", "/users/:id", {}],
    ["patch", "/users/:id", { display_name: "A" }],
  ];

  it.each(calls)("%s %s: an id that cannot exist is that of nothing, 404", async (method, path, body) => {
    const call = (place: string) =>
      method === "get" ? scene.api.get(place) : scene.api[method](place, body);
    for (const id of noIds) {
      const { status } = await call(path.replace(":id", encodeURIComponent(id)));
      expect([id, status]).toEqual([id, 404]);
    }
    for (const id of ["abc", "1.5", "%00", "true"])
      expect([id, (await call(path.replace(":id", id))).status]).toEqual([id, 400]);
  });

  it("a filter, or an order, with an id that cannot exist finds nothing by it", async () => {
    for (const id of noIds) {
      const found = await scene.api.get(`/dlq?dlq_id=${encodeURIComponent(id)}`);
      expect([id, found.status, found.json["items"]]).toEqual([id, 200, []]);
    }
    const ids = [9223372036854775808, -1, 0, 1e300];
    for (const target of [{ ids }, { filter: { dlq_id: ids } }, { filter: { dlq_id: ids[0] } }]) {
      const answer = await scene.api.post("/operations/preview", { action: "dlq.retry", ...target });
      expect([target, answer.status]).toEqual([target, 200]);
    }
  });

  it("every list refuses a cursor that it did not give, whatever stands in it", async () => {
    const time = "2026-02-31T25:61:61.000000Z";
    const uuid = "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11";
    const values: readonly unknown[] = [
      ...[
        ["\u0000"],
        ["x\u0000"],
        [9e15 + 1],
        [-1],
        ["99999999999999999999"],
        [`${time} ${uuid}`],
        [null],
        [{}],
        [],
      ],
      ...[["2026-02-31"], ["0000-01-01"], ["2026-02-31", "a"], ["2026-01-01", "\u0000"], [time, uuid]],
      ...[
        ["2026-02-31 10:00:00+00", uuid],
        ["2026-01-01 10:00:00+00", "x"],
        ["infinity", uuid],
        [1, 2],
      ],
    ];
    for (const list of [
      "/runs",
      "/dlq",
      "/audit-events",
      "/users",
      "/api-keys",
      "/operations",
      "/kpi/daily",
      "/kpi/sources?from=2026-01-01&to=2026-01-02",
      "/sources",
      "/destinations",
    ]) {
      for (const value of values) {
        const cursor = Buffer.from(JSON.stringify(value)).toString("base64url");
        const { status } = await scene.api.get(`${list}${list.includes("?") ? "&" : "?"}cursor=${cursor}`);
        expect([list, value, status < 500]).toEqual([list, value, true]);
      }
    }
  });

  it("no text of a request ends in the database as an error, a NUL neither", async () => {
    for (const path of [
      "/runs?source=%00",
      "/runs?error_message=%00",
      "/dlq?reason=a%00",
      "/dlq?destination=%00",
      "/runs?idempotency_key=%00",
      "/audit-events?actor=%00",
      "/audit-events?event_type=%00",
      "/sources/%00",
      "/destinations/a%00",
      "/users?login=%00",
      "/runs/%00",
      "/runs?email=a%00%40b.example",
      "/runs?phone=%00%00%00",
      "/sources?limit=0",
      "/runs?received_from=0000-01-01",
      "/runs?received_from=0000-01-01T00:00:00Z",
      "/kpi/daily?from=0000-01-01",
      "/audit-events?time_to=9999-12-31T23:59:60Z",
    ]) {
      expect([path, (await scene.api.get(path)).status < 500]).toEqual([path, true]);
    }
  });

  it("a list in a filter may be one value", async () => {
    for (const filter of [{ status: "open" }, { status: ["open"] }, { kind: "delivery", without: "source" }])
      expect(await scene.api.post("/operations/preview", { action: "dlq.retry", filter })).toMatchObject({
        status: 200,
        json: { total: 0 },
      });
    const replay = {
      action: "runs.replay",
      filter: { run_id: "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11", status: "failed" },
    };
    expect((await scene.api.post("/operations/preview", replay)).status).toBe(200);
    const wrong = { action: "dlq.retry", filter: { status: "opened" } };
    expect(await scene.api.post("/operations/preview", wrong)).toMatchObject({ status: 400 });
  });

  it("a day in a filter is that of the reporting time zone, its end included, and a lost plus sign gets a hint", async () => {
    await scene.query(
      "INSERT INTO runs (source, idempotency_key, received_at, status) VALUES ('website', 'late', '2026-01-10T23:30:00Z', 'processed'), ('website', 'early', '2026-01-09T22:59:00Z', 'processed')",
    );
    const found = async (query: string): Promise<unknown> => {
      const { status, json } = await scene.api.get(`/runs?${query}`);
      return status === 200
        ? (json["items"] as { idempotency_key: string }[]).map((run) => run.idempotency_key)
        : json["reason"];
    };
    // Berlin is an hour ahead of UTC: 00:30 of the 11th, and 23:59 of the 9th.
    expect(await found("received_from=2026-01-11&received_to=2026-01-11")).toEqual(["late"]);
    expect(await found("received_from=2026-01-10&received_to=2026-01-10")).toEqual([]);
    expect(await found("received_to=2026-01-09")).toEqual(["early"]);
    expect(await found("received_from=2026-01-11T00:30:00%2B01:00")).toEqual(["late"]);
    expect(await found("received_from=2026-01-11T00:30:00+01:00")).toMatch(/a \+ is written %2B/);
    expect(await found("received_from=yesterday")).toMatch(/a day \(2026-11-25\)/);
    expect(await found("received_from=2026-02-30")).toMatch(/must be/);
    const events = await scene.api.get("/audit-events?time_from=2020-01-01&time_to=2020-01-01");
    expect([events.status, events.json["items"]]).toEqual([200, []]);
    const entries = await scene.api.get(
      "/dlq?created_from=2020-01-01&created_to=2020-01-01&next_retry_before=2020-01-01",
    );
    expect([entries.status, entries.json["items"]]).toEqual([200, []]);
  });
});
