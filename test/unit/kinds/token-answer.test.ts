// What answers of token servers mean (RFC 6749 section 5).
import { describe, expect, it } from "vitest";
import type { BodyEnd } from "../../../src/outgoing/exchange.ts";
import { readTokenAnswer } from "../../../src/kinds/destinations/oauth2/token-answer.ts";

function meaning(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  bodyEnd: BodyEnd = "whole",
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/html" : "application/json";
  return readTokenAnswer(
    { name: "the token server of crm" },
    {
      kind: "answered",
      status,
      headers: { "content-type": type, ...headers },
      bodyStart: Buffer.from(text),
      bodyEnd,
      elapsedMs: 1,
    },
    Date.parse("2026-07-15T12:00:00Z"),
  );
}

describe("a token server's answer", () => {
  it.each([
    [{ access_token: "abc", token_type: "Bearer", expires_in: 3600 }, 3_600_000],
    [{ access_token: "abc", token_type: "bearer", expires_in: "60" }, 60_000],
    // Apigee; Salesforce, which says no end; one without a type.
    [{ access_token: "abc", token_type: "BearerToken", expires_in: "1799" }, 1_799_000],
    [{ access_token: "abc", token_type: "Bearer", instance_url: "https://x.example" }, null],
    [{ access_token: "abc", expires_in: null }, null],
    [{ access_token: "abc", expires_in: "soon" }, null],
  ])("%j gives a token", (body, lifetimeMs) => {
    expect(meaning(200, body)).toEqual({ kind: "granted", token: "abc", lifetimeMs });
  });

  it.each<[number, unknown, string]>([
    [401, { error: "invalid_client" }, "destination_auth"],
    [400, { error: "invalid_client", error_description: "AADSTS7000215" }, "destination_auth"],
    [400, { error: "invalid_grant" }, "destination_auth"],
    [400, { error: "unauthorized_client" }, "destination_auth"],
    [403, { error: "access_denied" }, "destination_auth"],
    // GitHub refuses with 200.
    [200, { error: "invalid_client" }, "destination_auth"],
    [401, "<html>log in</html>", "destination_auth"],
    [403, {}, "destination_auth"],
    [400, { error: "invalid_scope" }, "destination_configuration"],
    [400, { error: "unsupported_grant_type" }, "destination_configuration"],
    [400, { error: "invalid_request" }, "destination_configuration"],
    [400, { error: { code: 7 } }, "destination_configuration"],
    [404, "<html>not found</html>", "destination_configuration"],
    [405, {}, "destination_configuration"],
    [302, "", "destination_configuration"],
    [200, "<html>sign in</html>", "destination_configuration"],
    [200, { token: "abc" }, "destination_configuration"],
    [200, { access_token: "" }, "destination_configuration"],
    [200, { access_token: "a\r\nb" }, "destination_configuration"],
    [200, { access_token: "abc", token_type: "mac" }, "destination_configuration"],
    [204, "", "destination_configuration"],
    [500, { error: "invalid_client" }, "destination_error"],
    [503, "<html>maintenance</html>", "destination_error"],
    [400, { error: "temporarily_unavailable" }, "destination_error"],
    [429, { error: "invalid_request" }, "destination_throttled"],
    [408, {}, "destination_timeout"],
  ])("%i with %j is %s", (status, body, code) => {
    expect(meaning(status, body)).toMatchObject({
      kind: "failed",
      code,
      httpStatus: status,
      message: expect.stringContaining("the token server of crm") as string,
    });
  });

  it("may bring the refresh token that is to be used from then on", () => {
    expect(meaning(200, { access_token: "abc", refresh_token: "next" })).toMatchObject({
      token: "abc",
      refreshToken: "next",
    });
  });

  it("that was cut off is tried again", () => {
    expect(meaning(200, '{"access_token":"ab', {}, "stalled")).toMatchObject({
      code: "destination_bad_response",
      class: "transient",
    });
  });

  it("says when to come again", () => {
    expect(meaning(429, {}, { "retry-after": "90" })).toMatchObject({ retryAfterMs: 90_000 });
  });

  it("is never repeated, but for the error's code", () => {
    const echo = { error: "invalid_client", error_description: "planted", access_token: "planted" };
    for (const status of [200, 400, 401, 404, 500])
      expect(JSON.stringify(meaning(status, echo))).not.toContain("planted");
    expect(JSON.stringify(meaning(400, { error: "client planted is wrong" }))).not.toContain("planted");
  });
});
