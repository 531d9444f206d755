// The product as it was built: its compiled modules, with the types of their sources.
import { fileURLToPath } from "node:url";
import type * as AcceptLeads from "../../src/ledger/intake/accept-leads.ts";
import type * as Database from "../../src/ledger/connection/database.ts";
import type * as KpiDaily from "../../src/ledger/figures/kpi-daily.ts";
import type * as Migrate from "../../src/ledger/migrate.ts";
import type * as EmbeddedPostgres from "../../src/runtime/embedded-postgres.ts";

/** The repository's folder; this file runs from bench/dist/bench/machine. */
export const productFolder = fileURLToPath(new URL("../../../../", import.meta.url));
export const productMain = `${productFolder}dist/cli/main.js`;

export const loadEmbeddedPostgres = (): Promise<typeof EmbeddedPostgres> =>
  load("runtime/embedded-postgres.js") as Promise<typeof EmbeddedPostgres>;
export const loadMigrate = (): Promise<typeof Migrate> =>
  load("ledger/migrate.js") as Promise<typeof Migrate>;
export const loadDatabase = (): Promise<typeof Database> =>
  load("ledger/connection/database.js") as Promise<typeof Database>;
export const loadAcceptLeads = (): Promise<typeof AcceptLeads> =>
  load("ledger/intake/accept-leads.js") as Promise<typeof AcceptLeads>;
export const loadKpiDaily = (): Promise<typeof KpiDaily> =>
  load("ledger/figures/kpi-daily.js") as Promise<typeof KpiDaily>;

// By address: a compiled copy beside the bench would look for the migrations in the wrong place.
function load(module: string): Promise<unknown> {
  return import(new URL(`file://${productFolder}dist/${module}`).href);
}
