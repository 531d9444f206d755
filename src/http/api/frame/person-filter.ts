// People are looked for by their e-mail address, telephone number or name; what is looked up, kept and logged is a keyed hash.
import { Type } from "typebox";
import { mayDo, rolesWith } from "../../../domain/accounts/roles.ts";
import type { PersonIndex } from "../../../intake/person-index.ts";
import type { Queryable } from "../../../ledger/connection/database.ts";
import { readPhoneCountries } from "../../../ledger/leads/source-readings.ts";
import type { FilterWords } from "./filter-words.ts";
import type { Principal } from "./principal.ts";
import type { Refused } from "./route.ts";
import { refuse } from "./route.ts";

/** Members of every filter that can look for a person. */
export const personFilterMembers = {
  email: Type.Optional(
    Type.String({
      minLength: 3,
      maxLength: 320,
      description:
        "Leads of this person, also as it was copied: `Anna <anna@example.com>`, `mailto:anna@example.com`. For roles that see person data.",
    }),
  ),
  phone: Type.Optional(
    Type.String({
      minLength: 3,
      maxLength: 100,
      description:
        "Leads of this person, also as it was copied: `tel:+49-171-1234567`, `+49 (0) 171 1234567`, `491711234567`. Where no country is given, read as a German number and as one of the countries of the sources. For roles that see person data.",
    }),
  ),
};

export const personFilterWords: FilterWords<typeof personFilterMembers> = {
  email: { en: "only of this person", de: "nur von dieser Person" },
  phone: { en: "only of this person", de: "nur von dieser Person" },
};

export interface PersonFilter {
  readonly email?: string;
  readonly phone?: string;
  /** Of leads alone. */
  readonly name?: string;
}

export interface PersonHashFilter {
  readonly email_hash?: string;
  readonly phone_hash?: string;
  readonly name_hash?: string;
}

export interface PersonLookup {
  readonly persons: PersonIndex;
  /** Whose sources say of which countries numbers are. */
  readonly database: Queryable;
}

/** The filter with hashes instead of addresses; refused where the caller may not see persons, or it is no address. */
export async function hashPerson<Filter extends PersonFilter>(
  filter: Filter,
  principal: Principal,
  { persons, database }: PersonLookup,
): Promise<
  | { readonly ok: true; readonly filter: Omit<Filter, "email" | "phone" | "name"> & PersonHashFilter }
  | { readonly ok: false; readonly refused: Refused }
> {
  const { email, phone, name, ...rest } = filter;
  if (email === undefined && phone === undefined && name === undefined) return { ok: true, filter: rest };
  if (!mayDo(principal.role, "persons.read")) {
    const needed = rolesWith("persons.read").join(", ");
    return refused("forbidden", `email, phone and name need one of these roles: ${needed}`);
  }
  const hashes: { email_hash?: string; phone_hash?: string; name_hash?: string } = {};
  if (email !== undefined) {
    const hash = persons.hashOfEmail(email);
    if (hash === null) return refused("request_invalid", "email is not an e-mail address");
    hashes.email_hash = hash.toString("hex");
  }
  if (phone !== undefined) {
    const found = persons.hashesOfPhone(phone, await readPhoneCountries(database));
    if (found.length === 0) return refused("request_invalid", "phone is not a telephone number");
    hashes.phone_hash = found.map((hash) => hash.toString("hex")).join(",");
  }
  if (name !== undefined) {
    const found = persons.hashesOfName(name);
    if (found.length === 0) return refused("request_invalid", "name has no letters");
    hashes.name_hash = found.map((hash) => hash.toString("hex")).join(",");
  }
  return { ok: true, filter: { ...rest, ...hashes } };
}

function refused(problem: "forbidden" | "request_invalid", reason: string) {
  return { ok: false, refused: refuse(problem, { reason }) } as const;
}
