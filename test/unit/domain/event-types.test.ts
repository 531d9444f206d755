// What is declared of the types of events holds together.
import { expect, it } from "vitest";
import {
  eventTypeNames,
  eventTypeOf,
  mayHoldPersonFields,
  topicOfEvent,
} from "../../../src/domain/log/event-types.ts";
import { maskEventPayload } from "../../../src/domain/persons/masking.ts";

it.each(eventTypeNames)("%s has its own name in both languages, and an example with its members", (type) => {
  const declared = eventTypeOf(type);
  expect(declared?.name.de).not.toBe(declared?.name.en);
  const { payload = "", members = {} } = declared ?? {};
  const example = typeof payload === "string" ? payload : payload.en;
  const shown = [...example.matchAll(/(?:^`\{|, )"(\w+)":/g)].map(([, name]) => name ?? "");
  expect(shown.filter((name) => !Object.hasOwn(members, name) && !nested.has(name))).toEqual([]);
});

/** In examples below a member. */
const nested = new Set(["to", "name", "within_ms", "share_millionths", "day"]);

it("takes what nobody here knows for something that only readers of the log hear of, and masks it", () => {
  const event = { event_type: "lead_merged", actor: "system", payload: { name: "Erika Muster" } };
  expect(eventTypeOf(event.event_type)).toBeNull();
  expect(topicOfEvent(event.event_type)).toBe("audit");
  expect(mayHoldPersonFields(event.event_type)).toBe(true);
  expect(JSON.stringify(maskEventPayload(event, null))).not.toContain("Muster");
  // No type, though every object has it.
  expect(eventTypeOf("toString")).toBeNull();
});

it("masks no name of a source or destination in the installation's own events", () => {
  const event = {
    event_type: "configuration_changed",
    actor: "user:3",
    payload: { part: "source", name: "website" },
  };
  expect(maskEventPayload(event, null)).toEqual(event.payload);
});
