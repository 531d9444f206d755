// Closed loop: as many requests under way as there are connections, as fast as they are answered.
import { monotonicMs } from "../machine/monotonic.ts";
import { openConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { createLatencies } from "./latencies.ts";
import type { ClosedLoop, HealthChecks, LoadOrder, LoadReport } from "./order.ts";
import { healthRequest, leadRequest } from "./signed-requests.ts";
import { hasHealthChecks } from "./slices.ts";
import { createTally } from "./tally.ts";

const lastAnswersMs = 30_000;

/** Requests are made before the first is sent; `onReady` is called in between. */
export async function runClosedLoop(
  order: LoadOrder,
  load: ClosedLoop,
  onReady: () => Promise<void>,
): Promise<LoadReport> {
  const tally = createTally(order);
  const requests = Array.from({ length: load.leadsMax }, (_, number) => leadRequest(order, number));
  const health = healthRequest(order);
  const stopAt = { ms: Infinity };
  let measuredFromMs = Infinity;
  let sent = 0;
  let sinceHealth = 0;
  let allEnded: (() => void) | undefined;
  let open = 0;
  const end = (): void => {
    open -= 1;
    if (open === 0) allEnded?.();
  };

  function isTimeForChecks(nowMs: number, { sliceMs }: HealthChecks): boolean {
    return hasHealthChecks(Math.floor((nowMs - measuredFromMs) / sliceMs));
  }

  async function openLoop(): Promise<() => void> {
    let connection: Connection | null = null;
    let lead: number | null = null;
    let ended = false;
    let startedMs = 0;
    const endOnce = (): void => {
      if (!ended) end();
      ended = true;
    };
    const next = (nowMs: number): void => {
      const exhausted = sent >= load.leadsMax && !load.cycle;
      if (nowMs >= stopAt.ms || exhausted) {
        connection?.close();
        endOnce();
        return;
      }
      startedMs = nowMs;
      if (
        load.health !== null &&
        sinceHealth >= load.health.everyLeads &&
        isTimeForChecks(nowMs, load.health)
      ) {
        sinceHealth = 0;
        lead = null;
        connection?.send(health);
        return;
      }
      sinceHealth += 1;
      lead = sent % load.leadsMax;
      sent += 1;
      const request = requests[lead];
      if (request !== undefined) connection?.send(request);
    };
    connection = await openConnection(order.port, {
      onAnswer(status, body) {
        const nowMs = monotonicMs();
        if (lead === null) tally.healthAnswered(status, body);
        else tally.leadAnswered(lead, status, body, startedMs, nowMs);
        next(nowMs);
      },
      onBroken(reason) {
        tally.failed(`connection broken: ${reason}`);
        endOnce();
      },
    });
    open += 1;
    return () => next(monotonicMs());
  }

  const starts = await Promise.all(Array.from({ length: order.connections }, openLoop));
  await onReady();
  const cpu = process.cpuUsage();
  const startedAtMs = monotonicMs();
  measuredFromMs = startedAtMs + order.warmUpMs;
  tally.measureFrom(measuredFromMs, load.health?.sliceMs);
  stopAt.ms = measuredFromMs + load.durationMs;
  const ended = new Promise<void>((resolve) => (allEnded = resolve));
  for (const start of starts) start();
  const limit = setTimeout(
    () => {
      tally.failed("answers missing at the end");
      allEnded?.();
    },
    order.warmUpMs + load.durationMs + lastAnswersMs,
  );
  await ended;
  clearTimeout(limit);
  tally.measureUntil(Math.min(stopAt.ms, monotonicMs()));
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...tally.report(sent),
    lateness: createLatencies().summary(),
    startedAtMs,
    intendedAtMs: [],
    cpuSeconds: (user + system) / 1e6,
  };
}
