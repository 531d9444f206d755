// Changes the reporting time zone: setting, all daily figures and the event in one transaction; then the zone of the
// roles for SQL, so that BI tools see the same days.
import type { Actor, Database } from "../ledger/connection/database.ts";
import { snapshotTransaction } from "../ledger/connection/database.ts";
import { readTimezone } from "../ledger/settings/settings.ts";
import { alignSqlRoles } from "../ledger/accounts/sql-roles.ts";
import { judgeTimezone } from "./judge-timezone.ts";
import type { TimezoneMisfit } from "./judge-timezone.ts";

export type TimezoneChange =
  | { readonly kind: "changed"; readonly from: string }
  | { readonly kind: "unchanged" }
  | { readonly kind: "unfit"; readonly misfit: TimezoneMisfit };

/**
 * `timezone`: a name of the IANA database, such as `Europe/Berlin`. Throws what the database threw. Where it is the
 * zone already nothing is locked: every node says so at its start, also while a frozen one holds the figures.
 */
export async function changeReportingTimezone(
  database: Database,
  actor: Actor,
  timezone: string,
): Promise<TimezoneChange> {
  if ((await readTimezone(database)) === timezone) return { kind: "unchanged" };
  const misfit = await judgeTimezone(database, timezone);
  if (misfit !== null) return { kind: "unfit", misfit };
  const change = await snapshotTransaction(
    database,
    actor,
    "kpi_daily",
    async (client): Promise<TimezoneChange> => {
      const { rows } = await client.query<{ from: string | null }>(
        'SELECT internal.kpi_change_timezone($1) AS "from"',
        [timezone],
      );
      const from = rows[0]?.from ?? null;
      if (from === null) {
        const params = { found: timezone, suggestion: null };
        return { kind: "unfit", misfit: { code: "timezone_unknown", params } };
      }
      return from === timezone ? { kind: "unchanged" } : { kind: "changed", from };
    },
  );
  // What may fail here fails at no lead's cost, and the next start makes up for it.
  if (change.kind === "changed") await alignSqlRoles(database).catch(() => undefined);
  return change;
}
