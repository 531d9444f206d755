// The command line as an operator uses it: in this process where only what a command does and says is of interest, in
// processes of its own, built from what is in src now, where signals, pipes and the process itself are.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { runCommand } from "../../src/cli/run-command.ts";
import type { CompiledSource } from "./compiled-source.ts";
import { compileSource } from "./compiled-source.ts";
import { quickPlace } from "./quick-place.ts";

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  readonly finished: Promise<Finished>;
}

export interface CommandLine {
  /** The current folder of the commands, and of this process: a new one for every test. */
  readonly folder: string;
  /** Set for all commands of a test on top of a clean environment. */
  env: Record<string, string>;
  /** A process of its own. */
  start(...args: string[]): RunningCommand;
  /** A process of its own, when it has ended. */
  runProcess(...args: string[]): Promise<Finished>;
  /** A process of its own with something on stdin, when it has ended. */
  feed(input: string, ...args: string[]): Promise<Finished>;
  /** In this process, unless it serves. */
  run(...args: string[]): Promise<Finished>;
  /** The same, expected to succeed; returns its JSON. */
  json<T>(...args: string[]): Promise<T>;
}

/** They take signals and threads for themselves. */
const ownProcess = ["serve", "demo"];
const project = join(import.meta.dirname, "../..");

/** Commands that still run after a test are killed. */
export function useCommandLine(): CommandLine {
  let compiled: CompiledSource;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    compiled = await compileSource();
  });

  function launch(stdin: "ignore" | "pipe", args: readonly string[]): RunningCommand {
    const child = spawn(process.execPath, [join(compiled.folder, "cli/main.js"), ...args], {
      cwd: commandLine.folder,
      env: environment(),
      stdio: [stdin, "pipe", "pipe"],
    });
    children.push(child);
    return { child, ...watch(child) };
  }

  const environment = (): Record<string, string | undefined> => ({
    PATH: process.env.PATH,
    HOME: commandLine.folder,
    LANG: "C",
    ...commandLine.env,
  });

  async function runHere(args: readonly string[]): Promise<Finished> {
    const output = { stdout: "", stderr: "" };
    const stdout = { write: (text: string) => void (output.stdout += text) };
    const stderr = { write: (text: string) => void (output.stderr += text) };
    const code = await runCommand(args, stdout, stderr, environment());
    return { code, ...output };
  }

  const commandLine = {
    folder: "",
    env: {} as Record<string, string>,
    start: (...args: string[]) => launch("ignore", args),
    feed(input: string, ...args: string[]): Promise<Finished> {
      const { child, finished } = launch("pipe", args);
      child.stdin?.end(input);
      return finished;
    },
    runProcess: (...args: string[]) => commandLine.start(...args).finished,
    run: (...args: string[]) =>
      args.some((arg) => ownProcess.includes(arg)) ? commandLine.runProcess(...args) : runHere(args),
    async json<T>(...args: string[]): Promise<T> {
      const { code, stdout, stderr } = await commandLine.run(...args, "--json");
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout) as T;
    },
  };
  beforeEach(async () => {
    commandLine.folder = await mkdtemp(join(await quickPlace(), "leadledger-cli-"));
    commandLine.env = {};
    process.chdir(commandLine.folder);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      await vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), { timeout: 25_000 });
    }
    process.chdir(project);
    await rm(commandLine.folder, { recursive: true, force: true, maxRetries: 10 });
  });
  return commandLine;
}

export interface Banner {
  readonly url: string;
  readonly curl: string | null;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly warnings: readonly string[];
}

/** `serve --json`, returned when it takes leads. */
export async function serve(commandLine: CommandLine): Promise<RunningCommand & { readonly banner: Banner }> {
  const command = commandLine.start("serve", "--json");
  const banner = await vi.waitFor(() => JSON.parse(command.output.stdout) as Banner, { timeout: 30_000 });
  return { ...command, banner };
}

function watch(child: ChildProcess): Pick<RunningCommand, "output" | "finished"> {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code) => resolve({ code, ...output }));
  });
  return { output, finished };
}
