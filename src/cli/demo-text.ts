// Headings and paragraphs of the demo.
import type { CommandContext } from "./command.ts";
import type { Texts } from "./language.ts";
import { wrap } from "./table.ts";

export function heading({ terminal, say }: CommandContext, texts: Texts): void {
  terminal.out(`\n${terminal.paint("bold", say(texts))}`);
}

/** A paragraph that fits the terminal. */
export function paragraph({ terminal, say }: CommandContext, texts: Texts): void {
  for (const line of wrap(say(texts), terminal.outColumns ?? Infinity)) terminal.out(line);
}
