// The first start and the commands for accounts and keys, as an operator types them.
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { browserWith, cookieOf, signIn, testPassword, trySignIn } from "../support/accounts.ts";
import { apiClient } from "../support/api-client.ts";
import { ledgerDatabase, startTestApp, testRootKeyHex } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { serve, useCommandLine } from "../support/command-line.ts";
import type { FreshDatabase } from "../support/database.ts";
import { plant } from "../support/leak-watch.ts";

describe("leadledger user and api-key", () => {
  const commandLine = useCommandLine();
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(database);
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });
  beforeEach(() => {
    commandLine.env = { DATABASE_URL: database.url, LEADLEDGER_KEY: testRootKeyHex };
  });

  it("make an account with a link that sets its password, and change it while its owner is signed in", async () => {
    const made = await commandLine.json<{ url: string; login: string; path: string }>(
      ...["user", "add", "Anna@example.com", "--role", "admin", "--name", "Anna"],
    );
    plant([made.path.replace("/setup/", "")]);
    expect(made.url).toBe(`http://127.0.0.1:8080${made.path}`);
    const form = new URLSearchParams({ password: testPassword, repeated: testPassword });
    expect((await fetch(app.url + made.path, { method: "POST", body: form })).status).toBe(200);
    const anna = await signIn(app.url, "anna");
    expect((await anna.get("/users")).status).toBe(200);

    const last = await commandLine.run("user", "role", "anna@example.com", "viewer", "--lang", "de");
    expect(last.code).toBe(1);
    expect(last.stderr).toContain("Das ist der letzte Admin, der sich anmelden kann");
    const { code, stdout } = await commandLine.run("user", "list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 +anna@example\.com +Anna +admin +active/);
    const { rows } = await app.installation.database.query<{ actor: string }>(
      "SELECT DISTINCT actor FROM audit_events WHERE event_type IN ('user_created', 'setup_link_created')",
    );
    expect(rows).toEqual([{ actor: expect.stringMatching(/^cli:/) as string }]);
  });

  it("set a password from stdin, disable and enable, and know nobody by a wrong name", async () => {
    await commandLine.json("user", "add", "bert@example.com", "--role", "sales");
    const set = await commandLine.feed(`${testPassword}\n`, "user", "password", "bert@example.com");
    expect(set).toMatchObject({ code: 0, stdout: "bert@example.com has a new password.\n" });
    const bert = await signIn(app.url, "bert");
    expect((await commandLine.feed("kurz\n", "user", "password", "bert@example.com")).code).toBe(1);
    expect((await commandLine.feed("", "user", "password", "bert@example.com")).code).toBe(2);
    expect((await commandLine.run("user", "disable", "bert@example.com")).code).toBe(0);
    expect((await bert.get("/session")).status).toBe(401);
    expect((await trySignIn(app.url, "bert", testPassword)).status).toBe(401);
    expect((await commandLine.run("user", "enable", "bert@example.com")).code).toBe(0);
    await signIn(app.url, "bert");
    const unknown = await commandLine.run("user", "disable", "nobody@example.com");
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toContain("There is no user nobody@example.com");
  });

  it("make a key that stands alone on stdout, list it without it, and revoke it", async () => {
    const { stdout } = await commandLine.run(
      "api-key",
      "create",
      "reporting",
      "--role",
      "viewer",
      "--expires",
      "90d",
    );
    const key = stdout.trim();
    plant([key]);
    const client = apiClient(app.url, key);
    expect((await client.get("/session")).json).toMatchObject({ by: "key", role: "viewer" });
    const listed = await commandLine.run("api-key", "list");
    expect(listed.stdout).toMatch(/reporting +viewer +ll_[\w-]{6}… +valid until/);
    expect(listed.stdout).not.toContain(key);
    const { items } = await commandLine.json<{ items: { key_id: number }[] }>("api-key", "list");
    expect((await commandLine.run("api-key", "revoke", String(items[0]?.key_id))).code).toBe(0);
    expect((await client.get("/session")).status).toBe(401);
    expect((await commandLine.run("api-key", "create", "x", "--role", "boss")).code).toBe(2);
    expect(
      (await commandLine.run("api-key", "create", "x", "--role", "viewer", "--expires", "soon")).code,
    ).toBe(2);
  });
});

describe("the first start", () => {
  const commandLine = useCommandLine();

  it("shows a link that makes the first admin until there is one, and never writes it to the log", async () => {
    commandLine.env = { PORT: "0" };
    const first = await serve(commandLine);
    const { setup_url: setupUrl } = JSON.parse(first.output.stdout) as { setup_url: string };
    expect(setupUrl.startsWith(`${first.banner.url}/setup/`)).toBe(true);
    const form = new URLSearchParams({
      login: "anna@example.com",
      display_name: "Anna",
      password: testPassword,
      repeated: testPassword,
    });
    expect((await fetch(setupUrl, { method: "POST", body: form })).status).toBe(200);
    const signedIn = await trySignIn(first.banner.url, "anna", testPassword);
    expect((await browserWith(first.banner.url, cookieOf(signedIn)).get("/session")).status).toBe(200);
    first.child.kill("SIGTERM");
    const { stderr } = await first.finished;
    expect(stderr).not.toContain(setupUrl.replace(/^.*\/setup\//, ""));
    const second = await serve(commandLine);
    expect(JSON.parse(second.output.stdout)).toMatchObject({ setup_url: null });
  });
});
