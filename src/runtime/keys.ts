// The root key, the keys derived from it, and the encryption of secrets that are stored.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type CipherGCMTypes } from "node:crypto";
import { chmod, link, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ensureDataFolder, isErrno, syncFolder } from "./data-folder.ts";

export type KeyErrorCode =
  | "key_required"
  | "key_malformed"
  | "key_file_damaged"
  | "key_differs"
  | "secret_format_unknown"
  | "secret_unreadable";

export class KeyError extends Error {
  readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "KeyError";
    this.code = code;
  }
}

/**
 * What a subkey is for. The word itself is the `info` of HKDF (RFC 5869), so two purposes never share a key:
 * - `stored-secrets` encrypts secrets of sources and destinations in the database,
 * - `person-index` is the HMAC key of `email_hash` and `phone_hash`,
 * - `spool` encrypts leads that wait on disk for the database,
 * - `quarantine` encrypts requests that were turned away and are kept aside,
 * - `body-hash` is the HMAC key of idempotency keys that are made of a lead's content,
 * - `alert-confirmation` is the HMAC key of the codes by which recipients of alerts are confirmed,
 * - `contact-link` is the HMAC key of links by which a lead is marked as contacted,
 * - `seal` is the seed of the key that signs seals of the audit log.
 * Further infos: `sql-role-password:<role>` and `fingerprint`.
 */
export type KeyPurpose =
  | "stored-secrets"
  | "person-index"
  | "spool"
  | "quarantine"
  | "body-hash"
  | "alert-confirmation"
  | "contact-link"
  | "seal";

export interface Keys {
  /** 16 hex digits that tell two root keys apart and reveal neither; may be stored and shown. */
  readonly fingerprint: string;
  /** 32 bytes. */
  subkey(purpose: KeyPurpose): Buffer;
  /** The password of one of our SQL roles: 43 characters, safe in a connection URI. */
  sqlRolePassword(role: string): string;
}

const rootKeyBytes = 32;
const subkeyBytes = 32;
const fingerprintBytes = 8;
const hkdfSalt = "leadledger/1";
const keyFile = "key";

/**
 * The root key from the environment's LEADLEDGER_KEY or, with the embedded server, from the file `key` of the
 * data folder, which is made (0600) if it does not exist.
 * @param environmentKey LEADLEDGER_KEY as it is
 * @param dataDir the embedded server's data folder; null with DATABASE_URL, where the key is required
 * @throws {KeyError} `key_required`, `key_malformed`, `key_file_damaged`
 * @throws {DataFolderError}
 */
export async function loadKeys(
  environmentKey: string | undefined,
  dataDir: string | null,
  random: (bytes: number) => Buffer = randomBytes,
): Promise<Keys> {
  if (environmentKey !== undefined && environmentKey !== "") {
    const root = parseRootKey(environmentKey);
    if (root === null) throw new KeyError("key_malformed", `LEADLEDGER_KEY must be ${howToMakeAKey}`);
    return deriveKeys(root);
  }
  if (dataDir === null) {
    throw new KeyError(
      "key_required",
      `With DATABASE_URL, LEADLEDGER_KEY must be set: ${howToMakeAKey} ` +
        "Keep it as safe as the database: without it stored secrets cannot be read. All nodes use the same.",
    );
  }
  return deriveKeys(await readOrMakeKeyFile(dataDir, random));
}

/** 64 hex digits to 32 bytes, null if it is anything else. */
export function parseRootKey(text: string): Buffer | null {
  const trimmed = text.trim();
  return /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : null;
}

/** HKDF-SHA256 (RFC 5869) with the salt `leadledger/1`. */
export function deriveKeys(root: Buffer): Keys {
  if (root.length !== rootKeyBytes) throw new RangeError(`a root key has ${rootKeyBytes} bytes`);
  const derive = (info: string, bytes = subkeyBytes) =>
    Buffer.from(hkdfSync("sha256", root, hkdfSalt, info, bytes));
  return {
    fingerprint: derive("fingerprint", fingerprintBytes).toString("hex"),
    subkey: (purpose) => derive(purpose),
    sqlRolePassword: (role) => derive(`sql-role-password:${role}`).toString("base64url"),
  };
}

const cipherName: CipherGCMTypes = "aes-256-gcm";
const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + nonceBytes + tagBytes;

/**
 * AES-256-GCM: version byte 1 ‖ nonce (12) ‖ tag (16) ‖ ciphertext.
 * @param associated says where the secret belongs (table, row, column), so that a stored secret moved
 * to another place does not open there
 */
export function encryptSecret(
  key: Buffer,
  associated: string,
  secret: string,
  random: (bytes: number) => Buffer = randomBytes,
): Buffer {
  return encryptBytes(key, associated, Buffer.from(secret, "utf8"), random);
}

/** As `encryptSecret`, of bytes. */
export function encryptBytes(
  key: Buffer,
  associated: string,
  content: Buffer,
  random: (bytes: number) => Buffer = randomBytes,
): Buffer {
  const nonce = random(nonceBytes);
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(associated, "utf8"));
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([Buffer.of(formatVersion), nonce, cipher.getAuthTag(), ciphertext]);
}

/** @throws {KeyError} `secret_format_unknown`, `secret_unreadable` (a different key, a different place, or damaged) */
export function decryptSecret(key: Buffer, associated: string, stored: Buffer): string {
  return decryptBytes(key, associated, stored).toString("utf8");
}

/** As `decryptSecret`, of bytes. */
export function decryptBytes(key: Buffer, associated: string, stored: Buffer): Buffer {
  if (stored[0] !== formatVersion || stored.length < headerBytes) {
    throw new KeyError(
      "secret_format_unknown",
      "A stored secret has a format that this version does not know.",
    );
  }
  const nonce = stored.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(associated, "utf8"));
  decipher.setAuthTag(stored.subarray(1 + nonceBytes, headerBytes));
  try {
    return Buffer.concat([decipher.update(stored.subarray(headerBytes)), decipher.final()]);
  } catch (error) {
    throw new KeyError(
      "secret_unreadable",
      "A stored secret cannot be read: it was stored under another LEADLEDGER_KEY, or it is damaged.",
      error,
    );
  }
}

const howToMakeAKey =
  "32 random bytes in hex (64 digits). To make one: openssl rand -hex 32, " +
  `or: node -e "console.log(require('crypto').randomBytes(32).toString('hex'))".`;

async function readOrMakeKeyFile(dataDir: string, random: (bytes: number) => Buffer): Promise<Buffer> {
  const folder = await ensureDataFolder(dataDir);
  const path = join(folder, keyFile);
  const text = (await readKeyFile(path)) ?? (await makeKeyFile(folder, path, random));
  const root = parseRootKey(text);
  if (root === null) {
    throw new KeyError(
      "key_file_damaged",
      `The file ${path} does not hold a key (64 hex digits). Put back the original: ` +
        "the database of this folder cannot be used with a different key.",
    );
  }
  return root;
}

async function readKeyFile(path: string): Promise<string | null> {
  try {
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
    return await readFile(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

/** A key that was ever used must never be overwritten: `link` refuses where another process was first. */
async function makeKeyFile(folder: string, path: string, random: (bytes: number) => Buffer): Promise<string> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(`${random(rootKeyBytes).toString("hex")}\n`);
    await file.sync();
    await link(temporary, path).catch((error: unknown) => {
      if (!isErrno(error, "EEXIST")) throw error;
    });
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
  return readFile(path, "utf8");
}
