// The code by which somebody confirms that messages arrive: made of a key and what is stored, so that it need not be kept.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Without letters that are taken for others. */
const letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
const codeLength = 8;

/** `key`: the subkey `alert-confirmation`. */
export function confirmationCode(key: Buffer, recipient: string, nonce: string): string {
  const digest = createHmac("sha256", key)
    .update(JSON.stringify([recipient, nonce]))
    .digest();
  return Array.from(
    { length: codeLength },
    (_, place) => letters[(digest[place] ?? 0) % letters.length],
  ).join("");
}

/** As people type it: spaces, dashes and small letters do not matter. */
export function isConfirmationCode(key: Buffer, recipient: string, nonce: string, typed: string): boolean {
  const wanted = Buffer.from(confirmationCode(key, recipient, nonce));
  const given = Buffer.from(typed.replaceAll(/[\s-]/g, "").toUpperCase());
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
