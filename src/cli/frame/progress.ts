// Shows on a terminal that something takes its time; in a pipe nothing is shown.
import type { Terminal } from "./terminal.ts";

const renewEveryMs = 1_000;

/** Runs `work`; after a second one line on stderr says what is going on and for how long, and goes away again. */
export async function withProgress<T>(
  { noteIsTerminal, noteRaw }: Pick<Terminal, "noteIsTerminal" | "noteRaw">,
  text: () => string,
  work: () => Promise<T>,
): Promise<T> {
  if (!noteIsTerminal) return work();
  const startedMs = performance.now();
  const show = (): void =>
    noteRaw(`\r\u001b[K${text()} … ${Math.round((performance.now() - startedMs) / 1_000)} s`);
  const timer = setInterval(show, renewEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (performance.now() - startedMs >= renewEveryMs) noteRaw("\r\u001b[K");
  }
}
