// What is answered only once it is committed, and needs no look at what is there: new leads, and health checks. They
// share batches, because a health check's own statement and flush would cost intake more than a lead does.
import { acceptLeads } from "./accept-leads.ts";
import type { KeyedLead, LeaseTerms } from "./accept-leads.ts";
import type { Database } from "../connection/database.ts";
import { createGroupCommit } from "../connection/group-commit.ts";
import type { GroupCommitLimits } from "../connection/group-commit.ts";

/** A sender's patience is not endless; what takes longer goes to the spool. */
export const intakeAnswerMsMax = 5_000;

export interface IntakeCommit {
  /** Resolves once the lead is committed: true; or to false when its key is known, and nothing was written. */
  accept(lead: KeyedLead): Promise<boolean>;
  /** Resolves once the `health_check` event of a check made at that time (ISO 8601) is committed. */
  recordHealthCheck(at: string): Promise<void>;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
  /** Leads and health checks that wait for the database. */
  readonly queueLength: number;
  /** How long what waits now will take, going by the last batches, in milliseconds. */
  readonly backlogMs: number;
}

type Item =
  | { readonly kind: "lead"; readonly keyed: KeyedLead }
  | { readonly kind: "health_check"; readonly at: string };

const mebibyte = 1024 * 1024;
const defaultLimits: GroupCommitLimits = {
  queueItemsMax: 5_000,
  batchItemsMax: 400,
  batchesInFlightMax: 3,
  answerMsMax: intakeAnswerMsMax,
  queueBytesMax: 64 * mebibyte,
  batchBytesMax: 4 * mebibyte,
};

/** Both promises reject as GroupCommit.submit does. */
export function createIntakeCommit(
  database: Database,
  lease: LeaseTerms,
  limits: GroupCommitLimits = defaultLimits,
): IntakeCommit {
  const commit = createGroupCommit<Item, boolean>(limits, write, { bytesOf, ownerOf });

  async function write(items: readonly Item[]): Promise<boolean[]> {
    const leads: KeyedLead[] = [];
    const healthChecks: string[] = [];
    for (const item of items) {
      if (item.kind === "lead") leads.push(item.keyed);
      else healthChecks.push(item.at);
    }
    const accepted = await acceptLeads(database, leads, lease, { healthChecks });
    return items.map((item) => item.kind === "health_check" || accepted.has(item.keyed.lead.runId));
  }

  return {
    accept: (keyed) => commit.submit({ kind: "lead", keyed }),
    async recordHealthCheck(at) {
      await commit.submit({ kind: "health_check", at });
    },
    drained: () => commit.drained(),
    get queueLength() {
      return commit.queueLength;
    },
    get backlogMs() {
      return commit.backlogMs;
    },
  };
}

function bytesOf(item: Item): number {
  return item.kind === "lead" ? item.keyed.lead.payload.length : 0;
}

/** Health checks share the queue fairly with the sources, whose names are not empty. */
function ownerOf(item: Item): string {
  return item.kind === "lead" ? item.keyed.lead.source : "";
}
