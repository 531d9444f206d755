// Whether what is kept of a lead's records at its destinations is what its story tells: receipts follow from the events
// `lead_delivered`, one after the other. Pure.
import type { EventRow, ReceiptRow, ToldReceipt } from "../ledger/log/story-rows.ts";
import type { Fault } from "./finding.ts";
import { fault } from "./finding.ts";

/** What was told so far. */
export interface ToldReceipts {
  readonly byDestination: Map<string, ToldReceipt>;
  /** An event that may have told of one has lost its payload by erasure. */
  hasGaps: boolean;
}

export function beginReceipts(): ToldReceipts {
  return { byDestination: new Map(), hasGaps: false };
}

/** The next event; only what delivery itself has told makes a receipt. */
export function tellReceipt(told: ToldReceipts, event: EventRow): void {
  if (event.event_type !== "lead_delivered" || event.actor !== "delivery") return;
  told.hasGaps ||= event.erased;
  const { destination, receipt } = event;
  if (receipt === null || destination === null) return;
  const before = told.byDestination.get(destination);
  told.byDestination.set(destination, {
    remote_id: receipt.remote_id ?? before?.remote_id ?? null,
    remote_url: receipt.remote_url ?? before?.remote_url ?? null,
    proven: receipt.proven,
    maybe_twice: receipt.maybe_twice || before?.maybe_twice === true,
    duplicate: receipt.duplicate,
    warning: receipt.warning,
  });
}

export function judgeReceipts(
  { byDestination, hasGaps }: ToldReceipts,
  kept: readonly ReceiptRow[],
): Fault[] {
  if (hasGaps) return [];
  const wrong = (detail: string): Fault => fault("receipt_differs_from_story", detail);
  const places = new Set(kept.map(({ destination }) => destination));
  return [
    ...[...byDestination.keys()]
      .filter((destination) => !places.has(destination))
      .map((destination) => wrong(`what ${destination} said of its record is told, but not kept`)),
    ...kept.flatMap((receipt): Fault[] => {
      const { destination } = receipt;
      const told = byDestination.get(destination);
      if (told === undefined) return [wrong(`what ${destination} said of its record is kept, but not told`)];
      const differing = members.filter((member) => told[member] !== receipt[member]);
      if (differing.length === 0) return [];
      return [
        wrong(
          `what is kept of the record at ${destination} differs from what is told: ${differing.join(", ")}`,
        ),
      ];
    }),
  ];
}

const members = ["remote_id", "remote_url", "proven", "maybe_twice", "duplicate", "warning"] as const;
