// Types and payloads within SQL are those that are declared.
import { expect, it } from "vitest";
import { eventSql, eventTypeSql, payloadSql } from "../../../src/ledger/log/event-sql.ts";

it("gives type and payload as the two columns of an INSERT", () => {
  expect(eventSql("delivery_released", { destination: "destination", reason: "'source_paused'" })).toBe(
    "'delivery_released', jsonb_build_object('destination', destination, 'reason', 'source_paused')",
  );
});

it("leaves a member out where it is NULL and need not be there", () => {
  expect(payloadSql("deliveries_stopped", { reason: "$1::text" })).toBe(
    "jsonb_strip_nulls(jsonb_build_object('reason', $1::text))",
  );
});

it("keeps a member that is NULL where it always has to be there", () => {
  const reason = "$3::text";
  expect(payloadSql("repeat_delivered", { event_id: "$1", new_run_id: "$2", reason })).toBe(
    "jsonb_build_object('event_id', $1, 'new_run_id', $2, 'reason', $3::text)",
  );
});

it("does not compile with a type, a member or a writer that is not declared", () => {
  // @ts-expect-error: there is no such type
  expect(eventTypeSql("lead_recieved")).toBe("'lead_recieved'");
  // @ts-expect-error: the database writes it, whoever makes the change
  expect(eventSql("lead_failed", { error_code: "'x'" })).toContain("lead_failed");
  // @ts-expect-error: `reason` is missing, and there is no `why`
  expect(payloadSql("delivery_released", { destination: "destination", why: "'x'" })).toContain("why");
});
