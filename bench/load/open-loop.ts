// Open loop: requests start when the plan says, even if earlier ones are still unanswered. Who has to wait for a free
// connection waits on the clock: latency counts from the intended start.
import { monotonicMs } from "../machine/monotonic.ts";
import { openConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { createLatencies } from "./latencies.ts";
import type { LoadOrder, LoadReport, OpenLoop } from "./order.ts";
import { leadRequest } from "./signed-requests.ts";
import { createTally } from "./tally.ts";

const lastAnswersMs = 60_000;
const tickMs = 1;
const pollMs = 5;

interface Lane {
  readonly connection: Connection;
  lead: number;
  intendedMs: number;
}

export async function runOpenLoop(
  order: LoadOrder,
  load: OpenLoop,
  onReady: () => Promise<void>,
): Promise<LoadReport> {
  const tally = createTally(order);
  const lateness = createLatencies();
  const free: Lane[] = [];
  const waiting: { lead: number; intendedMs: number }[] = [];
  let usable = order.connections;
  let underWay = 0;
  let sent = 0;

  function send(lane: Lane, lead: number, intendedMs: number): void {
    lane.lead = lead;
    lane.intendedMs = intendedMs;
    underWay += 1;
    sent += 1;
    lane.connection.send(leadRequest(order, lead));
  }

  async function openLane(): Promise<void> {
    const lane: Lane = {
      connection: await openConnection(order.port, {
        onAnswer(status, body) {
          underWay -= 1;
          tally.leadAnswered(lane.lead, status, body, lane.intendedMs, monotonicMs());
          const next = waiting.shift();
          if (next === undefined) free.push(lane);
          else send(lane, next.lead, next.intendedMs);
        },
        onBroken(reason) {
          usable -= 1;
          const place = free.indexOf(lane);
          if (place >= 0) free.splice(place, 1);
          else underWay -= 1;
          tally.failed(`connection broken: ${reason}`);
        },
      }),
      lead: 0,
      intendedMs: 0,
    };
    free.push(lane);
  }

  await Promise.all(Array.from({ length: order.connections }, openLane));
  await onReady();
  const cpu = process.cpuUsage();
  const everyMs = 1_000 / load.perSecond;
  const startedAtMs = monotonicMs();
  const measuredFromMs = startedAtMs + order.warmUpMs;
  const endMs = measuredFromMs + load.durationMs;
  tally.measureFrom(measuredFromMs);
  const intendedAtMs: (readonly [number, number])[] = [];
  for (let lead = 0; ;) {
    const nowMs = monotonicMs();
    for (; startedAtMs + lead * everyMs <= nowMs; lead += 1) {
      const intendedMs = startedAtMs + lead * everyMs;
      if (intendedMs >= endMs) break;
      if (intendedMs >= measuredFromMs) intendedAtMs.push([lead, intendedMs]);
      // The one that has rested longest: a connection that never says anything is closed by the server.
      const lane = free.shift();
      if (lane === undefined) waiting.push({ lead, intendedMs });
      else {
        if (intendedMs >= measuredFromMs) lateness.record(monotonicMs() - intendedMs);
        send(lane, lead, intendedMs);
      }
    }
    const nextMs = startedAtMs + lead * everyMs;
    if (nextMs >= endMs) break;
    // A generator that ticks in between would take time from whom it measures.
    await pause(Math.max(tickMs, Math.floor(nextMs - monotonicMs())));
  }
  tally.measureUntil(endMs);
  await until(() => usable === 0 || (waiting.length === 0 && underWay === 0), lastAnswersMs);
  const unanswered = waiting.length + underWay;
  for (let missing = 0; missing < unanswered; missing += 1) tally.failed("answers missing at the end");
  for (const { connection } of free) connection.close();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...tally.report(sent),
    lateness: lateness.summary(),
    startedAtMs,
    intendedAtMs,
    cpuSeconds: (user + system) / 1e6,
  };
}

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  for (const endMs = monotonicMs() + limitMs; !condition() && monotonicMs() < endMs;) await pause(pollMs);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
