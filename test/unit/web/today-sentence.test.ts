// How the overview sums up today in one sentence.
import { expect, test } from "vitest";
import { todaySentence } from "../../../web/overview/today-sentence.ts";

const nothing = {
  received: 0,
  delivered: 0,
  being_delivered: 0,
  failed: 0,
  retrying: 0,
  need_decision: 0,
  given_up: 0,
  unfinished: 0,
  resolved_by_hand: 0,
  withdrawn: 0,
  no_destination: 0,
  success_rate: null,
  avg_processing_ms: null,
};

test.each([
  [{}, "heute noch keine Leads", "no leads yet today"],
  [{ received: 1, delivered: 1 }, "1 Lead heute, zugestellt", "1 lead today, delivered"],
  [{ received: 412, delivered: 412 }, "412 Leads heute, alle zugestellt", "412 leads today, all delivered"],
  [
    { received: 412, delivered: 410, being_delivered: 2, unfinished: 2 },
    "412 Leads heute: 410 zugestellt, 2 noch offen",
    "412 leads today: 410 delivered, 2 still open",
  ],
  [
    {
      received: 7,
      delivered: 1,
      failed: 3,
      retrying: 1,
      unfinished: 2,
      need_decision: 1,
      given_up: 1,
      resolved_by_hand: 1,
      withdrawn: 1,
      no_destination: 1,
    },
    "7 Leads heute: 1 zugestellt, 2 noch offen, 1 aufgegeben, 1 von Hand erledigt, 1 zurückgezogen, 1 ohne Ziel",
    "7 leads today: 1 delivered, 2 still open, 1 given up, 1 settled by hand, 1 withdrawn, 1 without destination",
  ],
  [
    {
      received: 20_000,
      failed: 20_000,
      retrying: null,
      need_decision: null,
      given_up: null,
      unfinished: null,
    },
    "20000 Leads heute: 20000 noch nicht zugestellt",
    "20000 leads today: 20000 not delivered yet",
  ],
])("%j", (changes, de, en) => {
  const today = { ...nothing, ...changes };
  expect(todaySentence(today, "de", String)).toBe(de);
  expect(todaySentence(today, "en", String)).toBe(en);
});
