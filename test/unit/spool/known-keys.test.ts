// What the spool knows by itself: which bodies are the same, and what an arrival means for those that wait.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lead, RefusedPayload } from "../../../src/domain/leads/lead.ts";
import { bodyIdentity } from "../../../src/spool/body-identity.ts";
import { createKnownKeys } from "../../../src/spool/known-keys.ts";

const at = "2026-11-23T10:00:00.000Z";

function lead(runId: string, body: unknown, change: Partial<Lead> = {}): Lead {
  const json = JSON.stringify(body);
  return {
    kind: "lead",
    runId,
    source: "website",
    recognisedBy: { kind: "key", key: "k" },
    receivedAt: at,
    payload: `{"at":"${at}","source":"website","sha256":"${runId}","body":${json}}`,
    leadJson: json,
    emailHash: null,
    phoneHash: null,
    test: false,
    routes: [],
    ...change,
  };
}

function refused(runId: string, bytes: string, errorCode = "json_malformed"): RefusedPayload {
  return {
    kind: "refused",
    runId,
    source: "website",
    recognisedBy: { kind: "key", key: "k" },
    receivedAt: at,
    errorCode,
    message: "broken",
    payload: `{"at":"${at}","source":"website","sha256":"${bytes}","body_base64":"AA=="}`,
  };
}

describe("the identity of a body", () => {
  const of = (json: string): string => bodyIdentity(`{"sha256":"x","body":${json}}`);

  it("is the same for every notation of one value, as jsonb judges it", () => {
    expect(of('{"a":1,"b":[true,null]}')).toBe(of('{ "b" : [true, null], "a" : 1.0 }'));
    expect(of('{"a":10e-1}')).toBe(of('{"a":1}'));
    expect(of('{"a":-0}')).toBe(of('{"a":0.00}'));
    expect(of('{"a":"\\u00e9"}')).toBe(of('{"a":"é"}'));
    expect(of('{"a":12345678901234567890}')).toBe(of('{"a":1234567890123456789e1}'));
  });

  it("differs for different values", () => {
    expect(of('{"a":12345678901234567890}')).not.toBe(of('{"a":12345678901234567891}'));
    expect(of('{"a":"1"}')).not.toBe(of('{"a":1}'));
    expect(of('{"a":null}')).not.toBe(of("{}"));
    expect(of('{"a":[1,2]}')).not.toBe(of('{"a":[2,1]}'));
    expect(of('{"a":0.1}')).not.toBe(of('{"a":0.01}'));
  });

  it("survives sorting, spacing and number notation of any JSON value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).reverse());
        expect(of(JSON.stringify(value))).toBe(of(JSON.stringify(shuffled, null, 2)));
      }),
    );
  });
});

describe("the keys of what waits", () => {
  it("make the same body under the same key one run, and another body a conflict", () => {
    const keys = createKnownKeys();
    expect(keys.holds(lead("a", { name: "Anna" }))).toBe(false);
    expect(keys.add(lead("a", { name: "Anna" })).result).toEqual({ kind: "accepted", runId: "a" });
    expect(keys.holds(lead("b", { name: "Anna" }))).toBe(true);
    expect(keys.add(lead("b", { name: "Anna" })).result).toEqual({
      kind: "duplicate",
      runId: "a",
      existingStatus: "accepted",
    });
    const conflict = { kind: "key_reused", runId: "a", dlqId: null };
    expect(keys.add(lead("c", { name: "Berta" })).result).toEqual(conflict);
    expect(keys.add(lead("d", { name: "Berta" })).result).toEqual(conflict);
    expect(keys.add(refused("e", "junk")).result).toEqual(conflict);
  });

  it("let a good body take the place of a refused one, and remember what was refused", () => {
    const keys = createKnownKeys();
    const answer = {
      kind: "refused",
      runId: "a",
      dlqId: null,
      errorCode: "json_malformed",
      message: "broken",
    };
    expect(keys.add(refused("a", "junk")).result).toEqual(answer);
    expect(keys.add(refused("b", "junk")).result).toEqual(answer);
    expect(keys.add(refused("c", "rubbish", "body_not_utf8")).result).toEqual({
      ...answer,
      errorCode: "body_not_utf8",
    });
    expect(keys.add(lead("d", { name: "Anna" })).result).toEqual({ kind: "accepted", runId: "a" });
    expect(keys.add(lead("e", { name: "Anna" })).result).toMatchObject({ kind: "duplicate", runId: "a" });
    expect(keys.add(refused("f", "junk")).result).toEqual(answer);
  });

  it("forget what does not wait any more, one by one", () => {
    const keys = createKnownKeys();
    keys.add(lead("a", {}));
    keys.add(lead("b", {}));
    keys.remove(lead("a", {}));
    expect(keys.holds(lead("c", {}))).toBe(true);
    keys.remove(lead("b", {}));
    expect(keys.holds(lead("c", {}))).toBe(false);
  });

  it("take back what could not be kept, so that nobody is told of it", () => {
    const keys = createKnownKeys();
    const first = keys.add(refused("a", "junk"));
    const correction = keys.add(lead("b", { name: "Anna" }));
    correction.undo();
    expect(keys.add(lead("c", { name: "Berta" })).result).toEqual({ kind: "accepted", runId: "a" });
    first.undo();
    keys.remove(lead("c", {}));
    expect(keys.holds(lead("d", {}))).toBe(false);
  });

  it("go back to the lead before, when a later one outside of its body hash's window could not be kept", () => {
    const keys = createKnownKeys();
    const hashed = (runId: string, second: string): Lead =>
      lead(
        runId,
        {},
        {
          receivedAt: `2026-11-23T10:${second}.000Z`,
          recognisedBy: { kind: "body_hash", hashHex: "ab", windowMs: 60_000 },
        },
      );
    keys.add(hashed("a", "00:00"));
    keys.add(hashed("b", "02:00")).undo();
    expect(keys.add(hashed("c", "02:10")).result).toEqual({ kind: "accepted", runId: "c" });
    keys.remove(hashed("a", "00:00"));
    keys.remove(hashed("c", "02:10"));
    expect(keys.holds(hashed("d", "02:20"))).toBe(false);
  });

  it("take content with the same keyed hash for a repeat, although technical fields differ", () => {
    const keys = createKnownKeys();
    const keyed = { kind: "body_hash", hashHex: "ab", windowMs: 60_000, keyed: true } as const;
    keys.add(lead("a", { email: "x", timestamp: 1 }, { recognisedBy: keyed }));
    expect(keys.add(lead("b", { email: "x", timestamp: 2 }, { recognisedBy: keyed })).result).toEqual({
      kind: "duplicate",
      runId: "a",
      existingStatus: "accepted",
    });
  });

  it("hold a body hash only within its window, and a key only in its source", () => {
    const keys = createKnownKeys();
    const hashed = (runId: string, receivedAt: string): Lead =>
      lead(runId, {}, { receivedAt, recognisedBy: { kind: "body_hash", hashHex: "ab", windowMs: 60_000 } });
    keys.add(hashed("a", "2026-11-23T10:00:00.000Z"));
    expect(keys.holds(hashed("b", "2026-11-23T10:00:59.000Z"))).toBe(true);
    expect(keys.holds(hashed("c", "2026-11-23T10:01:00.000Z"))).toBe(false);
    keys.add(lead("d", {}));
    expect(keys.holds(lead("e", {}, { source: "shop" }))).toBe(false);
  });
});
