// Leads in EspoCRM: created, added to somebody who is known, repeated, and what its answers mean.
import { afterEach, describe, expect, it } from "vitest";
import { espocrmFields } from "../../../../src/kinds/destinations/espocrm/fields.ts";
import type { EspocrmDestination } from "../../../../src/kinds/destinations/espocrm/fields.ts";
import { espocrm } from "../../../../src/kinds/destinations/espocrm/kind.ts";
import { open, preview } from "../../../../src/kinds/destinations/espocrm/transport.ts";
import { neverAborted } from "../../../support/http-destination.ts";
import { json, startInterface } from "../../../support/interface-double.ts";
import type { InterfaceDouble, Route } from "../../../support/interface-double.ts";
import { leadFor, sendingDefaults } from "../../../support/mapped-sender.ts";
import type { SentLead } from "../../../support/mapped-sender.ts";
import { presetMap } from "../../../support/preset-map.ts";

const doubles: InterfaceDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map(({ sink }) => sink.close()));
});

const api = "/espo/api/v1";
const created: Route = ["POST", `${api}/Lead`, json(200, { id: "new1", firstName: "Erika" })];
const known: Route = [
  "POST",
  `${api}/Lead`,
  json(409, [{ id: "old1", name: "Erika Muster" }], { "x-status-reason": "duplicate" }),
];
const noted: Route = ["POST", `${api}/Note`, json(200, { id: "note1" })];
const list = (...ids: readonly string[]): Route => [
  "GET",
  `${api}/Lead?`,
  json(200, { total: ids.length, list: ids.map((id) => ({ id })) }),
];
const byPhone = { name: "Erika Muster", phone: "+49 221 4710812", message: "Bitte [hier](x) *bald*" };

async function crm(own: Partial<EspocrmDestination>, ...routes: readonly Route[]) {
  const double = await startInterface(...routes);
  doubles.push(double);
  const destination: EspocrmDestination = {
    ...sendingDefaults,
    kind: espocrm.kind,
    url: `${double.baseUrl}/espo/`,
    way: "api",
    token: "planted-key",
    map: presetMap(espocrmFields),
    knownPerson: "note",
    language: "en",
    runIdField: "description",
    ...own,
  };
  const sender = open(destination, { nowMs: Date.now });
  const deliver = async (lead: object, sent: SentLead = {}) =>
    (await sender.attempt(leadFor(destination, lead, sent), neverAborted)).outcome;
  return { double, destination, sender, deliver };
}

describe("a lead in EspoCRM", () => {
  it("without an e-mail address is created, with its id and a link", async () => {
    const { double, deliver } = await crm({}, created);
    expect(await deliver(byPhone, { runId: "run-1" })).toEqual({
      kind: "delivered",
      httpStatus: 200,
      receipt: { remoteId: "new1", remoteUrl: `${double.baseUrl}/espo/#Lead/view/new1` },
    });
    expect(double.bodies("POST", api)).toEqual([
      {
        firstName: "Erika",
        lastName: "Muster",
        phoneNumber: "+492214710812",
        description: "Bitte [hier](x) *bald*\n\nLeadLedger [run-1]",
      },
    ]);
    expect(double.sink.requests[0]?.headers).toMatchObject({ "x-api-key": "planted-key" });
    expect(double.sink.requests[0]?.headers).not.toHaveProperty("x-skip-duplicate-check");
  });

  it("of somebody who is known is a note at their record, and no markup", async () => {
    const { double, deliver } = await crm({}, known, noted);
    expect(await deliver(byPhone, { runId: "run-1" })).toMatchObject({
      kind: "delivered",
      receipt: { remoteId: "old1", duplicate: "added_to_person" },
    });
    const [note] = double.bodies("POST", `${api}/Note`) as readonly { readonly post: string }[];
    expect(note).toMatchObject({ type: "Post", parentType: "Lead", parentId: "old1" });
    expect(note?.post).toContain("Bitte \\[hier\\](x) \\*bald\\*");
    expect(note?.post).toMatch(/LeadLedger \[run-1\]$/);
  });

  it("of somebody who is known updates their record where that is wanted", async () => {
    const { double, deliver } = await crm({ knownPerson: "update" }, known, [
      "PUT",
      `${api}/Lead/old1`,
      json(200, { id: "old1" }),
    ]);
    expect(await deliver(byPhone)).toMatchObject({ receipt: { duplicate: "added_to_person" } });
    expect(double.bodies("PUT", api)).toMatchObject([{ lastName: "Muster" }]);
  });

  it("is created without a look for duplicates where that is wanted", async () => {
    const { double, deliver } = await crm({ knownPerson: "create" }, created);
    await deliver(byPhone);
    expect(double.sink.requests[0]?.headers).toMatchObject({ "x-skip-duplicate-check": "true" });
  });

  it("of somebody whose record this user may not see is told apart, as not stored", async () => {
    const unseen = json(409, [], { "x-status-reason": "duplicate" });
    const { deliver } = await crm({}, list(), ["POST", `${api}/Lead`, unseen]);
    // Of a repeat, too: that it is not there itself was asked before.
    for (const attempt of [1, 2])
      expect(await deliver(byPhone, { attempt })).toMatchObject({
        kind: "delivered",
        receipt: { duplicate: "known_person" },
      });
  });

  it.each([403, 404, 400])(
    "of somebody whose record takes no note (%i) is marked, and no other lead waits for it",
    async (status) => {
      const { deliver } = await crm({}, known, ["POST", `${api}/Note`, json(status, {})]);
      expect(await deliver(byPhone)).toMatchObject({
        kind: "delivered",
        receipt: {
          remoteId: "old1",
          duplicate: "known_person",
          warning: expect.stringContaining(String(status)) as string,
        },
      });
    },
  );

  it("whose note fails is not delivered", async () => {
    const { deliver } = await crm({}, known, ["POST", `${api}/Note`, json(503, {})]);
    expect(await deliver(byPhone)).toMatchObject({ kind: "failed", class: "transient" });
  });

  it("is found by its id before a repeat is created", async () => {
    const { double, deliver } = await crm({}, list("new1"), created);
    expect(await deliver(byPhone, { runId: "run-1", attempt: 2 })).toMatchObject({
      receipt: { remoteId: "new1", duplicate: "same_delivery" },
    });
    expect(decodeURIComponent(double.sink.requests[0]?.path ?? "")).toContain(
      "where[0][type]=contains&where[0][attribute]=description&where[0][value]=LeadLedger+[run-1]",
    );
    expect(double.calls()).toEqual([`GET ${api}/Lead`]);
  });

  it("whose note is there already gets no second one", async () => {
    const posts: Route = [
      "GET",
      `${api}/Lead/old1/posts`,
      json(200, { list: [{ data: { post: "… LeadLedger [run-1]" } }] }),
    ];
    const { double, deliver } = await crm({}, posts, list(), known, noted);
    expect(await deliver(byPhone, { runId: "run-1", attempt: 2 })).toMatchObject({
      receipt: { remoteId: "old1", duplicate: "same_delivery" },
    });
    expect(double.bodies("POST", `${api}/Note`)).toEqual([]);
  });

  it("that was changed changes its own record; what is gone is null, not empty", async () => {
    const updated: Route = ["PUT", `${api}/Lead/new1`, json(200, { id: "new1" })];
    const { double, deliver } = await crm({ runIdField: "cLeadId" }, list("new1"), updated);
    await deliver({ name: "Erika Muster" }, { runId: "run-1", revision: 1 });
    expect(double.bodies("PUT", api)).toEqual([
      expect.objectContaining({ lastName: "Muster", emailAddress: null, cLeadId: "run-1" }),
    ]);
  });
});

describe("what EspoCRM answers", () => {
  it.each([
    [json(409, {}, { "x-status-reason": "modified" }), "destination_rejected"],
    [json(409, {}), "destination_rejected"],
    [json(400, {}, { "x-status-reason": "validationFailure" }), "destination_rejected"],
    [json(401, {}), "destination_auth"],
    [json(403, {}), "destination_auth"],
    [json(404, {}), "destination_configuration"],
    [json(500, {}), "destination_error"],
    [json(200, {}), "destination_indeterminate"],
  ])("%j is %s", async (answer, code) => {
    const { deliver } = await crm({}, ["POST", `${api}/Lead`, answer]);
    expect(await deliver(byPhone)).toMatchObject({ kind: "failed", code });
  });

  it.each([
    [json(200, true), { kind: "delivered" }],
    [json(200, false), { code: "destination_indeterminate" }],
    [json(404, {}), { class: "needs_configuration" }],
    // Double opt-in, and no e-mail address.
    [json(500, {}), { class: "permanent" }],
  ])("%j of Lead Capture is %j", async (answer, outcome) => {
    const { double, deliver } = await crm({ way: "lead_capture" }, [
      "POST",
      `${api}/LeadCapture/planted-key`,
      answer,
    ]);
    expect(await deliver(byPhone, { attempt: 2 })).toMatchObject(outcome);
    expect(double.calls()).toHaveLength(1);
  });
});

describe("EspoCRM's fields", () => {
  it("are read from its metadata", async () => {
    const { sender } = await crm({}, [
      "GET",
      `${api}/Metadata`,
      json(200, {
        lastName: { type: "varchar", required: true },
        name: { type: "personName" },
        emailAddress: { type: "email", notStorable: true },
        status: { type: "enum", options: ["New"], default: "New", required: true },
        createdAt: { type: "datetime", readOnly: true },
      }),
    ]);
    const read = await sender.fields?.();
    expect(read?.kind === "fields" && read.fields).toEqual([
      { target: "lastName", label: "lastName", type: "text", isRequired: true },
      { target: "emailAddress", label: "emailAddress", type: "text", isRequired: false },
      {
        target: "status",
        label: "status",
        type: "choice",
        isRequired: false,
        options: [{ value: "New", label: "New" }],
      },
    ]);
  });

  it("cannot be read through Lead Capture, whose key no preview shows", async () => {
    const { sender, destination } = await crm({ way: "lead_capture" });
    expect("fields" in sender).toBe(false);
    const shown = preview(destination, leadFor(destination, byPhone));
    expect(shown.url).toMatch(/\/LeadCapture\/\*\*\*$/);
  });
});
