// Invitations and links for new passwords, by mail: used once, told to nobody else, and silent about who has an account.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { startMailDouble } from "../../support/mail-double.ts";
import type { MailDouble } from "../../support/mail-double.ts";
import { until } from "../../support/until.ts";

const publicUrl = "https://leads.example.test/ledger/";

describe("Mails about accounts", () => {
  const scene = useApiScene(() => ({ publicUrl }));
  let server: MailDouble;
  beforeAll(async () => {
    server = await startMailDouble();
  });
  afterAll(() => server.stop());

  async function addUser(login: string, password?: string): Promise<number> {
    const body = { login, display_name: "Anna Berg", role: "sales", language: "de" };
    const made = await scene.api.post("/users", password === undefined ? body : { ...body, password });
    expect(made.status).toBe(201);
    return Number(made.json["user_id"]);
  }
  const textOf = (raw: string): string => raw.replaceAll(/=\r\n/g, "").replaceAll("=3D", "=");
  const linkIn = (raw: string): string =>
    /https:\/\/leads\.example\.test\/ledger(\/setup\/[\w-]{43})/.exec(textOf(raw))?.[1] ?? "";
  const useLink = (path: string, password: string) =>
    fetch(`${scene.app.url}/ledger${path}`, {
      method: "POST",
      body: new URLSearchParams({ password, repeated: password }),
    });
  const nobody = () => apiClient(scene.app.url, "");

  it("say that nothing can be sent while there is no mail account", async () => {
    const id = await addUser("early@example.test");
    for (const refused of [
      await scene.api.post(`/users/${id}/invitations`, {}),
      await nobody().post("/session/password-reset", { login: "early@example.test" }),
    ])
      expect(refused).toMatchObject({ status: 409, json: { code: "mail_missing" } });
    const account = {
      smtp: `127.0.0.1:${server.port}`,
      security: "none",
      allow_private: true,
      from: "ledger@example.test",
    };
    expect((await scene.api.put("/mail", account)).status).toBe(200);
  });

  it("invite somebody, who sets a password with the link, once", async () => {
    const id = await addUser("anna@example.test");
    const sent = await scene.api.post(`/users/${id}/invitations`, {});
    expect(sent).toMatchObject({ status: 200, json: { sent: true } });
    const mail = server.mails.at(-1);
    expect(mail?.to).toEqual(["anna@example.test"]);
    const link = linkIn(mail?.raw ?? "");
    expect(sent.text).not.toContain(link);
    expect((await useLink(link, "a-long-enough-password-27")).status).toBe(200);
    expect((await useLink(link, "a-long-enough-password-28")).status).toBe(404);
    const stored = await scene.query("SELECT encode(token_hash, 'escape') FROM internal.setup_links");
    expect(JSON.stringify(stored)).not.toContain(link.slice(-43));
    const session = await nobody().post("/session", {
      login: "anna@example.test",
      password: "a-long-enough-password-27",
    });
    expect(session.status).toBe(201);
  });

  it("answer alike whether there is such an account, and send to who has one; the new password ends what is signed in", async () => {
    const before = server.mails.length;
    const known = await nobody().post("/session/password-reset", { login: " Anna@example.test" });
    const unknown = await nobody().post("/session/password-reset", { login: "stranger@example.test" });
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
    expect(known.status).toBe(202);
    await until("the mail is there", async () => Promise.resolve(server.mails.length === before + 1));
    const link = linkIn(server.mails.at(-1)?.raw ?? "");
    const sessions = () => scene.query("SELECT 1 FROM internal.sessions");
    expect((await sessions()).length).toBe(1);
    expect((await useLink(link, "another-long-password-29")).status).toBe(200);
    expect(await sessions()).toEqual([]);
    expect(
      await scene.query(
        "SELECT actor, event_type FROM audit_events WHERE event_type = 'setup_link_created' ORDER BY event_id DESC LIMIT 1",
      ),
    ).toMatchObject([{ actor: "system" }]);
  });

  it("leave an invitation as it is, and the accounts of who may not sign in", async () => {
    const invited = await addUser("bernd@example.test");
    await scene.api.post(`/users/${invited}/invitations`, {});
    const disabled = await addUser("clara@example.test", "a-long-enough-password-27");
    await scene.api.patch(`/users/${disabled}`, { disabled: true });
    const before = server.mails.length;
    for (const login of ["bernd@example.test", "clara@example.test"])
      expect((await nobody().post("/session/password-reset", { login })).status).toBe(202);
    await nobody().post("/session/password-reset", { login: "anna@example.test" });
    await until("Anna's mail is there", async () => Promise.resolve(server.mails.length > before));
    expect(server.mails.slice(before).flatMap(({ to }) => to)).toEqual(["anna@example.test"]);
  });

  it("are not sent again and again to the same address", async () => {
    const ask = () => nobody().post("/session/password-reset", { login: "often@example.test" });
    const statuses = [];
    for (let times = 0; times < 4; times += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
  });
});
