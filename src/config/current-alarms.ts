// All that somebody should look at now: what the ledger tells, and what only the sealed settings of sources and
// destinations tell. Whoever shows alarms, or notifies of them, asks here.
import type { Alarm } from "../domain/figures/alarm.ts";
import { expiryAlarm } from "../domain/figures/expiry.ts";
import { lastsUntil } from "../domain/sources/source.ts";
import type { Queryable } from "../ledger/connection/database.ts";
import { readDatabaseTime } from "../ledger/connection/database-clock.ts";
import { listManagedParts } from "../ledger/configuration/managed-parts.ts";
import type { ManagedPart } from "../ledger/configuration/managed-parts.ts";
import { alarmsPerCodeMax, readAlarms } from "../ledger/figures/alarms.ts";
import { readTimezone } from "../ledger/settings/settings.ts";
import { declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import { settingsOf } from "./fields/settings.ts";
import { lastValidInstant, parseExpiry } from "./secret-expiry.ts";
import { destinationOf, sourceOf } from "./stored-configuration.ts";
import type { SecretBox } from "./stored-configuration.ts";

export interface AlarmDeps {
  readonly database: Queryable;
  readonly secretBox: SecretBox;
  readonly kinds: DeclaredKinds;
}

/** In no order; of one code `alarmsPerCodeMax` at most of each origin. */
export async function readCurrentAlarms(deps: AlarmDeps): Promise<Alarm[]> {
  return [...(await readAlarms(deps.database)), ...(await readCredentialAlarms(deps))];
}

/** When secrets end is as secret as they are, so the database cannot tell. */
async function readCredentialAlarms({ database, secretBox, kinds }: AlarmDeps): Promise<Alarm[]> {
  const now = await readDatabaseTime(database);
  const timezone = await readTimezone(database);
  const all = { after: null, limit: null } as const;
  const sources = await listManagedParts(database, "sources", { enabled: true }, all);
  const destinations = await listManagedParts(database, "destinations", { enabled: true }, all);
  const found = [
    ...sources.flatMap((part) => sourceAlarm(part, now, secretBox, kinds)),
    ...destinations.flatMap((part) => destinationAlarms(part, { now, timezone, secretBox, kinds })),
  ];
  return [
    ...found.filter(({ code }) => code === "source_secrets_expired").slice(0, alarmsPerCodeMax),
    ...found.filter(({ code }) => code === "credentials_expire").slice(0, alarmsPerCodeMax),
  ];
}

/** A secret that ends while another goes on is being replaced, as it should. */
function sourceAlarm(
  { stored, managedBy }: ManagedPart,
  now: Date,
  secretBox: SecretBox,
  kinds: DeclaredKinds,
): Alarm[] {
  const { name, auth } = sourceOf(stored, secretBox, kinds);
  const until = lastsUntil(auth);
  if (until === null) return [];
  if (until < now) {
    const about = { code: "source_secrets_expired", severity: "error" } as const;
    return [{ ...about, source: name, since: until, managed_by: managedBy }];
  }
  return expiryAlarm({ of: "source", name, managed_by: managedBy }, until, now);
}

interface Asked {
  readonly now: Date;
  /** Where days end. */
  readonly timezone: string;
  readonly secretBox: SecretBox;
  readonly kinds: DeclaredKinds;
}

/** Kinds whose credentials end have a field that says when. */
function destinationAlarms({ stored, managedBy }: ManagedPart, asked: Asked): Alarm[] {
  const { now, timezone, secretBox, kinds } = asked;
  const declared = declaredOf(kinds.destinations, stored.kind);
  const endings = Object.entries(declared?.fields ?? {}).filter(
    ([, { schema }]) => schema.format === "expiry",
  );
  if (endings.length === 0) return [];
  const settings = settingsOf(destinationOf(stored, secretBox, kinds));
  return endings.flatMap(([key]) => {
    const written = settings[key];
    const expiry = typeof written === "string" ? parseExpiry(written) : null;
    if (expiry === null) return [];
    const whose = { of: "destination", name: stored.name, managed_by: managedBy } as const;
    return expiryAlarm(whose, lastValidInstant(expiry, timezone), now);
  });
}
