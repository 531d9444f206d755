// Starts processes of the bench's own, talks with them, and sees to it that none stays behind.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Child {
  readonly pid: number;
  send(message: object): void;
  /** The next message; rejects when the process has ended, or after `limitMs`. */
  receive<Message>(limitMs: number): Promise<Message>;
  /** Ends it; it has nothing left to write. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

/** `script` is named from the folder of the bench, as in `load/generator`. */
export function startChild(script: string, argument: object = {}): Child {
  const path = fileURLToPath(new URL(`../${script}.js`, import.meta.url));
  const child = fork(path, [JSON.stringify(argument)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  // A message to a child that is gone: whoever waits for the answer learns of it.
  child.on("error", () => undefined);
  const messages: unknown[] = [];
  let waiting: ((message: unknown) => void) | null = null;
  child.on("message", (message) => {
    if (waiting === null) messages.push(message);
    else waiting(message);
  });
  return {
    pid: child.pid ?? 0,
    send: (message) => void child.send(message),
    receive: <Message>(limitMs: number) =>
      new Promise<Message>((resolve, reject) => {
        const done = (): void => {
          waiting = null;
          clearTimeout(timer);
          child.off("exit", ended);
        };
        const ended = (): void => {
          done();
          reject(new Error(`${script} ended without an answer`));
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`${script} did not answer within ${limitMs} ms`));
        }, limitMs);
        child.once("exit", ended);
        waiting = (message) => {
          done();
          resolve(message as Message);
        };
        if (messages.length > 0) waiting(messages.shift());
        else if (child.exitCode !== null || child.signalCode !== null) ended();
      }),
    stop: () => endProcess(child, "SIGKILL", 5_000),
  };
}

/** What the child was started with. */
export function argumentOfChild(): unknown {
  return JSON.parse(process.argv[2] ?? "{}");
}

/** Watches over a process that was started elsewhere, too. */
export function watchOver(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/** Asks with `signal`, and does not ask again after `limitMs`. */
export async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  limitMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  await ended;
  clearTimeout(timer);
}

/** For the moment in which the bench itself ends. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
