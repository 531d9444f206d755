import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AnswerRule } from "../../../src/domain/destinations/answer-rules.ts";
import type { Outcome } from "../../../src/domain/destinations/outcome.ts";
import { dialogueSender, fieldsFrom, jsonRequest } from "../../../src/kinds/destinations/dialogue.ts";
import type { Ask, Dialogue } from "../../../src/kinds/destinations/dialogue.ts";
import { listAt, textAt } from "../../../src/kinds/destinations/json-reply.ts";
import type { AccessTokens } from "../../../src/kinds/destinations/oauth2/access-tokens.ts";
import type { AttemptResult, Sender } from "../../../src/kinds/destinations/sender.ts";
import { message, neverAborted } from "../../support/http-destination.ts";
import { startJsonDouble } from "../../support/json-double.ts";
import type { Asked, DoubleAnswer, JsonDouble } from "../../support/json-double.ts";
import { sendingDefaults } from "../../support/mapped-sender.ts";
import { until } from "../../support/until.ts";

const answers: readonly AnswerRule[] = [
  { status: "2xx", body: { pointer: "/ok", equals: true }, outcome: "delivered", id: "/id" },
];

let double: JsonDouble;
let usual: (asked: Asked) => DoubleAnswer;
const senders: Sender[] = [];

beforeEach(async () => {
  usual = ({ path }) => [200, { ok: true, id: path.slice(1) }];
  double = await startJsonDouble((asked) => usual(asked));
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await double.close();
});

/** Asks for a person, then hands the lead over. */
async function twoSteps(ask: Ask): Promise<Outcome> {
  const found = await ask({ request: jsonRequest("GET", "/person"), answers });
  if (found.kind === "failed") return found.outcome;
  const made = await ask({ request: jsonRequest("POST", "/lead", "{}"), answers, isHandover: true });
  return made.outcome;
}

function open(own: Partial<Dialogue> = {}, destination: object = {}): Sender {
  const sender = dialogueSender(
    { ...sendingDefaults, kind: "double", timeoutMs: 1_000, ...destination },
    { nowMs: Date.now },
    {
      origin: new URL(double.url),
      prove: (token) => (token === null ? {} : { authorization: `Bearer ${token}` }),
      deliver: (_, ask) => twoSteps(ask),
      ...own,
    },
  );
  senders.push(sender);
  return sender;
}

function attempt(sender: Sender, signal: AbortSignal = neverAborted): Promise<AttemptResult> {
  return sender.attempt(message(), signal);
}

const hasAsked = (call: string): Promise<boolean> => until(call, () => double.calls().includes(call));

describe("an attempt of several requests", () => {
  it("ends as its last one does, and shows the answer that took the lead", async () => {
    const result = await attempt(open());
    expect(result.outcome).toEqual({ kind: "delivered", httpStatus: 200, receipt: { remoteId: "lead" } });
    expect(result.response?.bodyExcerpt).toContain("lead");
    expect(double.calls()).toEqual(["GET /person", "POST /lead"]);
  });

  it("shows nothing of what was only looked up, and of what failed, why", async () => {
    const lookUp: Dialogue["deliver"] = async (_, ask) =>
      (await ask({ request: jsonRequest("GET", "/person"), answers })).outcome;
    expect((await attempt(open({ deliver: lookUp }))).response).toBeNull();
    double.instead("GET /person", [503, { why: "upkeep" }]);
    expect((await attempt(open({ deliver: lookUp }))).response?.bodyExcerpt).toContain("upkeep");
  });

  it("has one time for all of them", async () => {
    double.instead("GET /person", {
      kind: "answer",
      status: 200,
      body: '{"ok":true}',
      delayMs: 300,
    });
    double.instead("POST /lead", { kind: "hang" });
    const startedMs = performance.now();
    const { outcome } = await attempt(open({}, { timeoutMs: 600 }));
    expect(outcome).toMatchObject({
      code: "destination_timeout",
      message: expect.stringContaining("0.6 s") as string,
    });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  it("asks no more once the time is over", async () => {
    double.instead("GET /person", { kind: "hang" });
    const deliver: Dialogue["deliver"] = async (_, ask) => {
      await ask({ request: jsonRequest("GET", "/person"), answers });
      return (await ask({ request: jsonRequest("POST", "/lead", "{}"), answers })).outcome;
    };
    expect((await attempt(open({ deliver }, { timeoutMs: 200 }))).outcome).toMatchObject({
      code: "destination_timeout",
    });
    expect(double.calls()).toEqual(["GET /person"]);
  });

  it("is interrupted in its second request at once", async () => {
    double.instead("POST /lead", { kind: "hang" });
    const stopping = new AbortController();
    const result = attempt(open({}, { timeoutMs: 60_000 }), stopping.signal);
    await hasAsked("POST /lead");
    stopping.abort();
    expect((await result).outcome).toMatchObject({ code: "delivery_interrupted", class: "transient" });
  });

  it("loses no lead by a mistake of ours", async () => {
    const deliver: Dialogue["deliver"] = () => Promise.reject(new TypeError("a mistake"));
    expect((await attempt(open({ deliver }))).outcome).toMatchObject({ kind: "failed", class: "transient" });
  });

  it("follows the rules of the destination's own where the lead is handed over, and only there", async () => {
    const success = [{ status: 200, outcome: "rejected" }] as const;
    expect((await attempt(open({}, { success }))).outcome).toMatchObject({ code: "destination_rejected" });
    expect(double.calls()).toEqual(["GET /person", "POST /lead"]);
  });

  it("ends before the connections do when the sender is closed, and then there is none", async () => {
    double.instead("GET /person", { kind: "answer", status: 200, body: '{"ok":true}', delayMs: 200 });
    const sender = open();
    const result = attempt(sender);
    await hasAsked("GET /person");
    await sender.close();
    expect((await result).outcome).toMatchObject({ kind: "delivered" });
    expect((await attempt(sender)).outcome).toMatchObject({ code: "delivery_interrupted" });
  });
});

describe("a token that is refused", () => {
  interface Rolling extends AccessTokens {
    readonly refusals: string[];
  }

  function rolling(): Rolling {
    const refusals: string[] = [];
    return {
      refusals,
      current: () =>
        Promise.resolve({ kind: "granted", token: `token-${refusals.length + 1}`, lifetimeMs: 60_000 }),
      refused: (token) => void refusals.push(token),
      close: () => Promise.resolve(),
    };
  }

  it("is fetched anew once, in whichever request", async () => {
    usual = ({ method, request }) =>
      method === "POST" && request.headers.authorization !== "Bearer token-2" ? [401] : [200, { ok: true }];
    const tokens = rolling();
    expect((await attempt(open({ tokens }))).outcome).toMatchObject({ kind: "delivered" });
    expect(tokens.refusals).toEqual(["token-1"]);
    expect(double.calls()).toEqual(["GET /person", "POST /lead", "POST /lead"]);
  });

  it("and then refused again needs a person", async () => {
    usual = () => [401];
    const tokens = rolling();
    expect((await attempt(open({ tokens }))).outcome).toMatchObject({ class: "needs_credentials" });
    expect(tokens.refusals).toEqual(["token-1"]);
  });
});

describe("the receiver's fields", () => {
  const fields: Dialogue["fields"] = async (ask) =>
    fieldsFrom(await ask({ request: jsonRequest("GET", "/fields"), answers }), (json) =>
      listAt(json, "/fields").map((each) => ({
        target: textAt(each, "/name") ?? "",
        label: textAt(each, "/name") ?? "",
        type: "text",
        isRequired: false,
      })),
    );
  const list = Array.from({ length: 5_000 }, (_, index) => ({
    name: `field_${index}`,
    help: "x".repeat(100),
  }));

  it("are read however long their list is", async () => {
    double.instead("GET /fields", [200, { ok: true, fields: list }]);
    const read = await open({ fields }).fields?.();
    expect(read?.kind === "fields" ? read.fields.length : 0).toBe(5_000);
  });

  it("that are gone are found by a probe, before a lead meets them", async () => {
    double.instead("GET /fields", [200, { ok: true, fields: list }]);
    expect(await open({ fields }, { map: { field_7: "/lead/email" } }).probe()).toMatchObject({
      reachable: true,
    });
    const probe = await open({ fields }, { map: { email: "/lead/email" } }).probe();
    expect(probe).toMatchObject({ reachable: false, code: "destination_configuration" });
  });
});

it("a long list is read within an attempt, too, where the question says so", async () => {
  const notes = Array.from({ length: 2_000 }, () => "x".repeat(100));
  double.instead("GET /notes", [200, { ok: true, notes }]);
  const deliver =
    (isLong: boolean): Dialogue["deliver"] =>
    async (_, ask) =>
      (await ask({ request: jsonRequest("GET", "/notes"), answers, isLong })).outcome;
  expect((await attempt(open({ deliver: deliver(true) }))).outcome).toMatchObject({ kind: "delivered" });
  expect((await attempt(open({ deliver: deliver(false) }))).outcome).toMatchObject({
    code: "destination_indeterminate",
  });
});
