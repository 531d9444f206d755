// Messages for Slack and Teams, what the services answer, and what is made of a repeat.
import { afterEach, describe, expect, it } from "vitest";
import { checkDestination } from "../../../src/config/check-part.ts";
import { defaultRetry } from "../../../src/domain/destinations/destination.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import type { SlackDestination } from "../../../src/kinds/destinations/slack/fields.ts";
import { slackTransport } from "../../../src/kinds/destinations/slack/transport.ts";
import { teamsTransport } from "../../../src/kinds/destinations/teams/transport.ts";
import { noSurroundings } from "../../../src/kinds/destinations/surroundings.ts";
import { message, neverAborted } from "../../support/http-destination.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink, SinkAnswer } from "../../support/sink.ts";

const sinks: Sink[] = [];

afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
});

const surroundings = { publicUrl: "https://leads.example", timezone: "Europe/Berlin" };
const transports = { slack: slackTransport, teams: teamsTransport };

function destination(url: string): SlackDestination {
  return {
    name: "crm",
    kind: "slack",
    url,
    language: "de",
    timeoutMs: 2_000,
    concurrency: 2,
    limits: [],
    openingHours: [],
    paused: false,
    allowPrivate: true,
    retry: defaultRetry,
  };
}

async function posting(kind: keyof typeof transports, ...answers: readonly SinkAnswer[]) {
  let next = 0;
  const sink = await startSink(() => answers[next++] ?? { kind: "answer", status: 500 });
  sinks.push(sink);
  const sender = transports[kind].open(destination(sink.url), {
    nowMs: Date.now,
    surroundings: () => surroundings,
  });
  return { sink, sender };
}

const answer = (status: number, body = "", type = "text/plain"): SinkAnswer => ({
  kind: "answer",
  status,
  body,
  headers: { "content-type": type },
});

const lead = JSON.stringify({
  name: "Erika <!channel> & Söhne",
  email: "erika@example.com",
  phone: "+49 221 4710812",
  message: "*Bitte* [hier](https://evil.example) <https://evil.example|klicken>",
});

describe("a lead in Slack", () => {
  it("says who, how to reach them and what they want, and nothing of it is markup", async () => {
    const { sink, sender } = await posting("slack", answer(200, "ok"));
    const sent = message(undefined, lead);
    expect((await sender.attempt(sent, neverAborted)).outcome).toEqual({
      kind: "delivered",
      httpStatus: 200,
    });
    const { body = "" } = sink.requests[0] ?? {};
    expect(body).not.toMatch(/<(?!https:\/\/leads\.example\/leads\/)/);
    expect(body).toContain("Erika &lt;!channel&gt; &amp; Söhne");
    for (const part of ["erika@example.com", "Neuer Lead", "website", sent.runId])
      expect(body).toContain(part);
  });

  it.each([
    ["full of signs that Slack wants escaped", "<&>".repeat(900)],
    ["of pictures", "🙂".repeat(2_500)],
    ["of nothing that could be shown", "\u202e"],
  ])("has texts that Slack takes, also of a message %s", async (_, text) => {
    const { sink, sender } = await posting("slack", answer(200, "ok"));
    const long = JSON.stringify({ name: `Müller & ${"Söhne & ".repeat(20)}`, message: text, product: text });
    await sender.attempt(message(undefined, long), neverAborted);
    const { blocks } = JSON.parse(sink.requests[0]?.body ?? "{}") as {
      blocks: { type: string; text?: { text: string } }[];
    };
    for (const { type, text: shown } of blocks) {
      if (shown === undefined) continue;
      expect(shown.text.length).toBeGreaterThan(0);
      expect(shown.text.length).toBeLessThanOrEqual(type === "header" ? 150 : 3_000);
      expect(shown.text).not.toMatch(/&(?!(?:amp|lt|gt);)/);
    }
  });

  it.each([
    [answer(200, "<html>"), "destination_indeterminate"],
    [answer(200, "<html>", "text/html"), "destination_configuration"],
    [answer(200, '{"ok":false,"error":"is_archived"}'), "destination_configuration"],
    [answer(200, '{"ok":false,"error":"ratelimited"}'), "destination_throttled"],
    [answer(400, "invalid_payload"), "destination_rejected"],
    [answer(400, "user_not_found"), "destination_configuration"],
    [answer(403, "action_prohibited"), "destination_configuration"],
    [answer(404, "channel_not_found"), "destination_configuration"],
    [answer(410, "channel_is_archived"), "destination_configuration"],
    [answer(500, "rollup_error"), "destination_error"],
    [answer(429), "destination_throttled"],
  ])("answered %j is %s", async (said, code) => {
    const { sender } = await posting("slack", said);
    expect((await sender.attempt(message(), neverAborted)).outcome).toMatchObject({ code });
  });
});

describe("a lead in Teams", () => {
  it("is a card, of which nobody can tell whether it is there", async () => {
    const { sink, sender } = await posting("teams", answer(202));
    const { outcome } = await sender.attempt(message(undefined, lead), neverAborted);
    expect(outcome).toEqual({ kind: "delivered", httpStatus: 202, receipt: { proven: false } });
    const { attachments } = JSON.parse(sink.requests[0]?.body ?? "{}") as {
      attachments: { content: { version: string; body: { type: string }[]; actions: { url: string }[] } }[];
    };
    const [card] = attachments.map(({ content }) => content);
    expect(card).toMatchObject({
      version: "1.4",
      actions: [{ url: expect.stringContaining("/leads/") as string }],
    });
    expect(card?.body.every(({ type }) => type === "RichTextBlock")).toBe(true);
  });

  it.each([
    [answer(200, "{}"), undefined],
    [answer(401), "destination_configuration"],
    [answer(404), "destination_configuration"],
    [answer(400), "destination_rejected"],
    [answer(200, "<html>", "text/html"), "destination_configuration"],
  ])("answered %j is %s", async (said, code) => {
    const { sender } = await posting("teams", said);
    const { outcome } = await sender.attempt(message(), neverAborted);
    expect(outcome.kind === "failed" ? outcome.code : undefined).toBe(code);
  });

  it("has a card that Teams shows, however long the lead is", async () => {
    const { sink, sender } = await posting("teams", answer(202));
    const long = JSON.stringify({ name: "x".repeat(9_000), message: "ü\n".repeat(60_000) });
    const { outcome } = await sender.attempt(message(undefined, long), neverAborted);
    expect(outcome.kind).toBe("delivered");
    expect(Buffer.byteLength(sink.requests[0]?.body ?? "")).toBeLessThanOrEqual(28 * 1_024);
  });

  it("does not go to a connector, and its address is no one's to see", () => {
    const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
    const entry = { kind: "teams", url: "https://acme.webhook.office.com/webhookb2/1" };
    const checked = checkDestination("team", entry, around, builtInKinds);
    expect(checked.ok ? [] : checked.problems.map(({ place }) => place)).toEqual(["url"]);
    const to = destination("https://x.logic.azure.com/w/1?sig=planted");
    const shown = teamsTransport.preview(to, message(), 0, noSurroundings);
    expect(JSON.stringify(shown)).not.toContain("planted");
  });
});

describe("a repeat in a chat", () => {
  it("is marked where the first message may be there, and only there", async () => {
    const unsure = await posting("slack", { kind: "close" }, answer(200, "ok"));
    const sent = message();
    await unsure.sender.attempt(sent, neverAborted);
    const again = await unsure.sender.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(again.outcome).toMatchObject({ receipt: { maybeTwice: true } });
    const refused = await posting("slack", answer(404), answer(200, "ok"));
    await refused.sender.attempt(sent, neverAborted);
    const mended = await refused.sender.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(mended.outcome).toEqual({ kind: "delivered", httpStatus: 200 });
  });
});
