#!/usr/bin/env node
// The command line's outermost shell: the process with its streams, its user and its end.
import { userInfo } from "node:os";
import { exitCodes } from "./exit-codes.ts";
import { chooseLanguage } from "./language.ts";
import type { Texts } from "./language.ts";
import { runProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);

const argv = process.argv.slice(2);
const terminal = createTerminal(process.stdout, process.stderr, process.env);
const language = chooseLanguage(argv, process.env);

if (language === null) {
  terminal.note("--lang: de | en");
  await end(exitCodes.usage);
} else {
  const say = (texts: Texts): string => texts[language];
  await end(await runProgram(argv, { language, env: process.env, terminal, actor: `cli:${osUser()}`, say }));
}

/** Whoever read our output (`| head`) has seen enough: no reason to stop half-way through closing the database. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
}

/** Ends the process when everything is written; what a library left open does not keep it alive. */
async function end(exitCode: number): Promise<void> {
  process.exitCode = exitCode;
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => void stream.write("", () => resolve()));
  }
  process.exit();
}

/** In containers the user often has no entry in /etc/passwd. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}
