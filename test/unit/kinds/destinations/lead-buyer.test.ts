// Leads that are offered to a buyer: outcome, reason, price, and a repeat that may have been offered before.
import { afterEach, describe, expect, it } from "vitest";
import { leadBuyerFields } from "../../../../src/kinds/destinations/lead-buyer/fields.ts";
import type { LeadBuyerDestination } from "../../../../src/kinds/destinations/lead-buyer/fields.ts";
import { leadBuyer } from "../../../../src/kinds/destinations/lead-buyer/kind.ts";
import { open, preview } from "../../../../src/kinds/destinations/lead-buyer/transport.ts";
import { neverAborted } from "../../../support/http-destination.ts";
import { json, startInterface } from "../../../support/interface-double.ts";
import type { InterfaceDouble } from "../../../support/interface-double.ts";
import { leadFor, sendingDefaults } from "../../../support/mapped-sender.ts";
import type { SentLead } from "../../../support/mapped-sender.ts";
import { presetMap } from "../../../support/preset-map.ts";
import type { SinkAnswer } from "../../../support/sink.ts";

const doubles: InterfaceDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map(({ sink }) => sink.close()));
});

const byPhone = { name: "Erika Muster", phone: "+49 221 4710812" };

async function buyer(answers: readonly SinkAnswer[], own: Partial<LeadBuyerDestination> = {}) {
  let next = 0;
  const double = await startInterface([
    "POST",
    "/flows/planted-flow/submit",
    () => answers[next++] ?? json(500, {}),
  ]);
  doubles.push(double);
  const destination: LeadBuyerDestination = {
    ...sendingDefaults,
    kind: leadBuyer.kind,
    url: `${double.baseUrl}/flows/planted-flow/submit`,
    content: "json",
    map: presetMap(leadBuyerFields),
    headers: { "X-Key": "planted-key" },
    outcome: "/outcome",
    accepted: ["success"],
    reason: "/reason",
    duplicateTerm: "duplicate",
    price: "/price",
    leadId: "/lead/id",
    ...own,
  };
  const sender = open(destination, { nowMs: Date.now });
  const deliver = async (lead: object, sent: SentLead = {}) =>
    (await sender.attempt(leadFor(destination, lead, sent), neverAborted)).outcome;
  return { double, destination, deliver };
}

const sold = json(201, { outcome: "success", reason: "", price: "12.50", lead: { id: "5f1" } });

describe("a lead for a buyer", () => {
  it("that is taken has the buyer's id and the price; it needs no e-mail address", async () => {
    const { double, deliver } = await buyer([sold]);
    expect(await deliver(byPhone)).toEqual({
      kind: "delivered",
      httpStatus: 201,
      receipt: { remoteId: "5f1", warning: "price: 12.50" },
    });
    expect(double.bodies("POST", "/flows")).toEqual([
      { first_name: "Erika", last_name: "Muster", phone_1: "+492214710812" },
    ]);
    expect(double.sink.requests[0]?.headers).toMatchObject({ "x-key": "planted-key" });
  });

  it("goes as a form where the buyer wants one", async () => {
    const { double, deliver } = await buyer([sold], { content: "form" });
    await deliver(byPhone);
    expect(double.sink.requests[0]?.body).toBe("first_name=Erika&last_name=Muster&phone_1=%2B492214710812");
  });

  it("that is refused waits for a person with the buyer's reason, although the status says 201", async () => {
    const { deliver } = await buyer([json(201, { outcome: "failure", reason: "postal code not covered" })]);
    expect(await deliver(byPhone)).toMatchObject({
      code: "destination_rejected",
      message: "crm answered 201 Created: postal code not covered",
    });
  });

  it.each([
    [1, "known_person"],
    [2, "same_delivery"],
  ] as const)("that the buyer has already is, at attempt %i, %s", async (attempt, duplicate) => {
    const { deliver } = await buyer([json(201, { outcome: "failure", reason: "Duplicate lead" })]);
    expect(await deliver(byPhone, { attempt })).toMatchObject({ kind: "delivered", receipt: { duplicate } });
  });

  it("is offered again where the buyer's system failed, and no mark is on it when it is taken then", async () => {
    const { deliver } = await buyer([json(201, { outcome: "error", reason: "timed out" }), sold]);
    expect(await deliver(byPhone, { runId: "run-1" })).toMatchObject({ class: "transient" });
    const outcome = await deliver(byPhone, { runId: "run-1", attempt: 2 });
    expect(outcome.kind === "delivered" && outcome.receipt?.maybeTwice).toBeUndefined();
  });

  it("whose first answer was lost may have been offered twice", async () => {
    const { deliver } = await buyer([{ kind: "reset" }, sold]);
    await deliver(byPhone, { runId: "run-1" });
    expect(await deliver(byPhone, { runId: "run-1", attempt: 2 })).toMatchObject({
      receipt: { maybeTwice: true },
    });
  });

  it("is understood in a buyer's own words", async () => {
    const answer = json(200, { result: { code: "ACCEPTED", id: 9, payout: 7.5 } });
    const { deliver } = await buyer([answer], {
      outcome: "/result/code",
      accepted: ["ACCEPTED", "HELD"],
      price: "/result/payout",
      leadId: "/result/id",
    });
    expect(await deliver(byPhone)).toMatchObject({ receipt: { remoteId: "9", warning: "price: 7.5" } });
  });

  it.each([
    [json(200, { status: "ok" }), "destination_indeterminate"],
    [json(403, {}), "destination_auth"],
    [json(404, {}), "destination_configuration"],
    [json(422, { reason: "phone missing" }), "destination_rejected"],
    [json(502, {}), "destination_error"],
  ])("%j is %s", async (answer, code) => {
    const { deliver } = await buyer([answer]);
    expect(await deliver(byPhone)).toMatchObject({ code });
  });

  it("is previewed without the address's path and the values of headers", async () => {
    const { destination } = await buyer([]);
    expect(JSON.stringify(preview(destination, leadFor(destination, byPhone)))).not.toContain("planted");
  });
});
