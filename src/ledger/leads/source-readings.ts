// By what the leads of each source are read, as its configuration says; for sources that were removed, too.
import type { LeadMap } from "../../domain/leads/map-rules.ts";
import type { PersonPointers } from "../../domain/leads/lead-reading.ts";
import type { Source } from "../../domain/sources/source.ts";
import { defaultCountry } from "../../domain/values/phone-number.ts";
import type { PhoneCountry } from "../../domain/values/phone-number.ts";
import type { Queryable } from "../connection/database.ts";

export type ReadSource = Pick<Source, "name" | "country" | "map" | "person" | "auth">;

/** Of the sources: those that a number without a country may be one of. */
export async function readPhoneCountries(database: Queryable): Promise<readonly PhoneCountry[]> {
  const { rows } = await database.query<{ country: PhoneCountry }>(
    "SELECT DISTINCT settings ->> 'country' AS country FROM internal.sources WHERE settings ->> 'country' IS NOT NULL",
  );
  return rows.map(({ country }) => country);
}

export async function readSourceReadings(database: Queryable): Promise<ReadSource[]> {
  const { rows } = await database.query<{
    name: string;
    kind: string | null;
    country: PhoneCountry | null;
    map: LeadMap | null;
    person: PersonPointers | null;
  }>(
    `SELECT name, settings -> 'auth' ->> 'kind' AS kind, settings ->> 'country' AS country,
       nullif(settings -> 'map', 'null') AS map, nullif(settings -> 'person', 'null') AS person
     FROM internal.sources`,
  );
  return rows.map(({ name, kind, country, map, person }) => ({
    name,
    country: country ?? defaultCountry,
    map,
    person,
    auth: { kind: kind ?? "" },
  }));
}
