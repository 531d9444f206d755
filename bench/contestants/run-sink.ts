// Starts the sink and asks it what has arrived.
import { setTimeout as delay } from "node:timers/promises";
import { startChild } from "../machine/child.ts";
import type { SinkOrder, SinkReport } from "./sink.ts";

export interface RunningSink {
  readonly url: string;
  /** Resolves when so many different leads have arrived; rejects after `limitMs`. */
  arrived(leads: number, limitMs: number): Promise<void>;
  report(): Promise<SinkReport>;
  stop(): Promise<void>;
}

const answerLimitMs = 60_000;
const pollMs = 20;

async function startSink(): Promise<RunningSink> {
  const child = startChild("contestants/sink");
  const { port } = await child.receive<{ port: number }>(answerLimitMs);
  const ask = <Answer>(order: SinkOrder): Promise<Answer> => {
    child.send(order);
    return child.receive<Answer>(answerLimitMs);
  };
  return {
    url: `http://127.0.0.1:${port}/leads`,
    async arrived(leads, limitMs) {
      const endMs = Date.now() + limitMs;
      for (;;) {
        const { distinct } = await ask<{ distinct: number }>({ kind: "count" });
        if (distinct >= leads) return;
        if (Date.now() > endMs) throw new Error(`${distinct} of ${leads} leads arrived within ${limitMs} ms`);
        await delay(pollMs);
      }
    },
    report: () => ask<SinkReport>({ kind: "report" }),
    stop: () => child.stop(),
  };
}

/** Runs `work` with a sink of its own, which is gone afterwards. */
export async function withSink<Result>(work: (sink: RunningSink) => Promise<Result>): Promise<Result> {
  const sink = await startSink();
  try {
    return await work(sink);
  } finally {
    await sink.stop();
  }
}
