// Tasks that run again and again while the process lives, each never beside itself.
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";

/** Resolves with nothing, or with the milliseconds after which it has to run again, when that is sooner than usual. */
export type Task = () => Promise<void> | Promise<number | null>;

export interface Background<Name extends string = string> {
  /** Runs `task` now and then `everyMs` after each end; an error is logged and does not stop it. */
  every(name: Name, everyMs: number, task: Task): void;
  /** Runs `task` again and again, `everyMs` after each end, until it succeeds. */
  untilDone(name: Name, everyMs: number, task: () => Promise<void>): void;
  /** Runs the task now instead of after its pause; a run under way is followed by another. */
  wake(name: Name): void;
  /** Runs those tasks now whose last run failed. */
  retryFailing(): void;
  /** Names of the tasks whose last run failed. */
  failing(): readonly Name[];
  /** Starts nothing more; resolves when what runs has ended. */
  stop(): Promise<void>;
}

export function createBackground<Name extends string = string>(log: Log): Background<Name> {
  const failing = new Set<Name>();
  const loops: Promise<void>[] = [];
  const sleepers = new Map<Name, Sleeper>();
  let stopped = false;

  // Asked through a function: it changes while a task is awaited.
  const isStopped = (): boolean => stopped;

  async function loop(
    name: Name,
    everyMs: number,
    sleeper: Sleeper,
    task: Task,
    isOnce: boolean,
  ): Promise<void> {
    while (!isStopped()) {
      let pauseMs = everyMs;
      try {
        pauseMs = Math.min(everyMs, (await task()) ?? everyMs);
        failing.delete(name);
        if (isOnce) return;
      } catch (error) {
        failing.add(name);
        log("warn", "task_failed", { task: name, error: errorText(error) });
      }
      if (!isStopped()) await sleeper.sleep(pauseMs);
    }
  }

  function start(name: Name, everyMs: number, task: Task, isOnce: boolean): void {
    const sleeper = createSleeper();
    sleepers.set(name, sleeper);
    loops.push(loop(name, everyMs, sleeper, task, isOnce));
  }

  return {
    every: (name, everyMs, task) => start(name, everyMs, task, false),
    untilDone: (name, everyMs, task) => start(name, everyMs, task, true),
    wake: (name) => sleepers.get(name)?.wake(),
    retryFailing: () => {
      for (const name of failing) sleepers.get(name)?.wake();
    },
    failing: () => [...failing],
    async stop() {
      stopped = true;
      for (const sleeper of sleepers.values()) sleeper.wake();
      await Promise.all(loops);
    },
  };
}

interface Sleeper {
  /** Resolves after `ms`, or when it is woken; at once when it was since the last sleep. */
  sleep(ms: number): Promise<void>;
  wake(): void;
}

function createSleeper(): Sleeper {
  let woken = false;
  let wakeUp: (() => void) | null = null;
  return {
    async sleep(ms) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wakeUp = null;
      woken = false;
    },
    wake() {
      woken = true;
      wakeUp?.();
    },
  };
}
