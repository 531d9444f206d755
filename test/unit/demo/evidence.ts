// A small ledger whose books balance, for tests that falsify one thing in it.
import type { BookEntry, BookEvent, BookRun, Books } from "../../../src/ledger/figures/books.ts";
import type { Evidence } from "../../../src/demo/check-books.ts";
import type { CrmRecord } from "../../../src/demo/crm.ts";
import type { Sending } from "../../../src/demo/scenario.ts";
import type { Receipt } from "../../../src/demo/send.ts";

export const fields = (leadNumber: number): Record<string, unknown> => ({
  name: `Jürgen ${leadNumber}`,
  plz: "10115",
});

/**
 * Three leads: run-1 of the website was delivered at once and sent twice; run-2 of the fair went through the DLQ;
 * run-3 of the landing page was refused.
 */
export function balancedEvidence(): Evidence {
  return {
    books: balancedBooks(),
    receipts: [
      receipt(1, "website", "accepted", "run-1"),
      receipt(1, "website", "duplicate", "run-1"),
      receipt(2, "messe", "accepted", "run-2"),
      receipt(3, "landingpage", "refused", "run-3"),
    ],
    received: {
      crm: [
        record("run-1:crm", 1, "accept"),
        record("run-2:crm", 2, "fail"),
        record("run-2:crm", 2, "accept"),
      ],
      newsletter: [record("run-1:newsletter", 1, "accept")],
    },
    findings: [],
    wrongDays: [],
  };
}

function balancedBooks(): Books {
  return {
    runs: [
      run("run-1", "website", "processed", fields(1)),
      run("run-2", "messe", "processed", fields(2)),
      { ...run("run-3", "landingpage", "failed", null), refused: true, error_code: "form_malformed" },
    ],
    events: [
      event(1, "run-1", "lead_received"),
      event(2, "run-1", "lead_delivered", { destination: "crm", lane: "fast" }),
      event(3, "run-1", "lead_delivered", { destination: "newsletter", lane: "fast" }),
      event(4, "run-1", "lead_processed", { outcome: "delivered" }),
      event(5, "run-1", "duplicate_received"),
      event(6, "run-2", "lead_received"),
      event(7, "run-2", "delivery_failed", { destination: "crm", lane: "fast" }),
      event(8, "run-2", "dlq_created", { dlq_id: 1, kind: "delivery", destination: "crm" }),
      event(9, "run-2", "lead_failed"),
      event(10, "run-2", "dlq_retrying", { dlq_id: 1, destination: "crm" }),
      event(11, "run-2", "lead_delivered", { dlq_id: 1, destination: "crm", lane: "dlq" }),
      event(12, "run-2", "dlq_resolved", { dlq_id: 1, destination: "crm" }),
      event(13, "run-2", "lead_processed", { outcome: "delivered" }),
      event(14, "run-3", "lead_rejected"),
      event(15, "run-3", "dlq_created", { dlq_id: 2, kind: "refused" }),
      event(16, "run-3", "lead_failed"),
    ],
    entries: [
      entry(1, "run-2", {
        kind: "delivery",
        destination: "crm",
        status: "resolved",
        resolution: "delivered",
        retry_count: 1,
      }),
      entry(2, "run-3", { kind: "refused", status: "open", error_code: "form_malformed" }),
    ],
    days: 1,
    deliveriesWaiting: 0,
  };
}

function run(runId: string, source: string, status: BookRun["status"], body: unknown): BookRun {
  const outcome = status === "processed" ? "delivered" : null;
  return { run_id: runId, source, status, outcome, error_code: null, refused: false, body };
}

export function event(
  atUs: number,
  runId: string,
  eventType: string,
  payload: Record<string, unknown> = {},
): BookEvent {
  return { run_id: runId, at_us: atUs, event_type: eventType, payload };
}

function entry(dlqId: number, runId: string, changes: Partial<BookEntry>): BookEntry {
  return {
    dlq_id: dlqId,
    run_id: runId,
    kind: "delivery",
    status: "open",
    destination: null,
    error_code: null,
    retry_count: 0,
    next_retry_at: null,
    resolution: null,
    ...changes,
  };
}

function receipt(
  leadNumber: number,
  source: Sending["source"],
  expected: Sending["expected"],
  runId: string,
): Receipt {
  const status = { accepted: 202, duplicate: 200, refused: 422, key_reused: 422, denied: 401 };
  return {
    sending: {
      source,
      leadNumber,
      expected,
      wrongSecret: false,
      contentType: "application/json",
      body: Buffer.alloc(0),
      fields: fields(leadNumber),
      key: null,
    },
    httpStatus: status[expected],
    answer: expected,
    runId,
  };
}

export function record(id: string, leadNumber: number, answer: CrmRecord["answer"]): CrmRecord {
  return { id, source: "website", lead: fields(leadNumber), sinceStartMs: 0, answer, repeat: false };
}
