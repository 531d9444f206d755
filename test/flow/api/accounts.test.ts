// People sign in, stay signed in for as long as they may, and whoever guesses passwords learns nothing.
import { afterAll, beforeAll, expect, it } from "vitest";
import { ledgerDatabase, startTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import {
  browserWith,
  cookieOf,
  makeUser,
  signIn,
  testPassword,
  trySignIn,
  wrongPassword,
} from "../../support/accounts.ts";
import { apiClient } from "../../support/api-client.ts";
import { describeOnEachServer } from "../../support/database.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { until } from "../../support/until.ts";

describeOnEachServer("Signing in", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    // Every test comes from an address of its own, so that none uses up the attempts of another.
    app = await startTestApp(database, { trustProxy: ["127.0.0.1"] });
    other = await startTestApp(database);
  });
  afterAll(async () => {
    await app.stop();
    await other.stop();
    await database.drop();
  });

  const sql = async <Row extends Record<string, unknown>>(
    text: string,
    ...values: unknown[]
  ): Promise<Row[]> => (await app.installation.database.query<Row>(text, values)).rows;
  const from = (address: string, scheme = "http") => ({
    headers: { "x-forwarded-for": address, "x-forwarded-proto": scheme },
  });

  it("gives a cookie that no script and no other site gets, and says who one is and what one may do", async () => {
    const user = await makeUser(app.installation.database, "anna", "sales");
    const answer = await trySignIn(app.url, "Anna", testPassword);
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^leadledger_session_[0-9a-f]{8}=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
      ),
    ]);
    const me = {
      actor: `user:${user.user_id}`,
      by: "session",
      role: "sales",
      user: { user_id: user.user_id, login: "anna@example.com", display_name: "anna", language: "en" },
    };
    expect(answer.json).toMatchObject(me);
    const anna = browserWith(app.url, cookieOf(answer));
    const { json } = await anna.get("/session");
    expect(json).toMatchObject(me);
    expect(json["permissions"]).toContain("dlq.retry");
    expect(json["permissions"]).not.toContain("dlq.work");
  });

  it("marks the cookie Secure behind a trusted proxy that was asked by https, and nobody else is believed", async () => {
    await makeUser(app.installation.database, "bert", "sales");
    const behind = await trySignIn(app.url, "bert", testPassword, from("192.0.2.1", "https"));
    expect(behind.headers.getSetCookie()[0]).toMatch(/; Secure$/);
    const untrusted = await trySignIn(other.url, "bert", testPassword, from("192.0.2.1", "https"));
    expect(untrusted.headers.getSetCookie()[0]).not.toContain("Secure");
  });

  it("ends when one signs out, also for whoever has copied the cookie, on every node", async () => {
    await makeUser(app.installation.database, "carla", "viewer");
    const carla = await signIn(app.url, "carla");
    expect((await browserWith(other.url, carla.cookie).get("/session")).status).toBe(200);
    const out = await carla.delete("/session");
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^leadledger_session_[0-9a-f]{8}=; .*Max-Age=0/);
    for (const { url } of [app, other]) {
      expect(await browserWith(url, carla.cookie).get("/session")).toMatchObject({ status: 401 });
    }
    // A cookie that is good for nothing any more does not keep anybody from signing in.
    const again = await trySignIn(app.url, "carla", testPassword, { headers: { cookie: carla.cookie } });
    expect(again.status).toBe(201);
  });

  it("lasts for twelve hours without use and seven days at most", async () => {
    const { user_id: userId } = await makeUser(app.installation.database, "dora", "viewer");
    const age = (change: string) => sql(`UPDATE internal.sessions SET ${change} WHERE user_id = $1`, userId);
    const dora = await signIn(app.url, "dora");
    await age("last_used_at = clock_timestamp() - interval '11 hours 59 minutes'");
    expect((await dora.get("/session")).status).toBe(200);
    const [used] = await sql<{ recently: boolean }>(
      "SELECT last_used_at > clock_timestamp() - interval '1 minute' AS recently FROM internal.sessions WHERE user_id = $1",
      userId,
    );
    expect(used).toEqual({ recently: true });
    await age("last_used_at = clock_timestamp() - interval '12 hours 1 second'");
    expect((await dora.get("/session")).status).toBe(401);
    const again = await signIn(app.url, "dora");
    const [lifetime] = await sql<{ days: number }>(
      "SELECT max(extract(epoch FROM expires_at - created_at) / 86400)::float8 AS days FROM internal.sessions WHERE user_id = $1",
      userId,
    );
    expect(lifetime?.days).toBeCloseTo(7, 3);
    await age("expires_at = clock_timestamp()");
    expect((await again.get("/session")).status).toBe(401);
  });

  it("is refused with the same words and in the same time, whatever is wrong", async () => {
    await makeUser(app.installation.database, "emil", "viewer");
    const { user_id: disabled } = await makeUser(app.installation.database, "fritz", "viewer");
    await sql("UPDATE internal.users SET disabled_at = clock_timestamp() WHERE user_id = $1", disabled);
    await sql(
      `INSERT INTO internal.users (login, display_name, role, language, created_by)
       VALUES ('without@example.com', 'w', 'viewer', 'en', 'system')`,
    );
    const attempts = [
      ["emil", wrongPassword],
      ["nobody-knows", wrongPassword],
      ["fritz", testPassword],
      ["without", testPassword],
    ] as const;
    const answers = [];
    for (const [name, password] of attempts) {
      const beganMs = performance.now();
      const { status, text } = await trySignIn(app.url, name, password, from("192.0.2.5"));
      answers.push({ status, text });
      expect(performance.now() - beganMs).toBeGreaterThan(399);
    }
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.text).toContain('"code":"sign_in_refused"');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it("is locked after five wrong passwords for a time that grows; then even the right one is refused", async () => {
    const { user_id: userId } = await makeUser(app.installation.database, "gerd", "viewer");
    const wrong = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () => trySignIn(app.url, "gerd", wrongPassword, from("192.0.2.6"))),
      );
    const lock = async () =>
      (
        await sql<{ failed: number; minutes: number | null }>(
          `SELECT failed_sign_ins AS failed, round(extract(epoch FROM locked_until - clock_timestamp()) / 60)::int AS minutes
           FROM internal.users WHERE user_id = $1`,
          userId,
        )
      )[0];
    await wrong(4);
    expect(await lock()).toEqual({ failed: 4, minutes: null });
    await wrong(1);
    expect(await lock()).toEqual({ failed: 5, minutes: 1 });
    // From the other node, whose memory has seen none of this.
    expect((await trySignIn(other.url, "gerd", testPassword)).status).toBe(401);
    expect(await lock()).toEqual({ failed: 5, minutes: 1 });
    const isOver = () =>
      sql("UPDATE internal.users SET locked_until = clock_timestamp() WHERE user_id = $1", userId);
    await isOver();
    await wrong(1);
    expect(await lock()).toEqual({ failed: 6, minutes: 2 });
    await isOver();
    await signIn(other.url, "gerd");
    expect(await lock()).toEqual({ failed: 0, minutes: null });
    const events = await sql<{ failed: number }>(
      `SELECT (payload ->> 'failed_sign_ins')::int AS failed FROM audit_events
       WHERE event_type = 'user_locked' AND (payload ->> 'user_id')::bigint = $1 ORDER BY event_id`,
      userId,
    );
    expect(events).toEqual([{ failed: 5 }, { failed: 6 }]);
  });

  it("counts no right password among many wrong ones that come at the same instant", async () => {
    const { user_id: userId } = await makeUser(app.installation.database, "hanna", "viewer");
    await Promise.all(
      [app, other].flatMap(({ url }) =>
        Array.from({ length: 8 }, () => trySignIn(url, "hanna", wrongPassword, from("192.0.2.7"))),
      ),
    );
    const [counted] = await sql<{ failed: number }>(
      "SELECT failed_sign_ins AS failed FROM internal.users WHERE user_id = $1",
      userId,
    );
    expect(counted).toEqual({ failed: 5 });
  });

  it("is limited by address, and by name whether there is such an account or not", async () => {
    const many = await Promise.all(
      Array.from({ length: 33 }, (_, index) =>
        trySignIn(app.url, `guess-${index}`, wrongPassword, from("192.0.2.8")),
      ),
    );
    const turnedAway = many.filter(({ status }) => status === 429);
    expect(turnedAway.length).toBeGreaterThan(0);
    expect(turnedAway[0]?.json).toMatchObject({ code: "too_many_attempts" });
    expect(Number(turnedAway[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    const sameName = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        trySignIn(app.url, "no-such-name", wrongPassword, from(`192.0.2.${100 + index}`)),
      ),
    );
    expect(sameName.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  });

  it("leaves few audit events of many refusals, and none holds what was typed", async () => {
    const refusals = () =>
      sql<{ payload: { user_id: number | null; reason: string; count: number } }>(
        "SELECT payload FROM audit_events WHERE event_type = 'sign_in_refused' AND payload ->> 'address' = '192.0.2.9'",
      );
    const attempts = Array.from({ length: 9 }, (_, index) =>
      trySignIn(app.url, `typed-by-mistake-${index}`, wrongPassword, from("192.0.2.9")),
    );
    await Promise.all(attempts);
    const told = await until("all refusals in the audit log", async () => {
      const rows = await refusals();
      return rows.reduce((sum, { payload }) => sum + payload.count, 0) === 9 ? rows : null;
    });
    expect(told.length).toBeLessThan(3);
    expect(told[0]?.payload).toMatchObject({ user_id: null, reason: "unknown_user" });
    expect(JSON.stringify(await sql("SELECT payload FROM audit_events"))).not.toContain("typed-by-mistake");
  });

  it("is not done, and nothing is changed, by a page of another site", async () => {
    const { user_id: userId } = await makeUser(app.installation.database, "ida", "admin");
    const ida = await signIn(app.url, "ida");
    const evil = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
    ];
    for (const headers of evil) {
      const change = await ida.patch(`/users/${userId}`, { display_name: "x" }, { headers: { ...headers } });
      expect(change).toMatchObject({ status: 403, json: { code: "cross_site_request" } });
      const login = await trySignIn(app.url, "ida", testPassword, { headers: { ...headers } });
      expect(login).toMatchObject({ status: 403, json: { code: "cross_site_request" } });
    }
    const form = await fetch(`${app.url}/api/v1/users`, {
      method: "POST",
      headers: { cookie: ida.cookie, "content-type": "text/plain" },
      body: JSON.stringify({ login: "evil@example.com", display_name: "x", role: "admin" }),
    });
    expect(form.status).toBe(400);
    const own = { "sec-fetch-site": "same-origin", origin: app.url };
    expect((await ida.patch("/session", { display_name: "Ida" }, { headers: own })).status).toBe(200);
  });

  it("takes nothing that PostgreSQL could not hold", async () => {
    const client = apiClient(app.url, null);
    const answer = await client.post("/session", { login: "a\u0000@example.com", password: "x" });
    expect(answer).toMatchObject({ status: 400, json: { code: "request_invalid" } });
  });
});
