import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/domain/destinations/outcome.ts";
import type { HubspotDestination } from "../../../src/kinds/destinations/hubspot/fields.ts";
import { hubspotTransport } from "../../../src/kinds/destinations/hubspot/transport.ts";
import type { DeliveryMessage, Sender } from "../../../src/kinds/destinations/sender.ts";
import { noSurroundings } from "../../../src/kinds/destinations/surroundings.ts";
import { message, neverAborted } from "../../support/http-destination.ts";
import { hubspotDestination, startHubspotDouble } from "../../support/hubspot-double.ts";
import type { HubspotDouble } from "../../support/hubspot-double.ts";
import type { DoubleAnswer } from "../../support/json-double.ts";
import { mappedMessage, mappedSender } from "../../support/mapped-sender.ts";

const upsert = "POST /crm/objects/2026-03/contacts/batch/upsert";
const create = "POST /crm/objects/2026-03/contacts";
const search = "POST /crm/objects/2026-03/contacts/search";
const addNote = "POST /crm/objects/2026-03/notes";
const details = "GET /account-info/2026-03/details";
/** 22:00 of the evening before in New York, 03:00 in Berlin. */
const nowMs = Date.parse("2026-11-30T02:00:00Z");

let hubspot: HubspotDouble;
const senders: Sender[] = [];

beforeEach(async () => {
  hubspot = await startHubspotDouble();
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await hubspot.close();
});

function open(own: Partial<HubspotDestination> = {}): Sender {
  const destination = hubspotDestination(hubspot.url, own);
  const sender = mappedSender(destination, hubspotTransport.open(destination, { nowMs: () => nowMs }));
  senders.push(sender);
  return sender;
}

const runId = "0197a000-0000-7000-8000-000000000001";
const erika = { name: "Erika Mustermann", email: "Erika@Example.com", message: "Please call <me>" };

function lead(fields: object = erika, own: Partial<DeliveryMessage> = {}): DeliveryMessage {
  return { ...message(runId, JSON.stringify(fields)), ...own };
}

async function send(sender: Sender, sent = lead()): Promise<Outcome> {
  return (await sender.attempt(sent, neverAborted)).outcome;
}

const answer = (call: string, given: DoubleAnswer, times?: number): void =>
  hubspot.instead(call, given, times);

describe("a lead with an e-mail address", () => {
  it("is a contact under that address in lower case, with the enquiry as a note, and a link to both", async () => {
    const outcome = await send(open());
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 200,
      receipt: { remoteId: "101", remoteUrl: "https://app-eu1.hubspot.com/contacts/4711/record/0-1/101" },
    });
    expect(hubspot.asked[0]?.json).toEqual({
      inputs: [
        {
          id: "erika@example.com",
          idProperty: "email",
          properties: { firstname: "Erika", lastname: "Mustermann", message: "Please call <me>" },
          objectWriteTraceId: runId,
        },
      ],
    });
    const [note] = hubspot.notes.values();
    expect(note).toContain("Please call &lt;me&gt;");
    expect(note).toContain(`LeadLedger [${runId}]`);
    expect(hubspot.asked[0]?.request.headers.authorization).toBe("Bearer planted-service-key");
  });

  it("is added to the contact that is known, and that is said", async () => {
    const sender = open();
    await send(sender, lead(erika, { runId: "0197a000-0000-7000-8000-000000000002" }));
    expect(await send(sender)).toMatchObject({ receipt: { remoteId: "101", duplicate: "added_to_person" } });
    expect(hubspot.contacts).toHaveLength(1);
    expect(hubspot.notes.size).toBe(2);
    expect(hubspot.calls().filter((call) => call === details)).toHaveLength(1);
  });

  it("that is sent again has one note, by whichever node", async () => {
    await send(open());
    expect(await send(open(), lead(erika, { attempt: 2 }))).toMatchObject({
      receipt: { remoteId: "101", duplicate: "same_delivery" },
    });
    expect(hubspot.notes.size).toBe(1);
    const revised = await send(open(), lead(erika, { revision: 2 }));
    expect(revised.kind).toBe("delivered");
    expect(hubspot.notes.size).toBe(2);
  });

  it("is tried again where the note cannot be written now, and then has one contact and one note", async () => {
    const sender = open();
    answer(addNote, [503], 1);
    const first = await send(sender);
    expect(first).toMatchObject({ kind: "failed", class: "transient" });
    expect(first.kind === "failed" && first.message).toContain("not yet the note");
    expect(await send(sender, lead(erika, { attempt: 2 }))).toMatchObject({ kind: "delivered" });
    expect(hubspot.contacts).toHaveLength(1);
    expect(hubspot.notes.size).toBe(1);
  });

  it("has one note where the answer to it was lost", async () => {
    const sender = open();
    answer(addNote, [503], 1);
    await send(sender);
    await send(sender, lead(erika, { attempt: 2 }));
    answer(addNote, [500]);
    expect(await send(sender, lead(erika, { attempt: 3 }))).toMatchObject({ kind: "delivered" });
    expect(hubspot.notes.size).toBe(1);
  });

  it("is delivered with a warning where HubSpot refuses the note for good", async () => {
    answer(addNote, [400, { category: "VALIDATION_ERROR", message: "too long" }]);
    const outcome = await send(open());
    expect(outcome).toMatchObject({ kind: "delivered", receipt: { remoteId: "101" } });
    expect(outcome.kind === "delivered" && outcome.receipt?.warning).toContain("note");
  });

  it("waits for whoever may give the key the right to write notes", async () => {
    answer(addNote, [403, { category: "MISSING_SCOPES", message: "missing scopes" }]);
    expect(await send(open())).toMatchObject({ code: "destination_auth" });
  });

  it.each([
    ["known_person", 0, 1],
    ["never", 0, 0],
    ["always", 1, 2],
  ] as const)(
    "has notes %s: %i of a new contact, %i in all once it is known",
    async (note, first, second) => {
      const sender = open({ note });
      await send(sender);
      expect(hubspot.notes.size).toBe(first);
      await send(sender, lead(erika, { runId: "0197a000-0000-7000-8000-000000000003" }));
      expect(hubspot.notes.size).toBe(second);
    },
  );

  it("is delivered with a warning where the stage stays what it was", async () => {
    const destination = { lifecyclestage: { constant: "lead" }, email: "/lead/email" };
    answer(upsert, [200, { results: [{ id: "5", new: false, properties: { lifecyclestage: "customer" } }] }]);
    const outcome = await send(open({ map: destination, note: "never" }));
    expect(outcome.kind === "delivered" && outcome.receipt?.warning).toContain("lifecyclestage is customer");
  });

  it("whose contact HubSpot calls a conflict is added to that contact, with its id or without", async () => {
    const sender = open();
    await send(sender);
    for (const refused of [
      [
        207,
        { results: [], errors: [{ category: "CONFLICT", context: { existingId: ["101"] } }], numErrors: 1 },
      ],
      [409, { category: "CONFLICT", message: "Contact already exists. Existing ID: 101" }],
    ] as const) {
      answer(upsert, refused, 1);
      const before = hubspot.notes.size;
      const sent = lead(erika, { runId: `0197a000-0000-7000-8000-00000000010${before}` });
      expect(await send(sender, sent)).toMatchObject({
        receipt: { remoteId: "101", duplicate: "added_to_person" },
      });
      expect(hubspot.notes.size).toBe(before + 1);
    }
  });

  it("is there without a link where the account cannot be read, which is not asked for each lead", async () => {
    answer(details, [403]);
    const sender = open();
    expect(await send(sender)).toMatchObject({ receipt: { remoteId: "101" } });
    await send(sender);
    expect(hubspot.calls().filter((call) => call === details)).toHaveLength(1);
  });
});

describe("a lead without an e-mail address", () => {
  const erikaByPhone = { name: "Erika Mustermann", phone: "089 1234567", message: "Call me" };

  it("finds its contact by telephone number, however that is written, and overwrites nothing there", async () => {
    hubspot.contacts.push(
      { id: "7", properties: { phone: "+1 89 1234567", lastname: "Other" }, notes: [] },
      { id: "8", properties: { phone: "(089) 123 45 67", lastname: "Muster" }, notes: [] },
    );
    expect(await send(open(), lead(erikaByPhone))).toMatchObject({
      receipt: { remoteId: "8", duplicate: "added_to_person" },
    });
    expect(hubspot.contacts[1]?.properties).toEqual({
      phone: "(089) 123 45 67",
      lastname: "Muster",
      firstname: "Erika",
      message: "Call me",
    });
    expect(hubspot.contacts[1]?.notes).toHaveLength(1);
  });

  it("says so where several contacts have the number, and where nothing of the enquiry was stored", async () => {
    for (const id of ["7", "8"])
      hubspot.contacts.push({ id, properties: { phone: "+49891234567", lastname: "M" }, notes: [] });
    const outcome = await send(open({ note: "never" }), lead(erikaByPhone));
    expect(outcome).toMatchObject({ receipt: { remoteId: "7", duplicate: "known_person" } });
    expect(outcome.kind === "delivered" && outcome.receipt?.warning).toContain("2 contacts");
  });

  it("is a new contact where none has its number, found by the number when it is sent again", async () => {
    const sender = open();
    expect(await send(sender, lead(erikaByPhone))).toMatchObject({ receipt: { remoteId: "101" } });
    expect(await send(sender, lead(erikaByPhone, { attempt: 2 }))).toMatchObject({
      receipt: { remoteId: "101", duplicate: "same_delivery" },
    });
    expect(hubspot.contacts).toHaveLength(1);
  });

  it("may be there twice where the first answer was lost and the search does not know the contact yet", async () => {
    const sender = open();
    answer(create, { kind: "reset" }, 1);
    hubspot.instead(search, [200, { results: [] }]);
    expect(await send(sender, lead(erikaByPhone))).toMatchObject({ kind: "failed" });
    expect(await send(sender, lead(erikaByPhone, { attempt: 2 }))).toMatchObject({
      receipt: { maybeTwice: true },
    });
  });

  it("is there once under its own id, where a property with unique values is named", async () => {
    const sender = open({ runIdProperty: "leadledger_id" });
    hubspot.instead(search, [200, { results: [] }]);
    await send(sender, lead(erikaByPhone));
    expect(hubspot.asked[1]?.json).toMatchObject({ inputs: [{ id: runId, idProperty: "leadledger_id" }] });
    const again = await send(sender, lead(erikaByPhone, { attempt: 2 }));
    expect(again).toMatchObject({ receipt: { remoteId: "101", duplicate: "same_delivery" } });
    expect(hubspot.contacts).toHaveLength(1);
    expect(hubspot.notes.size).toBe(1);
  });

  it("and without a number is a new contact", async () => {
    expect(await send(open(), lead({ name: "Erika Mustermann" }))).toMatchObject({ kind: "delivered" });
    expect(hubspot.calls()[0]).toBe(create);
  });
});

describe("values of properties", () => {
  it("are texts: times in milliseconds, several choices with semicolons, numbers to the digit", async () => {
    const map = {
      email: "/lead/email",
      interests: { pointer: "/data/interests" },
      birthday: { pointer: "/data/birthday", format: "date" },
      size: { pointer: "/data/size" },
      wants: { pointer: "/data/wants" },
    } as const;
    const fields = { email: "a@example.com", interests: ["a", "b"], birthday: "1.2.1990", wants: true };
    const json = JSON.stringify(fields).replace("}", ',"size":12345678901234567890}');
    await send(open({ map, note: "never" }), message(runId, json));
    expect(hubspot.asked[0]?.json).toMatchObject({
      inputs: [
        {
          properties: {
            interests: "a;b",
            birthday: String(Date.UTC(1990, 1, 1)),
            size: "12345678901234567890",
            wants: "true",
          },
        },
      ],
    });
  });
});

const property = (code: string, place = {}): object => ({
  status: "error",
  category: "VALIDATION_ERROR",
  message: 'Property values were not valid: [{"isValid":false}]',
  correlationId: "c-1",
  errors: [{ message: "says why", code, context: { propertyName: ["x"] }, ...place }],
});

describe("what HubSpot answers to a contact", () => {
  it.each<[string, DoubleAnswer, object]>([
    [
      "no result and no error",
      [200, { status: "COMPLETE", results: [] }],
      { code: "destination_indeterminate" },
    ],
    [
      "207 with VALIDATION_ERROR",
      [207, { results: [], errors: [{ category: "VALIDATION_ERROR" }], numErrors: 1 }],
      { class: "permanent" },
    ],
    [
      "207 with a property that is gone",
      [207, { results: [], errors: [property("PROPERTY_DOESNT_EXIST")], numErrors: 1 }],
      { class: "needs_configuration" },
    ],
    [
      "207 with MISSING_SCOPES",
      [207, { results: [], errors: [{ category: "MISSING_SCOPES" }] }],
      { class: "needs_credentials" },
    ],
    [
      "207 with RATE_LIMITS",
      [207, { results: [], errors: [{ category: "RATE_LIMITS" }] }],
      { code: "destination_throttled" },
    ],
    [
      "207 with an error without words",
      [207, { results: [], errors: [{}], numErrors: 1 }],
      { class: "transient" },
    ],
    ["400 PROPERTY_DOESNT_EXIST", [400, property("PROPERTY_DOESNT_EXIST")], { class: "needs_configuration" }],
    [
      "400 for a required property",
      [400, property("MISSING_REQUIRED_PROPERTY")],
      { class: "needs_configuration" },
    ],
    ["400 INVALID_EMAIL", [400, property("INVALID_EMAIL")], { class: "permanent" }],
    ["400 INVALID_OPTION", [400, property("INVALID_OPTION")], { class: "permanent" }],
    ["400 INVALID_INTEGER", [400, property("INVALID_INTEGER")], { class: "permanent" }],
    ["400 without errors", [400, { category: "VALIDATION_ERROR" }], { class: "permanent" }],
    ["401", [401, { category: "INVALID_AUTHENTICATION", message: "no" }], { class: "needs_credentials" }],
    ["403", [403, { errors: [{ context: { missingScopes: ["x"] } }] }], { class: "needs_credentials" }],
    ["404 of the address", [404, {}], { class: "needs_configuration" }],
    ["423", [423], { class: "transient" }],
    ["477", [477], { class: "transient" }],
    ["502", [502], { class: "transient" }],
    ["504", [504], { class: "transient" }],
    ["429 of ten seconds", [429, { policyName: "TEN_SECONDLY_ROLLING" }], { retryAfterMs: 10_000 }],
    ["429 of a second", [429, { policyName: "SECONDLY" }], { retryAfterMs: 1_000 }],
    [
      "429 of the search",
      [429, { message: "You have reached your secondly limit." }],
      { retryAfterMs: 1_000 },
    ],
  ])("%s", async (_, given, outcome) => {
    answer(upsert, given);
    expect(await send(open())).toMatchObject({ kind: "failed", ...outcome });
    expect(hubspot.notes.size).toBe(0);
  });

  it("a code that a lead only spells strands no other lead", async () => {
    answer(upsert, [400, { ...property("INVALID_OPTION"), message: "PROPERTY_DOESNT_EXIST was not one of" }]);
    expect(await send(open())).toMatchObject({ class: "permanent" });
  });

  it("its sentences, which repeat what the lead says, stand in no message", async () => {
    answer(upsert, [400, property("INVALID_EMAIL", { message: "Email erika@example.com is invalid" })]);
    const outcome = await send(open());
    expect(outcome.kind === "failed" && outcome.message).toContain("INVALID_EMAIL");
    expect(outcome.kind === "failed" && outcome.message).not.toContain("erika");
  });

  it("a budget of the day that is gone is waited for until midnight there", async () => {
    const sender = open();
    answer(upsert, [429, { policyName: "DAILY" }], 1);
    // Nobody knows the account yet: midnight of the reports, 21 hours away.
    expect(await send(sender)).toMatchObject({ retryAfterMs: 21 * 3_600_000 });
    await send(sender);
    answer(upsert, [429, { policyName: "DAILY" }], 1);
    expect(await send(sender)).toMatchObject({ retryAfterMs: 3 * 3_600_000 });
  });
});

describe("what the account has", () => {
  it("are the properties that can be written, with their options, and its owners", async () => {
    const read = await open().fields?.();
    expect(read).toMatchObject({ kind: "fields" });
    const fields = read?.kind === "fields" ? read.fields : [];
    expect(fields.find(({ target }) => target === "lifecyclestage")).toEqual({
      target: "lifecyclestage",
      label: "Lifecycle Stage",
      type: "choice",
      isRequired: false,
      options: [
        { value: "lead", label: "Lead" },
        { value: "customer", label: "Customer" },
      ],
    });
    expect(fields.find(({ target }) => target === "hubspot_owner_id")?.options).toEqual([
      { value: "77", label: "Otto Vertrieb" },
    ]);
    expect(fields.map(({ type }) => type)).toEqual(expect.arrayContaining(["choices", "date"]));
    expect(fields.map(({ target }) => target)).not.toContain("hs_calculated");
  });

  it("gets a property that is missing", async () => {
    expect(await open().createField?.({ label: "Größe (m²)", type: "number" })).toMatchObject({
      kind: "created",
      field: { target: "grosse_m", type: "number" },
    });
  });

  it("is probed: key, rights and map, and nothing is left behind", async () => {
    expect(await open().probe()).toMatchObject({ reachable: true });
    expect(hubspot.contacts).toEqual([]);
    const wrong = await open({ map: { email: "/lead/email", favourite: "/data/x" } }).probe();
    expect(wrong).toMatchObject({ reachable: false, code: "destination_configuration" });
    expect(wrong.reachable ? "" : wrong.message).toContain("favourite");
    answer("POST /crm/objects/2026-03/notes/batch/create", [403, { message: "missing scopes" }]);
    expect(await open().probe()).toMatchObject({ reachable: false, code: "destination_auth" });
    expect(await open({ note: "never" }).probe()).toMatchObject({ reachable: true });
  });

  it("is probed for the property of the id", async () => {
    const of = (json: object): void => answer("GET /crm/properties/2026-03/contacts/own_id", [200, json], 1);
    of({ name: "own_id", hasUniqueValue: false });
    expect(await open({ runIdProperty: "own_id" }).probe()).toMatchObject({
      code: "destination_configuration",
    });
    of({ name: "own_id", hasUniqueValue: true });
    expect(await open({ runIdProperty: "own_id" }).probe()).toMatchObject({ reachable: true });
  });
});

it("what would be sent is shown to the byte, without the key", async () => {
  const destination = hubspotDestination(hubspot.url);
  const shown = await hubspotTransport.preview(
    destination,
    mappedMessage(destination, lead()),
    nowMs,
    noSurroundings,
  );
  await send(open());
  expect(shown.body).toBe(hubspot.asked[0]?.request.body);
  expect(shown.url).toBe(`${hubspot.url}/crm/objects/2026-03/contacts/batch/upsert`);
  expect(shown.headers["authorization"]).toBe("Bearer ***");
});
