import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyStatus, interrupted, timedOut } from "../../../src/domain/destinations/outcome.ts";
import type { Failed } from "../../../src/domain/destinations/outcome.ts";

const nowMs = Date.UTC(2026, 6, 15, 12);

function failed(status: number, retryAfter: string | null = null, location: string | null = null): Failed {
  const outcome = classifyStatus("crm", { status, retryAfter, location }, nowMs);
  if (outcome.kind === "delivered") throw new Error(`${status} counts as delivered`);
  return outcome;
}

describe("what an answer's status means", () => {
  it.each([200, 201, 202, 204, 299])("%i: the lead has arrived", (status) => {
    expect(classifyStatus("crm", { status, retryAfter: null, location: null }, nowMs)).toEqual({
      kind: "delivered",
      httpStatus: status,
    });
  });

  it.each([
    [301, "needs_configuration", "destination_redirect"],
    [304, "needs_configuration", "destination_redirect"],
    [308, "needs_configuration", "destination_redirect"],
    [400, "permanent", "destination_rejected"],
    [401, "needs_credentials", "destination_auth"],
    [402, "permanent", "destination_rejected"],
    [403, "needs_credentials", "destination_auth"],
    [404, "permanent", "destination_rejected"],
    [407, "needs_credentials", "destination_auth"],
    [408, "transient", "destination_timeout"],
    [409, "permanent", "destination_rejected"],
    [422, "permanent", "destination_rejected"],
    [425, "transient", "destination_throttled"],
    [429, "transient", "destination_throttled"],
    [499, "permanent", "destination_rejected"],
    [500, "transient", "destination_error"],
    [503, "transient", "destination_error"],
    [599, "transient", "destination_error"],
    [199, "transient", "destination_bad_response"],
    [600, "transient", "destination_bad_response"],
    [999, "transient", "destination_bad_response"],
  ] as const)("%i is %s (%s)", (status, failureClass, code) => {
    expect(failed(status)).toMatchObject({ kind: "failed", class: failureClass, code, httpStatus: status });
  });

  it("says in one sentence who answered what, and what a person can do", () => {
    expect(failed(401).message).toBe("crm answered 401 Unauthorized: the credentials need mending");
    expect(failed(503).message).toBe("crm answered 503 Service Unavailable");
    expect(failed(301, null, "https://new.example/\u001b[31m\n").message).toBe(
      "crm answered 301 Moved Permanently pointing to https://new.example/?[31m?: " +
        "redirects are not followed, the URL needs mending",
    );
    expect(timedOut("crm", 10_000).message).toBe("no answer from crm within 10 s");
    expect(interrupted("crm").class).toBe("transient");
  });

  it("never claims that a lead has arrived unless the status is 2xx", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), (status) => {
        const { kind } = classifyStatus("crm", { status, retryAfter: null, location: null }, nowMs);
        expect(kind === "delivered").toBe(status >= 200 && status < 300);
      }),
    );
  });
});

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7_000],
    ["86401", 86_400_000],
    ["9".repeat(400), 86_400_000],
    ["Wed, 15 Jul 2026 12:01:00 GMT", 60_000],
    ["Wednesday, 15-Jul-26 12:01:00 GMT", 60_000],
    ["Wed Jul 15 12:01:00 2026", 60_000],
    ["Wed, 01 Jul 2026 12:00:00 GMT", 0],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["Thu, 15 Jul 2027 12:00:00 GMT", 86_400_000],
    // Not RFC 9110, but sent, and clear: unix times and ISO 8601.
    [String(nowMs / 1_000 + 90), 90_000],
    [String(nowMs + 90_000), 90_000],
    [String(nowMs / 1_000 - 90), 0],
    [String(nowMs - 90_000), 0],
    [String((nowMs + 90_000) * 1_000), 86_400_000],
    ["2026-07-15T12:01:00Z", 60_000],
    ["2026-07-15T12:01:00.500+00:00", 60_500],
  ])("%j is understood", (value, expectedMs) => {
    expect(failed(503, value).retryAfterMs).toBe(expectedMs);
  });

  it.each([
    "",
    "-1",
    "1.5",
    "soon",
    "in 5 minutes",
    "1e3",
    "Wed, 99 Foo 2026 99:99:99 GMT",
    "2026-07-15",
    "5, 10",
  ])("%j is ignored", (value) => {
    expect(failed(503, value).retryAfterMs).toBeNull();
  });

  it("is always between nothing and a day, whatever a destination writes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String), fc.date().map(String)), (value) => {
        const waitMs = failed(429, value).retryAfterMs;
        expect(waitMs === null || (waitMs >= 0 && waitMs <= 86_400_000)).toBe(true);
      }),
    );
  });
});
