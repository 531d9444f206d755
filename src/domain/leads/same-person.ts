// What a source wants with a lead of somebody who sent one before: the rule, and what a delivery says of it.

/** `mark`: delivered, and the delivery names the earlier lead. `hold`: a person releases or withdraws its deliveries. */
export const samePersonActions = ["deliver", "mark", "hold"] as const;
export type SamePersonAction = (typeof samePersonActions)[number];

export interface SamePersonRule {
  /** How long before the earlier lead may have come. */
  readonly withinMs: number;
  readonly then: SamePersonAction;
}

export const samePersonWithin = "30d";

/** The newest earlier lead of the same person, and what both have. */
export interface EarlierLead {
  readonly run_id: string;
  readonly by: "email" | "phone";
}
