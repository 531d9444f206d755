// Brings home what waits on this node's disk, and on that of nodes that are gone.
import { createDrain } from "../spool/drain.ts";
import { spoolFigures } from "../spool/spool.ts";
import type { NodeBase } from "./node-base.ts";
import { seekDatabase } from "./node-base.ts";

const spoolGauges = [
  ["records", "Requests and health checks that wait on disk for the database; one with several leads is one"],
  ["bytes", "What they take on disk"],
  ["oldest_seconds", "How long the oldest of them has been waiting"],
] as const;

export interface Draining {
  /** From the first contact with the database on. */
  start(): void;
  /** One that is under way ends within it. */
  finishWithin(limitMs: number): void;
  run(): Promise<void>;
}

export function openDraining(base: NodeBase): Draining {
  const { database, disk, databaseCircuit, background, intervals, lease, log, metrics } = base;
  const store = disk?.store ?? null;
  for (const [name, help] of spoolGauges) {
    metrics.gauge(`leadledger_spool_${name}`, help, () =>
      store === null ? 0 : spoolFigures(store.depth)[name],
    );
  }
  const onWaiting = (): void => background.wake("poll");
  const drain =
    store === null ? null : createDrain({ database, store, databaseCircuit, lease, onWaiting, log });
  return {
    start() {
      background.every("spool", intervals.drainMs, () => drain?.run() ?? seekDatabase(base));
      if (disk !== null)
        background.every("spool_take_over", intervals.spoolTakeOverMs, () => disk.takeOver());
    },
    finishWithin: (limitMs) => drain?.finishWithin(limitMs),
    run: async () => {
      await drain?.run();
    },
  };
}
