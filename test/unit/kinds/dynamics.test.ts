// What Dataverse answers, and what becomes of a lead whose person it knows: against a double with the shapes of its Web API.
import { afterEach, describe, expect, it } from "vitest";
import type { DynamicsDestination } from "../../../src/kinds/destinations/dynamics/fields.ts";
import { open } from "../../../src/kinds/destinations/dynamics/transport.ts";
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

async function dynamics(
  answer: (request: SinkRequest) => SinkAnswer,
  own: Readonly<Record<string, unknown>> = {},
) {
  const double = await startCrm(answer);
  const token_url = `${double.origin}/acme/oauth2/v2.0/token`;
  const destination = configured({
    kind: "dynamics",
    base_url: double.origin,
    oauth: { tenant: "acme", client_id: "app", client_secret: "planted-secret", token_url },
    key_field: "new_leadledgerid",
    ...own,
  }) as DynamicsDestination;
  const sender = open(destination, { nowMs: Date.now });
  opened.push({ double, sender });
  return { double, destination, sender };
}

const person = { name: "Erika Muster", email: "erika@example.com", message: "Bitte um Angebot" };
const leadId = "5b5e2f2a-0001-4a4a-9a9a-00000000000a";
const contactId = "5b5e2f2a-0002-4a4a-9a9a-00000000000b";
const written: SinkAnswer = {
  kind: "answer",
  status: 204,
  headers: { "odata-entityid": `https://acme.crm4.dynamics.com/api/data/v9.2/leads(${leadId})` },
};
const error = (status: number, code: string, message = "said by Dataverse"): SinkAnswer =>
  json(status, { error: { code, message } });
const gone = error(404, "0x80060891", "A record with the specified key values does not exist");

describe("a lead in Dynamics", () => {
  it("is written under its alternate key, once, and is not held against duplicate rules", async () => {
    const { double, destination, sender } = await dynamics(() => written);
    const sent = mappedMessage(destination, person);
    const { outcome } = await sender.attempt(sent, neverAborted);
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 204,
      receipt: {
        remoteId: leadId,
        remoteUrl: `${double.origin}/main.aspx?etn=lead&pagetype=entityrecord&id=${leadId}`,
      },
    });
    expect(double.asked()).toEqual([`PATCH /api/data/v9.2/leads(new_leadledgerid='${sent.runId}')`]);
    const [token, request] = double.requests;
    expect(request?.headers).toMatchObject({
      "mscrm.suppressduplicatedetection": "true",
      "odata-version": "4.0",
    });
    expect(JSON.parse(request?.body ?? "")).toEqual({
      subject: "website",
      firstname: "Erika",
      lastname: "Muster",
      emailaddress1: "erika@example.com",
      description: "Bitte um Angebot",
    });
    expect(new URLSearchParams(token?.body).get("scope")).toBe(`${double.origin}/.default`);
  });

  it("needs no e-mail address, nor a column for its key: it is found again by its run id", async () => {
    const { double, destination, sender } = await dynamics(() => written, { key_field: undefined });
    const sent = mappedMessage(destination, { phone: "+49 221 4710812" });
    for (const attempt of [1, 2]) await sender.attempt({ ...sent, attempt }, neverAborted);
    expect(new Set(double.asked())).toEqual(new Set([`PATCH /api/data/v9.2/leads(${sent.runId})`]));
    expect(JSON.parse(double.requests[1]?.body ?? "")).toMatchObject({ telephone1: "+492214710812" });
  });

  it.each([
    [
      error(400, "0x80048d19", "The property 'new_x' does not exist on type 'lead'"),
      "destination_configuration",
    ],
    [error(404, "0x8006088a", "Resource not found for the segment 'leadz'"), "destination_configuration"],
    [error(400, "0x80044331", "A validation error occurred: too long"), "destination_rejected"],
    [error(401, "", ""), "destination_auth"],
    [error(403, "0x80040220"), "destination_auth"],
    [error(412, "0x80060882"), "destination_rejected"],
    [error(429, "0x80072322"), "destination_throttled"],
    [error(500, "0x80040216"), "destination_error"],
    [error(503, "0x80072ee2"), "destination_error"],
    [{ kind: "answer", status: 204 }, "destination_indeterminate"],
  ] as readonly [SinkAnswer, string][])("answered %j is %s", async (answer, code) => {
    const { destination, sender } = await dynamics(() => answer);
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({ kind: "failed", code });
  });
});

describe("a person whom Dynamics knows", () => {
  interface There {
    readonly own?: boolean;
    readonly lead?: boolean;
    readonly contact?: boolean;
    readonly note?: SinkAnswer;
  }
  const crm =
    (refusal: SinkAnswer, { own, lead, contact, note = { kind: "answer", status: 204 } }: There) =>
    ({ method, path }: SinkRequest): SinkAnswer => {
      if (method === "PATCH") return path.includes("/annotations(") ? note : refusal;
      if (path.includes("/contacts?"))
        return json(200, { value: contact === true ? [{ contactid: contactId }] : [] });
      if (path.includes("/leads?")) return json(200, { value: lead === true ? [{ leadid: leadId }] : [] });
      return own === true ? json(200, { leadid: leadId }) : gone;
    };

  it.each([
    ["a Lead", error(412, "0x80040333"), { lead: true }, "lead", leadId],
    ["a contact, answered with 500", error(500, "0x80040333"), { contact: true }, "contact", contactId],
    ["a Lead, by another key", error(412, "0x80060892"), { lead: true, contact: true }, "lead", leadId],
    ["a Lead, by the database", error(500, "0x80040237"), { lead: true }, "lead", leadId],
  ])("as %s gets the enquiry as a note", async (_, refusal, there, table, id) => {
    const { double, destination, sender } = await dynamics(crm(refusal, there), { known_person: "add" });
    const sent = mappedMessage(destination, person);
    for (const attempt of [1, 2]) {
      const { outcome } = await sender.attempt({ ...sent, attempt }, neverAborted);
      expect(outcome).toMatchObject({ receipt: { duplicate: "added_to_person", remoteId: id } });
    }
    const notes = double.requests.filter(({ path }) => path.includes("/annotations("));
    expect(new Set(notes.map(({ path }) => path)).size).toBe(1);
    expect(JSON.parse(notes[0]?.body ?? "")).toMatchObject({
      [`objectid_${table}@odata.bind`]: `/${table}s(${id})`,
      notetext: expect.stringContaining("Bitte um Angebot") as string,
    });
    expect(double.requests[1]?.headers).toMatchObject({ "mscrm.suppressduplicatedetection": "false" });
  });

  it("is found by the phone number where there is no e-mail address", async () => {
    const { double, destination, sender } = await dynamics(crm(error(412, "0x80040333"), { lead: true }), {
      known_person: "add",
    });
    const { outcome } = await sender.attempt(
      mappedMessage(destination, { phone: "0221 4710812" }),
      neverAborted,
    );
    expect(outcome).toMatchObject({ receipt: { duplicate: "added_to_person" } });
    expect(double.asked().some((each) => each.includes("telephone1 eq '+492214710812'"))).toBe(true);
  });

  it("is the lead itself where that is there: a repeat", async () => {
    const { destination, sender } = await dynamics(crm(error(412, "0x80060892"), { own: true }));
    const { outcome } = await sender.attempt(
      { ...mappedMessage(destination, person), attempt: 2 },
      neverAborted,
    );
    expect(outcome).toMatchObject({ receipt: { duplicate: "same_delivery", remoteId: leadId } });
  });

  it("gets a change of the lead as a note where duplicate detection refuses to write it", async () => {
    const { destination, sender } = await dynamics(crm(error(412, "0x80040333"), { own: true, lead: true }), {
      known_person: "add",
    });
    const { outcome } = await sender.attempt(
      { ...mappedMessage(destination, person), revision: 1 },
      neverAborted,
    );
    expect(outcome).toMatchObject({ receipt: { duplicate: "added_to_person" } });
  });

  it("is marked where nobody is found, where no note can be made, and where none is wanted", async () => {
    const duplicate = error(412, "0x80040333");
    for (const [there, own] of [
      [{}, { known_person: "add" }],
      [{ lead: true, note: error(403, "0x80040220") }, { known_person: "add" }],
      [{ lead: true }, { known_person: "count" }],
    ] as const) {
      const { destination, sender } = await dynamics(crm(duplicate, there), own);
      const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
      expect(outcome).toMatchObject({ kind: "delivered", receipt: { duplicate: "known_person" } });
    }
  });
});

describe("the columns of a Lead in Dynamics", () => {
  const column = (LogicalName: string, AttributeType: string, own: object = {}) => ({
    LogicalName,
    AttributeType,
    DisplayName: { UserLocalizedLabel: { Label: `${LogicalName} (label)` } },
    IsValidForCreate: true,
    IsValidForUpdate: true,
    ...own,
  });
  const option = { Value: 1, Label: { UserLocalizedLabel: { Label: "Heiß" } } };
  const described = ({ path }: SinkRequest): SinkAnswer => {
    if (path.includes("Picklist"))
      return json(200, { value: [{ LogicalName: "leadqualitycode", OptionSet: { Options: [option] } }] });
    if (path.includes("ManyToOne"))
      return json(200, { value: [{ ReferencingEntityNavigationPropertyName: "campaignid" }] });
    if (path.includes("/Keys"))
      return json(200, { value: [{ KeyAttributes: ["new_leadledgerid"], EntityKeyIndexStatus: "Active" }] });
    return json(200, {
      value: [
        column("lastname", "String"),
        column("leadqualitycode", "Picklist"),
        column("campaignid", "Lookup"),
        column("createdon", "DateTime", { IsValidForCreate: false, IsValidForUpdate: false }),
      ],
    });
  };

  it("are offered with their options, and lookups as they are written", async () => {
    const { sender } = await dynamics(described);
    const read = await sender.fields?.();
    expect(read?.kind === "fields" ? read.fields : []).toEqual([
      { target: "lastname", label: "lastname (label)", type: "text", isRequired: false },
      {
        target: "leadqualitycode",
        label: "leadqualitycode (label)",
        type: "choice",
        isRequired: false,
        options: [{ value: "1", label: "Heiß" }],
      },
      { target: "campaignid@odata.bind", label: "campaignid@odata.bind", type: "other", isRequired: false },
    ]);
  });

  it.each([
    [{ map: { lastname: "/lead/name" } }, null],
    [{ map: { lastname: "/lead/name", new_gone: "/lead/product" } }, "new_gone"],
    [{ map: { lastname: "/lead/name" }, key_field: "new_other" }, "new_other"],
  ])("are compared with the map and the key by a probe: %j", async (own, problem) => {
    const { sender } = await dynamics(described, own);
    const reached = await sender.probe();
    if (problem === null) expect(reached).toMatchObject({ reachable: true });
    else
      expect(reached).toMatchObject({
        reachable: false,
        message: expect.stringContaining(problem) as string,
      });
  });
});
