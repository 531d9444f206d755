// What people read about an error_code.
import { describe, expect, it } from "vitest";
import { failureText, failureTexts } from "../../../src/domain/errors/failure-texts.ts";
import { classifyStatus } from "../../../src/domain/destinations/outcome.ts";
import { refusalCodes } from "../../../src/domain/leads/refusal.ts";

const statuses = Array.from({ length: 500 }, (_, index) => index + 100);
const answers = statuses.map((status) =>
  classifyStatus("crm", { status, retryAfter: null, location: null }, 0),
);
const codes = new Set([
  ...Object.keys(failureTexts),
  ...answers.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.code] : [])),
  ...refusalCodes,
  "destination_removed",
  "delivery_unsettled",
  "idempotency_key_reused",
]);

describe("an error code", () => {
  it.each([...codes])("%s has a sentence in both languages", (code) => {
    const [en, de] = [failureText(code, "en"), failureText(code, "de")];
    for (const text of [en, de]) expect(text).toMatch(/^\p{Lu}.{8,120}[^.]$/u);
    expect(de).not.toBe(en);
  });

  it("that somebody made up has none, whatever it is called", () => {
    expect([failureText("our_own_code", "de"), failureText("toString", "de"), failureText("", "en")]).toEqual(
      [null, null, null],
    );
  });
});
