// What somebody should look at now: facts, as codes with their parameters. Whoever shows them words them.
import type { SilenceReason } from "./dead-mans-switch.ts";
import type { DlqKind } from "../leads/run.ts";
import type { SlaMeasure } from "./sla-kinds.ts";
import type { SlaRisk } from "./sla-kinds.ts";

/** `error`: leads are lost, stand still or wait for a person; `warning`: it may mend itself, or somebody wants it so. */
export type AlarmSeverity = "error" | "warning";

export type Alarm =
  | { readonly code: "no_node_runs"; readonly severity: "error" }
  | {
      /** The database no longer has what it had before, and nobody has taken note of it. */
      readonly code: "database_went_back";
      readonly severity: "error";
      readonly setback_id: number;
      readonly node: string;
      readonly noticed_at: Date;
      /** What came later is missing, until `until`; null: all of it is. */
      readonly since: Date | null;
      readonly until: Date;
      /** null: single leads only. */
      readonly events_max: number | null;
      readonly leads_missing: number | null;
    }
  | {
      readonly code: "requests_denied";
      readonly severity: AlarmSeverity;
      readonly source: string;
      readonly is_configured: boolean;
      readonly error_code: string;
      readonly count: number;
      readonly first_at: Date;
      readonly last_at: Date;
    }
  | {
      readonly code: "source_secrets_expired";
      readonly severity: "error";
      readonly source: string;
      readonly since: Date;
      /** Where a new one is entered. */
      readonly managed_by: "file" | "api";
    }
  | {
      readonly code: "delivered_to_nobody";
      readonly severity: "error";
      readonly source: string;
      readonly count: number;
      readonly since_day: string;
    }
  | {
      readonly code: "deliveries_overdue";
      readonly severity: "error";
      readonly destination: string;
      readonly count: number;
      readonly since: Date;
    }
  | {
      readonly code: "entries_need_decision";
      readonly severity: "error";
      readonly count: number;
      readonly largest: {
        readonly kind: DlqKind;
        readonly destination: string | null;
        readonly source: string | null;
        readonly error_code: string | null;
        readonly count: number;
      };
    }
  | {
      readonly code: "destination_failing";
      readonly severity: "warning";
      readonly destination: string;
      readonly error_code: string | null;
      readonly count: number;
      readonly since: Date;
      readonly next_retry_at: Date | null;
    }
  | {
      readonly code: "deliveries_stopped";
      readonly severity: "error";
      /** Actor of the audit log. */
      readonly by: string;
      readonly reason: string | null;
      readonly since: Date;
    }
  | {
      readonly code: "destination_left_alone";
      /** `error`: somebody must mend the credentials. */
      readonly severity: AlarmSeverity;
      readonly destination: string;
      readonly error_code: string;
      readonly since: Date;
      /** In the past: with the next lead. */
      readonly next_probe_at: Date;
      readonly waiting: number;
    }
  | {
      readonly code: "destination_paused";
      readonly severity: "warning";
      readonly destination: string;
      readonly waiting: number;
    }
  | {
      /** Leads that came as ids, whose data have not been fetched. */
      readonly code: "leads_incomplete";
      /** `error`: a person has to do something. */
      readonly severity: AlarmSeverity;
      readonly source: string;
      /** null: no attempt has ended. */
      readonly error_code: string | null;
      readonly count: number;
      readonly since: Date;
    }
  | {
      /** Held, because an earlier lead is of the same person, until somebody releases or withdraws them. */
      readonly code: "leads_held_for_decision";
      /** `error`: for more than a day. */
      readonly severity: AlarmSeverity;
      readonly source: string;
      readonly count: number;
      readonly since: Date;
    }
  | {
      /** A node is gone without having said that it stops. */
      readonly code: "node_gone";
      /** `error`: leads wait on its disk. */
      readonly severity: AlarmSeverity;
      /** Host and port. */
      readonly node: string;
      readonly since: Date;
      /** Requests that waited on its disk when it last spoke. */
      readonly spooled: number;
    }
  | {
      /** Leads wait on the disk of a node although the database is there. */
      readonly code: "spool_in_use";
      /** `error`: for a quarter of an hour. */
      readonly severity: AlarmSeverity;
      readonly node: string;
      readonly records: number;
      readonly since: Date;
    }
  | {
      readonly code: "disk_nearly_full";
      readonly severity: AlarmSeverity;
      readonly node: string;
      readonly place: "data" | "spool";
      readonly free_bytes: number;
      readonly total_bytes: number;
    }
  | {
      readonly code: "clock_off";
      /** `error`: by a minute. */
      readonly severity: AlarmSeverity;
      readonly node: string;
      /** The machine's clock minus the database's. */
      readonly offset_ms: number;
    }
  | {
      /** A node goes by another configuration than its file says. */
      readonly code: "configuration_broken";
      readonly severity: "error";
      readonly node: string;
      readonly since: Date;
      readonly reason: "unreadable" | "refused";
      readonly file: string;
      readonly line: number | null;
      readonly problem_code: string | null;
    }
  | {
      /** Within the last hour nodes were without the database: told afterwards. */
      readonly code: "database_was_away";
      readonly severity: "warning";
      readonly since: Date;
      readonly until: Date;
      readonly nodes: readonly string[];
    }
  | {
      readonly code: "credentials_expire";
      /** `error`: within three days, or already. */
      readonly severity: AlarmSeverity;
      readonly of: "source" | "destination" | "api_key" | "certificate";
      /** Of the source, destination or key; of a certificate the node. */
      readonly name: string;
      readonly expires_at: Date;
      readonly is_over: boolean;
      /** Where sources and destinations are changed; null: neither of the two. */
      readonly managed_by: "file" | "api" | null;
    }
  | {
      /** The address that is called while all works is not called. */
      readonly code: "dead_mans_switch_silent";
      readonly severity: "error";
      readonly since: Date;
      readonly reasons: readonly SilenceReason[];
    }
  | {
      readonly code: "postgresql_unsafe";
      readonly severity: "warning";
      readonly version: string;
      readonly fixed_in: string;
      /** ISO day. */
      readonly known_since: string;
      /** The one that comes with LeadLedger, which is updated with it. */
      readonly is_embedded: boolean;
    }
  | {
      /** What was agreed about leads is not kept, or soon will not be. */
      readonly code: "sla_at_risk";
      readonly severity: AlarmSeverity;
      readonly sla: string;
      /** What people call it. */
      readonly label: string;
      readonly measure: SlaMeasure;
      readonly source: string | null;
      readonly destination: string | null;
      readonly risk: SlaRisk;
      readonly since: Date;
      /** 0.99 is 99 %. */
      readonly target_share: number;
      readonly within_ms: number | null;
      /** Leads decided within the last day of the target's time, and those of them that missed it. */
      readonly decided: number;
      readonly missed: number;
      /** How many times too fast the month's budget is spent; null: not `burning`. */
      readonly burn_rate: number | null;
      /** Of `age`. */
      readonly oldest_ms: number | null;
    }
  /** Its senders get 503. */
  | { readonly code: "source_paused"; readonly severity: "warning"; readonly source: string }
  | {
      /** Nothing comes of it, although its rhythm says that something should have. */
      readonly code: "source_silent";
      readonly severity: "error";
      readonly source: string;
      /** Its last lead. */
      readonly since: Date;
      /** Leads that it should have brought until it was noticed; null: it is judged by a fixed time. */
      readonly missed: number | null;
    }
  /** Of all sources, which points to us: the address, the network, a certificate. Instead of one for each. */
  | { readonly code: "all_sources_silent"; readonly severity: "error"; readonly since: Date }
  | {
      /** No test lead of the source came and was processed when one was due. */
      readonly code: "heartbeat_missing";
      readonly severity: "error";
      readonly source: string;
      readonly due_at: Date;
      /** The last that was; null: none was. */
      readonly last_at: Date | null;
      /** What kept ours from being accepted, in words of intake; null: it was sent by somebody else, or was accepted. */
      readonly trouble: string | null;
    }
  | {
      readonly code: "source_held";
      readonly severity: AlarmSeverity;
      readonly source: string;
      readonly held: number;
      readonly held_since: Date | null;
    };

/** Of errors, and then of warnings, in this order. */
export const urgency: readonly Alarm["code"][] = [
  "database_went_back",
  "no_node_runs",
  "dead_mans_switch_silent",
  "node_gone",
  "disk_nearly_full",
  "configuration_broken",
  "spool_in_use",
  "all_sources_silent",
  "requests_denied",
  "source_secrets_expired",
  "source_silent",
  "heartbeat_missing",
  "delivered_to_nobody",
  "deliveries_stopped",
  "deliveries_overdue",
  "destination_left_alone",
  "leads_incomplete",
  "leads_held_for_decision",
  "entries_need_decision",
  "credentials_expire",
  "clock_off",
  "sla_at_risk",
  "destination_failing",
  "database_was_away",
  "postgresql_unsafe",
  "destination_paused",
  "source_paused",
  "source_held",
];

/** A new list; alarms of one code stay in the order in which they came. */
export function worstFirst(alarms: readonly Alarm[]): Alarm[] {
  const rank = ({ severity, code }: Alarm): number =>
    (severity === "error" ? 0 : urgency.length) + urgency.indexOf(code);
  return alarms.toSorted((one, other) => rank(one) - rank(other));
}
