// The thread that serves. V8 fixes how much room young objects have when a thread starts, and the 16 MB that a process
// gets are too few for hundreds of requests that wait for their commit: every collection copies them. A process cannot
// set that for itself, but for a thread it can. Still one process: signals, streams and exit code are the same as
// without the thread.
import { hostname } from "node:os";
import { getHeapStatistics } from "node:v8";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { interruptedExitCodes } from "./frame/exit-codes.ts";
import { passSignals, threadAnswer, threadQuestion } from "./serve/stuck-thread.ts";
import type { StopSignal, ThreadMessage } from "./serve/stuck-thread.ts";

interface ThreadData {
  readonly argv: readonly string[];
  readonly stdout: StreamKind;
  readonly stderr: StreamKind;
}

/** What the streams of a thread do not know about themselves. */
interface StreamKind {
  readonly isTTY: boolean;
  readonly columns?: number;
}

/** V8 takes a third of it for each half of its semi-space and one for large objects: 32 MB each. */
const youngGenerationMb = 96;
/**
 * From 2 GB on V8 lets old objects grow to four times what was alive before it collects them, below it to twice: 50 MB
 * less with delivery at full speed, for 2 to 3 % of processor time. The fullest spool takes 1.2 GB.
 */
const oldGenerationMb = 2_000;
const bytesPerMb = 1024 * 1024;

/** Runs the command in its thread and returns the exit code. Rejects with what the thread did not catch. */
export function runInServingThread(argv: readonly string[]): Promise<number> {
  const thread = new Worker(new URL(import.meta.url), {
    workerData: { argv, stdout: kindOf(process.stdout), stderr: kindOf(process.stderr) } satisfies ThreadData,
    resourceLimits: {
      maxYoungGenerationSizeMb: youngGenerationMb,
      // On a small machine as large as without a thread.
      maxOldGenerationSizeMb: Math.min(
        oldGenerationMb,
        Math.floor(getHeapStatistics().heap_size_limit / bytesPerMb),
      ),
    },
  });
  passSignals(thread, stopLimits, (signal) => void endStuck(signal));
  return new Promise((resolve, reject) => {
    thread.on("error", reject);
    thread.on("exit", resolve);
  });
}

/** What was promised (docs/en/operations.md), and what a thread that is merely busy may need to answer. */
const stopLimits = { stopMs: 19_000, silenceMs: 1_000 };

/**
 * As far as it can be done from outside of the thread. The signal's own effect ends the process: `process.exit` would
 * wait for the thread. What was accepted is safe, as after any other death of a node.
 */
async function endStuck(signal: StopSignal): Promise<void> {
  const { createLogger } = await import("../runtime/logger.ts");
  const { readEnvironment } = await import("../config/environment.ts");
  const { askChildToStop } = await import("../runtime/embedded-postgres-process.ts");
  createLogger("error", `${hostname()}-${process.pid}`)("error", "stop_failed", {
    error: `the thread that serves does not answer; ended by ${signal}`,
  });
  const read = readEnvironment(process.env);
  if (read.ok && read.environment.databaseUrl === null)
    await askChildToStop(read.environment.dataDir).catch(() => undefined);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function kindOf({ isTTY, columns }: NodeJS.WriteStream): StreamKind {
  return isTTY ? { isTTY, columns } : { isTTY: false };
}

async function serveHere({ argv, stdout, stderr }: ThreadData): Promise<void> {
  parentPort?.on("message", (signal: ThreadMessage) => {
    if (signal === threadQuestion) return parentPort?.postMessage(threadAnswer);
    // Before anybody listens, a signal ends the process as it would any other.
    if (!process.emit(signal, signal)) process.exit(interruptedExitCodes[signal]);
  });
  const { end, runCommand } = await import("./run-command.ts");
  const exitCode = await runCommand(
    argv,
    { ...stdout, write: (text) => process.stdout.write(text) },
    { ...stderr, write: (text) => process.stderr.write(text) },
  );
  await end(exitCode);
}

if (!isMainThread) await serveHere(workerData as ThreadData);
