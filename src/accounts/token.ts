// Secrets that the program makes up: session tokens, API keys, set-up links. They are random enough that a plain hash
// keeps them, and the hash is what is looked up.
import { createHash, randomBytes } from "node:crypto";

const tokenBytes = 32;
const keyPrefix = "ll_";
/** Of an API key, to recognise it by; the rest keeps 220 of its 256 bits. */
const shownCharacters = 9;

export interface ApiKeySecret {
  readonly key: string;
  /** How it begins. */
  readonly prefix: string;
}

/** 43 characters that a URL and a cookie take as they are. */
export function newToken(): string {
  return randomBytes(tokenBytes).toString("base64url");
}

/** Begins with `ll_`, so that scanners for leaked secrets can tell it. */
export function newApiKey(): ApiKeySecret {
  const key = `${keyPrefix}${newToken()}`;
  return { key, prefix: key.slice(0, shownCharacters) };
}

/** Whether it can be one at all; spares the database the question. */
export function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

export function isApiKey(text: string): boolean {
  return text.startsWith(keyPrefix) && isToken(text.slice(keyPrefix.length));
}

export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
