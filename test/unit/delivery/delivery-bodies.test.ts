// A lead that goes to several destinations is made ready once, and again as soon as anything of it is another.
import { describe, expect, it } from "vitest";
import { bodyOfLead } from "../../../src/delivery/delivery-bodies.ts";
import { deliveryBody } from "../../../src/domain/destinations/delivery-body.ts";
import type { ReceivedLead } from "../../../src/domain/destinations/delivery-body.ts";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";

const lead: ReceivedLead = {
  runId: "0197f3a2-7c1e-7abc-8def-0123456789ab",
  source: "website",
  receivedAt: new Date("2026-07-15T12:00:00.123Z"),
  leadJson: '{"email":"erika@example.de"}',
  reading: plainReading,
  revision: null,
};

describe("the body of a lead that was made ready before", () => {
  it.each<[string, Partial<ReceivedLead>]>([
    ["the same", {}],
    ["another content", { leadJson: '{"email":"anna@example.de"}' }],
    ["another map", { reading: { ...plainReading, map: { town: { constant: "Köln" } } } }],
    ["a revision", { revision: 2 }],
    ["another time", { receivedAt: new Date("2026-07-15T12:00:01.000Z") }],
  ])("is what the lead is now: %s", (_case, change) => {
    bodyOfLead(lead);
    const now = { ...lead, ...change };
    expect(bodyOfLead(now)).toBe(deliveryBody(now));
  });
});
