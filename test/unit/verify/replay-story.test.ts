import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EntryRow, EventRow, RunRow } from "../../../src/ledger/log/story-rows.ts";
import { beginStory, endStory, tell } from "../../../src/verify/replay-story.ts";

type Step = Partial<EventRow> & Pick<EventRow, "event_type">;

interface Lead {
  readonly run: Partial<RunRow>;
  readonly steps: readonly Step[];
  readonly entries?: readonly Partial<EntryRow>[];
}

const delivered = { status: "processed", outcome: "delivered" } as const;
const crm = { destination: "crm", lane: "fast" } as const;
const fromEntry = { dlq_id: 1, destination: "crm", lane: "dlq" } as const;
const created = { event_type: "dlq_created", dlq_id: 1, kind: "delivery", destination: "crm" } as const;

const arrived: Lead = {
  run: delivered,
  steps: [
    { event_type: "lead_received" },
    { event_type: "lead_delivered", ...crm },
    { event_type: "duplicate_received" },
    { event_type: "lead_processed", outcome: "delivered" },
  ],
};

const healed: Lead = {
  run: delivered,
  steps: [
    { event_type: "lead_received" },
    { event_type: "delivery_failed", ...crm },
    created,
    { event_type: "lead_failed" },
    { event_type: "dlq_retrying", ...fromEntry, retry_count: 1 },
    { event_type: "lead_delivered", ...fromEntry },
    { event_type: "dlq_resolved", ...fromEntry, resolution: "delivered" },
    { event_type: "lead_processed", outcome: "delivered" },
  ],
  entries: [{ dlq_id: 1, status: "resolved", retry_count: 1 }],
};

const corrected: Lead = {
  run: delivered,
  steps: [
    { event_type: "lead_rejected" },
    { event_type: "dlq_created", dlq_id: 2, kind: "refused" },
    { event_type: "lead_failed" },
    { event_type: "lead_corrected" },
    { event_type: "dlq_resolved", dlq_id: 2, resolution: "corrected" },
    { event_type: "lead_delivered", ...crm },
    { event_type: "lead_processed", outcome: "delivered" },
  ],
  entries: [{ dlq_id: 2, status: "resolved", retry_count: 0 }],
};

const leads = { arrived, healed, corrected };
const mayBeAnywhere = new Set(["duplicate_received", "replay_requested"]);

describe("a story that is told again", () => {
  it.each(Object.entries(leads))("makes sense where nothing is wrong: %s", (_name, lead) => {
    expect(judge(lead)).toBeNull();
  });

  it.each(Object.entries(leads))("has no event that could be missing: %s", (_name, lead) => {
    for (const [index, { event_type }] of lead.steps.entries()) {
      if (mayBeAnywhere.has(event_type)) continue;
      expect(judge({ ...lead, steps: lead.steps.toSpliced(index, 1) }), event_type).not.toBeNull();
    }
  });

  it.each(Object.entries(leads))("has room for a note by SQL between any two events: %s", (_name, lead) => {
    for (let index = 1; index <= lead.steps.length; index += 1) {
      const note = { event_type: "called_back", actor: "db:sales" };
      expect(judge({ ...lead, steps: lead.steps.toSpliced(index, 0, note) }), String(index)).toBeNull();
    }
  });

  it.each(Object.entries(leads))("has no two events that could change places: %s", (_name, lead) => {
    for (let index = 1; index < lead.steps.length; index += 1) {
      const [before, after] = [lead.steps[index - 1], lead.steps[index]];
      if (before === undefined || after === undefined) continue;
      if (mayBeAnywhere.has(before.event_type) || mayBeAnywhere.has(after.event_type)) continue;
      // The correction and what it resolves come from one transaction.
      if (before.event_type === "lead_corrected" || before.event_type === "dlq_resolved") continue;
      const steps = lead.steps.with(index - 1, after).with(index, before);
      expect(judge({ ...lead, steps }), `${before.event_type}, ${after.event_type}`).not.toBeNull();
    }
  });

  it("has times that rise", () => {
    expect(judge(arrived, () => 1)).toMatchObject({ finding: "story_out_of_order" });
  });

  it("does not begin before its lead was received", () => {
    expect(judge({ ...arrived, run: { ...delivered, received_us: 5_000_000 } })).toMatchObject({
      finding: "story_begins_too_early",
    });
  });

  it("is not judged by what erasure took", () => {
    const steps = healed.steps.map((step) => ({
      ...step,
      erased: true,
      destination: null,
      dlq_id: null,
      outcome: null,
      retry_count: null,
      revision: null,
    }));
    expect(judge({ ...healed, steps })).toBeNull();
  });

  it("leaves to people who write SQL what only they know", () => {
    const person = { actor: "db:erika" };
    expect(
      judge({
        run: { status: "failed" },
        steps: [
          { event_type: "run_inserted", status: "accepted", ...person },
          { event_type: "lead_received", ...person },
          { event_type: "lead_failed", ...person },
        ],
      }),
    ).toBeNull();
  });

  it("never makes the judge stumble, whatever is told", () => {
    const types = Object.values(leads).flatMap(({ steps }) => steps);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...types), { maxLength: 20 }), (steps) => {
        const found = judge({ ...arrived, steps });
        expect(found === null || found.detail.length > 0).toBe(true);
      }),
    );
  });
});

function judge(
  lead: Lead,
  atUs: (index: number) => number = (index) => index + 1,
): ReturnType<typeof endStory> {
  const story = beginStory();
  for (const [index, step] of lead.steps.entries()) tell(story, eventRow(step, index + 1, atUs(index)));
  return endStory(story, runRow(lead.run), (lead.entries ?? []).map(entryRow));
}

function eventRow(step: Step, eventId: number, atUs: number): EventRow {
  return {
    event_id: eventId,
    run_id: "run-1",
    at_us: atUs,
    actor: "delivery",
    erased: false,
    status: null,
    outcome: null,
    destination: null,
    error_code: null,
    resolution: null,
    lane: null,
    kind: null,
    dlq_id: null,
    reopened_from: null,
    retry_count: null,
    revision: null,
    receipt: null,
    payload_proven: true,
    event_proven: true,
    ...step,
  };
}

function runRow(changes: Partial<RunRow>): RunRow {
  return {
    run_id: "run-1",
    received_us: 0,
    status: "accepted",
    outcome: null,
    refused: false,
    test: false,
    error_code: null,
    error_message: null,
    ...changes,
  };
}

function entryRow(changes: Partial<EntryRow>): EntryRow {
  return {
    run_id: "run-1",
    dlq_id: 1,
    kind: "delivery",
    status: "open",
    destination: "crm",
    error_code: null,
    reason: "",
    resolution: null,
    retry_count: 0,
    reopened_from: null,
    test: false,
    has_node: false,
    has_lease_end: false,
    ...changes,
  };
}
