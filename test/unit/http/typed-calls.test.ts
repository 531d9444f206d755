// A call that does not fit its route does not compile, in the dashboard as on the command line: tsc fails here where it
// lets one of these through, because the error that is expected does not come.
import { expect, it } from "vitest";
import type { Api } from "../../../src/cli/frame/api-client.ts";
import type { call as callFromBrowser, Answer } from "../../../web/api/client.ts";

const runId = "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11";

/** Never called. */
const ofCommands = (api: Api): readonly Promise<unknown>[] => [
  api.call("GET /runs", { query: { status: ["failed"], test: false, source: undefined } }),
  api.call("GET /runs", { query: { status: "failed" } }),
  api.find("GET /runs/:run_id", { params: { run_id: runId } }),
  api.items("GET /dlq", { needs_decision: true }, 10),
  api.stream("GET /exports/runs", { query: { format: "csv", status: ["failed"] } }),
  api.call("POST /dlq/:dlq_id/retry", { params: { dlq_id: 17 }, body: {}, ifMatch: "7" }),
  api.call("POST /dlq/:dlq_id/edit", { params: { dlq_id: 17 }, json: '{"body":{},"reason":"typo"}' }),
  // @ts-expect-error there is no such path
  api.call("GET /run"),
  // @ts-expect-error nor this path with that method
  api.call("DELETE /runs"),
  // @ts-expect-error nor such an action of sources
  api.call("POST /sources/:name/try-now", { params: { name: "website" } }),
  // @ts-expect-error the path has a parameter
  api.call("GET /runs/:run_id"),
  // @ts-expect-error that is called otherwise
  api.call("GET /runs/:run_id", { params: { runId } }),
  // @ts-expect-error there is no such filter
  api.call("GET /runs", { query: { sourc: "website" } }),
  // @ts-expect-error nor such a state of a lead
  api.call("GET /runs", { query: { status: ["open"] } }),
  // @ts-expect-error a list is narrowed by its own filters
  api.items("GET /runs", { dlq_id: [17] }, 10),
  // @ts-expect-error that is no list
  api.items("GET /settings", {}, 10),
  // @ts-expect-error the query of this one is required
  api.call("GET /kpi/sources"),
  // @ts-expect-error the reason is missing
  api.call("POST /dlq/:dlq_id/dead", { params: { dlq_id: 17 }, body: {} }),
  // @ts-expect-error no such member of the body
  api.call("PATCH /settings", { body: { time_zone: "Europe/Vienna" } }),
  // @ts-expect-error this call has no body
  api.call("DELETE /session", { body: {} }),
  // @ts-expect-error a format that no export has
  api.stream("GET /exports/kpi", { query: { format: "pdf" } }),
];

const ofBrowser = (call: typeof callFromBrowser): readonly Promise<unknown>[] => [
  call("GET /dlq/:dlq_id", { params: { dlq_id: "17" }, query: { reveal: true } }),
  // @ts-expect-error there is no such path
  call("GET /dlq/:id", { params: { id: "17" } }),
  // @ts-expect-error no such filter
  call("GET /quarantine", { query: { sources: "website" } }),
  // @ts-expect-error a parameter is not said in the query
  call("GET /sources/:name", { query: { name: "website" } }),
];

const answered = (
  run: Answer<"GET /runs/:run_id">,
  session: Answer<"DELETE /session">,
): readonly unknown[] => [
  run.timeline[0]?.event_time.slice(0, 10),
  // @ts-expect-error times come as texts
  run.received_at.getTime,
  // @ts-expect-error no such member
  run.runId,
  // @ts-expect-error there may be none
  run.next_retry_at.slice(0, 10),
  // @ts-expect-error a state that no lead has
  run.status === "open",
  // @ts-expect-error this answer has no body
  session.role,
];

it("tells a call that does not fit its route before it is made", () => {
  expect([ofCommands, ofBrowser, answered]).toHaveLength(3);
});
