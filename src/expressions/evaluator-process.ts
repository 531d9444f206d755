// One child process that evaluates expressions, one after the other: started with nothing it could do harm with, and killed
// when it takes too long. What an expression can do to a process, it does to this one.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { errorText } from "../domain/node/log.ts";
import { childProgram } from "./child-program.ts";
import type { ChildAnswer, ChildRequest } from "./child-program.ts";

export interface ProcessLimits {
  /** For one request. */
  readonly requestMs: number;
  readonly startMs: number;
  /** Of V8's heap; what needs more ends the process. */
  readonly heapMb: number;
  /** Of an answer. */
  readonly outputBytesMax: number;
}

/** What came of a request. */
export type ProcessAnswer =
  | Exclude<ChildAnswer, { kind: "ready" }>
  | { readonly kind: "stopped"; readonly why: "deadline" | "memory" | "output" | "crash" }
  | { readonly kind: "unavailable"; readonly why: string };

export interface EvaluatorProcess {
  /** One at a time. Never rejects; after `stopped` and `unavailable` the process is gone. */
  ask(request: ChildRequest): Promise<ProcessAnswer>;
  /** Requests that were answered. */
  readonly answered: number;
  readonly isGone: boolean;
  readonly pid: number | undefined;
  /** Resolves when the process has ended. */
  end(): Promise<void>;
}

/** What a program other than JSONata would be, in tests. */
export interface EvaluatorProgram {
  /** JavaScript for `node -e`. */
  readonly code: string;
  /** What it is given in its first line. */
  readonly library: string;
}

/** `require` of this module finds what the package depends on, wherever it is installed. */
export async function jsonataProgram(limits: ProcessLimits): Promise<EvaluatorProgram> {
  const path = createRequire(import.meta.url).resolve("jsonata");
  const code = childProgram({
    outputCharactersMax: limits.outputBytesMax,
    timeoutMs: 2 * limits.requestMs,
    stackMax: 500,
    wordsMax: 300,
  });
  return { code, library: await readFile(path, "utf8") };
}

/** Answers are escaped, and have a frame around them. */
const frameFactor = 7;
const stderrBytesMax = 4_096;

export function startEvaluatorProcess(program: EvaluatorProgram, limits: ProcessLimits): EvaluatorProcess {
  const child = spawn(process.execPath, [...flags(limits), "-e", program.code], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  let answered = 0;
  let isGone = false;
  let stderr = "";
  let chunks: Buffer[] = [];
  let bytes = 0;
  let settle: ((answer: ProcessAnswer | { readonly kind: "ready" }) => void) | null = null;
  /** Why it is being killed; null: it was not we who did it. */
  let killedFor: "deadline" | "output" | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => gone({ kind: "stopped", why: killedFor ?? whyEnded(stderr) }, resolve));
    child.once("error", (error) => gone({ kind: "unavailable", why: errorText(error) }, resolve));
  });

  function gone(answer: ProcessAnswer, resolve: () => void): void {
    isGone = true;
    tell(answer);
    resolve();
  }

  function tell(answer: ProcessAnswer | { readonly kind: "ready" }): void {
    const settled = settle;
    settle = null;
    settled?.(answer);
  }

  function kill(why: "deadline" | "output"): void {
    killedFor = why;
    child.kill("SIGKILL");
  }

  child.stderr.setEncoding("utf8").on("data", (more: string) => {
    stderr = (stderr + more).slice(-stderrBytesMax);
  });
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limits.outputBytesMax * frameFactor) {
      chunks = [];
      kill("output");
      return;
    }
    chunks.push(chunk);
    if (chunk.at(-1) !== newline) return;
    const line = Buffer.concat(chunks).toString("utf8");
    chunks = [];
    bytes = 0;
    tell(readAnswer(line, limits));
  });
  // It has ended: `close` says how.
  child.stdin.on("error", () => undefined);

  function say(value: ChildRequest | string, limitMs: number): Promise<ProcessAnswer | { kind: "ready" }> {
    if (isGone) return Promise.resolve({ kind: "stopped", why: "crash" });
    return new Promise((resolve) => {
      // An answer may have come already, and this process been too busy to read it: that is read before.
      const timer = setTimeout(() => setImmediate(() => settle === mine && kill("deadline")), limitMs);
      const mine = (answer: ProcessAnswer | { readonly kind: "ready" }): void => {
        clearTimeout(timer);
        hold(false);
        resolve(answer);
      };
      settle = mine;
      hold(true);
      child.stdin.write(`${JSON.stringify(value)}\n`);
    });
  }

  /** Only while it is asked something does it keep this process alive. */
  function hold(isAsked: boolean): void {
    const handles = [
      child,
      child.stdin,
      child.stdout,
      child.stderr,
    ] as unknown as readonly NodeJS.RefCounted[];
    for (const handle of handles) {
      if (isAsked) handle.ref();
      else handle.unref();
    }
  }

  const ready = say(program.library, limits.startMs);

  return {
    get answered() {
      return answered;
    },
    get isGone() {
      return isGone;
    },
    get pid() {
      return child.pid;
    },
    async ask(request) {
      const start = await ready;
      if (start.kind === "unavailable") return start;
      if (start.kind !== "ready") return { kind: "unavailable", why: lastLine(stderr) };
      const answer = await say(request, limits.requestMs);
      answered += 1;
      return answer.kind === "ready" ? { kind: "stopped", why: "crash" } : answer;
    },
    async end() {
      hold(true);
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** No files, no processes, no threads, no add-ons; no text becomes code. Node 20 knows the first by another name. */
function flags({ heapMb }: ProcessLimits): readonly string[] {
  const permission = process.allowedNodeEnvironmentFlags.has("--permission")
    ? "--permission"
    : "--experimental-permission";
  return [
    permission,
    "--no-warnings",
    "--disallow-code-generation-from-strings",
    `--max-old-space-size=${heapMb}`,
  ];
}

const newline = 10;

function readAnswer(line: string, { outputBytesMax }: ProcessLimits): ProcessAnswer | { kind: "ready" } {
  try {
    const answer = JSON.parse(line) as ChildAnswer;
    if (answer.kind === "too_much") return { kind: "stopped", why: "output" };
    if (answer.kind !== "value" || answer.json === null) return answer;
    return Buffer.byteLength(answer.json) > outputBytesMax ? { kind: "stopped", why: "output" } : answer;
  } catch {
    return { kind: "stopped", why: "crash" };
  }
}

/** V8 says so before it ends a process that needs more than it may have. */
function whyEnded(stderr: string): "memory" | "crash" {
  return /heap out of memory|Reached heap limit|invalid table size/i.test(stderr) ? "memory" : "crash";
}

function lastLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.at(-1)?.slice(0, 200) ?? "it ended at once";
}
