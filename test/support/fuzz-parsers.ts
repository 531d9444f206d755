// The parsers of intake under random input: whatever the bytes are, they end soon, throw nothing, and what they take for a
// lead is one.
import fc from "fast-check";
import { expect } from "vitest";
import { isErrorCode } from "../../src/domain/errors/error-catalogue.ts";
import { readSettings } from "../../src/config/fields/settings.ts";
import type { KeyRule, SourceAuth } from "../../src/domain/sources/source.ts";
import { bodyMediaType } from "../../src/bodies/content-type.ts";
import { idempotencyKey, keyBytesMax } from "../../src/intake/idempotency-key.ts";
import { jsonDepthMax } from "../../src/bodies/json-scanner.ts";
import { readBody } from "../../src/bodies/read-body.ts";
import type { ReadBody } from "../../src/bodies/read-body.ts";
import { textBody } from "../../src/bodies/text-body.ts";
import type { SourceKind } from "../../src/kinds/sources/source-kind.ts";
import type { RequestHeaders } from "../../src/domain/sources/request-headers.ts";
import { anyBody } from "./fuzz-bytes.ts";
import { fuzzSeed } from "./fuzz-cases.ts";

const readLimitMs = 5_000;

export async function fuzzBodies(cases: number): Promise<void> {
  const before = globals();
  await fc.assert(
    fc.asyncProperty(anyBody, async ({ type, body }) => {
      const sent = Buffer.from(body);
      const read = await within(readLimitMs, Promise.resolve(readBody(body, type)));
      expect(body.equals(sent)).toBe(true);
      checkRead(read);
      // The same bytes are the same lead, also the second time.
      expect(await readBody(body, type)).toEqual(read);
    }),
    { numRuns: cases, seed: fuzzSeed },
  );
  expect(globals()).toEqual(before);
}

/** Of every kind of source: what proves it, what is taken out of it, what it is in UTF-8, and what leads it brings. */
export async function fuzzKinds(kinds: readonly SourceKind[], cases: number): Promise<void> {
  const before = globals();
  const authOf = ({ fields }: SourceKind): SourceAuth => ({
    ...readSettings(fields, {}),
    kind: "any",
    secrets: [{ value: "s", notAfter: null }],
  });
  await fc.assert(
    fc.asyncProperty(anyBody, fc.constantFrom(...kinds), headers, async ({ type, body }, kind, others) => {
      const request = {
        headers: { ...others, "content-type": type },
        rawBody: body,
        target: "/webhook/lead/x?token=s",
      };
      const auth = authOf(kind);
      kind.authenticate(auth, request, 0);
      const rawBody = kind.withoutSecrets?.(auth, request) ?? body;
      const text = textBody(rawBody, type);
      if (text?.kind === "unreadable") {
        checkRead(text);
        return;
      }
      const reading = kind.read?.(auth, { ...request, rawBody: text?.body ?? rawBody });
      const read = await within(readLimitMs, Promise.resolve(reading));
      if (read?.kind === "leads") for (const lead of read.leads) checkRead(lead.body);
      else if (read !== undefined) checkRead(read);
    }),
    { numRuns: cases, seed: fuzzSeed },
  );
  expect(globals()).toEqual(before);
}

function checkRead(read: ReadBody): void {
  switch (read.kind) {
    case "media_type_unsupported":
      return;
    case "unreadable":
      expect(isErrorCode(read.code)).toBe(true);
      expect(read.message.length).toBeLessThan(500);
      expect(/\p{Cc}/u.test(read.message)).toBe(false);
      return;
    case "lead":
      expect(JSON.parse(read.json)).toEqual(read.value);
      expect(Object.prototype.toString.call(read.value)).toBe("[object Object]");
      for (const text of textsIn(read.value)) expect(isStorable(text)).toBe(true);
      expect(depthOf(read.value)).toBeLessThanOrEqual(jsonDepthMax);
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield name;
    yield* textsIn(member);
  }
}

/** What jsonb takes: no NUL, no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && !/\p{Surrogate}/u.test(text);
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const headerText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "binary-ascii", maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.constantFrom('"a"', '"', '""', '"\\', '"\\"', '"a\\\\"', "a, b", `"${"x".repeat(256)}"`, "\u00e4"),
);
const header = fc.oneof(headerText, fc.array(headerText, { maxLength: 3 }));
const headers: fc.Arbitrary<RequestHeaders> = fc.dictionary(
  fc.constantFrom("idempotency-key", "x-idempotency-key", "__proto__"),
  header,
);
const rule: fc.Arbitrary<KeyRule> = fc.oneof(
  fc.constant({ kind: "header" as const }),
  fc
    .oneof(
      fc.constantFrom("/id", "/a/b", "/", "", "/__proto__", "/constructor/name", "/a~2", "x"),
      fc.string({ maxLength: 10 }),
    )
    .map((pointer) => ({ kind: "pointer" as const, pointer })),
  fc.constant({ kind: "body_hash" as const, windowMs: 1_000 }),
);

export async function fuzzKeys(cases: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(rule, headers, anyBody, async (key, sent, { type, body }) => {
      const read = await within(readLimitMs, Promise.resolve(readBody(body, type)));
      if (read.kind === "media_type_unsupported") return;
      const found = idempotencyKey({ key }, sent, read, body);
      if (found.kind !== "key") return;
      const bytes = Buffer.byteLength(found.key);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(keyBytesMax);
      // What a header may hold; a body's value may hold line breaks, which are stored as any text.
      if (key.kind === "header") expect(/\p{Cc}/u.test(found.key)).toBe(false);
      expect(isStorable(found.key)).toBe(true);
    }),
    { numRuns: cases, seed: fuzzSeed },
  );
}

export function fuzzContentTypes(cases: number): void {
  const text = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.string({ unit: "binary-ascii", maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          "application/",
          "json",
          "multipart/form-data",
          ";",
          " ",
          "\t",
          "charset",
          "=",
          '"',
          "utf-8",
          "boundary",
          "+",
          "/",
          ",",
        ),
      )
      .map((words) => words.join("")),
  );
  fc.assert(
    fc.property(fc.option(text, { nil: undefined }), (type) => {
      expect(["json", "urlencoded", "multipart", "unsupported"]).toContain(bodyMediaType(type));
    }),
    { numRuns: cases, seed: fuzzSeed },
  );
}

/** What a body must never change for everybody. */
function globals(): unknown {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype].map((each) => [
    Object.getOwnPropertyNames(each).sort(),
    Object.getOwnPropertySymbols(each).length,
  ]);
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not read within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
