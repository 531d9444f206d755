// No regular expression of the program takes longer than in proportion to the text, whatever the text is.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expressionsIn, findExpressions, slowText } from "../../support/regular-expressions.ts";

/** On 50,000 repeats a linear one takes about a millisecond, a quadratic one about a second. */
const limitMs = 300;
const src = join(import.meta.dirname, "../../../src");

/** Put together at run time: from a fixed list and numbers alone; of one class of characters, asked of one character. */
const composed = ["domain/values/german-phone.ts", "domain/values/pattern-program.ts"];

describe("regular expressions", async () => {
  const found = await findExpressions(src);

  it("are found, all of them", () => {
    expect(found.length).toBeGreaterThan(80);
    expect(found.map(({ place }) => place)).toContainEqual(
      expect.stringMatching(/^intake\/idempotency-key\.ts:/),
    );
    const unread = found
      .filter(({ expression }) => expression === null)
      .map(({ place }) => place.split(":")[0]);
    expect(unread).toEqual(composed);
  });

  it.each(
    found.flatMap(({ place, expression }) => (expression === null ? [] : [[place, expression] as const])),
  )("%s %s", { tags: "thorough", timeout: 60_000 }, (_, expression) => {
    const slow = slowText(expression, limitMs);
    expect(slow === null ? null : `${slow.slice(0, 60)}… of ${slow.length} characters`).toBeNull();
  });

  it.each([
    ["exponential", "const bad = /(a+)+$/;"],
    ["exponential by choice", "const bad = /^(a|a)*b/;"],
    ["quadratic, from every start", String.raw`const bad = /\s+$/;`],
    ["quadratic, two next to each other", String.raw`const bad = /^\w*\d*x$/;`],
    ["quadratic, by its beginning", "const bad = /from (.*) to/;"],
    ["cubic, in a call", String.raw`text.replace(/^ *a*\s*a* *a*!/u, "")`],
  ])(
    "a planted one that is %s is found to be slow",
    (_, source) => {
      const [planted] = expressionsIn("planted.ts", source);
      expect(planted?.expression).toBeInstanceOf(RegExp);
      expect(slowText(planted?.expression ?? /x/, limitMs)).not.toBeNull();
    },
    60_000,
  );
});
