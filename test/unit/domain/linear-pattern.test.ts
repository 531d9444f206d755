import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearPattern } from "../../../src/domain/values/linear-pattern.ts";

const free = (): void => undefined;

describe("a pattern says the same as JavaScript's own engine", () => {
  it.each([
    ["^[0-9]{5}$", ["01067", "1067", "D-01067", "01067\n"]],
    ["^(\\+49|0)[0-9 ()/-]{5,20}$", ["+49 30 123456", "030/123456", "0049", "+49"]],
    ["^(?=.*[A-Z])(?=.*\\d).{8,}$", ["Passwort1", "passwort1", "Passwort", "P1"]],
    ["^(?!.*(test|example)).+@.+$", ["a@b.de", "test@b.de", "a@example.com"]],
    ["(?<=€ ?)\\d+(?!\\d|,)", ["€ 12", "12 €", "€12,50", "EUR 12"]],
    ["\\bGmbH\\b", ["Muster GmbH", "MusterGmbH", "GmbH & Co."]],
    ["^\\p{Lu}\\p{L}+$", ["Ärger", "ärger", "Z😀", "Ößterreich"]],
    ["^.$", ["😀", "ab", "", "\n", "\u2028"]],
    ["\\s+$", ["a \u00a0", "a", "\ufeff", ""]],
    ["^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$", ["a@b.de", "a@b", "a b@c.de", "a@b.c.de"]],
    ["^(a|b|)*?c+$", ["c", "abac", "abx", ""]],
    ["^$|^-$", ["", "-", "--"]],
    ["x{0}y{2,}", ["y", "yy", "xyyy"]],
    ["[\\w.-]{0,3}$", ["", "äöü", "a-b"]],
    ["^\\u{1F600}|\\cJ|\\x41", ["😀", "\n", "A", "B"]],
  ])("%s", (pattern, texts) => {
    const ours = linearPattern(pattern, free);
    for (const text of texts)
      expect([text, ours.test(text)]).toEqual([text, new RegExp(pattern, "u").test(text)]);
  });

  it("whatever it is made of", () => {
    const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(
          "a",
          "b",
          "-",
          "ä",
          "[ab]",
          "[^a]",
          "\\d",
          "\\w",
          "\\s",
          ".",
          "[^]",
          "\\p{L}",
          "^",
          "$",
          "\\b",
          "",
        ),
        fc
          .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "{0}"))
          .map(([p, q]) => `(?:${p})${q}`),
        fc
          .tuple(fc.constantFrom("(?=", "(?!", "(?<=", "(?<!"), tie("pattern"))
          .map(([open, p]) => `${open}${p})`),
      ),
      pattern: fc.oneof(
        { maxDepth: 3 },
        tie("part"),
        fc.tuple(tie("pattern"), tie("part")).map(([p, q]) => p + q),
        fc.tuple(tie("pattern"), tie("pattern")).map(([p, q]) => `(${p}|${q})`),
      ),
    }));
    const text = fc
      .array(fc.constantFrom("a", "b", "-", "1", " ", "ä", "\n"), { maxLength: 7 })
      .map((all) => all.join(""));
    fc.assert(
      fc.property(pattern, text, (source, given) => {
        expect(linearPattern(source, free).test(given)).toBe(new RegExp(source, "u").test(given));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a pattern takes a number of steps that grows with the text and no faster", () => {
  const stepsOf = (pattern: string, text: string): number => {
    let steps = 0;
    linearPattern(pattern, (more) => (steps += more)).test(text);
    return steps;
  };

  it.each([
    ["^(\\d+[ -]?)+$", "1"],
    ["^(a|a)*$", "a"],
    ["\\s+$", " "],
    ["^\\d*\\d*\\d*x", "1"],
    ["(?=(.*,){5}x)", ","],
    ["^(([a-z])+.)+[A-Z]([a-z])+$", "a"],
    ["(?<=(a+)+)$", "a"],
  ])("%s", (pattern, character) => {
    // A short text: an engine that tries one way after the other would take seconds for it with the first of them.
    const stepsWith = (length: number): number => stepsOf(pattern, `${character.repeat(length)}!`);
    expect(stepsWith(40)).toBeLessThan(2.5 * stepsWith(20));
  });
});

describe("a pattern is refused", () => {
  it.each([
    ["(a|b)\\1", "back_reference"],
    ["(?<x>a|b)\\k<x>", "back_reference"],
    ["((a{100}){100}){100}", "too_large"],
    ["a{1000000000}", "too_large"],
  ])("%s: %s", (pattern, reason) => {
    expect(() => linearPattern(pattern, free)).toThrow(
      expect.objectContaining({ name: "PatternRefused", reason }) as Error,
    );
  });

  it("if it is none", () => {
    expect(() => linearPattern("(", free)).toThrow(SyntaxError);
  });
});
