// Conditions as rows: what rows show, and that what nobody touched stays as it was written.
import { describe, expect, it } from "vitest";
import { unmetPlace } from "../../../src/domain/destinations/condition.ts";
import type { Condition } from "../../../src/domain/destinations/condition.ts";
import { conditionOf, noGroup, noRow, rowsOf } from "../../../web/destinations/condition-draft.ts";
import type { GroupDraft, RowDraft } from "../../../web/destinations/condition-draft.ts";

const country = { pointer: "/lead/country", equals: "DE" };
const mail = { pointer: "/lead/email", exists: true };

describe("a condition as rows", () => {
  it.each<[string, Condition]>([
    ["one comparison", country],
    ["several values", { pointer: "/lead/country", in: ["DE", 5, true] }],
    ["a pattern", { pointer: "/lead/email", matches: "@example\\.com$" }],
    ["texts that look like numbers", { pointer: "/data/code", in: ["5", "true", "01067"] }],
    ["all of several", { all: [country, mail] }],
    ["one of several", { any: [country, { not: mail }] }],
    ["none of several", { not: { any: [country, mail] } }],
    ["not all of several", { not: { all: [country, mail] } }],
    ["groups within groups", { all: [country, { any: [mail, { not: { all: [country, mail] } }] }] }],
  ])("shows %s, and writes the same", (_what, condition) => {
    const root = rowsOf(condition);
    const again = conditionOf(root ?? noGroup).condition;
    const documents = [{}, { lead: { country: "DE" } }, { lead: { country: "DE", email: "a@example.com" } }];
    const codes = ["5", "true", "01067", 5, true].map((code) => ({
      lead: { country: code },
      data: { code },
    }));
    for (const document of [...documents, ...codes])
      expect(again === null ? "nothing" : unmetPlace(again, document) === null).toBe(
        unmetPlace(condition, document) === null,
      );
  });

  it.each<[string, unknown]>([
    ["a text that is no JSON", "{"],
    ["an unknown comparison", { pointer: "/lead/email", is: "x" }],
    ["two comparisons at once", { pointer: "/lead/email", equals: "x", exists: true }],
    ["a comparison with nothing", { pointer: "/lead/email", equals: null }],
    ["a group with more beside it", { all: [country], any: [mail] }],
    ["an empty group", { all: [] }],
    ["a list", [country]],
    [
      "groups beyond what can be read",
      { all: [{ any: [{ all: [{ any: [country, mail] }, mail] }, mail] }, mail] },
    ],
  ])("cannot show %s", (_what, condition) => {
    expect(rowsOf(condition)).toBeNull();
  });

  const row = (pointer: string, word: RowDraft["word"], ...values: string[]): RowDraft => ({
    kind: "row",
    pointer,
    word,
    values: values.map((text) => ({ text })),
  });
  const group = (word: GroupDraft["word"], ...parts: GroupDraft["parts"]): GroupDraft => ({
    kind: "group",
    word,
    parts,
  });

  it("reads what is typed as leadledger.yaml would", () => {
    const typed = row("/data/x", "in", "12", "1.5", "true", "01067", "1e3", "12345678901234567890", "DE");
    expect(conditionOf(group("all", typed)).condition).toEqual({
      pointer: "/data/x",
      in: [12, 1.5, true, "01067", "1e3", "12345678901234567890", "DE"],
    });
  });

  it("leaves out rows that say nothing yet, and says where each of the others stands", () => {
    const [first, second, third] = [
      row("/lead/country", "not_equals", "DE"),
      row("/lead/email", "exists"),
      row("/lead/phones", "missing"),
    ];
    const root = group(
      "all",
      noRow,
      first,
      group("none", second, row("/lead/name", "equals"), third),
      noGroup,
    );
    const { condition, places } = conditionOf(root);
    expect(condition).toEqual({
      all: [{ not: country }, { not: { any: [mail, { pointer: "/lead/phones", missing: true }] } }],
    });
    expect([first, second, third].map((each) => places.get(each))).toEqual([
      "when.all[0]",
      "when.all[1].not.any[0]",
      "when.all[1].not.any[1]",
    ]);
    expect(conditionOf(noGroup).condition).toBeNull();
    expect(conditionOf(group("all", noRow)).condition).toBeNull();
  });
});
