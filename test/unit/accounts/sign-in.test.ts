// What is decided about an attempt to sign in, and how attempts are counted.
import { describe, expect, it } from "vitest";
import { networkOf, takeAttempt } from "../../../src/accounts/attempts.ts";
import { decideSignIn, lockAfter } from "../../../src/accounts/sign-in-decision.ts";
import type { SignInFacts } from "../../../src/accounts/sign-in-decision.ts";
import { createRateLimiter } from "../../../src/domain/sources/rate-limiter.ts";
import { hasRightsOf, roles } from "../../../src/domain/accounts/roles.ts";

const nowMs = Date.parse("2026-07-15T12:00:00Z");
const minuteMs = 60_000;

function account(changes: Partial<SignInFacts> = {}): SignInFacts {
  return { disabledAt: null, failedSignIns: 0, lockedUntil: null, ...changes };
}

describe("signing in", () => {
  it("is let through with the right password, also when a lock has just ended", () => {
    expect(decideSignIn(account(), true, nowMs)).toEqual({ kind: "signed_in" });
    const ended = account({ failedSignIns: 9, lockedUntil: new Date(nowMs) });
    expect(decideSignIn(ended, true, nowMs)).toEqual({ kind: "signed_in" });
  });

  it("is refused to nobody's account, a disabled and a locked one, without counting", () => {
    const locked = account({ lockedUntil: new Date(nowMs + 1) });
    const refusals = [null, account({ disabledAt: new Date(0) }), locked].map((facts) =>
      [true, false].map((fits) => decideSignIn(facts, fits, nowMs)),
    );
    expect(refusals.flat().map((decision) => decision.kind === "refused" && decision.reason)).toEqual([
      "unknown_user",
      "unknown_user",
      "disabled",
      "disabled",
      "locked",
      "locked",
    ]);
    for (const refusal of refusals.flat()) expect(refusal).toMatchObject({ failed: null });
  });

  it("locks from the fifth wrong password on, for a minute that doubles up to an hour", () => {
    const locks = Array.from({ length: 14 }, (_, failures) => lockAfter(failures) / minuteMs);
    expect(locks).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(lockAfter(100_000)).toBe(60 * minuteMs);
    expect(decideSignIn(account({ failedSignIns: 5 }), false, nowMs)).toEqual({
      kind: "refused",
      reason: "wrong_password",
      failed: { failedSignIns: 6, lockedUntil: new Date(nowMs + 2 * minuteMs) },
    });
  });
});

describe("attempts", () => {
  it("count for the address, whatever the names, and for the name, whatever the addresses", () => {
    const limiter = createRateLimiter(() => 0);
    const waits = (count: number, login: (index: number) => string, address: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => takeAttempt(limiter, login(index), address(index))).map(
        Boolean,
      );
    const byAddress = waits(
      31,
      (index) => `user-${index}`,
      () => "192.0.2.1",
    );
    expect(byAddress.indexOf(true)).toBe(30);
    const byLogin = waits(
      11,
      () => "one",
      (index) => `198.51.100.${index}`,
    );
    expect(byLogin.indexOf(true)).toBe(10);
  });

  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8::7", "2001:db8:0:0::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("from %s are those of %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe("a key", () => {
  it("may have the rights of its maker or fewer", () => {
    const grantable = (maker: (typeof roles)[number]) => roles.filter((role) => hasRightsOf(maker, role));
    expect(grantable("admin")).toEqual(roles);
    expect(grantable("operator")).toEqual(["viewer", "sales", "operator"]);
    expect(grantable("privacy")).toEqual(["viewer", "privacy"]);
    expect(grantable("viewer")).toEqual(["viewer"]);
  });
});
