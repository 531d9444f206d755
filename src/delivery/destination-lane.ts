// Everything about one destination while it is configured: its lane, what is claimed into it, and what becomes of each
// attempt. It is closed and made anew when its configuration changes.
import { probeEnd, restAfter, restAfterFailures } from "../domain/destinations/circuit.ts";
import { noteAttempt } from "../domain/destinations/failure-rate.ts";
import type { Attempts, FailureRateLimits } from "../domain/destinations/failure-rate.ts";
import type { ProbeEnd, Rest } from "../domain/destinations/circuit.ts";
import type { SendingDestination } from "../domain/destinations/destination.ts";
import type { Evaluate } from "../domain/destinations/expression.ts";
import type { Log, LogFields } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Delivered, Failed, Outcome } from "../domain/destinations/outcome.ts";
import { failure, mayConcernThisLeadAlone } from "../domain/destinations/outcome.ts";
import { decide } from "../domain/destinations/retry-policy.ts";
import type { Database } from "../ledger/connection/database.ts";
import { lostAttemptsMax } from "../ledger/delivery/dlq-attempts.ts";
import type { Circuit } from "./node-circuit.ts";
import { createClaims } from "./claims.ts";
import { messageFor } from "../kinds/destinations/message.ts";
import type { MadeMessage } from "../kinds/destinations/message.ts";
import type { AttemptResult, Sender } from "../kinds/destinations/sender.ts";
import type { Leases } from "./leases.ts";
import { createLimiter } from "./limiter.ts";
import { createLane } from "./lane.ts";
import type { Lane } from "./lane.ts";
import { claimItemsMax, heldCharactersMax, movingAverage, prefetchFor } from "./prefetch.ts";
import type { Ending, Settlement } from "./settlement.ts";
import type { ReadingOf, Work } from "./work.ts";
import { workOfDelivery, workOfEntry } from "./work.ts";

export interface DestinationLane {
  readonly destination: SendingDestination;
  /** Places that nothing takes. */
  readonly free: number;
  /** Takes a place for a lead that is about to be accepted; false when there is none. */
  reserve(): boolean;
  cancel(): void;
  /** Work into a place that was reserved; given back at once if the lane has closed meanwhile. */
  take(work: Work): void;
  /** Nothing is sent to it at this moment, except one lead that tries. */
  readonly isShut: boolean;
  /** Claims what is due into the free places; where it is shut, one lead to try with, if it is time. */
  claim(): Promise<void>;
  /** Gives back what has not been begun, where it has been shut. */
  obeyGate(): void;
  /** Goes by the reporting time zone; returns the milliseconds until it may be sent to again, null: it may, or nobody knows when. */
  followLimits(zone: string): number | null;
  /** Gives back what was not begun, then waits for what was. Never rejects. */
  close(): Promise<void>;
  /** How many rows the database refused to lease lately. */
  readonly refused: number;
}

export interface DestinationLaneDeps {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly random: () => number;
  /** When it is left alone because attempts fail; absent: `failureRateLimits`. */
  readonly failureRate?: FailureRateLimits;
  readonly readingOf: ReadingOf;
  readonly evaluate: Evaluate;
  readonly log: Log;
  readonly held: Leases;
  readonly settlement: Settlement;
  readonly circuit: Circuit;
  /** Ends attempts under way. */
  readonly stopSending: AbortSignal;
  /** Ends waiting for a database that is out of reach. */
  readonly giveUp: AbortSignal;
}

/** At once, where a destination is not open. */
const testsMax = 5;
/** Clocks may be set meanwhile, and timers do not follow them. */
const startLaterMaxMs = 5_000;

export function openDestinationLane(
  destination: SendingDestination,
  sender: Sender,
  deps: DestinationLaneDeps,
): DestinationLane {
  const { leaseMs, held, log, circuit, random, readingOf } = deps;
  const { gate } = circuit;
  const claims = createClaims(destination.name, deps);
  const lane: Lane<Work> = createLane(
    {
      concurrency: destination.concurrency,
      placesMax: (underWay) =>
        heldCharacters < heldCharactersMax
          ? Math.min(
              prefetchFor(destination.concurrency, attemptMs),
              underWay + Math.min(gate.roomAhead(), limiter.roomAhead()),
            )
          : 0,
      mayStart,
    },
    attempt,
    refill,
  );
  const limiter = createLimiter(
    destination,
    {
      wanted: () => lane.startable,
      onChange: () => {
        obeyLimits();
        lane.start();
      },
    },
    deps,
  );
  const unfinished = new Set<Promise<void>>();
  /** Something may be due that was not claimed, because there was no place. */
  let backlog = true;
  let claiming = false;
  let attemptMs: number | null = null;
  let heldCharacters = 0;
  /** The lead that tries whether the destination is there again. */
  let probe: { readonly work: Work; readonly failedProbes: number } | null = null;
  /** One lead may be refused for what is in it (403, a firewall), or an expression fail for it; two in a row are not. */
  let perhapsAloneInRow = 0;
  /** The last ones, since it was left alone. */
  let attempts: Attempts = [];
  let sendingTests = false;
  let startLater: NodeJS.Timeout | null = null;

  function mayStart(): boolean {
    const isWithinLimits = limiter.pass();
    if (isWithinLimits && gate.pass()) return true;
    if (isWithinLimits) limiter.giveBack();
    const waitMs = isWithinLimits ? gate.opensInMs() : limiter.opensInMs();
    if (waitMs !== null && startLater === null) {
      startLater = setTimeout(
        () => {
          startLater = null;
          obeyLimits();
          lane.start();
        },
        Math.min(waitMs, startLaterMaxMs),
      );
    }
    return false;
  }

  async function attempt(work: Work, sent: () => void, isPastLimits = false): Promise<void> {
    let end: "ended" | "kept" = "ended";
    try {
      // The lease ended while the work waited (a frozen process, a slow destination): it is somebody else's now.
      const isLate = !held.mayStillSend(work);
      const made = isLate ? null : contentOf(work, destination, deps.evaluate);
      const content = made instanceof Promise ? await evaluated(work, made) : made;
      // Where nothing is sent, or a test alone, no limit is used up.
      if (!isPastLimits && (work.test || content?.kind !== "message")) limiter.giveBack();
      if (content === null) return;
      end = content.kind === "skip" ? await skip(work, content, sent) : await send(work, content, sent);
    } catch (error) {
      const { runId, destination } = work;
      log("error", "attempt_failed", { run_id: runId, destination, error: errorText(error) });
    } finally {
      if (work === probe?.work) endProbe({ kind: "untried" });
      if (end === "ended") held.drop(work);
      heldCharacters -= work.body?.length ?? 0;
    }
  }

  /** null: it took longer than the lease. */
  async function evaluated(work: Work, made: Promise<MadeMessage>): Promise<MadeMessage | null> {
    const content = await made;
    return held.mayStillSend(work) ? content : null;
  }

  async function send(work: Work, content: Sent, sent: () => void): Promise<"ended" | "kept"> {
    const result =
      content.kind === "message"
        ? await sender.attempt(content.message, deps.stopSending)
        : { outcome: content.outcome, durationMs: 0, response: null };
    const isRefusedAlone = speaksOfDestination(content) && heed(work, content, result.outcome) === "alone";
    sent();
    attemptMs = movingAverage(attemptMs, result.durationMs);
    logAttempt(log, work, result);
    return deps.settlement.settle(work, result, endingOf(work, result.outcome, isRefusedAlone), deps.giveUp);
  }

  /** It is no attempt: of the destination it says nothing. */
  function skip(work: Work, { place }: Skipped, sent: () => void): Promise<"ended" | "kept"> {
    sent();
    const { runId, lane: from } = work;
    log("debug", "delivery_skipped", { run_id: runId, destination: destination.name, lane: from, place });
    return deps.settlement.skip(work, place, deps.giveUp);
  }

  function endingOf(work: Work, outcome: Outcome, refusedAlone: boolean): Ending {
    if (outcome.kind === "failed" && outcome.code === "delivery_interrupted") return { kind: "hand_back" };
    const attemptsMade = work.lane === "dlq" ? Math.max(work.attempt - work.waits, 0) : work.attempt;
    const { lane: inLane } = work;
    return decide({ lane: inLane, attemptsMade, outcome, refusedAlone, schedule: destination.retry, random });
  }

  /** What an outcome says about the destination as a whole, or of this lead alone. */
  function heed(work: Work, content: Sent, outcome: Outcome): "alone" | null {
    if (work === probe?.work) {
      endProbe(probeEnd(outcome, { failedProbes: probe.failedProbes, random }));
      return null;
    }
    perhapsAloneInRow = isPerhapsAlone(content, outcome) ? perhapsAloneInRow + 1 : 0;
    if (perhapsAloneInRow === 1) return "alone";
    const rest = restAfter(outcome, { failedProbes: 0, random }) ?? tooManyFailures(content, outcome);
    if (rest === null) return null;
    attempts = [];
    finishLater(circuit.rest(rest));
    obeyGate();
    return null;
  }

  /** What comes in after it was left alone was sent before. */
  function tooManyFailures(content: Sent, outcome: Outcome): Rest | null {
    if (gate.isShut || content.kind !== "message") return null;
    const noted = noteAttempt(attempts, outcome, deps.monotonicMs(), deps.failureRate);
    attempts = noted.attempts;
    return noted.tooMany === null || outcome.kind === "delivered"
      ? null
      : restAfterFailures(outcome, noted.tooMany, { failedProbes: 0, random });
  }

  function endProbe(end: ProbeEnd): void {
    probe = null;
    finishLater(circuit.endProbe(end));
  }

  function obeyGate(): void {
    if (gate.isShut) returnUnsent();
  }

  /** What has not been begun is better left to whoever may send it first. */
  function obeyLimits(): void {
    if (limiter.isClosed) returnUnsent();
  }

  /** Whoever tests a destination at night does not wait for the morning. */
  async function sendTests(): Promise<void> {
    if (!limiter.isClosed || gate.isShut || sendingTests) return;
    sendingTests = true;
    try {
      const leaseUntilMs = deps.monotonicMs() + leaseMs;
      for (const claimed of await claims.tests(testsMax)) {
        const work = workOfDelivery(claimed, leaseUntilMs, readingOf);
        held.add(work);
        heldCharacters += work.body?.length ?? 0;
        await attempt(work, () => undefined, true);
      }
    } finally {
      sendingTests = false;
    }
  }

  function returnUnsent(): void {
    const unsent = lane.takeBack();
    if (unsent.length > 0) finishLater(giveBack(unsent));
    backlog = true;
  }

  function take(work: Work): void {
    held.add(work);
    heldCharacters += work.body?.length ?? 0;
    if (lane.push(work)) return;
    finishLater(giveBack([work]));
  }

  function refill(): void {
    if (!backlog || claiming || lane.free * 2 < destination.concurrency) return;
    finishLater(
      claim().catch((error: unknown) =>
        log("warn", "claim_failed", { destination: destination.name, error: errorText(error) }),
      ),
    );
  }

  /** Entries that are due get at most half of the places, so that new leads are not kept waiting. */
  async function claim(): Promise<void> {
    if (claiming) return;
    if (gate.isShut) {
      if (circuit.probeInMs() === 0) await tryOne();
      return;
    }
    claiming = true;
    const places = reservePlaces(lane);
    let taken = 0;
    const takeNext = (work: Work): void => {
      taken += 1;
      take(work);
    };
    try {
      if (places === 0) return;
      const leaseUntilMs = deps.monotonicMs() + leaseMs;
      const entriesMax = Math.ceil(places / 2);
      const entries = await claims.entries(entriesMax, (entry) =>
        takeNext(workOfEntry(entry, leaseUntilMs, readingOf)),
      );
      const deliveriesMax = places - entries;
      const deliveries = await claims.deliveries(deliveriesMax, (delivery) =>
        takeNext(workOfDelivery(delivery, leaseUntilMs, readingOf)),
      );
      backlog = entries === entriesMax || deliveries === deliveriesMax;
    } finally {
      for (let place = taken; place < places; place += 1) lane.cancel();
      claiming = false;
    }
  }

  /** One lead tries whether the destination is there again: one that was never attempted, before one that was. */
  async function tryOne(): Promise<void> {
    // It would wait for the limit with the probe, which nobody else could make.
    if (limiter.isClosed || limiter.opensInMs() !== null) return;
    claiming = true;
    try {
      const failedProbes = await circuit.takeProbe(destination.timeoutMs + leaseMs);
      if (failedProbes === null) return;
      const leaseUntilMs = deps.monotonicMs() + leaseMs;
      const takeProbe = (work: Work): void => {
        probe = { work, failedProbes };
        take(work);
      };
      const reserved = lane.reserve();
      const claimed =
        reserved &&
        ((await claims.deliveries(1, (delivery) =>
          takeProbe(workOfDelivery(delivery, leaseUntilMs, readingOf)),
        )) > 0 ||
          (await claims.entries(1, (entry) => takeProbe(workOfEntry(entry, leaseUntilMs, readingOf)))) > 0);
      if (claimed) return;
      if (reserved) lane.cancel();
      await circuit.endProbe({ kind: "untried" });
    } finally {
      claiming = false;
    }
  }

  async function giveBack(unsent: readonly Work[]): Promise<void> {
    // As long as one is under way the circuit hears of nothing else: it may have waited for a limit.
    if (probe !== null && unsent.includes(probe.work)) endProbe({ kind: "untried" });
    for (const { body } of unsent) heldCharacters -= body?.length ?? 0;
    try {
      await held.giveBack(unsent);
    } catch (error) {
      // The leases end by themselves.
      log("warn", "leases_not_returned", { destination: destination.name, error: errorText(error) });
    }
  }

  function finishLater(work: Promise<void>): void {
    unfinished.add(work);
    void work.finally(() => unfinished.delete(work));
  }

  return {
    destination,
    get refused() {
      return claims.refused;
    },
    get free() {
      return lane.free;
    },
    get isShut() {
      return gate.isShut;
    },
    obeyGate,
    followLimits(zone) {
      finishLater(limiter.follow(zone));
      obeyLimits();
      finishLater(
        sendTests().catch((error: unknown) =>
          log("warn", "claim_failed", { destination: destination.name, error: errorText(error) }),
        ),
      );
      return limiter.opensInMs();
    },
    reserve() {
      // Its one place is for the lead that tries.
      const reserved = !gate.isShut && lane.reserve();
      if (!reserved) backlog = true;
      return reserved;
    },
    cancel: () => lane.cancel(),
    take,
    async claim() {
      const work = claim();
      finishLater(work.catch(() => undefined));
      await work;
    },
    async close() {
      if (startLater !== null) clearTimeout(startLater);
      await giveBack(lane.stop());
      await lane.idle();
      // A claim that was under way when the lane stopped gives back what it brings.
      while (unfinished.size > 0) await Promise.all(unfinished);
      await limiter.close();
      await sender.close();
    },
  };
}

function reservePlaces(lane: Lane<Work>): number {
  let places = 0;
  while (places < claimItemsMax && lane.reserve()) places += 1;
  return places;
}

type Skipped = Extract<MadeMessage, { kind: "skip" }>;
type Sent = Exclude<MadeMessage, Skipped>;

/** What was not sent says nothing of it, but where its expression is at fault. */
function speaksOfDestination(content: Sent): boolean {
  return content.kind === "message" || content.outcome.class === "needs_configuration";
}

function isPerhapsAlone(content: Sent, outcome: Outcome): boolean {
  if (content.kind === "failed") return content.isPerhapsAlone === true;
  return mayConcernThisLeadAlone(outcome);
}

function contentOf(
  work: Work,
  destination: SendingDestination,
  evaluate: Evaluate,
): MadeMessage | Promise<MadeMessage> {
  const obstacle = whyNotSend(work, destination);
  if (obstacle !== null) return { kind: "failed", outcome: obstacle, targets: [] };
  const { runId, revision, body } = work;
  const delivery = { runId, attempt: countedFor(work), revision, body: body ?? "" };
  return messageFor(destination, delivery, evaluate);
}

/** Why this is not even tried; null: nothing is in the way. */
function whyNotSend(work: Work, { name, retry }: SendingDestination): Failed | null {
  if (work.bodiless !== null) return failure("nothing_to_send", work.bodiless);
  // Entries are counted by the ledger when it recovers them.
  if (work.lane === "fast" && work.attempt > retry.fastMs.length + 1 + lostAttemptsMax)
    return failure(
      "delivery_unsettled",
      `attempts at ${name} ended without an outcome that could be written down; it may have this lead`,
    );
  return null;
}

/** Attempts that cannot have arrived do not count (`DeliveryMessage`). */
function countedFor({ attempt, mayHaveArrived }: Work): number {
  return mayHaveArrived ? Math.max(attempt, 2) : 1;
}

/** What is to know of how it arrived. */
function signFields({ receipt }: Delivered): LogFields {
  return {
    ...(receipt?.proven === false ? { unproven: true } : {}),
    ...(receipt?.maybeTwice === true ? { maybe_twice: true } : {}),
    ...(receipt?.duplicate === undefined ? {} : { duplicate: receipt.duplicate }),
  };
}

function logAttempt(log: Log, work: Work, { outcome, durationMs }: AttemptResult): void {
  const failed = outcome.kind === "failed";
  const fields: LogFields = {
    run_id: work.runId,
    destination: work.destination,
    lane: work.lane,
    attempt: work.attempt,
    outcome: failed ? outcome.code : "delivered",
    http_status: outcome.httpStatus,
    duration_ms: durationMs,
    ...(failed ? {} : signFields(outcome)),
  };
  if (failed) log("warn", "delivery_failed", fields);
  else log("debug", "lead_delivered", fields);
}
