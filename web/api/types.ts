// What the API answers, by the schemas that its answers are made from.
import type { Static, TObject } from "typebox";
import type { sessionSchema } from "../../src/http/api/account-schemas.ts";
import type { auditEvent, entryMembers, runMembers } from "../../src/http/api/run-schemas.ts";
import type { Wire } from "./wire.ts";

export type { Role, Permission } from "../../src/domain/roles.ts";
export type Session = Wire<Static<typeof sessionSchema>>;
export type Lead = Wire<Static<TObject<typeof runMembers>>>;
export type Entry = Wire<Static<TObject<typeof entryMembers>>>;
export type LogEntry = Wire<Static<typeof auditEvent>>;

/** Of a lead that is not through yet: deliveries that are waiting or under way. */
export interface WaitingDelivery {
  readonly destination: string;
  readonly attempt: number;
  readonly due_at: string;
}

export type EntryWithPayload = Entry & { readonly payload: unknown };

export interface LeadStory extends Lead {
  /** As it was sent, person data masked; numbers that JavaScript cannot hold are LosslessNumber. */
  readonly body: unknown;
  readonly deliveries: readonly WaitingDelivery[];
  readonly dlq: readonly EntryWithPayload[];
  readonly timeline: readonly LogEntry[];
}
