// Admins look after accounts and API keys: what they change holds at once, everywhere, and is theirs in the audit log.
import { afterAll, beforeAll, expect, it } from "vitest";
import { ledgerDatabase, startTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { browserWith, makeUser, signIn, testPassword, trySignIn } from "../../support/accounts.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { describeOnEachServer } from "../../support/database.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { plant } from "../../support/leak-watch.ts";

describeOnEachServer("Accounts", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  let other: TestApp;
  let root: ApiClient;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    app = await startTestApp(database, {}, { adminKey: testAdminKey });
    other = await startTestApp(database, {}, { adminKey: testAdminKey });
    root = apiClient(app.url);
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
  const events = (type: string, field: string, id: unknown) =>
    sql<{ actor: string; payload: Record<string, unknown> }>(
      `SELECT actor, payload FROM audit_events WHERE event_type = $1 AND payload ->> $2 = $3 ORDER BY event_id`,
      type,
      field,
      String(id),
    );

  it("are made, shown and found, each login once, whatever its letters", async () => {
    const wanted = { login: "Anna@Example.com", display_name: "Anna", role: "sales", language: "de" };
    const made = await root.post("/users", { ...wanted, password: testPassword });
    expect(made).toMatchObject({ status: 201, json: { login: "anna@example.com", has_password: true } });
    expect(made.headers.get("etag")).toBe('"1"');
    const id = made.json["user_id"];
    expect((await root.post("/users", wanted)).json).toMatchObject({ code: "login_taken" });
    expect(await root.get(`/users/${String(id)}`)).toMatchObject({ status: 200, json: made.json });
    expect((await root.get("/users?login=ANNA@example.com")).json["items"]).toEqual([made.json]);
    expect((await root.get("/users/999999")).json).toMatchObject({ code: "user_unknown" });
    expect(await events("user_created", "user_id", id)).toEqual([
      { actor: "key:environment", payload: { user_id: id, role: "sales", clients: null } },
    ]);
  });

  it("are listed page by page, the newest first", async () => {
    for (const name of ["p1", "p2", "p3"]) await makeUser(app.installation.database, name, "viewer");
    const first = await root.get("/users?limit=2");
    const cursor = String(first.json["next_cursor"]);
    const second = await root.get(`/users?limit=500&cursor=${cursor}`);
    const all = [first, second].flatMap(({ json }) => json["items"] as { user_id: number }[]);
    const known = await sql<{ user_id: number }>("SELECT user_id FROM internal.users ORDER BY user_id DESC");
    expect(all.map(({ user_id }) => user_id)).toEqual(known.map(({ user_id }) => user_id));
    expect(second.json["next_cursor"]).toBeNull();
    expect((await root.get("/users?cursor=abc")).json).toMatchObject({ code: "cursor_invalid" });
  });

  it("have another role at once, on every node", async () => {
    const { user_id: id } = await makeUser(app.installation.database, "bert", "viewer");
    const bert = await signIn(other.url, "bert");
    expect((await bert.get("/system")).status).toBe(403);
    await root.patch(`/users/${id}`, { role: "operator" });
    expect((await bert.get("/system")).status).toBe(200);
    await root.patch(`/users/${id}`, { role: "viewer" });
    expect((await bert.get("/system")).status).toBe(403);
    expect((await events("user_changed", "user_id", id)).map(({ payload }) => payload)).toEqual([
      { user_id: id, fields: ["role"], role: { from: "viewer", to: "operator" } },
      { user_id: id, fields: ["role"], role: { from: "operator", to: "viewer" } },
    ]);
  });

  it("are signed out at once when they are disabled, and may come back", async () => {
    const { user_id: id } = await makeUser(app.installation.database, "carla", "viewer");
    const carla = await signIn(other.url, "carla");
    const disabled = await root.patch(`/users/${id}`, { disabled: true });
    expect(disabled.json["disabled_at"]).not.toBeNull();
    expect((await carla.get("/session")).status).toBe(401);
    expect((await trySignIn(app.url, "carla", testPassword)).status).toBe(401);
    await root.patch(`/users/${id}`, { disabled: false });
    expect((await carla.get("/session")).status).toBe(401);
    await signIn(app.url, "carla");
  });

  it("are changed only as the author has seen them", async () => {
    const { user_id: id } = await makeUser(app.installation.database, "dora", "viewer");
    const change = (etag: string, name: string) =>
      root.patch(`/users/${id}`, { display_name: name }, { headers: { "if-match": etag } });
    expect((await change('"1"', "first")).headers.get("etag")).toBe('"2"');
    const late = await change('"1"', "second");
    expect(late).toMatchObject({ status: 412, json: { code: "changed_meanwhile" } });
    expect((await root.get(`/users/${id}`)).json).toMatchObject({ display_name: "first" });
    expect((await change("*", "third")).status).toBe(200);
    // What changes nothing is no change.
    expect((await change('"3"', "third")).headers.get("etag")).toBe('"3"');
    expect(await events("user_changed", "user_id", id)).toHaveLength(2);
  });

  it("always leave one admin who can sign in, also when two of them end each other's role at the same instant", async () => {
    const users = [];
    for (const name of ["erna", "fritz"])
      users.push(await makeUser(app.installation.database, name, "admin"));
    await makeUser(app.installation.database, "no-password", "admin");
    await sql("UPDATE internal.users SET password_hash = NULL WHERE login = 'no-password@example.com'");
    const ids = users.map(({ user_id: id }) => id);
    const outcomes = await Promise.all(
      ids.map((id, index) =>
        apiClient(index === 0 ? app.url : other.url).patch(
          `/users/${id}`,
          index === 0 ? { role: "sales" } : { disabled: true },
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const last = ids[outcomes.findIndex(({ status }) => status === 409)];
    for (const change of [{ disabled: true }, { role: "viewer" }]) {
      expect((await root.patch(`/users/${String(last)}`, change)).json).toMatchObject({ code: "last_admin" });
    }
    expect((await root.patch(`/users/${String(last)}`, { display_name: "still here" })).status).toBe(200);
  });

  it("change their own password with the current one, which ends everything else that was signed in", async () => {
    await makeUser(app.installation.database, "gerd", "viewer");
    const [here, elsewhere] = [await signIn(app.url, "gerd"), await signIn(other.url, "gerd")];
    const change = (current: string, next: string) =>
      here.put("/session/password", { current_password: current, new_password: next });
    expect((await change("wrong", "vier Esel zählen bis zwölf")).json).toMatchObject({
      code: "password_wrong",
    });
    for (const weak of ["kurz", "aaaaaaaaaaaaaaaa", "gerd@example.com"]) {
      expect((await change(testPassword, weak)).json).toMatchObject({ code: "password_unsuitable" });
    }
    expect((await change(testPassword, "vier Esel zählen bis zwölf")).status).toBe(204);
    expect((await here.get("/session")).status).toBe(200);
    expect((await elsewhere.get("/session")).status).toBe(401);
    expect((await trySignIn(app.url, "gerd", testPassword)).status).toBe(401);
    await signIn(app.url, "gerd", "vier Esel zählen bis zwölf");
    expect(
      (await root.put("/session/password", { current_password: "x", new_password: "y" })).json,
    ).toMatchObject({
      code: "no_own_account",
    });
  });

  it("get another password from an admin, but an admin who is signed in has to know their own", async () => {
    const { user_id: id } = await makeUser(app.installation.database, "hanna", "viewer");
    const { user_id: adminId } = await makeUser(app.installation.database, "ida", "admin");
    const [hanna, ida] = [await signIn(other.url, "hanna"), await signIn(app.url, "ida")];
    const set = await ida.patch(`/users/${id}`, { password: "vier Esel zählen bis zwölf" });
    expect(set.status).toBe(200);
    expect((await hanna.get("/session")).status).toBe(401);
    await signIn(app.url, "hanna", "vier Esel zählen bis zwölf");
    const own = await ida.patch(`/users/${adminId}`, { password: "vier Esel zählen bis zwölf" });
    expect(own.json).toMatchObject({ code: "own_password" });
    expect(await events("user_changed", "user_id", id)).toEqual([
      { actor: `user:${adminId}`, payload: { user_id: id, fields: ["password"] } },
    ]);
  });

  it("have API keys that are shown once, work until they expire or are revoked, and act under their own name", async () => {
    const ida = browserWith(app.url, (await signIn(app.url, "ida")).cookie);
    const made = await ida.post("/api-keys", { name: "reporting", role: "admin" });
    const { key, key_id: id, ...shown } = made.json as { key: string; key_id: number };
    plant([key]);
    expect(made).toMatchObject({ status: 201, json: { revoked_at: null, last_used_at: null } });
    expect(key).toMatch(/^ll_[\w-]{43}$/);
    const listed = ((await root.get("/api-keys")).json["items"] as { key_id: number }[])[0];
    expect(listed).toEqual({ key_id: id, ...shown });
    const client = apiClient(other.url, key);
    const user = await client.post("/users", {
      login: "made-by-key@example.com",
      display_name: "k",
      role: "viewer",
    });
    expect(await events("user_created", "user_id", user.json["user_id"])).toMatchObject([
      { actor: `key:${id}` },
    ]);
    const lastUsed = () =>
      sql<{ at: Date | null }>("SELECT last_used_at AS at FROM internal.api_keys WHERE key_id = $1", id);
    const first = await lastUsed();
    expect(first[0]?.at).not.toBeNull();
    await client.get("/session");
    expect(await lastUsed()).toEqual(first);
    expect((await root.post(`/api-keys/${id}/revoke`)).json["revoked_at"]).not.toBeNull();
    expect((await client.get("/session")).status).toBe(401);
    expect((await root.post(`/api-keys/${id}/revoke`)).status).toBe(200);
    expect(await events("api_key_revoked", "key_id", id)).toHaveLength(1);

    const brief = await root.post("/api-keys", {
      name: "brief",
      role: "viewer",
      expires_at: "2099-01-01T00:00:00Z",
    });
    const briefKey = String(brief.json["key"]);
    expect((await apiClient(app.url, briefKey).get("/session")).status).toBe(200);
    await sql(
      "UPDATE internal.api_keys SET expires_at = clock_timestamp() WHERE key_id = $1",
      brief.json["key_id"],
    );
    expect((await apiClient(app.url, briefKey).get("/session")).status).toBe(401);
    const past = await root.post("/api-keys", {
      name: "past",
      role: "viewer",
      expires_at: "2020-01-01T00:00:00Z",
    });
    expect(past.json).toMatchObject({ code: "expiry_past" });
  });

  it("leave no password, key, token or hash in the audit log, and rows that stay", async () => {
    const text = JSON.stringify(await sql("SELECT * FROM audit_events"));
    expect(text).not.toMatch(/argon2|ll_[\w-]{20}|Ziegen|Esel/);
    for (const table of ["internal.users", "internal.api_keys"]) {
      await expect(sql(`DELETE FROM ${table}`)).rejects.toThrow(/keeps every row/);
      await expect(sql(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(/keeps every row/);
    }
    const stored = JSON.stringify([
      await sql("SELECT * FROM internal.users"),
      await sql("SELECT * FROM internal.api_keys"),
    ]);
    expect(stored).not.toMatch(/Ziegen|Esel|ll_[\w-]{20}/);
    expect(stored).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
  });
});
