// Types and payloads of events within SQL, checked against what is declared of them (domain/log).
import type { MemberKind } from "../../domain/log/event-type.ts";
import { eventTypes } from "../../domain/log/event-types.ts";
import type { EventPayload, EventTypeName, ProgramEventType } from "../../domain/log/event-types.ts";

/** Expressions for the payload's members, those that are always there and those that may be. */
export type MembersSql<Type extends EventTypeName> = {
  readonly [Name in keyof EventPayload<Type>]: string;
};

/**
 * `'type', jsonb_build_object(…)`: the columns event_type and payload of what is inserted into audit_events. A member that
 * is not always there is left out where its expression is NULL.
 */
export function eventSql<Type extends ProgramEventType>(type: Type, members: MembersSql<Type>): string {
  return `${eventTypeSql(type)}, ${payloadSql(type, members)}`;
}

/** The payload alone, for statements that choose among several types. */
export function payloadSql<Type extends ProgramEventType>(type: Type, members: MembersSql<Type>): string {
  const declared: Readonly<Record<string, MemberKind>> = eventTypes[type].members;
  const given = Object.entries<string>(members);
  const object = `jsonb_build_object(${given.map(([name, sql]) => `'${name}', ${sql}`).join(", ")})`;
  return given.some(([name]) => declared[name]?.endsWith("?") === true)
    ? `jsonb_strip_nulls(${object})`
    : object;
}

/** `'type'`, or `'type', 'type'` for a list; names of types have no quotes in them. */
export function eventTypeSql(...types: readonly EventTypeName[]): string {
  return types.map((type) => `'${type}'`).join(", ");
}
