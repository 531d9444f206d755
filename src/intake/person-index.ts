// The person index: keyed hashes by which a person's leads are found, without an address in any index.
import type { LeadFields } from "../domain/leads/lead-body.ts";
import { hmacSha256 } from "../domain/values/hmac-sha256.ts";
import { findPerson, normaliseEmail, normalisePhone, personHash } from "../domain/persons/person.ts";
import type { PersonPointers } from "../domain/sources/source.ts";

export interface PersonHashes {
  /** 16 bytes; null: none was found. */
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
}

export interface PersonIndex {
  hashesOf(lead: LeadFields, pointers: PersonPointers | null): PersonHashes;
  /** 16 bytes; null: that is no e-mail address. */
  hashOfEmail(email: string): Buffer | null;
  /** 16 bytes; null: that is no telephone number. */
  hashOfPhone(phone: string): Buffer | null;
}

/** `key`: the subkey `person-index`, 32 bytes. */
export function createPersonIndex(key: Buffer): PersonIndex {
  const hmac = hmacSha256(key);
  const hashOfEmail = (raw: string): Buffer | null => {
    const email = normaliseEmail(raw);
    return email === null ? null : personHash(hmac, "email", email);
  };
  const hashOfPhone = (raw: string): Buffer | null => {
    const phone = normalisePhone(raw);
    return phone === null ? null : personHash(hmac, "phone", phone);
  };
  return {
    hashOfEmail,
    hashOfPhone,
    hashesOf(lead, pointers) {
      const { email, phone } = findPerson(lead, pointers);
      return {
        emailHash: email === null ? null : hashOfEmail(email),
        phoneHash: phone === null ? null : hashOfPhone(phone),
      };
    },
  };
}
