// The mailbox that LeadLedger itself writes from: said by API or in the file, kept sealed, and tried out on a mail server.
import { afterEach, describe, expect, it } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { startMailDouble } from "../../support/mail-double.ts";
import type { MailBehaviour, MailDouble } from "../../support/mail-double.ts";
import { toStoredSection } from "../../../src/config/sections/managed-section.ts";
import { mailSection } from "../../../src/kinds/destinations/email/mail-account.ts";
import { applySections } from "../../../src/ledger/configuration/sections.ts";

const servers: MailDouble[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

describe("The installation's mail account", () => {
  const scene = useApiScene(() => ({}), { withoutFile: true });

  async function mailServer(behaviour: MailBehaviour = {}): Promise<MailDouble> {
    const server = await startMailDouble(behaviour);
    servers.push(server);
    return server;
  }

  const login = { user: "ledger@example.test", password: "planted-password-4711" };
  const accountOn = (port: number) => ({
    smtp: `smtp://${login.user.replace("@", "%40")}:${login.password}@127.0.0.1:${port}`,
    security: "none",
    allow_private: true,
    from: "LeadLedger <ledger@example.test>",
    language: "de",
  });

  it("is missing at first, and whoever wants to send is told so and what to do", async () => {
    expect(await scene.api.get("/mail")).toMatchObject({ status: 200, json: { account: null } });
    expect(await scene.api.post("/mail/test", { to: "anna@example.test" })).toMatchObject({
      status: 409,
      json: { code: "mail_missing" },
    });
  });

  it("sends once it is said, and nobody sees its password", async () => {
    const server = await mailServer({ login });
    const set = await scene.api.put("/mail", accountOn(server.port));
    expect(set).toMatchObject({
      status: 200,
      json: { account: { smtp: `127.0.0.1:${server.port}`, user: login.user, managed_by: "api" } },
    });
    expect(await scene.api.post("/mail/test", { to: "Anna Berg <anna@example.test>" })).toMatchObject({
      json: { sent: true, code: null },
    });
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]).toMatchObject({ from: "ledger@example.test", to: ["anna@example.test"] });
    expect(server.mails[0]?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(server.mails[0]?.raw).toMatch(/^Message-ID: <test\.[\w-]+@example\.test>\r$/m);
    expect(server.mails[0]?.raw).toContain("multipart/alternative");
    const viewer = await scene.api.post("/api-keys", { name: "viewer", role: "viewer" });
    const shown = await apiClient(scene.app.url, String(viewer.json["key"])).get("/mail");
    const events = await scene.query(
      "SELECT payload FROM audit_events WHERE event_type = 'configuration_changed'",
    );
    const rows = await scene.query("SELECT name, settings, encode(secrets, 'escape') FROM internal.sections");
    for (const seen of [set.text, shown.text, JSON.stringify(events), JSON.stringify(rows)])
      expect(seen).not.toContain(login.password);
    expect(events).toContainEqual({
      payload: { part: "section", name: "mail", change: "added", fields: [] },
    });
  });

  it("keeps its password when something else is changed, but hands it to no other server", async () => {
    const server = await mailServer({ login });
    await scene.api.put("/mail", accountOn(server.port));
    const plain = { ...accountOn(server.port), smtp: `127.0.0.1:${server.port}`, user: login.user };
    await scene.api.put("/mail", { ...plain, language: "en" });
    expect(await scene.api.post("/mail/test", { to: "anna@example.test" })).toMatchObject({
      json: { sent: true },
    });
    const stranger = await mailServer({ login });
    await scene.api.put("/mail", { ...plain, smtp: `127.0.0.1:${stranger.port}` });
    expect(await scene.api.post("/mail/test", { to: "anna@example.test" })).toMatchObject({
      json: { sent: false, code: "destination_configuration" },
    });
    expect(stranger.mails).toEqual([]);
  });

  it("says in words what the mail server has against it", async () => {
    const server = await mailServer({ sender: "553 5.7.1 not your address" });
    await scene.api.put("/mail", { ...accountOn(server.port), smtp: `127.0.0.1:${server.port}`, user: null });
    expect(await scene.api.post("/mail/test", { to: "anna@example.test" })).toMatchObject({
      json: {
        sent: false,
        code: "destination_configuration",
        message: expect.stringContaining("not your address") as string,
      },
    });
    expect(await scene.api.post("/mail/test", { to: "anna at example" })).toMatchObject({
      status: 422,
      json: { code: "recipient_invalid" },
    });
    expect(await scene.api.put("/mail", { smtp: "smtp.example.test", from: "nobody" })).toMatchObject({
      status: 422,
      json: { problems: [{ place: "from", code: "text_unfit" }] },
    });
    expect(await scene.api.put("/mail", { from: "a@example.test" })).toMatchObject({
      status: 422,
      json: { problems: [{ place: "smtp", code: "key_missing" }] },
    });
  });

  it("is changed in the file alone while the file says it, and stays when the file says it no more", async () => {
    const { database, secretBox } = scene.app.installation;
    const entry = { smtp: "smtp.example.test:587", from: "ledger@example.test", password: "planted" };
    const stored = toStoredSection(mailSection, mailSection.writtenOut?.(entry) ?? entry, secretBox);
    expect(await applySections(database, "system", [stored])).toMatchObject([{ name: "mail" }]);
    expect(await applySections(database, "system", [stored])).toEqual([]);
    for (const refused of [await scene.api.put("/mail", entry), await scene.api.delete("/mail")])
      expect(refused).toMatchObject({ status: 409, json: { code: "managed_by_file" } });
    await applySections(database, "system", []);
    expect(await scene.api.get("/mail")).toMatchObject({
      json: { account: { managed_by: "api", smtp: "smtp.example.test:587" } },
    });
    expect(await scene.api.delete("/mail")).toMatchObject({ status: 204 });
    expect(await scene.api.get("/mail")).toMatchObject({ json: { account: null } });
  });
});
