import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/domain/destinations/outcome.ts";
import type { PipedriveDestination } from "../../../src/kinds/destinations/pipedrive/fields.ts";
import { pipedriveTransport } from "../../../src/kinds/destinations/pipedrive/transport.ts";
import type { DeliveryMessage, Sender } from "../../../src/kinds/destinations/sender.ts";
import { noSurroundings } from "../../../src/kinds/destinations/surroundings.ts";
import { message, neverAborted } from "../../support/http-destination.ts";
import type { DoubleAnswer } from "../../support/json-double.ts";
import { mappedMessage, mappedSender } from "../../support/mapped-sender.ts";
import { pipedriveDestination, sizeKey, startPipedriveDouble } from "../../support/pipedrive-double.ts";
import type { PipedriveDouble } from "../../support/pipedrive-double.ts";

const nowMs = Date.parse("2026-11-30T21:00:00Z");
const runId = "0197a000-0000-7000-8000-000000000001";
const otherRunId = "0197a000-0000-7000-8000-000000000002";
const erika = {
  name: "Erika Mustermann",
  email: "Erika@Example.com",
  phone: "089 1234567",
  product: "Kitchen",
  message: "Please call <me>",
};

let pipedrive: PipedriveDouble;
const senders: Sender[] = [];

beforeEach(async () => {
  pipedrive = await startPipedriveDouble();
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await pipedrive.close();
});

function open(own: Partial<PipedriveDestination> = {}): Sender {
  const destination = pipedriveDestination(pipedrive.url, own);
  const sender = mappedSender(destination, pipedriveTransport.open(destination, { nowMs: () => nowMs }));
  senders.push(sender);
  return sender;
}

function lead(fields: object = erika, own: Partial<DeliveryMessage> = {}): DeliveryMessage {
  return { ...message(own.runId ?? runId, JSON.stringify(fields)), ...own };
}

async function send(sender: Sender, sent = lead()): Promise<Outcome> {
  return (await sender.attempt(sent, neverAborted)).outcome;
}

const bodyOf = (call: string): unknown =>
  pipedrive.asked.find(({ method, path }) => `${method} ${path}` === call)?.json;

describe("a lead", () => {
  it("is a person, a lead of theirs and a note at it, with a link", async () => {
    expect(await send(open())).toEqual({
      kind: "delivered",
      httpStatus: 201,
      receipt: {
        remoteId: pipedrive.leads[0]?.["id"],
        remoteUrl: `https://example.pipedrive.com/leads/inbox/${String(pipedrive.leads[0]?.["id"])}`,
      },
    });
    expect(bodyOf("POST /api/v2/persons")).toEqual({
      name: "Erika Mustermann",
      emails: [{ value: "erika@example.com", primary: true, label: "work" }],
      phones: [{ value: "+49891234567", primary: true, label: "work" }],
    });
    expect(bodyOf("POST /v1/leads")).toEqual({
      title: "Erika Mustermann – Kitchen",
      person_id: 11,
      origin_id: runId,
    });
    expect(pipedrive.notes[0]).toMatchObject({
      lead_id: pipedrive.leads[0]?.["id"],
      content: expect.stringContaining("Please call &lt;me&gt;") as string,
    });
    expect(
      pipedrive.asked.every(({ request }) => request.headers["x-api-token"] === "planted-api-token"),
    ).toBe(true);
    expect(pipedrive.asked.some(({ request }) => request.path.includes("planted"))).toBe(false);
  });

  it.each([
    ["e-mail address", { name: "E. M.", email: "erika@example.com" }],
    ["telephone number", { name: "E. M.", phone: "+49 89 1234567" }],
  ])("of a person who is known by %s is theirs, and that is said", async (_, fields) => {
    await send(open());
    const outcome = await send(open(), lead(fields, { runId: otherRunId }));
    expect(outcome).toMatchObject({ receipt: { duplicate: "added_to_person" } });
    expect(pipedrive.persons).toHaveLength(1);
    expect(pipedrive.leads.map((each) => each["person_id"])).toEqual([11, 11]);
    expect(pipedrive.notes).toHaveLength(2);
  });

  it("becomes a deal where that is wanted, in its pipeline, with numbers where ids are meant", async () => {
    const map = {
      "person.name": "/lead/name",
      "lead.title": "/lead/name",
      "lead.stage_id": { constant: "5" },
      "lead.value": { constant: 990 },
      [`lead.${sizeKey}`]: { constant: "12" },
    };
    const outcome = await send(open({ record: "deal", map }));
    expect(outcome).toMatchObject({ receipt: { remoteUrl: "https://example.pipedrive.com/deal/31" } });
    expect(bodyOf("POST /api/v2/deals")).toEqual({
      title: "Erika Mustermann",
      stage_id: 5,
      value: 990,
      person_id: 11,
      custom_fields: { [sizeKey]: 12 },
    });
    expect(bodyOf("POST /v1/notes")).toMatchObject({ deal_id: 31 });
  });

  it("has its value with a currency, and custom fields at the top, as leads want it", async () => {
    const map = {
      "person.name": "/lead/name",
      "lead.title": "/lead/name",
      "lead.value": "/data/budget",
      "lead.pipeline_id": { constant: 2 },
      [`lead.${sizeKey}`]: { constant: "12" },
    };
    await send(open({ map }), lead({ ...erika, budget: "990.50" }));
    expect(bodyOf("POST /v1/leads")).toEqual({
      title: "Erika Mustermann",
      value: { amount: 990.5, currency: "EUR" },
      [sizeKey]: 12,
      person_id: 11,
      origin_id: runId,
    });
  });

  it("that comes together with another of the same person is theirs, too", async () => {
    pipedrive.lag();
    const sender = open();
    const outcomes = await Promise.all([send(sender), send(sender, lead(erika, { runId: otherRunId }))]);
    expect(pipedrive.persons).toHaveLength(1);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["delivered", "delivered"]);
    expect(outcomes.every((each) => each.kind === "delivered" && each.receipt?.remoteUrl !== undefined)).toBe(
      true,
    );
  });

  it("whose person is gone is that of a new one", async () => {
    await send(open());
    pipedrive.instead("POST /v1/leads", [404, { success: false, error: "Person not found" }], 1);
    const outcome = await send(open(), lead(erika, { runId: otherRunId }));
    expect(outcome).toMatchObject({ kind: "delivered" });
    expect(pipedrive.leads[1]).toMatchObject({ person_id: 12 });
  });
});

describe("a lead that is sent again", () => {
  it.each([
    ["lead", {}],
    ["deal", { record: "deal" }],
    ["deal with a field for its id", { record: "deal", runIdField: sizeKey }],
  ] as const)("is one person, one %s and one note, by whichever node", async (_, own) => {
    await send(open(own));
    const again = await send(open(own), lead(erika, { attempt: 2 }));
    expect(again).toMatchObject({ receipt: { duplicate: "same_delivery" } });
    expect([pipedrive.persons.length, pipedrive.leads.length + pipedrive.deals.length]).toEqual([1, 1]);
    expect(pipedrive.notes).toHaveLength(1);
  });

  it.each([
    ["POST /api/v2/persons", 1],
    ["POST /v1/leads", 1],
    ["POST /v1/notes", 1],
  ])("after %s failed is there once", async (call, times) => {
    pipedrive.instead(call, [502], times);
    expect(await send(open())).toMatchObject({ kind: "failed", class: "transient" });
    expect(await send(open(), lead(erika, { attempt: 2 }))).toMatchObject({ kind: "delivered" });
    expect([pipedrive.persons.length, pipedrive.leads.length, pipedrive.notes.length]).toEqual([1, 1, 1]);
  });

  it("finds the person whom the search does not know yet, and even one with a name alone", async () => {
    for (const fields of [erika, { name: "Otto Ohne" }]) {
      pipedrive.persons.length = 0;
      pipedrive.leads.length = 0;
      pipedrive.lag();
      pipedrive.instead("POST /v1/leads", [502], 1);
      await send(open(), lead(fields));
      await send(open(), lead(fields, { attempt: 2 }));
      expect([pipedrive.persons.length, pipedrive.leads.length]).toEqual([1, 1]);
    }
  });

  it("may be there twice where so many persons were made since that nobody can tell", async () => {
    pipedrive.lag();
    pipedrive.instead("POST /v1/leads", [502], 1);
    await send(open());
    for (let id = 1_001; id <= 1_100; id++) pipedrive.persons.push({ id, name: "Somebody" });
    expect(await send(open(), lead(erika, { attempt: 2 }))).toMatchObject({ receipt: { maybeTwice: true } });
  });

  it("is not taken for another enquiry of the same person with the same title", async () => {
    const own = { record: "deal" } as const;
    await send(open(own));
    pipedrive.instead("POST /api/v2/deals", [502], 1);
    await send(open(own), lead(erika, { runId: otherRunId }));
    await send(open(own), lead(erika, { runId: otherRunId, attempt: 2 }));
    expect(pipedrive.deals).toHaveLength(2);
    expect(pipedrive.notes).toHaveLength(2);
  });

  it("as a revision is a lead of its own", async () => {
    await send(open());
    await send(open(), lead(erika, { revision: 2 }));
    expect(pipedrive.leads.map((each) => each["origin_id"])).toEqual([runId, `${runId}:r2`]);
  });
});

describe("what Pipedrive answers to a lead", () => {
  it.each<[string, DoubleAnswer, object]>([
    ["200 without success", [200, { success: false, error: "no" }], { class: "permanent" }],
    ["201 without words", [201], { code: "destination_indeterminate" }],
    ["201 without an id", [201, { success: true, data: {} }], { code: "destination_indeterminate" }],
    ["400", [400, { success: false, error: "Validation failed" }], { class: "permanent" }],
    ["401", [401, { success: false, error: "unauthorized access" }], { class: "needs_credentials" }],
    ["402", [402, { success: false }], { class: "needs_configuration" }],
    ["403 for a right", [403, { success: false, error: "Forbidden" }], { class: "needs_credentials" }],
    [
      "403 of the gateway",
      { kind: "answer", status: 403, body: "<html>" },
      { code: "destination_throttled", retryAfterMs: 600_000 },
    ],
    ["404 of the version", { kind: "answer", status: 404, body: "gone" }, { class: "needs_configuration" }],
    ["410", [410], { class: "needs_configuration" }],
    ["429", [429], { code: "destination_throttled", retryAfterMs: null }],
    [
      "429 of a burst",
      { kind: "answer", status: 429, headers: { "x-ratelimit-remaining": "0" } },
      { code: "destination_throttled", retryAfterMs: 2_000 },
    ],
    [
      "429 because the day's tokens are gone",
      {
        kind: "answer",
        status: 429,
        headers: { "x-daily-ratelimit-token-remaining": "0", "retry-after": "1" },
      },
      { code: "destination_throttled", retryAfterMs: 3 * 3_600_000 },
    ],
    ["500", [500], { class: "transient" }],
  ])("%s", async (_, given, outcome) => {
    pipedrive.instead("POST /v1/leads", given);
    expect(await send(open())).toMatchObject({ kind: "failed", ...outcome });
  });

  it("400 is the map's fault where that names a field that is gone", async () => {
    pipedrive.instead("POST /v1/leads", [400, { success: false, error: "Ungültig" }]);
    const map = {
      "person.name": "/lead/name",
      "lead.title": "/lead/name",
      [`lead.${"b".repeat(40)}`]: "/lead/product",
    };
    const outcome = await send(open({ map }));
    expect(outcome).toMatchObject({ class: "needs_configuration", httpStatus: 400 });
    expect(outcome.kind === "failed" && outcome.message).toContain("b".repeat(40));
  });

  it("a note that is refused for good is a warning, and no lead is sent twice for it", async () => {
    pipedrive.instead("POST /v1/notes", [400, { success: false }]);
    const outcome = await send(open());
    expect(outcome.kind === "delivered" && outcome.receipt?.warning).toContain("note");
  });
});

describe("what Pipedrive has", () => {
  it("are the fields of persons and leads, with owners and labels", async () => {
    const read = await open().fields?.();
    const fields = read?.kind === "fields" ? read.fields : [];
    expect(fields.find(({ target }) => target === `lead.${sizeKey}`)).toEqual({
      target: `lead.${sizeKey}`,
      label: "Lead: Size",
      type: "choice",
      isRequired: false,
      options: [{ value: "12", label: "Small" }],
    });
    expect(fields.find(({ target }) => target === "lead.owner_id")?.options).toEqual([
      { value: "1", label: "Otto Vertrieb" },
    ]);
    expect(fields.find(({ target }) => target === "lead.title")?.isRequired).toBe(true);
  });

  it("are of a deal its pipelines and stages", async () => {
    const read = await open({ record: "deal" }).fields?.();
    const fields = read?.kind === "fields" ? read.fields : [];
    expect(fields.find(({ target }) => target === "lead.stage_id")?.options).toEqual([
      { value: "5", label: "Qualified" },
    ]);
  });

  it("gets a field that is missing", async () => {
    expect(await open().createField?.({ label: "Size", type: "text" })).toMatchObject({
      kind: "created",
      field: { target: `lead.${"a".repeat(40)}` },
    });
  });

  it("is probed: token and map, and nothing is left behind", async () => {
    expect(await open().probe()).toMatchObject({ reachable: true });
    expect(await open({ map: { "person.name": "/lead/name" } }).probe()).toMatchObject({
      reachable: false,
      code: "destination_configuration",
    });
    pipedrive.instead("GET /v1/users/me", [401, { success: false }]);
    expect(await open().probe()).toMatchObject({ reachable: false, code: "destination_auth" });
    expect(pipedrive.persons).toEqual([]);
  });
});

it("what would be sent is shown, without the token", async () => {
  const destination = pipedriveDestination(pipedrive.url);
  const shown = await pipedriveTransport.preview(
    destination,
    mappedMessage(destination, lead()),
    nowMs,
    noSurroundings,
  );
  await send(open());
  expect(shown.body).toContain(JSON.stringify(bodyOf("POST /api/v2/persons")));
  expect(JSON.stringify(shown)).not.toContain("planted");
});
