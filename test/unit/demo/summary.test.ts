import { describe, expect, it } from "vitest";
import { summarise } from "../../../src/demo/summary.ts";
import { balancedEvidence, event } from "./evidence.ts";

describe("the demo's summary", () => {
  it("counts what was received, delivered, delivered later and repeated", () => {
    expect(summarise(balancedEvidence().books)).toMatchObject({
      received: 3,
      delivered: 2,
      deliveredLater: 1,
      duplicates: 1,
      corrected: 0,
      destinations: [
        { destination: "crm", delivered: 2, atOnce: 1, later: 1, notDelivered: 0 },
        { destination: "newsletter", delivered: 1, atOnce: 1, later: 0, notDelivered: 0 },
      ],
    });
  });

  it("says for each source where its leads are, and that adds up to what was received", () => {
    const { sources } = summarise(balancedEvidence().books);
    expect(sources).toContainEqual({
      source: "landingpage",
      received: 1,
      delivered: 0,
      underWay: 0,
      needsDecision: 0,
      givenUp: 0,
      unreadable: 1,
      duplicates: 0,
    });
    for (const { received, delivered, underWay, needsDecision, givenUp, unreadable } of sources) {
      expect(delivered + underWay + needsDecision + givenUp + unreadable).toBe(received);
    }
  });

  it("names the cause of what needs attention in the destination's own words", () => {
    const { books } = balancedEvidence();
    const response = { status: 422, headers: {}, body_excerpt: '{"error":"Postleitzahl fehlt"}' };
    const rejected = {
      ...books,
      events: [event(1, "run-2", "delivery_failed", { destination: "crm", response })],
      entries: books.entries.map((each) => ({
        ...each,
        status: "open" as const,
        error_code: "destination_rejected",
      })),
    };
    expect(summarise(rejected).attention).toEqual([
      { cause: "rejected", destination: "crm", said: "Postleitzahl fehlt", count: 1 },
      { cause: "unreadable", destination: null, said: null, count: 1 },
    ]);
  });
});
