// By what a person is found: a keyed hash of an address, a number or a name in the form in which it is found again.
import type { ContactKind } from "../leads/field-names.ts";
import type { NameKind } from "./person-name-key.ts";
import type { HmacSha256 } from "../values/hmac-sha256.ts";

/**
 * The first 16 bytes of HMAC-SHA256(key, "email:…", "phone:…", …): whoever has the key can look for a person, and
 * nobody can read people from the index. The prefix keeps the kinds apart.
 */
export function personHash(hmac: HmacSha256, kind: ContactKind | NameKind, normalised: string): Buffer {
  return Buffer.from(hmac(`${kind}:${normalised}`, null, "binary").slice(0, personHashBytes), "latin1");
}

const personHashBytes = 16;
