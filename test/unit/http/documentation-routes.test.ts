// What is made at the first request for it.
import { describe, expect, it } from "vitest";
import { madeOnce } from "../../../src/http/api/documentation/documentation-routes.ts";

describe("what is made at the first request", () => {
  it("is made once for all who ask, also while it is being made", async () => {
    let times = 0;
    const get = madeOnce(async () => {
      times += 1;
      await Promise.resolve();
      return { times };
    });
    const [first, second] = await Promise.all([get(), get()]);
    expect(second).toBe(first);
    expect(await get()).toBe(first);
    expect(times).toBe(1);
  });

  it("is tried again after a failure, which everybody who waited is told", async () => {
    let times = 0;
    const get = madeOnce(() => {
      times += 1;
      return times === 1 ? Promise.reject(new Error("no file")) : Promise.resolve(times);
    });
    const [first, second] = await Promise.allSettled([get(), get()]);
    expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
    expect(await get()).toBe(2);
  });
});
