import { describe, expect, it } from "vitest";
import { relabelled, renamed } from "../../../src/domain/clients/renamed.ts";

describe("What is set up once more for another client", () => {
  it.each([
    ["koeln-web", "koeln", "bonn-web"],
    ["web-koeln", "koeln", "web-bonn"],
    ["web_koeln.2", "koeln", "web_bonn.2"],
    ["Koeln-web", "koeln", "bonn-web"],
    // A client's name within a word is none.
    ["labor-web", "ab", "bonn-labor-web"],
    ["labor-ab", "ab", "labor-bonn"],
    ["neukoeln-web", "koeln", "bonn-neukoeln-web"],
    ["web", "koeln", "bonn-web"],
    ["web", null, "bonn-web"],
    ["x".repeat(63), "koeln", `bonn-${"x".repeat(58)}`],
  ])("%s of the client %s is called %s", (name, from, expected) => {
    expect(renamed(name, from, "bonn")).toBe(expected);
  });

  it.each([
    ["Website Koeln", "koeln", "Website Bonn"],
    ["Koelner Messe", "koeln", null],
    ["Website", "koeln", null],
    ["Website", null, null],
  ])("%s of the client %s is shown as %s", (label, from, expected) => {
    expect(relabelled(label, from, "Bonn")).toBe(expected);
  });
});
