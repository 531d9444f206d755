// Headings and paragraphs of the demo.
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../frame/language.ts";
import { wrap } from "../frame/table.ts";

export function heading({ terminal, say }: CommandContext, texts: Texts): void {
  terminal.out(`\n${terminal.paint("bold", say(texts))}`);
}

/** A paragraph that fits the terminal. */
export function paragraph({ terminal, say }: CommandContext, texts: Texts): void {
  for (const line of wrap(say(texts), terminal.outColumns ?? Infinity)) terminal.out(line);
}
