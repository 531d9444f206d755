import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alarmKey, causeOf } from "../../../src/domain/alerts/alarm-key.ts";
import { calmMs, judgeAlert } from "../../../src/domain/alerts/judge-alert.ts";
import type { Standing } from "../../../src/domain/alerts/judge-alert.ts";
import { afterQuietMs, nextAttemptMs, planNotices } from "../../../src/domain/alerts/notices.ts";
import type { KnownNotice, RecipientRules, StandingAlert } from "../../../src/domain/alerts/notices.ts";
import { openingHours } from "../../../src/domain/calendar/opening-hours.ts";
import { ruleOf } from "../../../src/domain/alerts/alert-rules.ts";

const rule = { forMs: 30_000, clearAfterMs: 120_000 };

interface Told {
  readonly change: "raised" | "worsened" | "cleared";
  readonly atMs: number;
}

/** What is told while an alarm comes and goes as `steps` say, looked at every `everyMs`. */
function replay(
  steps: readonly { readonly seen: boolean; readonly forMs: number }[],
  everyMs: number,
): Told[] {
  const told: Told[] = [];
  const cleared: number[] = [];
  let standing: Standing | null = null;
  let nowMs = 0;
  for (const { seen, forMs } of steps) {
    for (const untilMs = nowMs + forMs; nowMs < untilMs; nowMs += everyMs) {
      const repeats = cleared.filter((at) => nowMs - at < 3_600_000).length;
      const { next, change } = judgeAlert(standing, seen ? "error" : null, rule, { nowMs, repeats });
      standing = next;
      if (change !== null) told.push({ change, atMs: nowMs });
      if (change === "cleared") cleared.push(nowMs);
    }
  }
  return told;
}

const step = fc.record({ seen: fc.boolean(), forMs: fc.integer({ min: 1_000, max: 900_000 }) });

describe("An alarm becomes an alert", () => {
  it("is raised and cleared in turn, whatever it does", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const changes = replay(steps, 5_000).map(({ change }) => change);
        changes.forEach((change, index) => expect(change).toBe(index % 2 === 0 ? "raised" : "cleared"));
      }),
      { numRuns: 200 },
    );
  });

  it("is told at most a few times an hour, however fast it comes and goes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 900 }), fc.integer({ min: 5, max: 900 }), (onS, offS) => {
        const rounds = Math.ceil(14_400 / (onS + offS));
        const steps = Array.from({ length: rounds }, () => [
          { seen: true, forMs: onS * 1_000 },
          { seen: false, forMs: offS * 1_000 },
        ]).flat();
        const told = replay(steps, 5_000);
        for (const { atMs } of told)
          expect(
            told.filter((other) => other.atMs >= atMs && other.atMs < atMs + 3_600_000).length,
          ).toBeLessThanOrEqual(12);
      }),
      { numRuns: 100 },
    );
  });

  it("is raised when it has stood for as long as its rule says, and no sooner", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (seconds) => {
        const told = replay([{ seen: true, forMs: seconds * 1_000 }], 1_000);
        expect(told.length).toBe(seconds > 30 ? 1 : 0);
        if (seconds > 30) expect(told[0]?.atMs).toBe(30_000);
      }),
    );
  });

  it("is not cleared by a short pause, and the longer it has to be gone the more often it came", () => {
    const pause = (forMs: number) => [
      { seen: true, forMs: 60_000 },
      { seen: false, forMs },
      { seen: true, forMs: 60_000 },
    ];
    expect(replay(pause(100_000), 5_000)).toHaveLength(1);
    expect(replay(pause(130_000), 5_000)).toHaveLength(3);
    expect([0, 1, 2, 9].map((repeats) => calmMs(120_000, repeats))).toEqual([
      120_000, 240_000, 480_000, 3_600_000,
    ]);
  });

  it("gets worse once, and does not get better before it is over", () => {
    const at = (standing: Standing | null, seen: "error" | "warning" | null, nowMs: number) =>
      judgeAlert(standing, seen, { forMs: 0, clearAfterMs: 1_000 }, { nowMs, repeats: 0 });
    const first = at(null, "warning", 0);
    expect(first.change).toBe("raised");
    const worse = at(first.next, "error", 1);
    expect(worse.change).toBe("worsened");
    const better = at(worse.next, "warning", 2);
    expect(better).toMatchObject({ change: null, next: { severity: "error" } });
    expect(at(better.next, "error", 3).change).toBeNull();
  });
});

describe("Alarms", () => {
  it("are the same as long as they are about the same, and of one cause with others about that", () => {
    const since = new Date(0);
    const overdue = (destination: string, count: number) =>
      ({ code: "deliveries_overdue", severity: "error", destination, count, since }) as const;
    const decision = (destination: string | null, source: string | null) =>
      ({
        code: "entries_need_decision",
        severity: "error",
        count: 1,
        largest: { kind: "delivery", destination, source, error_code: null, count: 1 },
      }) as const;
    expect(alarmKey(overdue("crm", 1))).toBe(alarmKey(overdue("crm", 2)));
    expect(alarmKey(overdue("crm", 1))).not.toBe(alarmKey(overdue("erp", 1)));
    expect(causeOf(overdue("crm", 1))).toBe(causeOf(decision("crm", null)));
    expect(alarmKey(decision(null, "website"))).toBe("entries_need_decision:source:website");
    expect(alarmKey({ code: "no_node_runs", severity: "error" })).toBe("no_node_runs");
  });

  it("have rules from the start by how bad they are, which somebody may change", () => {
    expect(ruleOf("destination_failing", "warning", {})).toMatchObject({ notify: true, forMs: 300_000 });
    expect(ruleOf("destination_left_alone", "error", {}).forMs).toBe(30_000);
    expect(ruleOf("deliveries_overdue", "error", {}).forMs).toBe(0);
    const changed = { destination_failing: { severity: "error", forMs: 1_000 } } as const;
    expect(ruleOf("destination_failing", "warning", changed)).toMatchObject({
      severity: "error",
      forMs: 1_000,
    });
  });
});

const recipient = (name: string, more: Partial<RecipientRules> = {}): RecipientRules => ({
  name,
  severity: "error",
  codes: [],
  quiet: null,
  errorsPass: true,
  escalateAfterMs: 60_000,
  isConfirmed: true,
  isFailing: false,
  ...more,
});

const alert = (more: Partial<StandingAlert> = {}): StandingAlert => ({
  alertId: "a",
  code: "destination_left_alone",
  severity: "error",
  cause: "destination:crm",
  client: "",
  state: "raised",
  isMuted: false,
  isAcknowledged: false,
  ...more,
});

const notice = (more: Partial<KnownNotice> & Pick<KnownNotice, "recipient">): KnownNotice => ({
  alertId: "a",
  kind: "raised",
  severity: "error",
  state: "sent",
  attempts: 1,
  endedAtMs: 0,
  ...more,
});

const nowMs = Date.UTC(2027, 0, 12, 12);

function planned(
  of: StandingAlert,
  known: readonly KnownNotice[],
  recipients: readonly RecipientRules[],
  atMs = nowMs,
) {
  const timings = { groupMs: 15_000 };
  const { notices, withdrawn } = planNotices(of, known, {
    recipients,
    nowMs: atMs,
    timezone: "Europe/Berlin",
    timings,
  });
  return {
    told: notices.map(
      ({ kind, recipient: whom, insteadOf }) =>
        `${kind} ${whom}${insteadOf === null ? "" : ` for ${insteadOf}`}`,
    ),
    withdrawn: withdrawn.map(({ kind, recipient: whom }) => `${kind} ${whom}`),
    dueMs: notices.map(({ dueMs }) => dueMs),
  };
}

describe("Whoever is told", () => {
  it.each<[string, Partial<RecipientRules>, Partial<StandingAlert>, boolean]>([
    ["is told of errors", {}, {}, true],
    ["is not told of warnings unless it wants them", {}, { severity: "warning" }, false],
    ["is told of warnings if it wants them", { severity: "warning" }, { severity: "warning" }, true],
    ["is told nothing before it is confirmed", { isConfirmed: false }, {}, false],
    ["is told of its codes alone", { codes: ["no_node_runs"] }, {}, false],
    ["is told of its client alone", { client: "one" }, { client: "two" }, false],
    ["is told of its client", { client: "one" }, { client: "one" }, true],
    ["of a client is not told of the installation", { client: "one" }, { client: null }, false],
    ["is told nothing of what is muted", {}, { isMuted: true }, false],
    ["waits for others where it is told only what they leave", { severity: "none" }, {}, false],
  ])("%s", (_what, rules, about, isTold) => {
    expect(planned(alert(about), [], [recipient("team", rules)]).told).toEqual(isTold ? ["raised team"] : []);
  });

  it("is told each thing once", () => {
    const recipients = [recipient("team"), recipient("boss")];
    const known = [notice({ recipient: "team" })];
    expect(planned(alert(), known, recipients).told).toEqual(["raised boss"]);
    expect(
      planned(alert(), [...known, notice({ recipient: "boss", state: "waiting", attempts: 0 })], recipients)
        .told,
    ).toEqual([]);
  });

  it("hears that it is over if it was told, and nothing at all if it was not", () => {
    const known = [
      notice({ recipient: "team" }),
      notice({ recipient: "boss", state: "waiting", attempts: 0, endedAtMs: null }),
    ];
    const over = planned(alert({ state: "cleared" }), known, [recipient("team"), recipient("boss")]);
    expect(over).toMatchObject({ told: ["cleared team"], withdrawn: ["raised boss"] });
  });

  it("hears of a warning that became an error, at once where the warning still waits", () => {
    const everything = [recipient("team", { severity: "warning" })];
    const told = [notice({ recipient: "team", severity: "warning" })];
    expect(planned(alert(), told, everything).told).toEqual(["worsened team"]);
    const waits = [
      notice({ recipient: "team", severity: "warning", state: "waiting", attempts: 0, endedAtMs: null }),
    ];
    expect(planned(alert(), waits, everything)).toMatchObject({
      told: ["worsened team"],
      withdrawn: ["raised team"],
    });
    // Whoever is told of errors alone hears of it for the first time.
    const both = [...everything, recipient("boss")];
    const first = planned(alert(), told, both).told;
    expect(first.toSorted()).toEqual(["raised boss", "worsened team"]);
    const then = [...told, notice({ recipient: "boss" }), notice({ recipient: "team", kind: "worsened" })];
    expect(planned(alert(), then, both).told).toEqual([]);
  });

  it("is told what others leave without an answer, unless somebody acknowledges", () => {
    const recipients = [recipient("team", { escalateTo: "boss" }), recipient("boss", { severity: "none" })];
    const known = [notice({ recipient: "team", endedAtMs: nowMs - 61_000 })];
    expect(planned(alert(), known, recipients).told).toEqual(["escalated boss"]);
    expect(planned(alert(), known, recipients, nowMs - 2_000).told).toEqual([]);
    expect(planned(alert({ isAcknowledged: true }), known, recipients).told).toEqual([]);
  });

  it("is not disturbed by what somebody acknowledged before it was told", () => {
    const recipients = [recipient("team", { escalateTo: "boss" }), recipient("boss", { severity: "none" })];
    const waits = { kind: "escalated", state: "waiting", attempts: 0, endedAtMs: null } as const;
    const known = [notice({ recipient: "team" }), notice({ recipient: "boss", ...waits })];
    expect(planned(alert({ isAcknowledged: true }), known, recipients).withdrawn).toEqual(["escalated boss"]);
    expect(planned(alert(), known, recipients).withdrawn).toEqual([]);
  });

  it("hears of no end where it was removed, or changed its address, meanwhile", () => {
    const known = [notice({ recipient: "team" }), notice({ recipient: "boss" })];
    const left = [recipient("boss", { isConfirmed: false })];
    expect(planned(alert({ state: "cleared" }), known, left).told).toEqual([]);
  });

  it("is told in place of one whose channel fails, once", () => {
    const recipients = [recipient("team", { isFailing: true }), recipient("boss", { severity: "none" })];
    const failing = [notice({ recipient: "team", state: "waiting", attempts: 3, endedAtMs: null })];
    expect(planned(alert(), failing, recipients).told).toEqual(["raised boss for team"]);
    expect(planned(alert(), [...failing, notice({ recipient: "boss" })], recipients).told).toEqual([]);
    const others = [recipient("team", { isFailing: true }), recipient("other", { client: "another" })];
    expect(planned(alert({ client: "one" }), failing, others).told).toEqual([]);
  });

  it("is left in peace at quiet times, errors apart", () => {
    const quiet = openingHours(["mon-sun 22:00-07:00"]);
    const night = Date.UTC(2027, 0, 12, 22, 30);
    const morning = Date.UTC(2027, 0, 13, 6);
    const warnings = { severity: "warning", quiet } as const;
    expect(planned(alert({ severity: "warning" }), [], [recipient("team", warnings)], night).dueMs).toEqual([
      morning,
    ]);
    expect(planned(alert(), [], [recipient("team", warnings)], night).dueMs).toEqual([night + 15_000]);
    expect(planned(alert(), [], [recipient("team", { quiet, errorsPass: false })], night).dueMs).toEqual([
      morning,
    ]);
    const always = openingHours(["mon-sun 00:00-24:00"]);
    expect(afterQuietMs(always, night, "Europe/Berlin")).toBe(night);
  });

  it("is tried again for a day, ever more seldom", () => {
    const tries: number[] = [];
    for (let at: number | null = 0, attempts = 1; at !== null; attempts += 1) {
      tries.push(at);
      at = nextAttemptMs(attempts, 0, at, null);
    }
    expect(tries.slice(0, 4)).toEqual([0, 10_000, 40_000, 100_000]);
    expect(tries.at(-1)).toBeGreaterThanOrEqual(86_400_000);
    expect(tries.length).toBeLessThan(40);
    expect(nextAttemptMs(1, 0, 0, 600_000)).toBe(600_000);
    // A channel that asks to be left alone for a year.
    expect(nextAttemptMs(1, 0, 0, 31_536_000_000)).toBe(3_600_000);
  });
});
