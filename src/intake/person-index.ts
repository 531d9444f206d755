// The person index: keyed hashes by which a person's leads are found, without an address in any index.
import type { LeadFields } from "../domain/lead-body.ts";
import { hmacSha256 } from "../domain/hmac-sha256.ts";
import { findPerson, normaliseEmail, normalisePhone, personHash } from "../domain/person.ts";
import type { PersonPointers } from "../domain/source.ts";

export interface PersonHashes {
  /** 16 bytes; null: none was found. */
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
}

export interface PersonIndex {
  hashesOf(lead: LeadFields, pointers: PersonPointers | null): PersonHashes;
}

/** `key`: the subkey `person-index`, 32 bytes. */
export function createPersonIndex(key: Buffer): PersonIndex {
  const hmac = hmacSha256(key);
  return {
    hashesOf(lead, pointers) {
      const person = findPerson(lead, pointers);
      const email = person.email === null ? null : normaliseEmail(person.email);
      const phone = person.phone === null ? null : normalisePhone(person.phone);
      return {
        emailHash: email === null ? null : personHash(hmac, "email", email),
        phoneHash: phone === null ? null : personHash(hmac, "phone", phone),
      };
    },
  };
}
