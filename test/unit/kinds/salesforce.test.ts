// What Salesforce answers, and what becomes of a lead whose person it knows: against a double with the shapes of its API.
import { afterEach, describe, expect, it } from "vitest";
import { checkDestination } from "../../../src/config/check-part.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import type { SalesforceDestination } from "../../../src/kinds/destinations/salesforce/fields.ts";
import type { WebToLeadDestination } from "../../../src/kinds/destinations/salesforce-web-to-lead/fields.ts";
import { open as openForm } from "../../../src/kinds/destinations/salesforce-web-to-lead/transport.ts";
import { open, preview } from "../../../src/kinds/destinations/salesforce/transport.ts";
import type { Sender } from "../../../src/kinds/destinations/sender.ts";
import { configured, json, mappedMessage, startCrm } from "../../support/crm-double.ts";
import type { CrmDouble } from "../../support/crm-double.ts";
import { neverAborted } from "../../support/http-destination.ts";
import type { SinkAnswer, SinkRequest } from "../../support/sink.ts";

const opened: { readonly double: CrmDouble; readonly sender: Sender }[] = [];

afterEach(async () => {
  for (const { double, sender } of opened.splice(0)) {
    await sender.close();
    await double.close();
  }
});

async function salesforce(
  answer: (request: SinkRequest) => SinkAnswer,
  own: Readonly<Record<string, unknown>> = {},
  nowMs: () => number = Date.now,
) {
  const double = await startCrm(answer);
  const destination = configured({
    kind: "salesforce",
    base_url: double.origin,
    oauth: { client_id: "key", client_secret: "planted-secret" },
    ...own,
  }) as SalesforceDestination;
  const sender = open(destination, { nowMs });
  opened.push({ double, sender });
  return { double, destination, sender };
}

const person = { name: "Erika Muster", email: "erika@example.com", message: "Bitte um Angebot" };
const leadId = "00QWs00000AbCdEMAV";
const contactId = "003Ws00000XyZabIAF";
const created = json(201, { id: leadId, success: true, errors: [], created: true });
const taskMade = json(201, { id: "00TWs00000T1T1TMAV", success: true, errors: [] });
const error = (status: number, errorCode: string, message = "said by Salesforce"): SinkAnswer =>
  json(status, [{ message, errorCode, fields: [] }]);

/** As the API writes it: the misspelt member stands before the code, and is long. */
function duplicates(ids: readonly string[], member = "duplicateResut", padding = 0): SinkAnswer {
  const matchRecords = ids.map((Id) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100,
    record: {
      attributes: { type: Id.startsWith("003") ? "Contact" : "Lead" },
      Id,
      Notes: "x".repeat(padding),
    },
  }));
  return json(400, [
    {
      [member]: {
        allowSave: true,
        duplicateRule: "Standard_Lead_Duplicate_Rule",
        errorMessage: "Use one of these records?",
        matchResults: [{ entityType: "Lead", matchEngine: "FuzzyMatchEngine", matchRecords, success: true }],
      },
      errorCode: "DUPLICATES_DETECTED",
      message: "Use one of these records?",
    },
  ]);
}

describe("a lead in Salesforce", () => {
  it("is written by its run id, once, with what Salesforce must have", async () => {
    const { double, destination, sender } = await salesforce(() => created);
    const sent = mappedMessage(destination, person);
    const { outcome } = await sender.attempt(sent, neverAborted);
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 201,
      receipt: { remoteId: leadId, remoteUrl: `${double.origin}/${leadId}` },
    });
    expect(double.asked()).toEqual([
      `PATCH /services/data/v68.0/sobjects/Lead/LeadLedger_Run_Id__c/${sent.runId}`,
    ]);
    const [, request] = double.requests;
    expect(JSON.parse(request?.body ?? "")).toEqual({
      FirstName: "Erika",
      LastName: "Muster",
      Company: "[not provided]",
      Email: "erika@example.com",
      Description: "Bitte um Angebot",
    });
    expect(request?.headers).toMatchObject({ "sforce-auto-assign": "TRUE" });
    expect(request?.headers).not.toHaveProperty("sforce-duplicate-rule-header");
  });

  it("needs no e-mail address: it is found again by its run id, whatever it says", async () => {
    let known = false;
    const { double, destination, sender } = await salesforce(() => {
      const answer = json(known ? 200 : 201, { id: leadId, success: true, errors: [], created: !known });
      known = true;
      return answer;
    });
    const byPhone = { phone: "+49 221 4710812" };
    const sent = mappedMessage(destination, byPhone);
    expect((await sender.attempt(sent, neverAborted)).outcome).toMatchObject({
      receipt: { remoteId: leadId },
    });
    const again = await sender.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(again.outcome).toMatchObject({ receipt: { remoteId: leadId, duplicate: "same_delivery" } });
    expect(new Set(double.asked()).size).toBe(1);
    expect(JSON.parse(double.requests[1]?.body ?? "")).toEqual({
      LastName: "+492214710812",
      Company: "[not provided]",
      Phone: "+492214710812",
    });
  });

  it("takes neither its id nor the external id into the body, and says what it was told to", async () => {
    const { double, destination, sender } = await salesforce(() => created, {
      known_person: "save",
      assignment: "none",
      api_version: "61.0",
      external_id_field: "Run__c",
      map: { Id: "/run_id", run__c: "/run_id", LastName: "/lead/last_name" },
    });
    await sender.attempt(mappedMessage(destination, person), neverAborted);
    const [, request] = double.requests;
    expect(request?.path).toMatch(/^\/services\/data\/v61\.0\/sobjects\/Lead\/Run__c\//);
    expect(JSON.parse(request?.body ?? "")).toEqual({ LastName: "Muster" });
    expect(request?.headers).toMatchObject({
      "sforce-auto-assign": "FALSE",
      "sforce-duplicate-rule-header": "allowSave=true",
    });
  });

  it.each([
    [error(400, "UNABLE_TO_LOCK_ROW"), "destination_error"],
    [error(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "…UNABLE_TO_LOCK_ROW…"), "destination_error"],
    [error(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Too many SOQL queries: 101"), "destination_error"],
    [error(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "a trigger of ours"), "destination_rejected"],
    [error(400, "INVALID_FIELD", "No such column 'Budget__c'"), "destination_configuration"],
    [error(404, "NOT_FOUND", "Provided external ID field does not exist"), "destination_configuration"],
    [error(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Company]"), "destination_rejected"],
    [error(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION"), "destination_rejected"],
    [error(400, "STRING_TOO_LONG"), "destination_rejected"],
    [error(400, "INVALID_EMAIL_ADDRESS"), "destination_rejected"],
    [error(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"), "destination_rejected"],
    [error(401, "INVALID_SESSION_ID"), "destination_auth"],
    [error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), "destination_throttled"],
    [error(403, "API_DISABLED_FOR_ORG"), "destination_auth"],
    [error(403, "INSUFFICIENT_ACCESS"), "destination_auth"],
    [error(400, "INSUFFICIENT_ACCESS_OR_READONLY"), "destination_auth"],
    [error(400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"), "destination_rejected"],
    [error(500, "UNKNOWN_EXCEPTION"), "destination_error"],
    [error(503, "SERVER_UNAVAILABLE"), "destination_error"],
    [json(200, { id: null, success: false, errors: [{ statusCode: "X" }] }), "destination_rejected"],
    [{ kind: "answer", status: 201, body: "" }, "destination_indeterminate"],
    [{ kind: "flood", status: 400, bytes: 70_000 }, "destination_indeterminate"],
  ] as readonly [SinkAnswer, string][])("answered %j is %s", async (answer, code) => {
    const { destination, sender } = await salesforce(() => answer);
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({ kind: "failed", code });
  });

  it("had arrived where somebody has converted it since", async () => {
    const { destination, sender } = await salesforce(() => error(400, "CANNOT_UPDATE_CONVERTED_LEAD"));
    const sent = { ...mappedMessage(destination, person), attempt: 2 };
    const { outcome } = await sender.attempt(sent, neverAborted);
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 400,
      receipt: { duplicate: "same_delivery" },
    });
    const changed = await sender.attempt({ ...sent, revision: 2 }, neverAborted);
    expect(changed.outcome).toMatchObject({
      receipt: { warning: expect.stringContaining("converted") as string },
    });
  });

  it("waits where the calls of 24 hours are used up, and shortly where too many run at once", async () => {
    const day = await salesforce(() => error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
    const daily = await day.sender.attempt(mappedMessage(day.destination, person), neverAborted);
    expect(daily.outcome).toMatchObject({ retryAfterMs: 900_000 });
    const busy = await salesforce(() =>
      error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
    );
    const atOnce = await busy.sender.attempt(mappedMessage(busy.destination, person), neverAborted);
    expect(atOnce.outcome).toMatchObject({ code: "destination_throttled", retryAfterMs: null });
  });

  it("goes out one a minute when the org's calls are nearly used up", async () => {
    let now = 1_000_000;
    const usage = { "sforce-limit-info": "api-usage=4800/5000" };
    const { double, destination, sender } = await salesforce(
      () => json(201, { id: leadId, success: true, errors: [], created: true }, usage),
      {},
      () => now,
    );
    const attempt = async () =>
      (await sender.attempt(mappedMessage(destination, person), neverAborted)).outcome;
    expect(await attempt()).toMatchObject({ kind: "delivered" });
    now += 10_000;
    expect(await attempt()).toMatchObject({ code: "destination_throttled", retryAfterMs: 50_000 });
    now += 50_000;
    expect(await attempt()).toMatchObject({ kind: "delivered" });
    expect(double.asked()).toHaveLength(2);
  });

  it("fetches one token for all, and another one where it is refused", async () => {
    let isFresh = false;
    const { double, destination, sender } = await salesforce(() => {
      const answer = isFresh ? created : error(401, "INVALID_SESSION_ID");
      isFresh = true;
      return answer;
    });
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({ kind: "delivered" });
    await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(double.tokensGiven()).toBe(2);
    expect(new URLSearchParams(double.requests[0]?.body)).toEqual(
      new URLSearchParams("grant_type=client_credentials&client_id=key&client_secret=planted-secret"),
    );
  });

  it("is not changed where several have its run id, which is said", async () => {
    const { destination, sender } = await salesforce(() =>
      json(300, [`/services/data/v68.0/sobjects/Lead/${leadId}`]),
    );
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({
      receipt: { duplicate: "same_delivery", maybeTwice: true, warning: expect.any(String) as string },
    });
  });
});

describe("a person whom Salesforce knows", () => {
  const byPath =
    (refusal: SinkAnswer, task: SinkAnswer = taskMade, tasks: readonly object[] = []) =>
    ({ method, path }: SinkRequest): SinkAnswer => {
      if (method === "PATCH") return refusal;
      return path.includes("/query")
        ? json(200, { totalSize: tasks.length, done: true, records: tasks })
        : task;
    };

  it.each([
    ["a Lead", duplicates([leadId]), leadId],
    ["a Contact", duplicates([contactId]), contactId],
    ["both", duplicates([contactId, leadId]), leadId],
    ["in an answer of nearly 64 kB", duplicates([leadId], "duplicateResut", 60_000), leadId],
    ["in an answer that spells it rightly", duplicates([leadId], "duplicateResult"), leadId],
    [
      "by a unique field",
      error(
        400,
        "DUPLICATE_VALUE",
        `duplicate value found: Email__c duplicates value on record with id: ${leadId}`,
      ),
      leadId,
    ],
  ])("as %s gets the enquiry as a task", async (_, refusal, id) => {
    const { double, destination, sender } = await salesforce(byPath(refusal), { language: "de" });
    const sent = mappedMessage(destination, person);
    const { outcome } = await sender.attempt(sent, neverAborted);
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 400,
      receipt: { remoteId: id, remoteUrl: `${double.origin}/${id}`, duplicate: "added_to_person" },
    });
    expect(double.asked().at(-1)).toBe("POST /services/data/v68.0/sobjects/Task");
    const task = JSON.parse(double.requests.at(-1)?.body ?? "") as Record<string, string>;
    expect(task).toMatchObject({ WhoId: id, Subject: expect.stringContaining("Erika Muster") as string });
    for (const part of ["Bitte um Angebot", "erika@example.com", sent.runId])
      expect(task["Description"]).toContain(part);
  });

  it("gets the enquiry once, however often it is tried", async () => {
    const { double, destination, sender } = await salesforce((request) => {
      const done = double.requests.filter(({ path }) => path.endsWith("/Task"));
      const tasks = done.map(({ body }) => JSON.parse(body) as object);
      return byPath(duplicates([contactId]), { kind: "close" }, tasks)(request);
    });
    const sent = mappedMessage(destination, person);
    const first = await sender.attempt(sent, neverAborted);
    expect(first.outcome).toMatchObject({ kind: "failed", class: "transient" });
    const again = await sender.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(again.outcome).toMatchObject({ receipt: { duplicate: "added_to_person", remoteId: contactId } });
    expect(double.asked().filter((each) => each.endsWith("/Task"))).toHaveLength(1);
    expect(double.asked().at(-1)).toContain(`WhoId = '${contactId}'`);
  });

  it("is marked where no task can be made, where none is wanted, and where nobody says who it is", async () => {
    const forbidden = await salesforce(byPath(duplicates([leadId]), error(403, "INSUFFICIENT_ACCESS")));
    const sent = mappedMessage(forbidden.destination, person);
    expect((await forbidden.sender.attempt(sent, neverAborted)).outcome).toMatchObject({
      receipt: { duplicate: "known_person", remoteId: leadId, warning: expect.any(String) as string },
    });
    const counted = await salesforce(byPath(duplicates([leadId])), { known_person: "count" });
    expect((await counted.sender.attempt(sent, neverAborted)).outcome).toMatchObject({
      receipt: { duplicate: "known_person", remoteId: leadId },
    });
    expect(counted.double.asked()).toHaveLength(1);
    const nobody = await salesforce(byPath(duplicates([])));
    expect((await nobody.sender.attempt(sent, neverAborted)).outcome).toMatchObject({
      receipt: { duplicate: "known_person" },
    });
  });

  it("is nobody where two attempts at one lead meet: it is tried again", async () => {
    const { destination, sender } = await salesforce(() =>
      error(400, "DUPLICATE_VALUE", "duplicate value found: LeadLedger_Run_Id__c duplicates value on record"),
    );
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({ kind: "failed", code: "destination_error" });
  });
});

describe("the fields of a Lead", () => {
  const field = (name: string, own: object = {}) => ({
    name,
    label: `${name} (label)`,
    type: "string",
    createable: true,
    nillable: true,
    defaultedOnCreate: false,
    externalId: false,
    unique: false,
    picklistValues: [],
    restrictedPicklist: false,
    ...own,
  });
  const rating = [
    { value: "Hot", label: "Heiß", active: true },
    { value: "Old", label: "Alt", active: false },
  ];
  const described = [
    field("Id", { type: "id", createable: false }),
    field("LastName", { nillable: false }),
    field("Company", { nillable: false }),
    field("Rating", { type: "picklist", picklistValues: rating, restrictedPicklist: true }),
    field("LeadSource", { type: "picklist", picklistValues: rating }),
    field("IsUnreadByOwner", { type: "boolean", nillable: false, defaultedOnCreate: true }),
    field("LeadLedger_Run_Id__c", { externalId: true, unique: true }),
  ];
  const map = { LastName: "/lead/last_name", Company: "/lead/company" };

  it("are offered with their options, and which are needed", async () => {
    const { sender } = await salesforce(() => json(200, { fields: described }));
    const read = await sender.fields?.();
    expect(read?.kind === "fields" ? read.fields : []).toEqual([
      { target: "LastName", label: "LastName (label)", type: "text", isRequired: true },
      { target: "Company", label: "Company (label)", type: "text", isRequired: true },
      {
        target: "Rating",
        label: "Rating (label)",
        type: "choice",
        isRequired: false,
        options: [{ value: "Hot", label: "Heiß" }],
      },
      {
        target: "LeadSource",
        label: "LeadSource (label)",
        type: "choice",
        isRequired: false,
        options: [{ value: "Hot", label: "Heiß" }],
        takesOthers: true,
      },
      { target: "IsUnreadByOwner", label: "IsUnreadByOwner (label)", type: "boolean", isRequired: false },
      {
        target: "LeadLedger_Run_Id__c",
        label: "LeadLedger_Run_Id__c (label)",
        type: "text",
        isRequired: false,
      },
    ]);
  });

  it.each([
    ["everything is there", {}, null],
    ["a field is gone", { map: { ...map, Budget__c: "/lead/product" } }, "Budget__c"],
    ["Company gets nothing", { map: { LastName: "/lead/last_name" } }, "Company"],
    ["an option is gone", { map: { ...map, Rating: { constant: "Old" } } }, "Old"],
    ["an open list gets a value of its own", { map: { ...map, LeadSource: { constant: "Web" } } }, null],
    ["there is no external id", { external_id_field: "Run__c" }, "Run__c"],
    ["the external id is none", { external_id_field: "Rating" }, "External ID"],
  ])("are compared with the map by a probe: %s", async (_, own, problem) => {
    const { sender, double } = await salesforce(() => json(200, { fields: described }), { map, ...own });
    const reached = await sender.probe();
    if (problem === null) expect(reached).toMatchObject({ reachable: true });
    else
      expect(reached).toMatchObject({
        reachable: false,
        code: "destination_configuration",
        message: expect.stringContaining(problem) as string,
      });
    expect(double.asked().every((each) => each.startsWith("GET "))).toBe(true);
  });
});

it("a destination of kind salesforce shows its request without a token, and takes no odd names", async () => {
  const { destination } = await salesforce(() => created);
  const shown = preview(destination, mappedMessage(destination, person));
  expect(shown).toMatchObject({ method: "PATCH", headers: { authorization: "Bearer ***" } });
  const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
  const entry = {
    kind: "salesforce",
    base_url: "https://acme.my.salesforce.com",
    oauth: { client_id: "a" },
    external_id_field: "x/../y",
    api_version: "v68",
  };
  const checked = checkDestination("crm", entry, around, builtInKinds);
  const places = checked.ok ? [] : checked.problems.map(({ place }) => place);
  expect(places).toEqual(["oauth.client_secret", "external_id_field", "api_version"]);
});

describe("a lead for Web-to-Lead", () => {
  it("is a form with Salesforce's names, never proven, and perhaps twice after a lost answer", async () => {
    let answer: SinkAnswer = { kind: "close" };
    const double = await startCrm(() => answer);
    const destination = configured({
      kind: "salesforce-web-to-lead",
      oid: "00D5g000000AbCd",
      base_url: double.origin,
    }) as WebToLeadDestination;
    const sender = openForm(destination, { nowMs: Date.now });
    opened.push({ double, sender });
    const sent = mappedMessage(destination, { name: "Erika Müller", phone: "+49 221 4710812" });
    await sender.attempt(sent, neverAborted);
    answer = { kind: "answer", status: 200, body: "<html>" };
    const again = await sender.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(again.outcome).toMatchObject({ receipt: { proven: false, maybeTwice: true } });
    const first = await sender.attempt(mappedMessage(destination, { name: "Erika Müller" }), neverAborted);
    expect(first.outcome).toEqual({ kind: "delivered", httpStatus: 200, receipt: { proven: false } });
    expect(double.asked()[0]).toBe("POST /servlet/servlet.WebToLead?encoding=UTF-8");
    expect(Object.fromEntries(new URLSearchParams(double.requests[0]?.body))).toEqual({
      oid: "00D5g000000AbCd",
      first_name: "Erika",
      last_name: "Müller",
      company: "[not provided]",
      phone: "+492214710812",
    });
  });
});
