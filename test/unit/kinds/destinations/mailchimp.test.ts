// Leads in Mailchimp: one member per address, who has unsubscribed stays so, and what its answers mean.
import { afterEach, describe, expect, it } from "vitest";
import { checkDestination } from "../../../../src/config/check-part.ts";
import { dataCenterOf, mailchimpFields } from "../../../../src/kinds/destinations/mailchimp/fields.ts";
import type { MailchimpDestination } from "../../../../src/kinds/destinations/mailchimp/fields.ts";
import { mailchimp } from "../../../../src/kinds/destinations/mailchimp/kind.ts";
import { open, preview } from "../../../../src/kinds/destinations/mailchimp/transport.ts";
import { builtInKinds } from "../../../../src/kinds/kinds.ts";
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

const list = "/3.0/lists/a1b2";
const erika = { name: "Erika Muster", email: "Erika@Example.com" };
const member = { id: "the-hash", web_id: 99, status: "pending" };

async function account(...routes: readonly Route[]) {
  const double = await startInterface(...routes);
  doubles.push(double);
  const destination: MailchimpDestination = {
    ...sendingDefaults,
    kind: mailchimp.kind,
    token: "planted0123-us6",
    audience: "a1b2",
    newStatus: "pending",
    map: presetMap(mailchimpFields),
    baseUrl: double.baseUrl,
  };
  const sender = open(destination, { nowMs: Date.now });
  const deliver = async (lead: object, sent: SentLead = {}) =>
    (await sender.attempt(leadFor(destination, lead, sent), neverAborted)).outcome;
  return { double, destination, sender, deliver };
}

describe("a lead in Mailchimp", () => {
  it("is put at its address's hash, with a status only for who is new: a repeat changes nothing", async () => {
    const { double, deliver } = await account(["PUT", `${list}/members/`, json(200, member)]);
    const outcome = await deliver(erika);
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 200,
      receipt: {
        remoteId: "the-hash",
        remoteUrl: "https://us6.admin.mailchimp.com/lists/members/view?id=99",
      },
    });
    expect(await deliver(erika, { attempt: 2 })).toEqual(outcome);
    const [first, second] = double.bodies("PUT", list);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ status_if_new: "pending", merge_fields: { FNAME: "Erika" } });
    expect(first).not.toHaveProperty("status");
    const [request] = double.sink.requests;
    expect(request?.path).toMatch(/\/members\/[0-9a-f]{32}$/);
    expect(Buffer.from(request?.headers.authorization?.slice(6) ?? "", "base64").toString()).toBe(
      "leadledger:planted0123-us6",
    );
  });

  it("is the same member however the address is written", async () => {
    const { double, deliver } = await account(["PUT", list, json(200, member)]);
    await deliver({ email: "erika@example.com" });
    await deliver({ email: "ERIKA@example.com" });
    const [first, second] = double.sink.requests.map(({ path }) => path);
    expect(first).toBe(second);
  });

  it("never says `status`, whatever the map says", async () => {
    const { destination } = await account();
    const own = { ...destination, map: { email_address: "/lead/email", status: { constant: "subscribed" } } };
    const shown = preview(own, leadFor(own, erika));
    expect(JSON.parse(shown.body)).not.toHaveProperty("status");
    expect(shown.headers["authorization"]).toBe("Basic ***");
  });

  it("without an e-mail address is not sent, and the sentence says why", async () => {
    const { double, deliver } = await account();
    expect(await deliver({ name: "Erika", phone: "+49 221 4710812" })).toMatchObject({
      class: "permanent",
      code: "required_field_missing",
      message: "crm knows people by their e-mail address alone, and this lead has none: nothing was sent",
    });
    expect(double.calls()).toEqual([]);
  });

  it.each([1, 2])("of somebody who must not be forced is told apart, also at attempt %i", async (attempt) => {
    const refusal = json(400, { title: "Member In Compliance State", detail: "unsubscribed" });
    const { deliver } = await account(["PUT", list, refusal]);
    expect(await deliver(erika, { attempt })).toMatchObject({
      kind: "delivered",
      receipt: { duplicate: "known_person" },
    });
  });

  it("of somebody who has unsubscribed is updated, and that they get no mail is said", async () => {
    const { deliver } = await account(["PUT", list, json(200, { ...member, status: "unsubscribed" })]);
    const outcome = await deliver(erika);
    expect(outcome.kind === "delivered" && outcome.receipt?.warning).toContain("unsubscribed");
  });
});

describe("what Mailchimp answers", () => {
  it.each([
    [json(400, { title: "Invalid Resource", detail: "looks fake" }), "destination_rejected"],
    [json(401, { title: "API Key Invalid" }), "destination_auth"],
    [json(403, { title: "Forbidden" }), "destination_auth"],
    [json(404, { title: "Resource Not Found" }), "destination_configuration"],
    [json(429, { title: "Too Many Requests" }), "destination_throttled"],
    [json(500, {}), "destination_error"],
    [json(200, {}), "destination_indeterminate"],
  ])("%j is %s", async (answer, code) => {
    const { deliver } = await account(["PUT", list, answer]);
    expect(await deliver(erika)).toMatchObject({ kind: "failed", code });
  });
});

describe("an audience's fields", () => {
  it("are offered by their tags, and can be created", async () => {
    const town = { tag: "TOWN", name: "Town", type: "dropdown", options: { choices: ["Köln"] } };
    const { sender } = await account(
      ["GET", `${list}/merge-fields`, json(200, { merge_fields: [town] })],
      ["POST", `${list}/merge-fields`, json(200, { tag: "MMERGE7", name: "Wish", type: "text" })],
    );
    const read = await sender.fields?.();
    expect(read?.kind === "fields" && read.fields[1]).toEqual({
      target: "merge_fields.TOWN",
      label: "Town",
      type: "choice",
      isRequired: false,
      options: [{ value: "Köln", label: "Köln" }],
    });
    expect(await sender.createField?.({ label: "Wish", type: "text" })).toMatchObject({
      field: { target: "merge_fields.MMERGE7" },
    });
  });
});

describe("Mailchimp's key", () => {
  it("says in which data center the account is", () => {
    expect([dataCenterOf("0123-us6"), dataCenterOf("0123")]).toEqual(["us6", null]);
    const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
    const entry = { kind: "mailchimp", token: "0123456789", audience: "a1b2" };
    const checked = checkDestination("crm", entry, around, builtInKinds);
    expect(checked.ok ? [] : checked.problems.map(({ place }) => place)).toEqual(["token"]);
  });
});
