// Leads in Brevo: contacts by address or number, what Brevo drops silently, and what its answers mean.
import { afterEach, describe, expect, it } from "vitest";
import { brevoFields } from "../../../../src/kinds/destinations/brevo/fields.ts";
import type { BrevoDestination } from "../../../../src/kinds/destinations/brevo/fields.ts";
import { brevo } from "../../../../src/kinds/destinations/brevo/kind.ts";
import { open } from "../../../../src/kinds/destinations/brevo/transport.ts";
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

const contacts = "/v3/contacts";
const erika = { name: "Erika Muster", email: "erika@example.com", phone: "+49 171 4710812" };
const byPhone = { name: "Erika Muster", phone: "+49 171 4710812" };
const kept = { FIRSTNAME: "Erika", LASTNAME: "Muster", SMS: "491714710812" };
const read = (attributes: object): Route => ["GET", `${contacts}/`, json(200, { id: 7, attributes })];
const created: Route = ["POST", contacts, json(201, { id: 7 })];
const updated: Route = ["POST", contacts, { kind: "answer", status: 204 }];

async function account(...routes: readonly Route[]) {
  const double = await startInterface(...routes);
  doubles.push(double);
  const destination: BrevoDestination = {
    ...sendingDefaults,
    kind: brevo.kind,
    token: "planted-key",
    listIds: ["3", "7"],
    map: presetMap(brevoFields),
    baseUrl: double.baseUrl,
  };
  const sender = open(destination, { nowMs: Date.now });
  const deliver = async (lead: object, sent: SentLead = {}) =>
    (await sender.attempt(leadFor(destination, lead, sent), neverAborted)).outcome;
  return { double, sender, deliver };
}

describe("a lead in Brevo", () => {
  it("is a contact on the lists, updated where it is there, and never merged", async () => {
    const { double, deliver } = await account(created, read(kept));
    expect(await deliver(erika, { runId: "run-1" })).toEqual({
      kind: "delivered",
      httpStatus: 201,
      receipt: { remoteId: "7", remoteUrl: "https://app.brevo.com/contact/index/7" },
    });
    expect(double.bodies("POST", contacts)).toEqual([
      {
        email: "erika@example.com",
        attributes: { FIRSTNAME: "Erika", LASTNAME: "Muster", SMS: "+491714710812" },
        ext_id: "run-1",
        listIds: [3, 7],
        updateEnabled: true,
      },
    ]);
    expect(double.sink.requests[0]?.headers).toMatchObject({ "api-key": "planted-key" });
  });

  it("of somebody who is known (204, nothing in it) was added to them; a repeat does no harm", async () => {
    const { deliver } = await account(updated, read(kept));
    expect(await deliver(erika)).toMatchObject({ receipt: { remoteId: "7", duplicate: "added_to_person" } });
    const repeated = await deliver(erika, { attempt: 2 });
    expect(repeated).toMatchObject({ kind: "delivered", receipt: { remoteId: "7" } });
    expect(repeated.kind === "delivered" && repeated.receipt?.duplicate).toBeUndefined();
  });

  it("says what Brevo dropped without a word", async () => {
    const { deliver } = await account(created, read({ FIRSTNAME: "Erika", SMS: "49171" }));
    expect(await deliver(erika)).toMatchObject({
      kind: "delivered",
      receipt: { warning: "Brevo did not keep LASTNAME: no such attribute, or of another type" },
    });
  });

  it("is delivered although the reading of it failed", async () => {
    const { deliver } = await account(created, ["GET", contacts, json(500, {})]);
    expect(await deliver(erika)).toMatchObject({ kind: "delivered", receipt: { remoteId: "7" } });
  });

  it("without an e-mail address is a contact by its number", async () => {
    const { double, deliver } = await account(created, read(kept));
    expect(await deliver(byPhone)).toMatchObject({ kind: "delivered", receipt: { remoteId: "7" } });
    expect(double.bodies("POST", contacts)[0]).not.toHaveProperty("email");
    expect(double.sink.requests[1]?.path).toBe(`${contacts}/%2B491714710812?identifierType=phone_id`);
  });

  it("without an e-mail address, whose number is known, updates the person with that number", async () => {
    const taken = json(400, { code: "duplicate_parameter", message: "SMS is already associated" });
    const put: Route = ["PUT", `${contacts}/`, { kind: "answer", status: 204 }];
    const { double, deliver } = await account(["POST", contacts, taken], put, read(kept));
    expect(await deliver(byPhone)).toMatchObject({ receipt: { duplicate: "added_to_person" } });
    expect(double.bodies("PUT", contacts)).toEqual([
      { attributes: { FIRSTNAME: "Erika", LASTNAME: "Muster" }, listIds: [3, 7] },
    ]);
    expect(double.sink.requests[1]?.path).toContain("?identifierType=phone_id");
  });

  it.each([
    ["another contact's", { code: "duplicate_parameter", message: "SMS is already associated" }],
    ["none", { code: "invalid_parameter", message: "Invalid phone number" }],
  ])("whose number is %s goes in without it, and says so", async (_, refusal) => {
    const answer: Route = [
      "POST",
      contacts,
      ({ body }) => (body.includes('"SMS"') ? json(400, refusal) : json(201, { id: 7 })),
    ];
    const { deliver } = await account(answer, read({ FIRSTNAME: "Erika", LASTNAME: "Muster" }));
    const outcome = await deliver(erika);
    expect(outcome).toMatchObject({ kind: "delivered", receipt: { remoteId: "7" } });
    expect(JSON.stringify(outcome)).toContain("was left out");
  });

  it("without an e-mail address, whose number is none, is refused alone: no other lead waits for it", async () => {
    const { deliver } = await account(
      ["POST", contacts, json(400, { code: "invalid_parameter", message: "Invalid phone number" })],
      ["PUT", `${contacts}/`, json(404, { code: "document_not_found", message: "Contact does not exist" })],
    );
    expect(await deliver(byPhone)).toMatchObject({ kind: "failed", class: "permanent" });
  });

  it.each([1, 2])(
    "that is refused as somebody else's is marked as not stored, at attempt %i",
    async (attempt) => {
      const taken = json(400, { code: "duplicate_parameter", message: "Contact already exists" });
      const { deliver } = await account(["POST", contacts, taken]);
      expect(await deliver({ email: "erika@example.com" }, { attempt })).toMatchObject({
        receipt: { duplicate: "known_person" },
      });
    },
  );

  it("with neither address nor number is not sent", async () => {
    const { double, deliver } = await account(created);
    expect(await deliver({ name: "Erika" })).toMatchObject({ code: "required_field_missing" });
    expect(double.calls()).toEqual([]);
  });
});

describe("what Brevo answers", () => {
  it.each([
    [json(400, { code: "invalid_parameter", message: "email is not valid" }), "destination_rejected"],
    [
      json(400, { code: "invalid_parameter", message: "List ids are not valid" }),
      "destination_configuration",
    ],
    [json(401, { code: "unauthorized", message: "Key not found" }), "destination_auth"],
    [json(402, { code: "not_enough_credits" }), "destination_configuration"],
    [json(429, {}), "destination_throttled"],
    [json(500, {}), "destination_error"],
    [json(201, {}), "destination_indeterminate"],
  ])("%j is %s", async (answer, code) => {
    const { deliver } = await account(["POST", contacts, answer]);
    expect(await deliver({ email: "erika@example.com" })).toMatchObject({ kind: "failed", code });
  });

  it("its own word for how long to wait counts", async () => {
    const { deliver } = await account(["POST", contacts, json(429, {}, { "x-sib-ratelimit-reset": "42" })]);
    expect(await deliver(erika)).toMatchObject({ retryAfterMs: 42_000 });
  });
});

describe("Brevo's attributes", () => {
  it("are offered, but for those that it calculates, and can be created", async () => {
    const attributes = [
      { name: "LASTNAME", category: "normal", type: "text" },
      { name: "SALUTATION", category: "category", enumeration: [{ value: 1, label: "Frau" }] },
      { name: "BLACKLIST", category: "global", type: "boolean" },
    ];
    const { sender, double } = await account(
      ["GET", `${contacts}/attributes`, json(200, { attributes })],
      ["POST", `${contacts}/attributes/normal/WUNSCHTERMIN`, { kind: "answer", status: 201 }],
    );
    const found = await sender.fields?.();
    expect(found?.kind === "fields" && found.fields.map(({ target }) => target)).toEqual([
      "email",
      "attributes.LASTNAME",
      "attributes.SALUTATION",
    ]);
    expect(await sender.createField?.({ label: "Wunschtermin", type: "date" })).toMatchObject({
      field: { target: "attributes.WUNSCHTERMIN" },
    });
    expect(double.bodies("POST", contacts)).toEqual([{ type: "date" }]);
    // FIRSTNAME and SMS are mapped, and not there.
    expect(await sender.probe()).toMatchObject({ code: "destination_configuration" });
  });
});
