// What a live view is told, as messages of server-sent events: ids, types and states, and no person's data.
import type { Role } from "../../domain/accounts/roles.ts";
import { mayDo } from "../../domain/accounts/roles.ts";
import type { KpiDay } from "../../ledger/figures/kpi-daily.ts";
import type { LiveEvent } from "../../ledger/log/live-events.ts";

/** `many`: so much happened that views had better read again what they show. */
export type LiveTopic = "run" | "dlq" | "operation" | "configuration" | "kpi" | "audit" | "health" | "many";

export interface LiveMessage {
  readonly topic: LiveTopic;
  readonly data: Readonly<Record<string, unknown>>;
}

export function messageOf(event: LiveEvent): LiveMessage {
  const { event_id, event_type, run_id, at } = event;
  const told = { event_id, event_type, at, ...present({ run_id }) };
  const { destination, error_code, outcome, dlq_id, operation_id, part, name } = event;
  const topic = topicOf(event);
  switch (topic) {
    case "run":
      return {
        topic,
        data: { ...told, ...present({ status: runStatus(event), outcome, destination, error_code }) },
      };
    case "dlq": {
      const status = entryStatus(event);
      return {
        topic,
        data: { ...told, ...present({ dlq_id, status, destination, error_code, operation_id }) },
      };
    }
    case "operation":
      return { topic, data: { ...told, ...present({ operation_id }) } };
    case "configuration":
      return { topic, data: { ...told, ...present({ part, name }) } };
    default:
      return { topic, data: told };
  }
}

export function kpiMessage(day: KpiDay): LiveMessage {
  return { topic: "kpi", data: { ...day } };
}

export const manyMessage: LiveMessage = { topic: "many", data: {} };

export interface Listener {
  readonly role: Role;
  readonly healthChecks: boolean;
}

/** After these a key or a session may be good for less than before. */
export function concernsCredentials({ event_type: type }: LiveEvent): boolean {
  return /^(?:api_key_revoked|signed_out|user_changed)$/.test(type);
}

/** Who signs in and who looks at what is told only to who may read the audit log. */
export function isFor({ topic }: LiveMessage, { role, healthChecks }: Listener): boolean {
  if (topic === "health") return healthChecks;
  return topic !== "audit" || mayDo(role, "audit.read");
}

/** `id`: where to go on from after a break (the header Last-Event-ID). */
export function eventText({ topic, data }: LiveMessage, id: number): string {
  return `id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`;
}

function topicOf({ event_type: type }: LiveEvent): LiveTopic {
  if (type === "health_check") return "health";
  if (/^(?:lead|delivery|run|duplicate)_/.test(type)) return "run";
  if (type.startsWith("dlq_")) return "dlq";
  if (type.startsWith("operation_")) return "operation";
  if (/^(?:kpi_|timezone_changed)/.test(type)) return "kpi";
  // Whether anything is sent, and where, is shown where sources and destinations are.
  return /^(?:configuration|source|destination|setting|circuit|deliveries)_?/.test(type)
    ? "configuration"
    : "audit";
}

function runStatus({ event_type: type, status }: LiveEvent): string | null {
  switch (type) {
    case "lead_received":
    case "lead_corrected":
      return "accepted";
    case "lead_processed":
      return "processed";
    case "lead_failed":
    case "lead_rejected":
      return "failed";
    case "run_inserted":
      return status;
    default:
      return null;
  }
}

function entryStatus({ event_type: type, status }: LiveEvent): string | null {
  switch (type) {
    case "dlq_created":
      return status;
    case "dlq_retrying":
      return "retrying";
    case "dlq_rescheduled":
      return "open";
    case "dlq_resolved":
      return "resolved";
    case "dlq_dead":
      return "dead";
    default:
      return null;
  }
}

function present(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  );
}
