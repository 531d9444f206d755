import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  decryptSecret,
  deriveKeys,
  encryptSecret,
  loadKeys,
  parseRootKey,
} from "../../../src/runtime/keys.ts";

const root = Buffer.alloc(32, 7);

describe("the root key", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "leadledger-keys-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is made into the data folder, readable by its owner alone, and found there again", async () => {
    const first = await loadKeys(undefined, folder);
    const second = await loadKeys("", folder);
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(parseRootKey(await readFile(join(folder, "key"), "utf8"))).not.toBeNull();
    expect((await stat(join(folder, "key"))).mode & 0o777).toBe(0o600);
  });

  it("is the same for all who start at once in an empty folder", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => loadKeys(undefined, folder)));
    expect(new Set(all.map((keys) => keys.fingerprint)).size).toBe(1);
  });

  it("comes from the environment if it is there", async () => {
    const keys = await loadKeys(root.toString("hex").toUpperCase(), null);
    expect(keys.fingerprint).toBe(deriveKeys(root).fingerprint);
  });

  it("is required with a database of one's own, and the message says how to make one", async () => {
    await expect(loadKeys(undefined, null)).rejects.toMatchObject({
      code: "key_required",
      message: expect.stringContaining("openssl rand -hex 32") as string,
    });
  });

  it.each(["abc", "g".repeat(64), "0".repeat(63), "0".repeat(65)])("is refused as %s", async (text) => {
    await expect(loadKeys(text, folder)).rejects.toMatchObject({ code: "key_malformed" });
  });

  it("is never replaced when its file is damaged", async () => {
    await writeFile(join(folder, "key"), "cut of");
    await expect(loadKeys(undefined, folder)).rejects.toMatchObject({ code: "key_file_damaged" });
    expect(await readFile(join(folder, "key"), "utf8")).toBe("cut of");
  });

  it("is hidden again from others if its file was copied with a wider mode", async () => {
    await writeFile(join(folder, "key"), root.toString("hex"));
    await chmod(join(folder, "key"), 0o644);
    await loadKeys(undefined, folder);
    expect((await stat(join(folder, "key"))).mode & 0o777).toBe(0o600);
  });
});

describe("derived keys", () => {
  it("stay what they are over versions, because stored data depends on them", () => {
    const keys = deriveKeys(root);
    expect({
      fingerprint: keys.fingerprint,
      secrets: keys.subkey("stored-secrets").toString("hex"),
      person: keys.subkey("person-index").toString("hex"),
      spool: keys.subkey("spool").toString("hex"),
      seal: keys.subkey("seal").toString("hex"),
      role: keys.sqlRolePassword("leadledger_bi"),
    }).toMatchInlineSnapshot(`
      {
        "fingerprint": "eb6622768bab21d5",
        "person": "79d1c5aeab6529235f776cb106d89e5d184ecedfedb18844560830fcb6295b8f",
        "role": "1inhAMdqDRZqR6AnnOeoo90Jl4L49q4Tv9N8QGWGOQE",
        "seal": "53a94392d849f0e105f75054e72eea75ccf9b0f55f1baa4e727e93d55656cf9b",
        "secrets": "3a272ccaa68746d01d36343c56d199fce725ee66dc2b31cd9a9aa812ce66865e",
        "spool": "bb7ed2f76f1f0902df9736b2de25a57a5de622287c04070328f7329b42ef63a4",
      }
    `);
  });

  it("differ by purpose, by role and by root key", () => {
    const keys = deriveKeys(root);
    const purposes = ["stored-secrets", "person-index", "spool", "seal"] as const;
    const all = [
      ...purposes.map((purpose) => keys.subkey(purpose).toString("base64url")),
      keys.sqlRolePassword("a"),
      keys.sqlRolePassword("b"),
      deriveKeys(Buffer.alloc(32, 8)).sqlRolePassword("a"),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("stored secrets", () => {
  const key = randomBytes(32);

  it("come back as they were, whatever they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (secret, place) => {
        expect(decryptSecret(key, place, encryptSecret(key, place, secret))).toBe(secret);
      }),
    );
  });

  it("look different every time", () => {
    expect(encryptSecret(key, "crm", "s")).not.toEqual(encryptSecret(key, "crm", "s"));
  });

  it("open neither with a different key nor in a different place", () => {
    const stored = encryptSecret(key, "destinations/crm", "s");
    const unreadable = expect.objectContaining({ code: "secret_unreadable" }) as Error;
    expect(() => decryptSecret(randomBytes(32), "destinations/crm", stored)).toThrow(unreadable);
    expect(() => decryptSecret(key, "destinations/other", stored)).toThrow(unreadable);
  });

  it("do not open if a single byte was changed or cut off", () => {
    const stored = encryptSecret(key, "crm", "a secret");
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(stored);
        changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
        expect(() => decryptSecret(key, "crm", changed)).toThrow();
        expect(() => decryptSecret(key, "crm", stored.subarray(0, at))).toThrow();
      }),
    );
  });

  it("of a later format are refused by name", () => {
    const stored = encryptSecret(key, "crm", "s");
    stored[0] = 2;
    const unknown = expect.objectContaining({ code: "secret_format_unknown" }) as Error;
    expect(() => decryptSecret(key, "crm", stored)).toThrow(unknown);
  });
});
