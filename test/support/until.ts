// Waits for a condition instead of a time.
import { setTimeout as delay } from "node:timers/promises";

/** Asks again and again until the answer is neither null nor false; fails with `what` after the limit. */
export async function until<T>(
  what: string,
  ask: () => T | null | false | Promise<T | null | false>,
  limitMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await delay(20);
  }
}
