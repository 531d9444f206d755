// A node whose serving thread is busy for ever still ends when it is told to.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, it } from "vitest";
import { addScript, compileSource } from "../support/compiled-source.ts";

let main: string;
beforeAll(async () => {
  main = await addScript(await compileSource("cli/serve/stuck-thread"), "main.js", script);
});

/** Signals, as soon as it says that it is ready, and how it ended. */
async function endOf(thread: keyof typeof threads, signals: readonly NodeJS.Signals[]): Promise<string> {
  const child = spawn(process.execPath, [main, threads[thread]], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  for (const [index, signal] of signals.entries()) {
    child.kill(signal);
    if (index < signals.length - 1) await once(lines, "line");
  }
  const [code, signal] = await ended;
  return signal ?? String(code);
}

describe("a thread that does not answer", () => {
  it("is not waited for longer than was promised", async () => {
    expect(await endOf("stuck", ["SIGTERM"])).toBe("SIGTERM");
  });

  it("is not waited for at all after a second signal", async () => {
    expect(await endOf("stuck for longer", ["SIGINT", "SIGINT"])).toBe("SIGINT");
  });
});

it("a thread that answers ends by itself, however long that takes", async () => {
  expect(await endOf("slow", ["SIGTERM"])).toBe("7");
});

/** What the thread does, once it has been told to stop; waiting on memory stands for any work without end. */
const forEver = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)";
const threads = {
  stuck: JSON.stringify({ stopMs: 200, silenceMs: 100, onSignal: forEver }),
  "stuck for longer": JSON.stringify({ stopMs: 600_000, silenceMs: 100, onSignal: forEver }),
  slow: JSON.stringify({ stopMs: 200, silenceMs: 100, onSignal: "setTimeout(() => process.exit(7), 1_000)" }),
};

const script = `
import { Worker } from "node:worker_threads";
import { passSignals, threadAnswer, threadQuestion } from "./cli/serve/stuck-thread.js";
const { onSignal, ...limits } = JSON.parse(process.argv[2]);
const thread = new Worker(\`
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (message) => {
    if (message === \${JSON.stringify(threadQuestion)}) return parentPort.postMessage(\${JSON.stringify(threadAnswer)});
    parentPort.postMessage("signalled");
    \${onSignal};
  });
\`, { eval: true });
passSignals(thread, limits, (signal) => {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
thread.on("message", (message) => message === "signalled" && console.log("signalled"));
thread.on("exit", (code) => process.exit(code));
thread.on("online", () => console.log("ready"));
`;
