// Shows how far the bench is: one line that changes on a terminal, a line per step elsewhere.
import { monotonicMs } from "./machine/monotonic.ts";

export interface Progress {
  step(text: string): void;
  within(text: string): void;
  /** A line that stays. */
  say(text: string): void;
  end(): void;
}

const widthMax = 160;

export function createProgress(steps: number, stream: NodeJS.WriteStream): Progress {
  const startedMs = monotonicMs();
  let done = 0;
  let current = "";

  function draw(detail: string): void {
    const line = `[${done}/${steps}] ${clockTime(monotonicMs() - startedMs)}  ${current}${detail === "" ? "" : ` · ${detail}`}`;
    const width = Math.min(stream.columns || widthMax, widthMax);
    if (stream.isTTY) stream.write(`\r\u001b[2K${line.slice(0, width - 1)}`);
    else if (detail === "") stream.write(`${line}\n`);
  }

  function clear(): void {
    if (stream.isTTY) stream.write("\r\u001b[2K");
  }

  return {
    step(text) {
      done += 1;
      current = text;
      draw("");
    },
    within: draw,
    say(text) {
      clear();
      stream.write(`${text}\n`);
    },
    end: clear,
  };
}

function clockTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
