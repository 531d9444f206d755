// Asks a person before something is done that nobody may do by accident.
import { createInterface } from "node:readline/promises";
import type { CommandContext } from "./command.ts";

/** Whether somebody typed yes (ja); null: there is no terminal, so nobody could be asked. */
export async function confirmed(
  { terminal, say }: CommandContext,
  question: string,
): Promise<boolean | null> {
  if (!process.stdin.isTTY || !terminal.noteIsTerminal) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} ${say({ en: "[yes/no]", de: "[ja/nein]" })} `);
    return /^(?:y|yes|j|ja)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
