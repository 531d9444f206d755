// How a lead gets from intake to delivery on the node that accepts it, without either knowing the other.

/** A lead that is in the ledger now. */
export interface AcceptedLead {
  readonly runId: string;
  readonly source: string;
  readonly receivedAt: Date;
  /** JSON text, exact. */
  readonly leadJson: string;
  readonly test: boolean;
}

/** A place on the way to a destination, held for a lead that is about to be accepted. */
export interface Reservation {
  /** The lead is in the ledger, its delivery leased to this node since `leasedAtMs` (monotonic): send it now. */
  deliver(lead: AcceptedLead, leasedAtMs: number): void;
  cancel(): void;
}

/** Takes a place for a lead; null: there is none, and whoever is free will claim the delivery later. */
export type Reserve = (destination: string) => Reservation | null;
