import { afterEach, describe, expect, it } from "vitest";
import { acceptAll, failsAtFirst, refuses, startDemoCrm } from "../../../src/demo/crm.ts";
import type { CrmScript, DemoCrm } from "../../../src/demo/crm.ts";
import { httpSender, message, neverAborted } from "../../support/http-destination.ts";

let crm: DemoCrm;
let nowMs = 0;

async function crmWith(script: CrmScript): Promise<DemoCrm> {
  nowMs = 0;
  crm = await startDemoCrm({ port: 0, script, nowMs: () => nowMs });
  return crm;
}

async function statusFor(leadJson: string, runId?: string): Promise<number | null> {
  const sender = httpSender(crm.url);
  const { outcome } = await sender.attempt(message(runId, leadJson), neverAborted);
  await sender.close();
  return outcome.httpStatus;
}

afterEach(() => crm.close());

describe("the demo's CRM", () => {
  it("fails for as long as its script says, and then recovers", async () => {
    await crmWith(failsAtFirst(5_000, acceptAll));
    expect(await statusFor("{}", "run-1")).toBe(503);
    nowMs = 5_000;
    expect(await statusFor("{}", "run-1")).toBe(201);
    expect(crm.records.map((record) => record.answer)).toEqual(["fail", "accept"]);
    expect(crm.acceptedCount()).toBe(1);
  });

  it("refuses the leads it does not want for good, with a reason, and takes the others", async () => {
    await crmWith(refuses((lead) => lead.plz === undefined, "Postleitzahl fehlt", acceptAll));
    expect(await statusFor('{"name":"Erika"}')).toBe(422);
    expect(await statusFor('{"name":"Erika","plz":"10115"}')).toBe(201);
  });

  it("can be broken and mended while it runs", async () => {
    await crmWith(acceptAll);
    crm.breakDown();
    expect(await statusFor("{}")).toBe(503);
    crm.recover();
    expect(await statusFor("{}")).toBe(201);
  });

  it("remembers what it got and recognises a repeat", async () => {
    await crmWith(acceptAll);
    await statusFor('{"name":"Jürgen"}', "run-1");
    await statusFor('{"name":"Jürgen"}', "run-1");
    expect(crm.records).toMatchObject([
      { id: "run-1:crm", source: "website", lead: { name: "Jürgen" }, repeat: false },
      { id: "run-1:crm", repeat: true },
    ]);
    expect(crm.acceptedCount()).toBe(1);
  });

  it("survives what is no delivery at all", async () => {
    await crmWith(acceptAll);
    const answer = await fetch(crm.url, { method: "POST", body: "[not json" });
    expect(answer.status).toBe(201);
    expect(crm.records).toMatchObject([{ id: "", source: "", lead: {} }]);
  });
});
