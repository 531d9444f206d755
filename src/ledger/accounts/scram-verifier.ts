// What PostgreSQL stores instead of a password, computed here so that the password itself is never sent.
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

const iterations = 4_096;
const keyBytes = 32;
const saltBytes = 16;

/**
 * The SCRAM-SHA-256 verifier (RFC 5803) of `password` for `role`. The salt follows from both, so that the same
 * password gives the same verifier. Throws for a password that is not long, printable ASCII: others would need
 * SASLprep, and a guessable one would need a random salt.
 */
export function scramVerifier(role: string, password: string): string {
  if (!/^[\x21-\x7e]{20,}$/.test(password)) {
    throw new Error("the password of a SQL role has at least 20 printable ASCII characters");
  }
  const salt = createHash("sha256")
    .update(`leadledger scram salt\0${role}\0${password}`)
    .digest()
    .subarray(0, saltBytes);
  const salted = pbkdf2Sync(password, salt, iterations, keyBytes, "sha256");
  const storedKey = createHash("sha256").update(hmac(salted, "Client Key")).digest("base64");
  const serverKey = hmac(salted, "Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
