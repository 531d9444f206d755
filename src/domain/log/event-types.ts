// Every type of audit event that LeadLedger writes. A type that is not here was written by a newer node, or by somebody
// with SQL: it is shown by its own name, and what it holds is treated with caution.
import { accountEvents } from "./account-events.ts";
import { alertEvents } from "./alert-events.ts";
import { attentionEvents } from "./attention-events.ts";
import type { EventTopic, EventType, PayloadOf } from "./event-type.ts";
import { installationEvents } from "./installation-events.ts";
import { leadEvents } from "./lead-events.ts";

export const eventTypes = {
  ...leadEvents,
  ...attentionEvents,
  ...installationEvents,
  ...alertEvents,
  ...accountEvents,
};

export type EventTypeName = keyof typeof eventTypes;

/** Those that code of the program may write. */
export type ProgramEventType = {
  [Type in EventTypeName]: (typeof eventTypes)[Type]["writtenBy"] extends "database" ? never : Type;
}[EventTypeName];

/** The payload of an event of this type. */
export type EventPayload<Type extends EventTypeName> = PayloadOf<(typeof eventTypes)[Type]["members"]>;

/** In the order in which the documentation has them. */
export const eventTypeNames = Object.keys(eventTypes) as readonly EventTypeName[];

/** What is said about this type; null: it is none of ours. */
export function eventTypeOf(type: string): EventType | null {
  return Object.hasOwn(eventTypes, type) ? eventTypes[type as EventTypeName] : null;
}

/** What nobody here knows is told only to those who may read the log. */
export function topicOfEvent(type: string): EventTopic {
  return eventTypeOf(type)?.topic ?? "audit";
}

/** What nobody here knows may hold anything. */
export function mayHoldPersonFields(type: string): boolean {
  const known = eventTypeOf(type);
  return known === null || known.holdsPersonFields === true;
}
