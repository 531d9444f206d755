// A one-time link makes the first admin, or sets a password: by a form that needs nothing but a browser.
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { firstSetupLink } from "../../../src/accounts/set-up.ts";
import { ledgerDatabase, startTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { makeUser, signIn, testPassword } from "../../support/accounts.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { plant } from "../../support/leak-watch.ts";

const admin = {
  login: "Anna@Example.com",
  display_name: "Anna <b>",
  password: testPassword,
  repeated: testPassword,
};

describe("A set-up link", () => {
  let database: FreshDatabase;
  let app: TestApp;
  beforeEach(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(database, {}, { adminKey: testAdminKey });
  });
  afterEach(async () => {
    await app.stop();
    await database.drop();
  });

  const firstLink = async (): Promise<string> => {
    const link = await firstSetupLink(app.installation.database);
    if (link === null) throw new Error("no link");
    plant([link.path.replace("/setup/", "")]);
    return link.path;
  };
  const open = async (path: string, language = "en", form?: Record<string, string>) => {
    const response = await fetch(app.url + path, {
      headers: { "accept-language": language },
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
    return { status: response.status, headers: response.headers, html: await response.text() };
  };

  it("of the first start makes the first admin, once, and then no other does", async () => {
    const [path, another] = [await firstLink(), await firstLink()];
    expect((await open(path)).html).toContain("Create the first admin");
    const done = await open(path, "en", admin);
    expect(done.status).toBe(200);
    expect(done.html).toContain('<a class="button" href="../">Sign in now</a>');
    const anna = await signIn(app.url, "anna");
    expect((await anna.get("/session")).json).toMatchObject({
      role: "admin",
      user: { login: "anna@example.com", display_name: "Anna <b>" },
    });
    for (const used of [path, another]) {
      expect(await open(used, "en", { ...admin, login: "eve@example.com" })).toMatchObject({ status: 404 });
    }
    expect(await firstSetupLink(app.installation.database)).toBeNull();
    const { rows } = await app.installation.database.query(
      "SELECT actor, payload FROM audit_events WHERE event_type = 'user_created'",
    );
    expect(rows).toEqual([{ actor: "user:1", payload: { user_id: 1, role: "admin", clients: null } }]);
  });

  it("makes one admin when several are used at the same instant", async () => {
    const paths = [await firstLink(), await firstLink(), await firstLink()];
    const answers = await Promise.all(
      paths.map((path, index) => open(path, "en", { ...admin, login: `admin-${index}@example.com` })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404, 404]);
  });

  it("ends after a day, and does not exist for whoever guesses", async () => {
    const path = await firstLink();
    await app.installation.database.query("UPDATE internal.setup_links SET expires_at = clock_timestamp()");
    for (const each of [path, "/setup/x", `/setup/${"A".repeat(43)}`, "/setup/%00"]) {
      expect((await open(each)).status).toBe(404);
      expect((await open(each, "en", admin)).status).toBe(404);
    }
  });

  it("shows a page without scripts, in the reader's language, that nobody can frame, keep or trace", async () => {
    const path = await firstLink();
    const { html, headers } = await open(path, "de-DE,de;q=0.9,en;q=0.8");
    expect(html).toContain('<html lang="de">');
    expect(html).toContain("Den ersten Admin anlegen");
    expect(html).not.toMatch(/<script|https?:|style=/);
    const policy = headers.get("content-security-policy") ?? "";
    const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? "";
    expect(policy).toContain(`style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    expect(policy).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
    expect(policy).not.toContain("unsafe");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    for (const [, id] of html.matchAll(/<input id="(\w+)"/g))
      expect(html).toContain(`<label for="${String(id)}">`);
  });

  it("says what is missing, keeps what was typed but for the password, and is not used up by that", async () => {
    const path = await firstLink();
    const weak = await open(path, "de", { ...admin, password: "kurz", repeated: "kurz" });
    expect(weak.status).toBe(422);
    expect(weak.html).toContain("Ein Passwort braucht mindestens 12 Zeichen.");
    expect(weak.html).toContain('value="Anna &#60;b&#62;"');
    expect(weak.html).not.toContain("kurz");
    expect((await open(path, "en", { ...admin, repeated: "another one" })).html).toContain("not the same");
    expect((await open(path, "en", { ...admin, login: "no address" })).html).toContain(
      "Something is missing",
    );
    expect((await open(path, "en", {})).status).toBe(422);
    expect((await open(path, "en", admin)).status).toBe(200);
  });

  it("for a user sets their password, signs out what was signed in, and ends the links before it", async () => {
    const { user_id: id } = await makeUser(app.installation.database, "bert", "sales");
    const bert = await signIn(app.url, "bert");
    const root = apiClient(app.url);
    const link = async (): Promise<string> =>
      String((await root.post(`/users/${id}/setup-links`)).json["path"]);
    const [first, second] = [await link(), await link()];
    expect((await open(first)).status).toBe(404);
    expect((await open(second)).html).toContain("bert@example.com");
    const next = "vier Esel zählen bis zwölf";
    // Whose password it is stands in the link, whatever the form says.
    const answers = { ...admin, login: "eve@example.com", password: next, repeated: next };
    expect((await open(second, "en", answers)).status).toBe(200);
    expect((await bert.get("/session")).status).toBe(401);
    await signIn(app.url, "bert", next);
    expect((await open(second, "en", answers)).status).toBe(404);
    const { rows } = await app.installation.database.query(
      "SELECT event_type, actor, payload FROM audit_events WHERE event_type IN ('setup_link_created', 'user_changed') ORDER BY event_id",
    );
    const created = { event_type: "setup_link_created", actor: "key:environment", payload: { user_id: id } };
    expect(rows).toEqual([
      created,
      created,
      { event_type: "user_changed", actor: `user:${id}`, payload: { user_id: id, fields: ["password"] } },
    ]);
  });

  it("of somebody who is disabled is good for nothing", async () => {
    const { user_id: id } = await makeUser(app.installation.database, "carla", "sales");
    const root = apiClient(app.url);
    const { path } = (await root.post(`/users/${id}/setup-links`)).json as { path: string };
    await root.patch(`/users/${id}`, { disabled: true });
    expect((await open(path)).status).toBe(404);
  });
});
