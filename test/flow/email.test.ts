// Leads as mail: what becomes of a lead when a mail server answers as real ones do, and Postfix with Dovecot themselves.
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EmailDestination } from "../../src/kinds/destinations/email/fields.ts";
import type { SenderDeps } from "../../src/kinds/destinations/destination-kind.ts";
import type { Sender } from "../../src/kinds/destinations/sender.ts";
import { testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { emailDestination, emailSender } from "../support/email-destination.ts";
import { message, neverAborted } from "../support/http-destination.ts";
import { startMailDouble } from "../support/mail-double.ts";
import type { MailBehaviour, MailDouble } from "../support/mail-double.ts";
import { hasMailServer, startMailServer } from "../support/real-mail-server.ts";
import type { MailServer } from "../support/real-mail-server.ts";
import { startSink } from "../support/sink.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

const tls = join(import.meta.dirname, "../support/tls");
const caFile = join(tls, "crm.test.cert.pem");
/** `crm.test` is here. */
const resolve = () => Promise.resolve(["127.0.0.1"]);
const mendCode = "destination_configuration";

const opened: { close?(): Promise<void>; stop?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await (one.close?.() ?? one.stop?.());
});

function sender(port: number, own: Partial<EmailDestination> = {}, parts: Partial<SenderDeps> = {}): Sender {
  const made = emailSender(port, own, parts);
  opened.push(made);
  return made;
}

describe("a mail server that answers awkwardly", () => {
  async function attempt(behaviour: MailBehaviour, own: Partial<EmailDestination> = {}) {
    const there = await startMailDouble(behaviour);
    opened.push(there);
    const { outcome } = await sender(there.port, own).attempt(message(), neverAborted);
    return { outcome, there };
  }

  it.each([
    [{ greeting: "421 4.3.2 shutting down" }, "transient", "destination_error"],
    [{ recipients: { "sales@example.test": "450 4.2.0 Greylisted" } }, "transient", "destination_throttled"],
    [{ message: "452 4.3.1 no space" }, "transient", "destination_error"],
    [{ message: "cut" }, "transient", "destination_connection_lost"],
    [{ hangsAt: "greeting" }, "transient", "destination_timeout"],
    [{ message: "554 5.6.0 spam" }, "permanent", "destination_rejected"],
    [{ message: "552 5.3.4 too large" }, "permanent", "destination_rejected"],
    [{ sender: "530 5.7.0 sign in" }, "needs_credentials", "destination_auth"],
  ] as const)("%j gives a %s failure", async (behaviour, failureClass, code) => {
    const { outcome } = await attempt(behaviour, { timeoutMs: 400 });
    expect(outcome).toMatchObject({ kind: "failed", class: failureClass, code });
  });

  it("that hangs up after the mail may have it: the next attempt says that it may be there twice", async () => {
    const there = await startMailDouble({ message: "cut" });
    opened.push(there);
    const patient = sender(there.port);
    const sent = message();
    expect((await patient.attempt(sent, neverAborted)).outcome).toMatchObject({ class: "transient" });
    there.behave({ message: "250 Ok: queued as 4711" });
    const again = await patient.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(again.outcome).toMatchObject({ receipt: { remoteId: "4711", maybeTwice: true } });
    expect(there.mails[1]?.raw).toBe(there.mails[0]?.raw);
  });

  it("that said no has no mail, and the next attempt is the only one", async () => {
    const there = await startMailDouble({ message: "451 4.3.0 later" });
    opened.push(there);
    const patient = sender(there.port);
    const sent = message();
    await patient.attempt(sent, neverAborted);
    there.behave({});
    const { outcome } = await patient.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(outcome).toEqual({ kind: "delivered", httpStatus: null });
    const stranger = await sender(there.port).attempt({ ...sent, attempt: 3 }, neverAborted);
    expect(stranger.outcome).toMatchObject({ receipt: { maybeTwice: true } });
  });

  it("that does not know the recipient is for a person to mend, for every lead would meet the same", async () => {
    const recipients = { "sales@example.test": "550 5.1.1 unknown" };
    expect((await attempt({ recipients })).outcome).toMatchObject({ code: mendCode });
  });

  it("that refuses some recipients has delivered to the others", async () => {
    const recipients = { "gone@example.test": "550 5.1.1 unknown" };
    const to = ["sales@example.test", "gone@example.test"];
    const { outcome, there } = await attempt({ recipients }, { to });
    expect(outcome).toMatchObject({
      kind: "delivered",
      receipt: { warning: expect.stringContaining("gone@example.test (“550 5.1.1 unknown”)") as string },
    });
    expect(there.mails.map((mail) => mail.to)).toEqual([["sales@example.test"]]);
  });

  it("that offers no encryption gets neither lead nor password unless that was chosen", async () => {
    const login = { user: "leads@example.test", password: "planted-password" };
    const { outcome, there } = await attempt({ login }, { security: "auto", ...login });
    expect(outcome).toMatchObject({ code: mendCode });
    expect(outcome.kind === "failed" && outcome.message).toContain("STARTTLS");
    expect(there.mails).toEqual([]);
  });

  it("that lets nobody sign in is not sent to without", async () => {
    const { outcome, there } = await attempt({}, { user: "leads@example.test", password: "planted" });
    expect(outcome).toMatchObject({ code: mendCode });
    expect(there.mails).toEqual([]);
  });
});

describe("a mail server that wants OAuth2", () => {
  const login = { user: "leads@example.test", token: "token-2" };

  async function scene(answers: readonly SinkAnswer[]) {
    const there = await startMailDouble({ login });
    let asked = 0;
    const sink = await startSink(
      () => answers[Math.min(asked++, answers.length - 1)] ?? { kind: "answer", status: 500 },
    );
    opened.push(there, sink);
    const own = {
      user: login.user,
      oauthTokenUrl: `${sink.url}/token`,
      oauthClientId: "leadledger",
      oauthClientSecret: "planted-client-secret",
      oauthRefreshToken: "planted-refresh-token",
    };
    return { there, sink, mailer: sender(there.port, own) };
  }

  const token = (value: string): SinkAnswer => ({
    kind: "answer",
    status: 200,
    body: JSON.stringify({
      access_token: value,
      expires_in: 3_600,
      token_type: "Bearer",
      refresh_token: `after-${value}`,
    }),
  });

  it("is signed in to with a token that is kept, and once more with a new one where it was taken back", async () => {
    const { there, sink, mailer } = await scene([token("token-1"), token("token-2")]);
    there.behave({ login: { ...login, token: "token-1" } });
    expect((await mailer.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
    expect((await mailer.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
    expect(sink.requests).toHaveLength(1);
    expect(sink.requests[0]?.body).toBe(
      "grant_type=refresh_token&refresh_token=planted-refresh-token&client_id=leadledger&client_secret=planted-client-secret",
    );
    there.behave({ login });
    expect((await mailer.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
    expect(sink.requests).toHaveLength(2);
    expect(sink.requests[1]?.body).toContain("refresh_token=after-token-1&");
    expect(await mailer.probe()).toMatchObject({ reachable: true });
  });

  it.each([
    [400, '{"error":"invalid_grant"}', "destination_auth"],
    [400, '{"error":"invalid_scope"}', "destination_configuration"],
    [200, "<html>planted-refresh-token</html>", "destination_configuration"],
    [503, "", "destination_error"],
    [200, '{"access_token":"another"}', "destination_auth"],
  ])("with a token server that answers %i %s gets no lead: %s", async (status, body, code) => {
    const { there, mailer } = await scene([{ kind: "answer", status, body }]);
    const { outcome } = await mailer.attempt(message(), neverAborted);
    expect(outcome).toMatchObject({ kind: "failed", code });
    expect(JSON.stringify(outcome)).not.toContain("planted");
    expect(there.mails).toEqual([]);
  });
});

describe.runIf(hasMailServer)("Postfix with Dovecot", () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer();
  });
  afterAll(() => server.close());

  function mail(own: Partial<EmailDestination> = {}, port = server.port): Sender {
    const { user, password } = server;
    const there = { server: `crm.test:${port}`, security: "auto", caFile, user, password } as const;
    return sender(port, { ...there, timeoutMs: 20_000, ...own }, { resolve });
  }

  async function arrived(runId: string): Promise<string> {
    return until("the mail to lie in the mailbox", async () => {
      const found = (await server.mails()).filter((raw) => raw.includes(`Message-ID: <${runId}.crm@`));
      return found[0] ?? null;
    });
  }

  it("takes a lead over STARTTLS, with a certificate of an authority of one's own, and it can be read", async () => {
    const sent = message();
    const { outcome } = await mail().attempt(sent, neverAborted);
    const raw = await arrived(sent.runId);
    const id = / id (\w+)/.exec(raw)?.[1];
    expect(outcome).toEqual({ kind: "delivered", httpStatus: null, receipt: { remoteId: id } });
    expect(raw).toContain(`Message-ID: <${sent.runId}.crm@example.test>`);
    expect(raw).toMatch(/with ESMTPSA/);
    expect(raw).toContain("Erika");
  });

  it("takes a lead over TLS from the first byte", async () => {
    const sent = message();
    const own = { server: `smtps://crm.test:${server.tlsPort}` };
    expect((await mail(own, server.tlsPort).attempt(sent, neverAborted)).outcome.kind).toBe("delivered");
    await arrived(sent.runId);
  });

  it("is not trusted without its authority, or under another name", async () => {
    const stranger = sender(server.port, { security: "starttls" });
    expect((await stranger.attempt(message(), neverAborted)).outcome).toMatchObject({
      code: "destination_tls",
    });
    const other = mail({ server: `other.test:${server.port}` });
    expect((await other.attempt(message(), neverAborted)).outcome).toMatchObject({ code: "destination_tls" });
  });

  it("refuses a wrong password, a recipient nobody knows, a stranger's relaying, and a mail that is too large", async () => {
    const outcomeOf = async (own: Partial<EmailDestination>) =>
      (await mail(own).attempt(message(undefined, '{"name":"Erika"}'), neverAborted)).outcome;
    expect(await outcomeOf({ password: "wrong" })).toMatchObject({ code: "destination_auth" });
    expect(await outcomeOf({ to: ["nobody@example.test"] })).toMatchObject({ code: mendCode });
    const relaying = sender(server.port, { to: ["a@elsewhere.test"] });
    expect((await relaying.attempt(message(), neverAborted)).outcome).toMatchObject({ code: mendCode });
    expect(await outcomeOf({ subject: "EICAR" })).toMatchObject({ code: "destination_rejected" });
    const large = message(undefined, JSON.stringify({ message: "x".repeat(60_000), q: "ä".repeat(60_000) }));
    const long = Object.fromEntries(
      Array.from({ length: 60 }, (_each, at) => [`q${at}`, `ä${at}`.repeat(300)]),
    );
    expect(large.body.length).toBeGreaterThan(60_000);
    const { outcome } = await mail().attempt(message(undefined, JSON.stringify(long)), neverAborted);
    expect(outcome).toMatchObject({ code: "destination_rejected" });
  });

  it("that greylists gets the mail when it has waited, and is left alone until then", async () => {
    const grey = mail({ to: ["grey@example.test"] });
    const sent = message();
    expect((await grey.attempt(sent, neverAborted)).outcome).toMatchObject({
      class: "transient",
      retryAfterMs: 5 * 60_000,
    });
    expect((await grey.attempt(sent, neverAborted)).outcome).toMatchObject({ kind: "delivered" });
    await arrived(sent.runId);
  });

  it("can be probed up to the password, without a mail", async () => {
    const before = (await server.mails()).length;
    expect(await mail().probe()).toMatchObject({ reachable: true, address: `crm.test:${server.port}` });
    expect(await mail({ password: "wrong" }).probe()).toMatchObject({
      reachable: false,
      code: "destination_auth",
    });
    expect((await server.mails()).length).toBe(before);
  });
});

describe("a node", () => {
  let there: MailDouble;
  afterAll(() => there.stop());
  const scene = useApiScene(async () => {
    there = await startMailDouble();
    return {
      sources: [testSource("website")],
      destinations: [emailDestination(there.port, { name: "sales" })],
      publicUrl: "https://leads.example/ll",
      timezone: "America/New_York",
    };
  });

  it("mails a lead, with the link to it and its time in the zone of the reports", async () => {
    const body = { name: "Anna", email: "anna@example.test" };
    const { json } = await postLead(scene.app.url, { path: "/webhook/lead/website", key: "a", body });
    const runId = String(json["run_id"]);
    const mail = await until("the mail to come", () => there.mails[0] ?? null);
    // The lines of a mail are short: a long one is continued on the next (RFC 2045, 6.7).
    const text = mail.raw.replaceAll("=\r\n", "");
    expect(text).toContain(`https://leads.example/ll/leads/${runId}`);
    expect(text).toContain(`https://leads.example/ll/contacted/${runId}/`);
    expect(text).toMatch(/Received: .*20\d\d, \d\d:\d\d/);
  });

  it("copies it for another client of an agency without anybody's address", async () => {
    const mail = { smtp: `127.0.0.1:${there.port}`, security: "none", from: "a@example.test", user: "a" };
    const people = { to: ["a-people@example.test"], cc: ["a-boss@example.test"] };
    const entry = { name: "a-mail", kind: "email", client: "a", allow_private: true, ...mail, ...people };
    expect(await scene.api.post("/destinations", entry)).toMatchObject({ status: 201 });
    const made = await scene.api.post("/clients", { name: "c", from: "a" });
    expect(made).toMatchObject({
      status: 201,
      json: { destinations: [{ name: "c-mail", gaps: ["smtp", "user", "from", "to", "cc"] }] },
    });
    const copy = await scene.api.get("/destinations/c-mail");
    expect(copy.json).toMatchObject({ paused: true, to: ["to-be-filled-in@example.invalid"], cc: [] });
    expect(JSON.stringify(copy.json)).not.toMatch(/example\.test|127\.0\.0\.1/);
  });

  it("shows the mail that would be sent once more", async () => {
    there.behave({ message: "554 5.6.0 spam" });
    const body = { name: "Berta", email: "berta@example.test" };
    const { json } = await postLead(scene.app.url, { path: "/webhook/lead/website", key: "b", body });
    const runId = String(json["run_id"]);
    const [entry] = await until("an entry", async () => {
      const rows = await scene.query<{ dlq_id: string; error_code: string }>(
        "SELECT dlq_id, error_code FROM dlq WHERE run_id = $1",
        [runId],
      );
      return rows.length > 0 && rows;
    });
    expect(entry?.error_code).toBe("destination_rejected");
    const shown = await scene.api.post(`/dlq/${entry?.dlq_id ?? ""}/dry-run`);
    expect(shown.json).toMatchObject({ method: "MAIL", headers: { "rcpt to": "sales@example.test" } });
    expect(shown.json["body"]).toContain(`Message-ID: <${runId}.sales@example.test>`);
    expect(shown.json["body"]).toContain("https://leads.example/ll/leads/");
  });
});
