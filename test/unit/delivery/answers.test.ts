// Rules on answers over real HTTP: what is packed, cut, stalled or too long.
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { AnswerRule } from "../../../src/domain/destinations/answer-rules.ts";
import type { AttemptResult, Sender } from "../../../src/kinds/destinations/sender.ts";
import { httpSender, message, neverAborted } from "../../support/http-destination.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink, SinkAnswer } from "../../support/sink.ts";

const success: readonly AnswerRule[] = [
  { status: "2xx", body: { pointer: "/ok", equals: false }, outcome: "rejected", reason: "/error" },
  { status: "2xx", body: { pointer: "/ok", equals: true }, outcome: "delivered", id: "/id" },
];
const yes = JSON.stringify({ ok: true, id: "4711" });

const open: (Sink | Sender)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function attempt(answer: SinkAnswer, own: object = { success }): Promise<AttemptResult> {
  const sink = await startSink(() => answer);
  const sender = httpSender(sink.url, { timeoutMs: 2_000, ...own });
  open.push(sender, sink);
  return sender.attempt(message(), neverAborted);
}

const answered = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): SinkAnswer => ({
  kind: "answer",
  status: 200,
  body,
  headers,
});

describe("an answer that rules look into", () => {
  it("is a success with the record's id where it says so", async () => {
    const { outcome } = await attempt(answered(yes));
    expect(outcome).toEqual({ kind: "delivered", httpStatus: 200, receipt: { remoteId: "4711" } });
  });

  it("is unpacked, also for whoever reads it afterwards", async () => {
    const { outcome, response } = await attempt(
      answered(gzipSync('{"ok":false,"error":"Nachname fehlt"}'), { "content-encoding": "gzip" }),
    );
    expect(outcome).toMatchObject({
      code: "destination_rejected",
      message: "crm answered 200 OK: Nachname fehlt",
    });
    expect(response?.bodyExcerpt).toContain("Nachname fehlt");
  });

  it("is read in its own character set", async () => {
    const latin1 = Buffer.from('{"ok":false,"error":"Straße"}', "latin1");
    const { outcome } = await attempt(
      answered(latin1, { "content-type": "application/json; charset=ISO-8859-1" }),
    );
    expect(outcome).toMatchObject({ message: "crm answered 200 OK: Straße" });
  });

  it("is read up to 64 kB, past all that stands before what matters", async () => {
    const long = `{"records":"${"x".repeat(60_000)}","ok":true,"id":"4711"}`;
    expect((await attempt(answered(long))).outcome).toMatchObject({ receipt: { remoteId: "4711" } });
    const longer = `{"records":"${"x".repeat(70_000)}","ok":true}`;
    expect((await attempt(answered(longer))).outcome).toMatchObject({ code: "destination_indeterminate" });
    const packed = answered(gzipSync(longer), { "content-encoding": "gzip" });
    expect((await attempt(packed)).outcome).toMatchObject({ code: "destination_indeterminate" });
  });

  it.each<[string, SinkAnswer]>([
    ["breaks off", { kind: "cut_body", status: 200 }],
    ["never goes on after its head", { kind: "stall_body", status: 200 }],
    ["never ends", { kind: "flood", status: 200, bytes: Infinity, framing: "chunked" }],
    ["is a page for people", answered("<html>Sign in</html>", { "content-type": "text/html" })],
    ["is empty", { kind: "answer", status: 202 }],
    ["is packed in a way that nobody knows", answered(yes, { "content-encoding": "zstd" })],
    ["only says that it is packed", answered(yes, { "content-encoding": "gzip" })],
  ])("does not count as delivered when it %s, and the lead is tried again", async (_, answer) => {
    const { outcome, response } = await attempt(answer, { success, timeoutMs: 400 });
    expect(outcome).toMatchObject({ code: "destination_indeterminate", class: "transient" });
    expect(response).not.toBeNull();
  });

  it("that stalls is left at once when LeadLedger stops, for the next attempt to find out", async () => {
    const sink = await startSink(() => ({ kind: "stall_body", status: 200 }));
    const sender = httpSender(sink.url, { timeoutMs: 20_000, success });
    open.push(sender, sink);
    const { outcome } = await sender.attempt(message(), AbortSignal.timeout(300));
    expect(outcome).toMatchObject({ code: "delivery_interrupted" });
  });

  it("holds up nobody whose rules do not look into it", async () => {
    const rules: readonly AnswerRule[] = [{ status: 202, outcome: "unproven" }];
    const { outcome } = await attempt(
      { kind: "stall_body", status: 202 },
      { success: rules, timeoutMs: 20_000 },
    );
    expect(outcome).toEqual({ kind: "delivered", httpStatus: 202, receipt: { proven: false } });
  });
});
