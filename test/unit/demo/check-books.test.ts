import { describe, expect, it } from "vitest";
import { checkBooks, checkNames, passed } from "../../../src/demo/check-books.ts";
import type { CheckName, Evidence } from "../../../src/demo/check-books.ts";
import type { Books } from "../../../src/ledger/figures/books.ts";
import type { Finding } from "../../../src/verify/finding.ts";
import { balancedEvidence, fields, record } from "./evidence.ts";

function failing(evidence: Evidence): CheckName[] {
  return checkBooks(evidence).flatMap((check) => (passed(check) ? [] : [check.name]));
}

/** The names of the checks that notice when these parts of balanced books are replaced. */
function noticed(change: (books: Books) => Partial<Books>): CheckName[] {
  const evidence = balancedEvidence();
  return failing({ ...evidence, books: { ...evidence.books, ...change(evidence.books) } });
}

function noticedEvidence(change: (evidence: Evidence) => Partial<Evidence>): CheckName[] {
  const evidence = balancedEvidence();
  return failing({ ...evidence, ...change(evidence) });
}

describe("the demo's checks", () => {
  it("all pass on books that balance, and each has looked at something", () => {
    const checks = checkBooks(balancedEvidence());
    expect(checks.map(({ name }) => name)).toEqual(checkNames);
    for (const check of checks) expect(check).toMatchObject({ faults: [] });
    for (const check of checks) expect(check.looked).toBeGreaterThan(0);
  });

  it("all fail on an empty ledger: what looked at nothing proves nothing", () => {
    const nothing: Evidence = {
      books: { runs: [], events: [], entries: [], days: 0, deliveriesWaiting: 0 },
      receipts: [],
      received: { crm: [], newsletter: [] },
      findings: [],
      wrongDays: [],
    };
    expect(failing(nothing)).toEqual(checkNames);
  });

  it("notice a lead that was acknowledged and is not in the ledger", () => {
    expect(noticed(({ runs }) => ({ runs: runs.slice(1) }))).toContain("once");
  });

  it("notice a run that is there twice, and one that nobody sent", () => {
    expect(noticed(({ runs }) => ({ runs: [...runs, ...runs.slice(0, 1)] }))).toContain("once");
    expect(noticedEvidence(({ receipts }) => ({ receipts: receipts.slice(2) }))).toContain("once");
  });

  it("notice a lead that got two ids: its duplicate was not recognised", () => {
    const found = noticedEvidence(({ receipts }) => ({
      receipts: receipts.map((each, index) => (index === 1 ? { ...each, runId: "run-2" } : each)),
    }));
    expect(found).toEqual(expect.arrayContaining(["once", "duplicates"]));
  });

  it("notice an answer that the contract does not give", () => {
    const found = noticedEvidence(({ receipts }) => ({
      receipts: receipts.map((each, index) =>
        index === 0 ? { ...each, httpStatus: 500, answer: null } : each,
      ),
    }));
    expect(found).toContain("answers");
  });

  it("notice a duplicate that left no mark on its lead", () => {
    expect(noticed(without("duplicate_received"))).toEqual(["duplicates"]);
  });

  it("pass on what the judge of the books finds", () => {
    const day: Finding = { finding: "day_missing", table: "kpi_daily", day: "2026-11-23", detail: "" };
    expect(noticedEvidence(() => ({ findings: [day] }))).toEqual(["days"]);
    const run: Finding = { finding: "story_impossible", table: "audit_events", run_id: "run-1", detail: "" };
    expect(noticedEvidence(() => ({ findings: [run] }))).toEqual(["stories"]);
  });

  it("notice a delivery that has not ended", () => {
    expect(noticed(() => ({ deliveriesWaiting: 1 }))).toEqual(["days"]);
  });

  it("notice a day that the rebuild had to change", () => {
    expect(noticedEvidence(() => ({ wrongDays: ["2026-11-23"] }))).toEqual(["rebuild"]);
  });

  it("notice that nothing had to be recovered: then the outage was none", () => {
    expect(noticed(({ entries }) => ({ entries: entries.slice(1) }))).toContain("recovery");
  });

  it("notice a lead that the CRM has and the ledger does not know, and the other way round", () => {
    const crmOf = (change: (evidence: Evidence) => Evidence["received"]["crm"]): CheckName[] =>
      noticedEvidence((evidence) => ({ received: { ...evidence.received, crm: change(evidence) } }));
    expect(crmOf(({ received }) => [...received.crm, record("run-9:crm", 1, "accept")])).toContain(
      "destinations",
    );
    expect(crmOf(({ received }) => received.crm.slice(1))).toEqual(["destinations"]);
    expect(crmOf(({ received }) => [...received.crm, record("run-1:crm", 1, "accept")])).toContain(
      "destinations",
    );
    expect(crmOf(({ received }) => received.crm.filter(({ answer }) => answer === "accept"))).toEqual([
      "destinations",
    ]);
  });

  it("notice a lead that arrived or was stored with another letter", () => {
    const changed = { ...fields(1), name: "Jurgen 1" };
    expect(
      noticedEvidence(({ received }) => ({
        received: {
          ...received,
          newsletter: received.newsletter.map((each) => ({ ...each, lead: changed })),
        },
      })),
    ).toEqual(["content"]);
    expect(
      noticed(({ runs }) => ({
        runs: runs.map((each, index) => (index === 0 ? { ...each, body: changed } : each)),
      })),
    ).toEqual(["content"]);
  });
});

function without(eventType: string): (books: Books) => Partial<Books> {
  return ({ events }) => ({ events: events.filter(({ event_type }) => event_type !== eventType) });
}
