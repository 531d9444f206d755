// What the address of the list of leads means: what a search is taken for, and which leads it selects.
import { describe, expect, test } from "vitest";
import { filterCount, kindOfSearch, leadFilter, searchOf } from "../../../web/leads/lead-query.ts";

describe("a search is taken for", () => {
  test.each([
    ["0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11", "id"],
    ["0199A0B2-7C1E-7A55-9C52-3F3B8E0F2A11", "id"],
    ["erika@example.de", "email"],
    ["+49 221 5550143", "phone"],
    ["0221/5550143", "phone"],
    ["(0221) 555 01 43", "phone"],
    ["221 555 01 43", "phone"],
    ["0049221555014", "phone"],
    ["\u202A+49 221 5550143\u202C", "phone"],
    ["+49\u00A0221\u00A0555–0143", "phone"],
    ["tel:+492215550143", "phone"],
    ["491711234567", "phone"],
    ["+49 (0) 221 5550143", "phone"],
    ["mailto:erika@example.de", "email"],
    ["Erika Mustermann <erika@example.de>", "email"],
    ["\u200Eerika@example.de", "email"],
    ["\uFEFF0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11", "id"],
    ["491711234567890123", "key"],
    ["4711", "key"],
    ["20260714001", "key"],
    ["0815", "key"],
    ["anfrage-2026-07-14", "key"],
    ["form@", "key"],
    ["Weiß", "name"],
    ["Jörg Weiß", "name"],
    ["weiß, jörg", "name"],
    ["Dr. Anna-Maria O’Neill", "name"],
    ["formular", "key"],
    ["anfrage-vom-montag", "key"],
    ["Anfrage 7", "key"],
    ["0199a0b2-7c1e-7a55-9c52", "key"],
  ])("%s: %s", (typed, kind) => {
    expect(kindOfSearch(typed)).toBe(kind);
  });

  test("a key, or the number of a record at a destination, where somebody said so", () => {
    expect(searchOf(new URLSearchParams({ q: " erika@example.de ", as: "key" }))).toEqual({
      text: "erika@example.de",
      kind: "key",
      saidToBe: "key",
    });
    expect(
      searchOf(new URLSearchParams({ q: "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11", as: "record" })),
    ).toEqual({
      text: "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
      kind: "record",
      saidToBe: "record",
    });
    expect(searchOf(new URLSearchParams({ q: "  " }))).toBeNull();
  });
});

describe("the filter of the API", () => {
  const filterOf = (address: string) => leadFilter(new URLSearchParams(address), "Europe/Berlin");

  test("has whole days of the reporting zone, also where clocks change", () => {
    expect(filterOf("from=2026-10-25&to=2026-10-25")).toEqual({
      received_from: "2026-10-24T22:00:00.000Z",
      received_to: "2026-10-25T23:00:00.000Z",
    });
  });

  test("selects a state as the list shows it", () => {
    expect(filterOf("state=needs_decision")).toEqual({ needs_decision: true, refused: false });
    expect(filterOf("state=retrying&source=website")).toEqual({
      retrying: true,
      needs_decision: false,
      refused: false,
      source: "website",
    });
  });

  test("looks for a record at a destination, and for how leads arrived", () => {
    expect(filterOf("q=151&as=record&arrived=unproven")).toEqual({ remote_id: "151", unproven: true });
    expect(filterOf("arrived=late")).toEqual({});
  });

  test("leaves out what somebody mistyped in the address", () => {
    expect(filterOf("state=lost&from=yesterday&to=2026-13-45&test=maybe&colour=red")).toEqual({});
  });

  test("is counted for phones, where it is folded away", () => {
    expect(filterCount(new URLSearchParams("q=x&state=failed&from=2026-01-01&to="))).toBe(2);
  });
});
