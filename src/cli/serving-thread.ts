// The thread that serves. V8 fixes how much room young objects have when a thread starts, and the 16 MB that a process
// gets are too few for hundreds of requests that wait for their commit: every collection copies them. A process cannot
// set that for itself, but for a thread it can. Still one process: signals, streams and exit code are the same as
// without the thread.
import { getHeapStatistics } from "node:v8";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { interruptedExitCodes } from "./exit-codes.ts";

type Signal = keyof typeof interruptedExitCodes;

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
  for (const signal of Object.keys(interruptedExitCodes) as Signal[])
    process.on(signal, () => thread.postMessage(signal));
  return new Promise((resolve, reject) => {
    thread.on("error", reject);
    thread.on("exit", resolve);
  });
}

function kindOf({ isTTY, columns }: NodeJS.WriteStream): StreamKind {
  return isTTY ? { isTTY, columns } : { isTTY: false };
}

async function serveHere({ argv, stdout, stderr }: ThreadData): Promise<void> {
  parentPort?.on("message", (signal: Signal) => {
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
