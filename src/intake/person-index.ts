// The person index: keyed hashes by which a person's leads are found, without an address in any index.
import { findContacts } from "../domain/leads/contacts.ts";
import type { FurtherHash } from "../domain/leads/lead.ts";
import type { LeadFields } from "../domain/leads/lead-body.ts";
import type { LeadReading } from "../domain/leads/lead-reading.ts";
import { normaliseEmail } from "../domain/values/email-address.ts";
import { defaultCountry, normalisePhone } from "../domain/values/phone-number.ts";
import type { PhoneCountry } from "../domain/values/phone-number.ts";
import { hmacSha256 } from "../domain/values/hmac-sha256.ts";
import type { VocabularyLead } from "../domain/leads/vocabulary.ts";
import { nameKeysOf, searchedNameKeys } from "../domain/persons/person-name-key.ts";
import { personHash } from "../domain/persons/person.ts";
import type { NameHash } from "../ledger/leads/name-hashes.ts";

export interface PersonHashes {
  /** 16 bytes; null: none was found. */
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  /** Of the other addresses and numbers in the lead, where there are any. */
  readonly furtherHashes?: readonly FurtherHash[];
}

export interface PersonIndex {
  hashesOf(lead: LeadFields, reading: LeadReading): PersonHashes;
  /** Of a lead's last and full name, 16 bytes each. */
  nameHashesOf(lead: Pick<VocabularyLead, "first_name" | "last_name" | "name">): readonly NameHash[];
  /** Under which leads of somebody of this name stand, 16 bytes each; empty: that is no name. */
  hashesOfName(name: string): Buffer[];
  /** 16 bytes; null: that is no e-mail address. */
  hashOfEmail(email: string): Buffer | null;
  /** 16 bytes; null: that is no telephone number. `country`: of a number that says none; absent: Germany. */
  hashOfPhone(phone: string, country?: PhoneCountry): Buffer | null;
  /**
   * Under which leads of this person may stand, 16 bytes each; empty: that is no telephone number. A number without a
   * country is one of a different person in each of `countries`, and version 1 of the rules took it for a German one.
   */
  hashesOfPhone(phone: string, countries: readonly PhoneCountry[]): Buffer[];
}

/** `key`: the subkey `person-index`, 32 bytes. */
export function createPersonIndex(key: Buffer): PersonIndex {
  const hmac = hmacSha256(key);
  let last: {
    readonly lead: LeadFields;
    readonly reading: LeadReading;
    readonly hashes: PersonHashes;
  } | null = null;
  return {
    hashOfEmail(raw) {
      const email = normaliseEmail(raw);
      return email === null ? null : personHash(hmac, "email", email);
    },
    hashOfPhone(raw, country) {
      const phone = normalisePhone(raw, country);
      return phone === null ? null : personHash(hmac, "phone", phone);
    },
    hashesOfPhone(raw, countries) {
      const numbers = [defaultCountry, ...countries].flatMap((country) => normalisePhone(raw, country) ?? []);
      return [...new Set(numbers)].map((number) => personHash(hmac, "phone", number));
    },
    nameHashesOf: (lead) =>
      nameKeysOf(lead).map(({ kind, key: name }) => ({ kind, hash: personHash(hmac, kind, name) })),
    hashesOfName: (raw) => searchedNameKeys(raw).map(({ kind, key: name }) => personHash(hmac, kind, name)),
    hashesOf(lead, reading) {
      // Asked for its key, then for its row.
      if (last?.lead === lead && last.reading === reading) return last.hashes;
      const hashes = hashesOf(lead, reading);
      last = { lead, reading, hashes };
      return hashes;
    },
  };

  function hashesOf(lead: LeadFields, reading: LeadReading): PersonHashes {
    const { emails, phones } = findContacts(lead, reading);
    const [email, ...otherEmails] = emails.map((each) => personHash(hmac, "email", each));
    const [phone, ...otherPhones] = phones.map((each) => personHash(hmac, "phone", each));
    const first = { emailHash: email ?? null, phoneHash: phone ?? null };
    if (otherEmails.length + otherPhones.length === 0) return first;
    const furtherHashes = [
      ...otherEmails.map((hash) => ({ kind: "email" as const, hash })),
      ...otherPhones.map((hash) => ({ kind: "phone" as const, hash })),
    ];
    return { ...first, furtherHashes };
  }
}
