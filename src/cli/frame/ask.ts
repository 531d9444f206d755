// Asks a person at the terminal: for what was not said, and before something is done that nobody may do by accident.
import { createInterface } from "node:readline/promises";
import type { CommandContext } from "./command.ts";

/** null: there is no terminal, so nobody could be asked, or nothing was typed. The question is made only if it is asked. */
export async function askedFor(
  context: CommandContext,
  question: () => string | Promise<string>,
): Promise<string | null> {
  const answer = await typed(context, question);
  return answer === "" ? null : answer;
}

/** Whether somebody typed yes (ja); null: there is no terminal, so nobody could be asked. */
export async function confirmed(context: CommandContext, question: string): Promise<boolean | null> {
  const yesOrNo = context.say({ en: "[yes/no]", de: "[ja/nein]" });
  const answer = await typed(context, () => `${question} ${yesOrNo}`);
  return answer === null ? null : /^(?:y|yes|j|ja)$/i.test(answer);
}

async function typed(
  { terminal }: CommandContext,
  question: () => string | Promise<string>,
): Promise<string | null> {
  if (!process.stdin.isTTY || !terminal.noteIsTerminal) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(`${await question()} `)).trim();
  } finally {
    lines.close();
  }
}
