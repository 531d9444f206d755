// Problem details: their members, and the language of whoever reads them.
import { describe, expect, it } from "vitest";
import { languageOf } from "../../../src/domain/errors/accept-language.ts";
import { errorCatalogue } from "../../../src/domain/errors/error-catalogue.ts";
import type { ErrorCode } from "../../../src/domain/errors/error-catalogue.ts";
import { refusalCodes } from "../../../src/domain/leads/refusal.ts";
import { problem } from "../../../src/http/problem.ts";

/** What is kept aside under it was taken from a sender who had every right to send it. */
function isAnsweredAsSuccess(code: ErrorCode): boolean {
  return code === "erasure_requested";
}

describe("a problem", () => {
  it("has the members of RFC 9457 and its extensions on the top level", () => {
    const { status, body } = problem("json_malformed", "en", { run_id: "r", dlq_id: 7, reason: "line 1" });
    expect(status).toBe(422);
    expect(body).toEqual({
      type: "urn:leadledger:error:json_malformed",
      title: "The body is not valid JSON",
      status: 422,
      detail: expect.stringContaining("kept") as string,
      code: "json_malformed",
      run_id: "r",
      dlq_id: 7,
      reason: "line 1",
    });
  });

  it.each(Object.keys(errorCatalogue) as ErrorCode[])(
    "%s is an error status and is told in both languages",
    (code) => {
      const { status, en, de } = errorCatalogue[code];
      if (!isAnsweredAsSuccess(code)) expect(status).toBeGreaterThanOrEqual(400);
      expect(status).not.toBe(410);
      for (const text of [en, de]) {
        expect(text.title).not.toBe("");
        expect(text.detail).not.toBe("");
      }
      expect(en.title).not.toBe(de.title);
    },
  );

  it.each(refusalCodes)("%s, why a payload is kept, is answered with 422", (code) => {
    expect(errorCatalogue[code].status).toBe(422);
  });
});

describe("the language", () => {
  it.each([
    [undefined, "en"],
    ["", "en"],
    ["de", "de"],
    ["DE-at", "de"],
    ["de,en;q=0.5", "de"],
    ["en,de;q=0.5", "en"],
    ["fr,de;q=0.5", "de"],
    ["*", "en"],
    ["x-model", "en"],
  ])("of %s is %s", (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});
