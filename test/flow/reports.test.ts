// Reports by mail: the same figures as everywhere, to each recipient once, whoever sends them and however often.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApp } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { startMailDouble } from "../support/mail-double.ts";
import type { MailDouble } from "../support/mail-double.ts";
import { until } from "../support/until.ts";

const intervals = { reportsMs: 100 };

describe("Reports", () => {
  const scene = useApiScene(() => ({}), { withoutFile: true, intervals });
  let server: MailDouble;
  beforeAll(async () => {
    server = await startMailDouble();
  });
  afterAll(() => server.stop());

  const account = () => ({
    smtp: `127.0.0.1:${server.port}`,
    security: "none",
    allow_private: true,
    from: "LeadLedger <ledger@example.test>",
  });
  const states = () =>
    scene.query<{ recipient: string; state: string; error_code: string | null; attempts: number }>(
      "SELECT recipient, state, error_code, attempts FROM internal.report_mails ORDER BY recipient",
    );

  it("speak of the same figures as the days and the sources", async () => {
    const source = { name: "website", label: "Webseite", auth: { kind: "none" }, to: [] };
    expect((await scene.api.post("/sources", source)).status).toBe(201);
    await scene.query(
      `INSERT INTO runs (received_at, source, idempotency_key)
       SELECT (((now() AT TIME ZONE 'Europe/Berlin')::date - d)::timestamp AT TIME ZONE 'Europe/Berlin') + interval '3 hours',
         'website', d || '-' || n FROM (VALUES (1, 5), (8, 3), (9, 2)) AS v (d, many), generate_series(1, many) AS n`,
    );
    const report = await until("the days are counted", async () => {
      const { json } = await scene.api.get("/reports/daily");
      const { total, sources } = json as unknown as {
        readonly total: { readonly now: { readonly received: number } };
        readonly sources: readonly { readonly now: { readonly received: number } }[];
      };
      return total.now.received === 5 && sources[0]?.now.received === 5 && json;
    });
    expect(report).toMatchObject({
      total: { now: { received: 5, under_way: 5 }, before: { received: 3 } },
      sources: [{ source: "website", label: "Webseite", now: { received: 5 }, before: { received: 3 } }],
    });
    const days = (await scene.api.get("/kpi/daily")).json["items"] as {
      day: string;
      received_count: number;
    }[];
    const { days: shown } = report as unknown as { days: { day: string; received: number }[] };
    for (const { day, received_count: received } of days)
      expect(shown.find((each) => each.day === day)?.received ?? 0).toBe(received);
    const weekly = (await scene.api.get("/reports/weekly")).json;
    expect(weekly).toMatchObject({ total: { now: { received: 5 }, before: { received: 5 } } });
    const page = await scene.api.get("/reports/daily/page?language=de");
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.text).toContain("Tagesbericht");
    expect(page.text).not.toMatch(/src="(?!data:)/);
  });

  it("come to each recipient once, though two nodes run and one starts again", async () => {
    await scene.api.put("/mail", account());
    const to = ["anna@example.test", "Bernd <bernd@example.test>"];
    await order({ daily: { to, at: await timeOfDay(), language: "de" } });
    const second = await startTestApp(scene.database, {}, { withoutFile: true, intervals });
    await until(
      "both are sent",
      async () => (await states()).every(({ state }) => state === "sent") && (await states()).length === 2,
    );
    await second.stop();
    const third = await startTestApp(scene.database, {}, { withoutFile: true, intervals });
    await scene.api.put("/reports", { daily: { to: [...to, "clara@example.test"], at: await timeOfDay() } });
    await settle();
    await until(
      "the third is sent, too",
      async () => (await states()).length === 3 && server.mails.length >= 3,
    );
    await third.stop();
    expect(server.mails.map((mail) => mail.to[0]).sort()).toEqual([
      "anna@example.test",
      "bernd@example.test",
      "clara@example.test",
    ]);
    expect(server.mails[0]?.raw).toContain("multipart/related");
    expect(await scene.api.get("/reports")).toMatchObject({
      json: { has_mail_account: true, daily: { at: expect.any(String) as string }, weekly: null },
    });
  });

  it("are tried again while the mail server does not take them, and say why", async () => {
    server.behave({ message: "451 4.3.0 later" });
    const before = server.mails.length;
    await order({ weekly: { to: ["dora@example.test"], at: await timeOfDay(), on: await weekday() } });
    await until("the first attempt has failed", async () =>
      (await states()).some(
        ({ recipient, error_code: code }) => recipient.startsWith("dora") && code !== null,
      ),
    );
    server.behave({});
    await scene.query("UPDATE internal.report_mails SET next_attempt_at = now() WHERE state = 'waiting'");
    await until("it is sent", async () => (await states()).every(({ state }) => state === "sent"));
    const [first, again] = server.mails.slice(before).map(({ raw }) => /^Message-ID: .*$/m.exec(raw)?.[0]);
    expect(again).toBe(first);
    expect(server.mails.length).toBe(before + 2);
  });

  it("that are too old when somebody can send again are not sent any more, and neither are those from before they were ordered", async () => {
    const before = server.mails.length;
    await scene.api.put("/reports", {
      daily: { to: ["emil@example.test", "frida@example.test"], at: "00:00" },
    });
    await scene.query(
      `INSERT INTO internal.report_mails (report, day, recipient, language, due_at, next_attempt_at)
       VALUES ('daily', current_date - 9, 'emil@example.test', 'de', now() - interval '8 days', now() + interval '1 hour')`,
    );
    await until("the old one is given up", async () =>
      (await states()).some(({ recipient, state }) => recipient.startsWith("emil") && state === "given_up"),
    );
    expect((await states()).some(({ recipient }) => recipient.startsWith("frida"))).toBe(false);
    expect(server.mails.length).toBe(before);
  });

  it("are not tried again for somebody who is not to get them any more", async () => {
    server.behave({ message: "451 4.3.0 later" });
    await order({ daily: { to: ["hanna@example.test", "ida@example.test"], at: await timeOfDay() } });
    const waiting = async () =>
      (await states()).filter(({ state, attempts }) => state === "waiting" && attempts > 0);
    await until("both were tried", async () => (await waiting()).length === 2);
    await order({ daily: { to: ["ida@example.test"], at: await timeOfDay() } });
    await until("one is forgotten", async () => (await waiting()).length === 1);
    server.behave({});
    await order({});
    await until("the other is, too", async () => (await waiting()).length === 0);
    const sent = server.mails.flatMap(({ to }) => to);
    expect(sent.filter((each) => each.startsWith("hanna"))).toHaveLength(1);
  });

  it("are refused where an address or a time is none", async () => {
    expect(await scene.api.put("/reports", { daily: { to: ["nobody"], at: "25:00" } })).toMatchObject({
      status: 422,
      json: { problems: [{ place: "daily.at" }, { place: "daily.to[0]" }] },
    });
    expect(await scene.api.post("/reports/daily/send", { to: "greta@example.test" })).toMatchObject({
      json: { sent: true },
    });
  });

  /** As if it had been said long ago. */
  async function order(orders: object): Promise<void> {
    expect((await scene.api.put("/reports", orders)).status).toBe(200);
    await settle();
  }
  async function settle(): Promise<void> {
    await scene.query(
      "UPDATE internal.sections SET updated_at = now() - interval '30 days' WHERE name = 'reports'",
    );
  }
  async function timeOfDay(): Promise<string> {
    const [row] = await scene.query<{ at: string }>(
      "SELECT to_char(now() AT TIME ZONE 'Europe/Berlin', 'HH24:MI') AS at",
    );
    return row?.at ?? "00:00";
  }
  async function weekday(): Promise<string> {
    const [row] = await scene.query<{ on: string }>(
      `SELECT to_char(now() AT TIME ZONE 'Europe/Berlin', 'FMday') AS "on"`,
    );
    return row?.on ?? "monday";
  }
});

describe("A node that sends reports", () => {
  const scene = useApiScene(() => ({}), { withoutFile: true, intervals: { reportsMs: 3_600_000 } });

  it("stops after the one that is under way, however many a mail server is too slow for", async () => {
    const server = await startMailDouble({ hangsAt: "greeting" });
    const account = { smtp: `127.0.0.1:${server.port}`, security: "none", allow_private: true };
    await scene.api.put("/mail", { ...account, from: "ledger@example.test", timeout: "1s" });
    const to = Array.from({ length: 12 }, (_, index) => `recipient-${index}@example.test`);
    await scene.api.put("/reports", { daily: { to, at: "00:00" } });
    await scene.query(
      `INSERT INTO internal.report_mails (report, day, recipient, language, due_at)
       SELECT 'daily', current_date - 1, r, 'de', now() FROM unnest($1::text[]) AS r`,
      [to],
    );
    const sender = await startTestApp(scene.database, {}, { withoutFile: true, intervals });
    await scene.app.stop();
    await until("the mail server is asked", () => server.sessions() > 0);
    await sender.stop();
    const [row] = await scene.query<{ tried: number }>(
      "SELECT count(*)::int AS tried FROM internal.report_mails WHERE attempts > 0",
    );
    expect(row?.tried).toBeLessThan(4);
    await server.stop();
  });
});
