// What an answer means by rules: the first that fits counts, and what cannot be read is never a success.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomeOfAnswer } from "../../../src/domain/destinations/answer-outcome.ts";
import { lookIntoBody } from "../../../src/domain/destinations/answer-rules.ts";
import type { AnswerBody, AnswerRule } from "../../../src/domain/destinations/answer-rules.ts";
import type { Outcome } from "../../../src/domain/destinations/outcome.ts";
import { storableReceipt } from "../../../src/domain/destinations/receipt.ts";

const nowMs = Date.parse("2026-07-15T12:00:00Z");

interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON of what is no text. */
  readonly body?: unknown;
  readonly unreadable?: Extract<AnswerBody, { kind: "unreadable" }>["why"];
  readonly attempt?: number;
}

function outcome(rules: readonly AnswerRule[], answered: Answered): Outcome {
  const { status = 200, headers = {}, body = "", unreadable, attempt = 1 } = answered;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const seen = {
    status,
    header: (name: string) => headers[name] ?? null,
    body:
      unreadable === undefined
        ? { kind: "whole" as const, text }
        : { kind: "unreadable" as const, why: unreadable },
  };
  return outcomeOfAnswer(rules, seen, { name: "crm", attempt, nowMs });
}

/** As a CRM that answers each lead with a list of records. */
const records: readonly AnswerRule[] = [
  { status: "2xx", header: { name: "Content-Type", matches: "^text/html" }, outcome: "configuration" },
  {
    status: "2xx",
    body: { pointer: "/errors/0/category", equals: "VALIDATION_ERROR" },
    outcome: "configuration",
    reason: "/errors/0/message",
  },
  {
    status: "2xx",
    body: { pointer: "/errors/0", exists: true },
    outcome: "rejected",
    reason: "/errors/0/message",
  },
  {
    status: "2xx",
    body: { pointer: "/results/0/id", exists: true },
    outcome: "delivered",
    id: "/results/0/id",
    url: "https://app.crm.example/contacts/{id}",
  },
];

describe("by the body of an answer", () => {
  it.each<[string, Answered, object]>([
    [
      "a record is a success, with its id and where people see it, the id to the last digit",
      { body: '{"results":[{"id":90071992547409931234}]}' },
      {
        kind: "delivered",
        httpStatus: 200,
        receipt: {
          remoteId: "90071992547409931234",
          remoteUrl: "https://app.crm.example/contacts/90071992547409931234",
        },
      },
    ],
    [
      "207 with an error inside is none, and is told in the destination's words",
      { status: 207, body: { results: [], errors: [{ category: "CONFLICT", message: "two of them" }] } },
      {
        class: "permanent",
        code: "destination_rejected",
        httpStatus: 207,
        message: "crm answered 207 Multi-Status: two of them",
      },
    ],
    [
      "200 with an error of the destination's settings strands the destination",
      { body: { errors: [{ category: "VALIDATION_ERROR", message: 'Property "x" does not exist' }] } },
      {
        class: "needs_configuration",
        code: "destination_configuration",
        message: 'crm answered 200 OK: Property "x" does not exist',
      },
    ],
    [
      "an answer without records and without errors says neither",
      { body: { results: [], errors: [] } },
      { class: "transient", code: "destination_indeterminate" },
    ],
    ["an empty one says nothing", { body: "" }, { code: "destination_indeterminate" }],
    ["one of another format says nothing", { body: "ok" }, { code: "destination_indeterminate" }],
    [
      "one that is cut in the middle of its JSON says nothing",
      { body: '{"results":[{"id"' },
      { code: "destination_indeterminate" },
    ],
    ...(["too_long", "stalled", "broken_off", "packed"] as const).map(
      (unreadable): [string, Answered, object] => [
        `one that is ${unreadable} says nothing`,
        { unreadable },
        { class: "transient", code: "destination_indeterminate", httpStatus: 200, retryAfterMs: null },
      ],
    ),
    [
      "a page for people in the place of data can be known by its type, before anybody reads it",
      { headers: { "content-type": "text/html; charset=utf-8" }, body: "<html>Sign in</html>" },
      { code: "destination_configuration" },
    ],
    ["what no rule speaks of is as its status says", { status: 503 }, { code: "destination_error" }],
    [
      "so are refused credentials, whatever page comes with them",
      { status: 401, body: "<p>" },
      { code: "destination_auth" },
    ],
  ])("%s", (_, answered, expected) => {
    expect(outcome(records, answered)).toMatchObject(expected);
  });

  it.each<[string, AnswerRule["body"], unknown, boolean]>([
    ["a truth", { pointer: "/ok", equals: true }, { ok: true }, true],
    ["a truth that stands in a text", { pointer: "/ok", equals: true }, { ok: "true" }, true],
    ["a number, by its value", { pointer: "/n", equals: 5 }, '{"n":5.0}', true],
    [
      "a long number as a text",
      { pointer: "/n", equals: "12345678901234567890" },
      '{"n":12345678901234567890}',
      true,
    ],
    ["null", { pointer: "/e", equals: null }, { e: null }, true],
    ["what is not there is not null", { pointer: "/e", equals: null }, {}, false],
    ["one of several", { pointer: "/code", in: ["A", "B"] }, { code: "B" }, true],
    ["none of several", { pointer: "/code", in: ["A", "B"] }, { code: "C" }, false],
    ["a pattern", { pointer: "/e", matches: "^dup" }, { e: "duplicate" }, true],
    ["a pattern in a text without JSON", { matches: "error 4(29|13)" }, "HTTP error 429", true],
    ["a whole text", { equals: "ok" }, "ok\n", true],
    ["a text that is a number", { equals: "1" }, "1", true],
    ["nothing there", { pointer: "/error", missing: true }, { id: 1 }, true],
    ["null is as good as nothing", { pointer: "/error", missing: true }, { error: null }, true],
    ["an empty answer", { missing: true }, "  ", true],
    [
      "all of several",
      [
        { pointer: "/a", equals: 1 },
        { pointer: "/b", exists: true },
      ],
      { a: 1, b: 2 },
      true,
    ],
    [
      "not all of several",
      [
        { pointer: "/a", equals: 1 },
        { pointer: "/b", exists: true },
      ],
      { a: 1 },
      false,
    ],
    ["a member of everything's prototype", { pointer: "/constructor", exists: true }, {}, false],
  ])("%s is compared", (_, condition, body, holds) => {
    const found = outcome([{ body: condition, outcome: "rejected" } as AnswerRule], { body });
    expect(found.kind === "failed" && found.code === "destination_rejected").toBe(holds);
  });
});

describe("against its status", () => {
  it("500 for a lead that is there is a duplicate: of a first attempt a known person, of a repeat the delivery itself", () => {
    const rules: readonly AnswerRule[] = [
      { status: 500, body: { pointer: "/error/code", equals: "0x80040237" }, outcome: "duplicate" },
    ];
    const answered = { status: 500, body: { error: { code: "0x80040237" } } };
    expect(outcome(rules, answered)).toEqual({
      kind: "delivered",
      httpStatus: 500,
      receipt: { duplicate: "known_person" },
    });
    expect(outcome(rules, { ...answered, attempt: 2 })).toMatchObject({
      receipt: { duplicate: "same_delivery" },
    });
    expect(outcome(rules, { status: 500, body: "<html>" })).toMatchObject({ code: "destination_error" });
  });

  it("409 is told apart by a header", () => {
    const rules: readonly AnswerRule[] = [
      { status: 409, header: { name: "X-Status-Reason", matches: "Duplicate" }, outcome: "duplicate" },
    ];
    const headers = { "x-status-reason": "Duplicate found" };
    expect(outcome(rules, { status: 409, headers }).kind).toBe("delivered");
    expect(outcome(rules, { status: 409 })).toMatchObject({ code: "destination_rejected" });
  });

  it("404 strands the destination, 403 may be an asked pause, and an empty 202 proves nothing", () => {
    const rules: readonly AnswerRule[] = [
      { status: [404, 410], outcome: "configuration" },
      {
        status: 403,
        body: { pointer: "/code", equals: "REQUEST_LIMIT" },
        outcome: "throttled",
        retry_after: "2m",
      },
      { status: 202, outcome: "unproven", id: "header:X-Request-Id" },
    ];
    expect(outcome(rules, { status: 410 })).toMatchObject({
      code: "destination_configuration",
      message: "crm answered 410 Gone: something that every lead needs there is missing or set up otherwise",
    });
    expect(outcome(rules, { status: 403, body: { code: "REQUEST_LIMIT" } })).toMatchObject({
      code: "destination_throttled",
      retryAfterMs: 120_000,
    });
    expect(outcome(rules, { status: 403, body: { code: "FORBIDDEN" } })).toMatchObject({
      code: "destination_auth",
    });
    expect(outcome(rules, { status: 202, headers: { "x-request-id": "r-1" } })).toEqual({
      kind: "delivered",
      httpStatus: 202,
      receipt: { remoteId: "r-1", proven: false },
    });
  });

  it("a refusal whose reason did not come whole is not the end of a lead", () => {
    const rules: readonly AnswerRule[] = [
      { status: 400, body: { pointer: "/code", equals: "duplicate" }, outcome: "duplicate" },
    ];
    expect(outcome(rules, { status: 400, unreadable: "stalled" })).toMatchObject({
      code: "destination_indeterminate",
    });
    expect(
      outcome(rules, { status: 429, unreadable: "stalled", headers: { "retry-after": "7" } }),
    ).toMatchObject({
      code: "destination_throttled",
      retryAfterMs: 7_000,
    });
  });

  it("a status without a body has no error in it", () => {
    const rules: readonly AnswerRule[] = [
      { status: "2xx", body: { pointer: "/error", exists: true }, outcome: "rejected" },
    ];
    expect(outcome(rules, { status: 204 })).toEqual({ kind: "delivered", httpStatus: 204 });
    expect(outcome(rules, { status: 202 })).toMatchObject({ code: "destination_indeterminate" });
  });
});

describe("how long to wait", () => {
  const throttled = (retryAfter?: string): readonly AnswerRule[] => [
    { status: 429, outcome: "throttled", ...(retryAfter === undefined ? {} : { retry_after: retryAfter }) },
  ];
  it.each<[string, string | undefined, Answered, number | null]>([
    [
      "by the header, as a date",
      undefined,
      { headers: { "retry-after": "Wed, 15 Jul 2026 12:01:00 GMT" } },
      60_000,
    ],
    ["nobody says", undefined, {}, null],
    ["by the rule", "10s", { headers: { "retry-after": "99" } }, 10_000],
    ["by the body, in seconds with a fraction", "/retry_after", { body: { retry_after: 1.2 } }, 2_000],
    ["by another header", "header:X-RateLimit-Reset", { headers: { "x-ratelimit-reset": "30" } }, 30_000],
    ["by the header where the body says nothing", "/retry_after", { headers: { "retry-after": "5" } }, 5_000],
    ["never longer than a day", "/retry_after", { body: { retry_after: 999_999 } }, 86_400_000],
  ])("%s", (_, wanted, answered, expectedMs) => {
    expect(outcome(throttled(wanted), { status: 429, ...answered })).toMatchObject({
      code: "destination_throttled",
      retryAfterMs: expectedMs,
    });
  });
});

describe("the address of a record", () => {
  it.each<[string, string | undefined]>([
    ["https://crm.example/{/kind}/{id}", "https://crm.example/per%20son/a%2Fb"],
    ["https://crm.example/{/none}/{id}", undefined],
    ["/link", "https://crm.example/there"],
    ["header:Location", "https://crm.example/by-header"],
    ["/none", undefined],
  ])("made by %s", (url, expected) => {
    const rule: AnswerRule = { outcome: "delivered", id: "/id", url };
    const body = { id: "a/b", kind: "per son", link: "https://crm.example/there" };
    const found = outcome([rule], { body, headers: { location: "https://crm.example/by-header" } });
    expect(found).toMatchObject({
      receipt: expected === undefined ? { remoteId: "a/b" } : { remoteUrl: expected },
    });
  });

  it("is kept only if a browser may be led there, and ids only if they can be stored", () => {
    for (const remoteUrl of [
      "javascript:alert(1)",
      "data:text/html,x",
      "https://user:pw@crm.example/",
      "crm",
      "//x",
    ])
      expect(storableReceipt({ remoteUrl })).toBeNull();
    expect(storableReceipt({ remoteUrl: "https://crm.example/a b" })).toEqual({
      remoteUrl: "https://crm.example/a%20b",
    });
    expect(storableReceipt({ remoteId: "a\u0000b\ud800" })).toEqual({ remoteId: "a b\ufffd" });
    expect(storableReceipt({ remoteId: "x".repeat(256), warning: "w".repeat(900) })).toEqual({
      warning: "w".repeat(500),
    });
    expect(storableReceipt({})).toBeNull();
  });
});

describe("rules", () => {
  it("look into the body only where they name a place in it", () => {
    expect(lookIntoBody([])).toBe(false);
    expect(
      lookIntoBody([{ status: 404, outcome: "configuration", id: "header:x", url: "https://x/{id}" }]),
    ).toBe(false);
    for (const rule of [
      { id: "/id" },
      { reason: "" },
      { body: { equals: "ok" } },
      { url: "https://x/{/id}" },
    ])
      expect(lookIntoBody([{ outcome: "delivered", ...rule }])).toBe(true);
  });

  it("never make a success of an answer that cannot be read where they need it", () => {
    const bodies = fc.oneof(fc.string(), fc.json(), fc.constant("<html>"));
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 299 }), bodies, fc.string(), (status, body, id) => {
        const rule: AnswerRule = {
          status: "2xx",
          body: { pointer: `/${id.replace(/~/g, "")}`, equals: "yes-it-is" },
          outcome: "delivered",
        };
        const found = outcome([rule], { status, body });
        expect(found).toMatchObject({ code: "destination_indeterminate" });
      }),
    );
  });

  it("take no longer than the answer is long", () => {
    const rule: AnswerRule = { body: { matches: "(a+)+$" }, outcome: "rejected" };
    const startedMs = performance.now();
    outcome([rule], { body: `${"a".repeat(60_000)}!` });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
