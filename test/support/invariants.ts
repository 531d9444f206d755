// What must hold in every ledger while nobody writes, as `leadledger verify` judges it; in words, and an empty list is what
// a test wants.
import { rebuildKpis, rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { findingTables } from "../../src/verify/finding.ts";
import type { Finding, FindingCode } from "../../src/verify/finding.ts";
import { verifyLedger } from "../../src/verify/verify.ts";

/** All of it but `tolerated`. Rolls up and rebuilds the KPIs on the way. */
export async function brokenInvariants(
  database: Database,
  tolerated: readonly FindingCode[] = [],
): Promise<string[]> {
  const codes = Object.keys(findingTables) as FindingCode[];
  return broken(
    database,
    codes.filter((code) => !tolerated.includes(code)),
  );
}

const figures = [
  ...(["day_missing", "day_figures_wrong", "source_figures_wrong", "hour_figures_wrong"] as const),
  "cause_counts_wrong",
] as const;

/** Figures that are not what runs and dlq say, by the judge's count and by the ledger's own rebuild. */
export async function brokenBooks(database: Database): Promise<string[]> {
  return broken(database, figures);
}

/** Events that do not follow from what is stored. */
export async function brokenDigests(database: Database): Promise<string[]> {
  return (await findings(database)).filter(({ finding }) => finding.endsWith("_digest_wrong")).map(words);
}

/** Figures by source, and by hour, as they stand. */
export async function brokenSourceFigures(database: Database): Promise<string[]> {
  const codes: readonly FindingCode[] = ["source_figures_wrong", "hour_figures_wrong"];
  return (await findings(database)).filter(({ finding }) => codes.includes(finding)).map(words);
}

async function broken(database: Database, codes: readonly FindingCode[]): Promise<string[]> {
  const before = await findings(database);
  await rollUpKpis(database);
  const after = await findings(database);
  const { rows: waiting } = await database.query<{ count: number }>(
    "SELECT (SELECT count(*) FROM internal.kpi_deltas) + (SELECT count(*) FROM internal.hour_deltas) AS count",
  );
  const wrongDays = await rebuildKpis(database, "cli:test");
  const found = [...before, ...after].filter(({ finding }) => codes.includes(finding)).map(words);
  return [
    ...new Set(found),
    ...(waiting[0]?.count === 0 ? [] : ["differences are left after a roll-up"]),
    ...wrongDays.map((day) => `${day}: a rebuild changed the figures`),
  ];
}

/** What the judge finds now, also while nodes are at work. */
export async function findingsNow(database: Database): Promise<string[]> {
  return (await findings(database)).map(words);
}

async function findings(database: Database): Promise<Finding[]> {
  const found: Finding[] = [];
  await verifyLedger(database, { found: (finding) => found.push(finding) });
  return found;
}

function words({ finding, run_id, event_id, day, source, detail }: Finding): string {
  return [finding, run_id ?? event_id ?? day, source, detail].filter((word) => word !== undefined).join(" ");
}
