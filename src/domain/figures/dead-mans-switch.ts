// When the dead man's switch calls, and what keeps it silent. It says that all works by calling; whoever is not called
// knows that something does not, whatever it is.
import type { HealthTrouble } from "./health-trouble.ts";

export const silenceReasons = [
  /** This node does not answer over its own HTTP, or no node takes leads. */
  "intake",
  /** A commit was not finished. */
  "database",
  /** Deliveries are long overdue, nobody sends, or what sends them fails. */
  "delivery",
  /** Somebody stopped all deliveries. */
  "deliveries_stopped",
  /** All works, but the address did not take the call. */
  "address",
] as const;
export type SilenceReason = (typeof silenceReasons)[number];

/** What is asked before each call. */
export interface Findings {
  /** What its own `/health` said over HTTP; null: nothing, or that no lead can be taken. */
  readonly health: { readonly troubles: readonly string[] } | null;
  readonly takesLeads: boolean;
  readonly sends: boolean;
  readonly isOverdue: boolean;
  readonly isStopped: boolean;
}

/** Tasks without which nothing is sent. */
const sendingTasks: readonly HealthTrouble[] = ["claim", "leases", "poll", "recover"];

/** None: all works, and it calls. */
export function judge({ health, ...found }: Findings): SilenceReason[] {
  const has = (names: readonly string[]): boolean =>
    health?.troubles.some((trouble) => names.includes(trouble)) ?? false;
  const reasons: Readonly<Record<Exclude<SilenceReason, "address">, boolean>> = {
    intake: health === null || !found.takesLeads,
    database: has(["database"]),
    delivery: found.isOverdue || !found.sends || has(sendingTasks),
    deliveries_stopped: found.isStopped,
  };
  return silenceReasons.filter((reason) => reason !== "address" && reasons[reason]);
}
