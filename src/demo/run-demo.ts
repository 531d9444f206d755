// The demo from its first request to its last delivery: three acts, then patience until nothing moves any more.
import type { WorkUnderWay } from "../ledger/figures/books.ts";
import type { DemoCrm } from "./crm.ts";
import type { Scenario } from "./scenario.ts";
import { sendAll } from "./send.ts";
import type { Clock, Receipt, SendOptions } from "./send.ts";

export type Phase = "normal" | "outage" | "waiting" | "recovery" | "settling";

/** Shows a person what is going on. */
export interface Stage {
  /** A phase begins; `total` requests are going to be answered in it, null where nobody knows. */
  begin(phase: Phase, total: number | null): void;
  /** One more request was answered. */
  step(): void;
  /** The phase is over. */
  end(phase: Phase, work: WorkUnderWay): void;
}

export interface DemoDeps {
  readonly scenario: Scenario;
  readonly http: Pick<SendOptions, "baseUrl" | "secrets">;
  readonly crm: Pick<DemoCrm, "breakDown" | "recover">;
  readonly stage: Stage;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly workUnderWay: () => Promise<WorkUnderWay>;
}

const leadsPerSecond = 70;
const lookEveryMs = 100;
/** The CRM comes back after this at the latest: its leads must not run out of attempts on a slow machine. */
const outageMaxMs = 6_500;
/** Longer than all delays of the demo's retry schedule together. */
const settleMaxMs = 30_000;

/** Returns every receipt in the order of sending. Throws when interrupted, or when the server is gone. */
export async function runDemo(deps: DemoDeps): Promise<Receipt[]> {
  const { scenario, crm, clock, stage } = deps;
  const normal = await playAct(deps, "normal");
  crm.breakDown();
  const brokenSinceMs = clock.nowMs();
  const returns = clock.pause(outageMaxMs).then(
    () => crm.recover(),
    () => undefined,
  );
  const outage = await playAct(deps, "outage");
  stage.begin("waiting", null);
  const enough = scenario.outage.first.length / 2;
  const leftMs = Math.max(0, brokenSinceMs + outageMaxMs - clock.nowMs());
  stage.end("waiting", await waitUntil(deps, leftMs, ({ failedAgain }) => failedAgain >= enough));
  crm.recover();
  const recovery = await playAct(deps, "recovery");
  stage.begin("settling", null);
  stage.end(
    "settling",
    await waitUntil(deps, settleMaxMs, ({ accepted, healing }) => accepted === 0 && healing === 0),
  );
  await returns;
  return [...normal, ...outage, ...recovery];
}

async function playAct(deps: DemoDeps, act: "normal" | "outage" | "recovery"): Promise<Receipt[]> {
  const { scenario, http, clock, signal, stage } = deps;
  const { first, then } = scenario[act];
  const options = { ...http, clock, signal, perSecond: leadsPerSecond, onAnswer: () => stage.step() };
  stage.begin(act, first.length + then.length);
  const receipts = [...(await sendAll(first, options)), ...(await sendAll(then, options))];
  stage.end(act, await deps.workUnderWay());
  return receipts;
}

/** Looks again and again until `holds` or the time is over; returns what it saw last. */
async function waitUntil(
  { clock, workUnderWay }: DemoDeps,
  limitMs: number,
  holds: (work: WorkUnderWay) => boolean,
): Promise<WorkUnderWay> {
  const endMs = clock.nowMs() + limitMs;
  for (;;) {
    const work = await workUnderWay();
    if (holds(work) || clock.nowMs() >= endMs) return work;
    await clock.pause(lookEveryMs);
  }
}
