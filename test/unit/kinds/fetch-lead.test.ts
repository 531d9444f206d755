// What Meta's and LinkedIn's interfaces answer, and what is made of it.
import { describe, expect, it } from "vitest";
import { completionDelayMs, completionFailure } from "../../../src/domain/leads/completion.ts";
import { metaComplete } from "../../../src/kinds/sources/meta-lead-ads/fetch-lead.ts";
import { linkedinComplete } from "../../../src/kinds/sources/linkedin-lead-sync/fetch-lead.ts";
import type { Answer } from "../../../src/outgoing/exchange.ts";

const answer = (status: number, body: unknown, headers: Answer["headers"] = {}): Answer => ({
  kind: "answered",
  status,
  headers,
  bodyEnd: "whole",
  bodyStart: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  elapsedMs: 1,
});
const meta = (end: Answer) =>
  metaComplete.fetch({ kind: "meta-lead-ads", pageToken: "t0ken" }, { leadgen_id: "17" }, () =>
    Promise.resolve(end),
  );
const linkedin = (end: Answer) =>
  linkedinComplete.fetch(
    { kind: "linkedin-lead-sync", accessToken: "t0ken" },
    { leadGenFormResponse: "urn:li:leadGenFormResponse:a-1" },
    () => Promise.resolve(end),
  );

describe("Meta's errors", () => {
  it.each([
    [1, undefined, "completion_failed_for_now"],
    [2, undefined, "completion_failed_for_now"],
    ...[4, 17, 32, 613, 80_005].map((code) => [code, undefined, "completion_throttled"] as const),
    ...[10, 200, 299].map((code) => [code, undefined, "completion_not_permitted"] as const),
    [100, 33, "completion_lead_unavailable"],
    [100, undefined, "completion_request_wrong"],
    [190, 463, "completion_token_invalid"],
    [102, undefined, "completion_token_invalid"],
    [2500, undefined, "completion_request_wrong"],
    [803, undefined, "completion_request_wrong"],
  ] as const)("%i/%s is %s", async (code, subcode, expected) => {
    const error = { message: "about t0ken", code, error_subcode: subcode };
    expect(await meta(answer(400, { error }))).toMatchObject({
      kind: "failed",
      code: expected,
      message: expect.stringContaining("about ***") as string,
    });
  });

  it("say how long to wait in the header of the business use case", async () => {
    const usage = { "1": [{ type: "leadgen", estimated_time_to_regain_access: 7 }] };
    const headers = { "x-business-use-case-usage": JSON.stringify(usage) };
    const failed = await meta(answer(400, { error: { code: 80_005 } }, headers));
    expect(failed).toMatchObject({ code: "completion_throttled", retryAfterMs: 420_000 });
  });

  it("without JSON, or without answers, are tried again", async () => {
    expect(await meta(answer(502, "<html>"))).toMatchObject({ code: "completion_unreachable" });
    expect(await meta(answer(200, "<html>"))).toMatchObject({ code: "completion_answer_unusable" });
    expect(await meta(answer(200, { id: "17" }))).toMatchObject({ code: "completion_answer_unusable" });
  });
});

it("Meta's version that answered stands beside the one that was asked for", async () => {
  const body = '{"id":"17","field_data":[],"ad_id":120210000000000001}';
  expect(await meta(answer(200, body, { "facebook-api-version": "v21.0" }))).toMatchObject({
    kind: "completed",
    version: { asked: "v26.0", answered: "v21.0" },
    members: { ad_id: { text: "120210000000000001" } },
  });
});

it.each([
  [401, "completion_token_invalid"],
  [403, "completion_not_permitted"],
  [404, "completion_lead_unavailable"],
  [400, "completion_request_wrong"],
  [426, "completion_request_wrong"],
  [429, "completion_throttled"],
  [503, "completion_unreachable"],
] as const)("LinkedIn's %i is %s", async (status, code) => {
  expect(await linkedin(answer(status, { status, message: "t0ken" }))).toMatchObject({
    kind: "failed",
    code,
  });
});

it.each([
  [{ leadgen_id: "17" }, true],
  [{ leadgen_id: "17", field_data: [] }, false],
  [{ leadgen_id: "../me" }, false],
  [{ email: "a@b.de" }, false],
  [null, false],
])("of Meta's %j it is said whether answers are missing", (body, expected) => {
  expect(metaComplete.needs(body)).toBe(expected);
});

it("is tried again at ever longer intervals, and a pause that is asked for is kept within a day", () => {
  const unreachable = completionFailure("completion_unreachable", "");
  expect([1, 2, 3, 30].map((attempts) => completionDelayMs(unreachable, attempts))).toEqual([
    ...[5_000, 10_000, 20_000, 3_600_000],
  ]);
  expect(completionDelayMs(completionFailure("completion_throttled", "", 10 ** 12), 1)).toBe(86_400_000);
  expect(completionDelayMs(completionFailure("completion_token_invalid", ""), 9)).toBe(21_600_000);
});
