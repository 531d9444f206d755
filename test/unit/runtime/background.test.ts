// Background tasks: regular, never beside themselves, woken when there is work, and ended in order.
import { describe, expect, it, vi } from "vitest";
import { createBackground } from "../../../src/runtime/background.ts";

const longMs = 60_000;

describe("a background task", () => {
  it("runs at once and again after its pause", async () => {
    const background = createBackground(() => undefined);
    const task = vi.fn(() => Promise.resolve());
    background.every("task", 5, task);
    await vi.waitFor(() => expect(task.mock.calls.length).toBeGreaterThan(2), 30_000);
    await background.stop();
  });

  it("runs sooner than its pause when it says so, and not later", async () => {
    const background = createBackground(() => undefined);
    const soon = vi.fn(() => Promise.resolve(5));
    const late = vi.fn(() => Promise.resolve(longMs));
    background.every("soon", longMs, soon);
    background.every("late", 5, late);
    await vi.waitFor(() => expect(soon.mock.calls.length).toBeGreaterThan(2), 30_000);
    await vi.waitFor(() => expect(late.mock.calls.length).toBeGreaterThan(2), 30_000);
    await background.stop();
  });

  it("runs when it is woken, however long its pause is", async () => {
    const background = createBackground(() => undefined);
    const task = vi.fn(() => Promise.resolve());
    background.every("task", longMs, task);
    await vi.waitFor(() => expect(task).toHaveBeenCalledTimes(1), 30_000);
    background.wake("task");
    await vi.waitFor(() => expect(task).toHaveBeenCalledTimes(2), 30_000);
    await background.stop();
  });

  it("runs once more when it is woken while it runs, and never beside itself", async () => {
    const background = createBackground(() => undefined);
    let running = 0;
    let most = 0;
    let runs = 0;
    let release = (): void => undefined;
    background.every("task", longMs, async () => {
      running += 1;
      runs += 1;
      most = Math.max(most, running);
      if (runs === 1) await new Promise<void>((resolve) => (release = resolve));
      running -= 1;
    });
    await vi.waitFor(() => expect(running).toBe(1), 30_000);
    background.wake("task");
    background.wake("task");
    release();
    await vi.waitFor(() => expect(runs).toBe(2), 30_000);
    await background.stop();
    expect({ runs, most }).toEqual({ runs: 2, most: 1 });
  });

  it("goes on after an error, and is named as failing until it succeeds", async () => {
    const background = createBackground(() => undefined);
    let fails = true;
    background.every("task", 2, (): Promise<void> =>
      fails ? Promise.reject(new Error("no")) : Promise.resolve(),
    );
    await vi.waitFor(() => expect(background.failing()).toEqual(["task"]), 30_000);
    fails = false;
    await vi.waitFor(() => expect(background.failing()).toEqual([]), 30_000);
    await background.stop();
  });
});
