// A lead's timeline: steps with what followed from them, the time between, and a sentence for every type of event.
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../web/api/types.ts";
import { eventName, eventTypeNames } from "../../../web/language/event-names.ts";
import { stepsOf } from "../../../web/leads/timeline-steps.ts";
import { tell } from "../../../web/leads/timeline-words.ts";
import { languages } from "../../support/documentation.ts";

let nextId = 0;

function event(type: string, second: number, more: Partial<LogEntry> = {}): LogEntry {
  nextId += 1;
  return {
    event_id: nextId,
    run_id: null,
    event_type: type,
    actor: "delivery",
    actor_name: null,
    payload: {},
    event_time: new Date(Date.UTC(2026, 10, 26) + second * 1_000).toISOString(),
    ...more,
  };
}

const told = (events: readonly LogEntry[]) =>
  stepsOf(events).map(({ head, consequences, afterMs }) => [
    head.event_type,
    consequences.map(({ event_type: type }) => type),
    afterMs,
  ]);

describe("steps", () => {
  test("bear what followed from them, and the time since the one before", () => {
    const entry = { payload: { dlq_id: 7, destination: "crm" } };
    expect(
      told([
        event("lead_received", 0, { actor: "webhook" }),
        event("delivery_failed", 2.4),
        event("dlq_created", 2.401, entry),
        event("lead_failed", 2.402),
        event("dlq_retrying", 60, entry),
        event("lead_delivered", 60.2, entry),
        event("dlq_resolved", 60.201, entry),
        event("lead_processed", 60.202),
      ]),
    ).toEqual([
      ["lead_received", [], null],
      ["delivery_failed", ["dlq_created", "lead_failed"], 2_400],
      ["lead_delivered", ["dlq_resolved", "lead_processed"], 57_800],
    ]);
  });

  test("keep what a person did apart from what happened just before", () => {
    const person = { actor: "user:3" };
    expect(
      told([
        event("delivery_failed", 0),
        event("dlq_resolved", 1, person),
        event("lead_processed", 1.001, person),
      ]),
    ).toEqual([
      ["delivery_failed", [], null],
      ["dlq_resolved", ["lead_processed"], 1_000],
    ]);
  });

  test("show an attempt that is under way, and do not take another entry's attempt for its end", () => {
    const first = { payload: { dlq_id: 1 } };
    expect(told([event("dlq_retrying", 0, first)])).toEqual([["dlq_retrying", [], null]]);
    expect(
      told([event("dlq_retrying", 0, first), event("delivery_failed", 1, { payload: { dlq_id: 2 } })]),
    ).toEqual([
      ["dlq_retrying", [], null],
      ["delivery_failed", [], 1_000],
    ]);
  });
});

describe("words", () => {
  const format = { requestTime: (ms: number) => `${ms} ms`, shortTime: (iso: string) => `um ${iso}` };

  test.each(languages)("are there for every type that LeadLedger writes (%s)", (language) => {
    expect(eventTypeNames.length).toBeGreaterThan(50);
    for (const type of eventTypeNames) {
      // Also where a hand wrote an event without its data.
      expect(tell(event(type, 0, { payload: null }), language, format).title).not.toContain(type);
      expect(eventName(type, language)).not.toBe(type);
    }
  });

  test("of a type that somebody's own program added are its name", () => {
    const called = event("called_back", 0, { payload: { text: "Rückruf am Freitag" } });
    expect(tell(called, "de", format)).toMatchObject({ title: "called_back", quote: "Rückruf am Freitag" });
  });

  test("say what follows, why, and who wrote what", () => {
    const created = event("dlq_created", 0, {
      payload: {
        dlq_id: 7,
        kind: "delivery",
        next_retry_at: "2020-07-14T12:05:00Z",
        reason: "crm answered 503",
        error_code: "destination_error",
      },
    });
    expect(tell(created, "de", format)).toEqual({
      tone: "healing",
      title: "Klärfall 7: nächster Versuch um 2020-07-14T12:05:00Z",
      isBulk: false,
    });
    const failed = event("delivery_failed", 0, {
      payload: { destination: "crm", outcome: "destination_error" },
    });
    expect(tell(failed, "de", format)).toMatchObject({
      title: "Zustellung an crm gescheitert",
      code: "destination_error",
      tone: "bad",
    });
    const edited = event("lead_edited", 0, { payload: { dlq_id: 7, reason: "Tippfehler", patch: [] } });
    expect(tell(edited, "de", format)).toMatchObject({ quote: "Tippfehler" });
    const held = event("delivery_held", 0, { payload: { destination: "crm", reason: "same_person" } });
    expect(tell(held, "de", format)).toEqual({
      tone: "quiet",
      title: "Zustellung an crm zurückgehalten: Von dieser Person kam schon ein Lead",
      isBulk: false,
    });
    const released = event("delivery_released", 0, {
      payload: { destination: "crm", reason: "same_person", note: "Neues Anliegen" },
    });
    expect(tell(released, "de", format)).toMatchObject({ tone: "byHand", quote: "Neues Anliegen" });
    const fetching = event("completion_ordered", 0, {
      payload: { action: "retry", reason: "Zugriff erteilt" },
    });
    expect(tell(fetching, "de", format)).toMatchObject({ quote: "Zugriff erteilt" });
    const noted = event("dlq_changed", 0, {
      payload: { dlq_id: 7, operation_id: "x", changed: { note: { from: null, to: "CRM läuft wieder" } } },
    });
    expect(tell(noted, "de", format)).toMatchObject({ quote: "CRM läuft wieder", isBulk: true });
  });
});
