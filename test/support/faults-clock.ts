// A clock of the node's own that jumps while it runs; the machine's clock is never touched.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface JumpingClock {
  readonly name: string;
  /** For the process whose clock it is. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on its clock differs by so much from the machine's. */
  set(offsetSeconds: number): Promise<void>;
}

/** libfaketime where it is installed; otherwise a clock injected into the program's runtime. */
export async function openJumpingClock(folder: string): Promise<JumpingClock> {
  const file = join(folder, "clock");
  const library = await findFaketime();
  if (library !== null) {
    return {
      name: "libfaketime",
      env: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
      set: (offsetSeconds) => writeFile(file, signed(offsetSeconds)),
    };
  }
  const script = join(folder, "clock.mjs");
  await writeFile(script, injectedClock);
  return {
    name: "injected clock, libfaketime is not installed",
    env: { NODE_OPTIONS: `--import=${script}`, TEST_CLOCK_FILE: file },
    set: (offsetSeconds) => writeFile(file, signed(offsetSeconds)),
  };
}

function signed(seconds: number): string {
  return `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}`;
}

async function findFaketime(): Promise<string | null> {
  for (const home of ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime"]) {
    const names = await readdir(home).catch(() => []);
    // Made for programs with threads.
    const name = names.find((each) => each.startsWith("libfaketimeMT.so"));
    if (name !== undefined) return join(home, name);
  }
  return null;
}

// Every reading of the time of day that JavaScript can make; timers and performance.now are monotonic, as ever.
const injectedClock = `
import { readFileSync } from "node:fs";
const RealDate = Date;
let offsetMs = 0;
const follow = () => {
  try {
    offsetMs = Number(readFileSync(process.env.TEST_CLOCK_FILE, "utf8")) * 1000 || 0;
  } catch {}
};
follow();
setInterval(follow, 10).unref();
const now = () => RealDate.now() + offsetMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});
`;
