// Tasks that run again and again while the process lives, each never beside itself.
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";

export interface Background {
  /** Runs `task` now and then `everyMs` after each end; an error is logged and does not stop it. */
  every(name: string, everyMs: number, task: () => Promise<void>): void;
  /** Names of the tasks whose last run failed. */
  failing(): readonly string[];
  /** Starts nothing more; resolves when what runs has ended. */
  stop(): Promise<void>;
}

export function createBackground(log: Log): Background {
  const failing = new Set<string>();
  const loops: Promise<void>[] = [];
  const wakers = new Set<() => void>();
  let stopped = false;

  // Asked through a function: it changes while a task is awaited.
  const isStopped = (): boolean => stopped;

  async function loop(name: string, everyMs: number, task: () => Promise<void>): Promise<void> {
    while (!isStopped()) {
      try {
        await task();
        failing.delete(name);
      } catch (error) {
        failing.add(name);
        log("warn", "task_failed", { task: name, error: errorText(error) });
      }
      if (!isStopped()) await pause(everyMs, wakers);
    }
  }

  return {
    every: (name, everyMs, task) => {
      loops.push(loop(name, everyMs, task));
    },
    failing: () => [...failing],
    async stop() {
      stopped = true;
      for (const wake of wakers) wake();
      await Promise.all(loops);
    },
  };
}

function pause(ms: number, wakers: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(wake, ms);
    function wake(): void {
      clearTimeout(timer);
      wakers.delete(wake);
      resolve();
    }
    wakers.add(wake);
  });
}
