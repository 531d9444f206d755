// What the rows of one lead must not say of each other: its run, its deliveries, its entries. Pure.
import type { DeliveryRow, EntryRow, RunRow } from "../ledger/log/story-rows.ts";
import { skippedResolution, withdrawnResolution } from "../domain/destinations/held.ts";
import type { Fault } from "./finding.ts";
import { fault } from "./finding.ts";

export interface LeadRows {
  readonly run: RunRow;
  readonly deliveries: readonly DeliveryRow[];
  readonly entries: readonly EntryRow[];
  /** Somebody made the run with SQL. */
  readonly byHand: boolean;
  /** Where it was wanted once more. */
  readonly replayed: ReadonlySet<string>;
  /** It was changed, and the change goes out once more. */
  readonly wasRevised: boolean;
}

/** Every rule that is broken, once. */
export function judgeRun(lead: LeadRows): Fault[] {
  const { entries, deliveries } = lead;
  return [
    ...judgeState(lead),
    ...judgeEntries(lead),
    ...deliveries.flatMap(judgeLease),
    ...entries.flatMap(judgeEntryLease),
  ];
}

function judgeState(lead: LeadRows): (Fault & object)[] {
  switch (lead.run.status) {
    case "accepted":
      return judgeAccepted(lead);
    case "processed":
      return judgeProcessed(lead);
    case "failed":
      return judgeFailed(lead);
  }
}

function judgeAccepted(lead: LeadRows): Fault[] {
  const { run, deliveries, byHand } = lead;
  const holding = holdingEntries(lead);
  return [
    ...refusalNotKept(lead),
    ...(deliveries.length === 0 && !byHand && !run.refused && holding.length === 0
      ? [fault("run_without_work", "it is accepted, but nothing is under way")]
      : []),
    ...holding
      .slice(0, 1)
      .map(({ dlq_id }) =>
        fault("run_not_failed", `entry ${dlq_id} keeps it failed, but it is accepted`, dlq_id),
      ),
  ];
}

function judgeProcessed(lead: LeadRows): Fault[] {
  const { run, deliveries, entries, replayed, wasRevised, byHand: isByHand } = lead;
  const left = wasRevised ? undefined : deliveries.find(({ destination }) => !replayed.has(destination));
  const unresolved = entries.find(
    (entry) =>
      entry.kind === "delivery" && entry.status !== "resolved" && (isAtWork(entry) || counts(entry, entries)),
  );
  const byHand = entries.find(
    (entry) =>
      entry.kind === "delivery" &&
      entry.status === "resolved" &&
      entry.resolution !== "delivered" &&
      entry.resolution !== skippedResolution &&
      counts(entry, entries),
  );
  return [
    ...refusalNotKept(lead),
    ...(left === undefined
      ? []
      : [fault("delivery_left_over", `it is processed, but a delivery to ${left.destination} is left`)]),
    ...(unresolved === undefined
      ? []
      : [
          fault(
            "entry_left_open",
            `it is processed, but entry ${unresolved.dlq_id} is ${unresolved.status}`,
            unresolved.dlq_id,
          ),
        ]),
    ...(run.outcome === null ? [fault("outcome_missing", "it is processed without an outcome")] : []),
    ...(run.outcome === "delivered" && byHand !== undefined
      ? [
          fault(
            "outcome_wrong",
            `it is called delivered, but entry ${byHand.dlq_id} was resolved by a person`,
            byHand.dlq_id,
          ),
        ]
      : []),
    ...(run.outcome === "withdrawn" &&
    !isByHand &&
    !entries.some(({ resolution }) => resolution === withdrawnResolution)
      ? [fault("outcome_wrong", "it is called withdrawn, but no delivery of it was")]
      : []),
  ];
}

function judgeFailed(lead: LeadRows): Fault[] {
  const { run, deliveries, byHand } = lead;
  if (run.refused) return refusalNotKept(lead);
  const [holding] = holdingEntries(lead);
  if (holding === undefined) {
    return byHand || deliveries.length > 0 ? [] : [fault("failed_without_cause", "nothing keeps it failed")];
  }
  return run.error_code === holding.error_code && run.error_message === holding.reason
    ? []
    : [
        fault(
          "failed_for_another_reason",
          `it does not name the reason of entry ${holding.dlq_id}`,
          holding.dlq_id,
        ),
      ];
}

function refusalNotKept({ run, entries, byHand }: LeadRows): Fault[] {
  if (!run.refused || byHand) return [];
  if (run.status !== "failed") return [fault("refusal_not_kept", `it was refused, but is ${run.status}`)];
  return entries.some(({ kind }) => kind === "refused")
    ? []
    : [fault("refusal_not_kept", "it was refused, but no entry keeps its payload")];
}

/** Entries that keep it failed, the oldest first. */
function holdingEntries({ run, entries }: LeadRows): EntryRow[] {
  return entries
    .filter(
      (entry) =>
        entry.status !== "resolved" &&
        (entry.kind === "delivery" || (entry.kind === "refused" && run.refused)) &&
        counts(entry, entries),
    )
    .toSorted((a, b) => a.dlq_id - b.dlq_id);
}

/** One that was tried again counts no more: the one reopened from it counts in its place. */
function counts({ dlq_id: id }: EntryRow, entries: readonly EntryRow[]): boolean {
  return !entries.some(({ reopened_from }) => reopened_from === id);
}

function isAtWork({ status }: EntryRow): boolean {
  return status === "open" || status === "retrying";
}

function judgeEntries({ run, deliveries, entries }: LeadRows): Fault[] {
  const atWork = entries.filter((entry) => isAtWork(entry) && entry.destination !== null);
  const places = new Set<string | null>();
  return [
    ...atWork.flatMap(({ destination, dlq_id }) => {
      const isSecond = places.has(destination);
      places.add(destination);
      return isSecond
        ? [
            fault(
              "entries_at_work_twice",
              `entry ${dlq_id} is not the only one at work for ${destination}`,
              dlq_id,
            ),
          ]
        : [];
    }),
    ...atWork
      .filter(({ kind }) => kind === "delivery" || kind === "replay")
      .filter((entry) => deliveries.some(({ destination }) => destination === entry.destination))
      .map(({ dlq_id, destination }) =>
        fault(
          "delivery_in_two_places",
          `the delivery to ${destination} is under way, and entry ${dlq_id} too`,
          dlq_id,
        ),
      ),
    ...entries
      .filter((entry) => isAtWork(entry) && !counts(entry, entries))
      .map(({ dlq_id, status }) =>
        fault("entry_reopened_early", `entry ${dlq_id} is ${status}, and was reopened`, dlq_id),
      ),
    ...entries
      .filter(({ test }) => test !== run.test)
      .map(({ dlq_id }) =>
        fault("test_mark_differs", `entry ${dlq_id} and its lead differ in whether this is a test`, dlq_id),
      ),
  ];
}

function judgeLease({ destination, leased, attempt, forgotten }: DeliveryRow): Fault[] {
  return [
    ...(leased && attempt === 0
      ? [fault("delivery_lease_broken", `the delivery to ${destination} is leased, but no attempt was begun`)]
      : []),
    ...(forgotten
      ? [fault("delivery_forgotten", `the delivery to ${destination} waits for data that nobody fetches`)]
      : []),
  ];
}

/** An entry's lease, also of one without a run. */
export function judgeEntryLease({
  dlq_id: id,
  status,
  retry_count,
  has_node,
  has_lease_end,
}: EntryRow): Fault[] {
  const wrong = (detail: string): Fault[] => [fault("entry_lease_broken", `entry ${id} ${detail}`, id)];
  if (status !== "retrying")
    return has_node || has_lease_end ? wrong("is leased, but nobody attempts it") : [];
  if (has_node !== has_lease_end) return wrong("has half a lease");
  return has_node && retry_count === 0 ? wrong("is attempted by a node that never began to") : [];
}
