// What a live view is told, as messages of server-sent events: ids, types and states, and no person's data.
import type { EventTopic } from "../../domain/log/event-type.ts";
import { eventTypeOf, topicOfEvent } from "../../domain/log/event-types.ts";
import type { Role } from "../../domain/accounts/roles.ts";
import { mayDo } from "../../domain/accounts/roles.ts";
import type { KpiDay } from "../../ledger/figures/kpi-daily.ts";
import type { LiveEvent } from "../../ledger/log/live-events.ts";

/** `many`: so much happened that views had better read again what they show. */
export type LiveTopic = EventTopic | "many";

export interface LiveMessage {
  readonly topic: LiveTopic;
  readonly data: Readonly<Record<string, unknown>>;
}

export function messageOf(event: LiveEvent): LiveMessage {
  const { event_id, event_type, run_id, at } = event;
  const told = { event_id, event_type, at, ...present({ run_id }) };
  const { destination, error_code, outcome, dlq_id, operation_id, part, name } = event;
  const topic = topicOfEvent(event_type);
  switch (topic) {
    case "run":
      return {
        topic,
        data: { ...told, ...present({ status: stateOf(event), outcome, destination, error_code }) },
      };
    case "dlq": {
      const status = stateOf(event);
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
  return eventTypeOf(type)?.weakensCredentials === true;
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

/** What its run or entry is from then on, as far as the event changes that. */
function stateOf({ event_type: type, status }: LiveEvent): string | null {
  const becomes = eventTypeOf(type)?.becomes ?? null;
  return becomes === "as_told" ? status : becomes;
}

function present(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  );
}
