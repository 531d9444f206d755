// Passwords: which are taken, how they are kept, and that checking them is no way to slow the machine down.
import { hash, parseOptions } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import {
  argon2Parameters,
  createPasswords,
  nobodysHash,
  passwordFault,
} from "../../../src/accounts/password.ts";
import { isApiKey, isToken, newApiKey, newToken, tokenHash } from "../../../src/accounts/token.ts";

describe("a password", () => {
  it.each([
    ["elf Zeichen", "too_short"],
    ["zwölf Zeichen", null],
    ["👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", "too_simple"],
    ["x".repeat(257), "too_long"],
    ["abcdabcdabcd", "too_simple"],
    ["Anna@Example.com", "is_the_login"],
  ])("%s: %s", (password, fault) => {
    expect(passwordFault(password, "anna@example.com")).toBe(fault);
  });

  it("is kept as argon2id and fits however its letters were composed", async () => {
    const passwords = createPasswords();
    const stored = (await passwords.hash("zw\u00f6lf Zeichen")) ?? "";
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(stored, "zwo\u0308lf Zeichen")).toBe("fits");
    expect(await passwords.verify(stored, "zwolf Zeichen")).toBe("differs");
  });

  it("fits nobody's account, which costs as much as a real one", async () => {
    expect(await createPasswords().verify(null, "zwölf Zeichen")).toBe("differs");
    const real = parseOptions(await hash("x", argon2Parameters));
    expect(parseOptions(nobodysHash)).toEqual(real);
  });

  it("waits for those before it, and beyond a few dozen is turned away at once", async () => {
    const passwords = createPasswords();
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => passwords.verify(null, "x")));
    expect(outcomes.filter((outcome) => outcome === "busy")).toHaveLength(8);
    expect(await passwords.verify(null, "x")).toBe("differs");
  });
});

describe("a secret that the program makes up", () => {
  it("is recognised by its shape, and no two are the same", () => {
    const tokens = Array.from({ length: 100 }, newToken);
    expect(new Set(tokens).size).toBe(100);
    expect(tokens.every(isToken)).toBe(true);
    const { key, prefix } = newApiKey();
    expect(isApiKey(key)).toBe(true);
    expect(key.startsWith(prefix)).toBe(true);
    expect(prefix).toHaveLength(9);
    expect(["", "ll_", key.slice(1), `${key}x`, newToken()].some(isApiKey)).toBe(false);
    expect(tokenHash(key)).toHaveLength(32);
  });
});
