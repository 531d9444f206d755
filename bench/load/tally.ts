// Judges every answer and keeps what is needed to prove afterwards that nothing was lost.
import { checksum } from "./checksum.ts";
import { createLatencies } from "./latencies.ts";
import type { LoadReport } from "./order.ts";
import { keyOf } from "./signed-requests.ts";
import type { RequestPlan } from "./signed-requests.ts";

export interface Tally {
  leadAnswered(number: number, status: number, body: string, startedMs: number, nowMs: number): void;
  healthAnswered(status: number, body: string): void;
  failed(reason: string): void;
  /** From then on it is measured; `sliceMs`: in slices of that length, too. */
  measureFrom(nowMs: number, sliceMs?: number): void;
  measureUntil(nowMs: number): void;
  report(sent: number): Omit<LoadReport, "lateness" | "startedAtMs" | "intendedAtMs" | "cpuSeconds">;
}

export function createTally(plan: RequestPlan): Tally {
  const runIds = new Map<number, string>();
  const failures: Record<string, number> = {};
  const latencies = createLatencies();
  let healthy = 0;
  let accepted = 0;
  let acceptedWhileMeasured = 0;
  const acceptedPerSlice: number[] = [];
  let sliceLengthMs: number | null = null;
  let fromMs = Infinity;
  let untilMs = Infinity;

  function failed(reason: string): void {
    failures[reason] = (failures[reason] ?? 0) + 1;
  }

  function countInSlice(nowMs: number): void {
    if (sliceLengthMs === null) return;
    const slice = Math.floor((nowMs - fromMs) / sliceLengthMs);
    while (acceptedPerSlice.length <= slice) acceptedPerSlice.push(0);
    acceptedPerSlice[slice] = (acceptedPerSlice[slice] ?? 0) + 1;
  }

  return {
    failed,
    leadAnswered(number, status, body, startedMs, nowMs) {
      const runId = plan.sender === undefined ? acceptedRun(status, body) : takenBySender(status);
      if (runId === null) {
        failed(`answer ${status} ${body.slice(0, 120)}`);
        return;
      }
      accepted += 1;
      runIds.set(number, runId);
      if (nowMs >= fromMs && nowMs < untilMs) {
        acceptedWhileMeasured += 1;
        countInSlice(nowMs);
      }
      if (startedMs >= fromMs && startedMs < untilMs) latencies.record(nowMs - startedMs);
    },
    healthAnswered(status, body) {
      if (status === 200 && body.startsWith('{"status":"ok"')) healthy += 1;
      else failed(`health ${status} ${body.slice(0, 120)}`);
    },
    measureFrom(nowMs, sliceMs) {
      fromMs = nowMs;
      sliceLengthMs = sliceMs ?? null;
    },
    measureUntil: (nowMs) => void (untilMs = nowMs),
    report(sent) {
      const measuredMs = untilMs - fromMs;
      return {
        sent,
        accepted,
        healthy,
        failures,
        measuredMs,
        acceptedWhileMeasured,
        acceptedPerSlice,
        perSecond: (acceptedWhileMeasured / measuredMs) * 1_000,
        latency: latencies.summary(),
        keys: checksum([...runIds.keys()].map((number) => keyOf(plan, number))),
        keysAndIds: checksum([...runIds].map(([number, runId]) => `${keyOf(plan, number)}:${runId}`)),
      };
    },
  };
}

const acceptedHead = '{"status":"accepted","run_id":"';

function acceptedRun(status: number, body: string): string | null {
  if (status !== 202 || !body.startsWith(acceptedHead)) return null;
  const end = body.indexOf('"', acceptedHead.length);
  return end < 0 ? null : body.slice(acceptedHead.length, end);
}

/** What it says besides is the kind's own; the id is not known. */
function takenBySender(status: number): "" | null {
  return (status >= 200 && status < 300) || status === 303 ? "" : null;
}
