// The difference that an edit leaves in the log: it makes the new body out of the old one, with every digit.
import { applyPatch } from "rfc6902";
import type { Operation } from "rfc6902";
import { describe, expect, it } from "vitest";
import { jsonPatch } from "../../../src/domain/values/json-patch.ts";

describe("The difference of two bodies", () => {
  it("makes the second out of the first", () => {
    const from = { name: "Erika", tags: ["a", "b", "c"], address: { city: "Bonn", zip: "53111" } };
    const to = { name: "Erika", tags: ["a", "c", "d"], address: { city: "Köln" }, email: "e@example.com" };
    const patched = structuredClone(from);
    applyPatch(patched, JSON.parse(jsonPatch(JSON.stringify(from), JSON.stringify(to))) as Operation[]);
    expect(patched).toEqual(to);
  });

  it("compares and keeps numbers digit by digit", () => {
    expect(jsonPatch('{"id":90071992547409931}', '{"id":90071992547409932,"price":1.10}')).toBe(
      '[{"op":"add","path":"/price","value":1.10},{"op":"replace","path":"/id","value":90071992547409932}]',
    );
    expect(jsonPatch('{"id":90071992547409931}', '{"id":90071992547409931}')).toBe("[]");
  });

  it("of something that could not be read is the whole body", () => {
    expect(jsonPatch(null, '{"a":1}')).toBe('[{"op":"replace","path":"","value":{"a":1}}]');
  });

  it("of long lists replaces them, because comparing them would take the product of their lengths", () => {
    const list = (last: number): string => JSON.stringify({ list: [...Array(20_000).keys(), last] });
    expect((JSON.parse(jsonPatch(list(1), list(2))) as unknown[]).length).toBe(1);
    expect(jsonPatch(list(1), list(1))).toBe("[]");
  });
});
