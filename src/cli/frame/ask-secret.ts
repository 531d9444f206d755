// Reads a password: asked for twice on a terminal, without showing it; else the first line of stdin. Never an argument,
// which others on the machine could read.
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { CommandContext } from "./command.ts";

export type Secret =
  { readonly kind: "given"; readonly text: string } | { readonly kind: "differs" | "not_given" };

export async function askSecret(context: CommandContext): Promise<Secret> {
  // The thread that serves has no terminal of its own, but passwords are not asked for there.
  if (!process.stdin.isTTY) return given(await firstLine(process.stdin));
  const { say } = context;
  const text = await askHidden(context, say({ en: "New password: ", de: "Neues Passwort: " }));
  const again = await askHidden(context, say({ en: "The same once more: ", de: "Dasselbe noch einmal: " }));
  return text === again ? given(text) : { kind: "differs" };
}

function given(text: string): Secret {
  return text === "" ? { kind: "not_given" } : { kind: "given", text };
}

async function askHidden({ terminal }: CommandContext, question: string): Promise<string> {
  terminal.noteRaw(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
      lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
    });
  } finally {
    lines.close();
    terminal.note("");
  }
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8").split(/\r?\n/)[0] ?? "";
}
