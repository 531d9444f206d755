// The configuration that this node goes by: applies the file, follows what the database holds.
import { alertsSectionName, applyAlerts } from "../config/alerts-section.ts";
import { changeReportingTimezone } from "../config/change-timezone.ts";
import { saidOfClients } from "../config/client-problem.ts";
import type { Configuration } from "../config/configuration.ts";
import type { DeclaredKinds } from "../config/declared-kind.ts";
import { judgeTimezone } from "../config/judge-timezone.ts";
import { say } from "../config/problem-texts.ts";
import type { TimezoneMisfit } from "../config/judge-timezone.ts";
import { toStoredSection } from "../config/sections/managed-section.ts";
import { fromStored, toStored } from "../config/stored-configuration.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { clientOf } from "../domain/clients/client.ts";
import type { OfClient } from "../domain/clients/client.ts";
import type { Destination } from "../domain/destinations/destination.ts";
import type { LogFields } from "../domain/node/log.ts";
import type { Source } from "../domain/sources/source.ts";
import type { LeadReadings } from "../kinds/sources/lead-readings.ts";
import type { SourceDirectory } from "../intake/source-directory.ts";
import { applyConfiguration } from "../ledger/configuration/configuration.ts";
import type { AllowedRemovals, Applied, ConfigurationChange } from "../ledger/configuration/configuration.ts";
import { applySections } from "../ledger/configuration/sections.ts";
import type { Actor } from "../ledger/connection/database.ts";
import { applyTargets } from "../ledger/sla/targets.ts";
import { noteTimezoneManager } from "../ledger/settings/settings.ts";
import { createFollowedConfiguration } from "../runtime/followed-configuration.ts";
import type { FollowedConfiguration } from "../runtime/followed-configuration.ts";
import type { Installation } from "../runtime/installation.ts";
import type { NodeBase } from "./node-base.ts";
import type { FollowedSurroundings } from "./surroundings.ts";

/** `timezoneMisfit`: why the reporting time zone stayed what it was, or, where it is the file's, why it is no good. */
export type AppliedFile = Applied & { readonly timezoneMisfit: TimezoneMisfit | null };

/** Names of the sources and destinations that a node goes by. */
export interface KnownNames {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
}

export interface Configuring {
  readonly followed: FollowedConfiguration;
  readonly known: KnownNames;
  /** What became of the file. */
  readonly applied: AppliedFile;
  /** Nothing of the file was applied at the start, and nobody has changed anything since. */
  readonly isFileRefused: boolean;
  /** The first contact with the database: prepares it, applies the file, goes by what is there. */
  meetDatabase(): Promise<void>;
}

/** `configuration`: what the file says; null: there is none, the database's configuration holds. */
export function openConfiguration(
  base: NodeBase,
  configuration: Configuration | null,
  {
    sources,
    readings,
    delivery,
  }: {
    readonly sources: SourceDirectory;
    readonly readings: LeadReadings;
    readonly delivery: Delivery;
  },
): Configuring {
  const { installation, kinds, database, background, clock, log, metrics, roles } = base;
  const { dataDir, keys, secretBox } = installation;
  let known: KnownNames = { sources: [], destinations: [] };
  let applied: AppliedFile = { kind: "applied", changes: [], takenOver: [], timezoneMisfit: null };
  /** The revision of the configuration then; null: it was not refused. */
  let refusedAt: number | null = null;
  const followed = createFollowedConfiguration({
    database,
    dataDir,
    keys,
    use(revision, stored) {
      const parts = fromStored(stored, secretBox, kinds);
      sources.replace(parts.sources, parts.destinations);
      readings.replace(parts.sources);
      // Without destinations delivery has no places, so it reserves, claims and sends nothing.
      if (roles.includes("delivery")) delivery.configure(parts.destinations, revision);
      const names = (named: readonly { readonly name: string }[]): string[] => named.map(({ name }) => name);
      known = { sources: names(parts.sources), destinations: names(parts.destinations) };
      const ofClients = (each: readonly (Source | Destination)[]): OfClient[] =>
        each.map((part) => ({ name: part.name, client: clientOf(part) }));
      metrics.know({ sources: ofClients(parts.sources), destinations: ofClients(parts.destinations) });
      log("info", "configuration_loaded", {
        revision,
        sources: parts.sources.length,
        destinations: parts.destinations.length,
      });
    },
    onRead: () => background.wake("configuration_copy"),
  });

  async function meetDatabase(): Promise<void> {
    if (installation.copy !== null) await installation.prepare();
    await clock.synchronise();
    if (configuration !== null)
      applied = await applyFile(installation, "system", configuration, "of_written_sections", kinds);
    if (applied.kind === "refused") log("error", "configuration_refused", namesOf(applied.removals));
    if (applied.kind === "across_clients")
      log("error", "configuration_refused", { reason: say(saidOfClients(applied.fault), "en") });
    if (applied.timezoneMisfit !== null) {
      const { found, suggestion } = applied.timezoneMisfit.params;
      log("warn", "timezone_unfit", { timezone: found, suggestion });
    }
    await followed.follow();
    refusedAt = applied.kind === "applied" ? null : followed.revision;
  }

  return {
    followed,
    get isFileRefused() {
      return refusedAt !== null && followed.revision === refusedAt;
    },
    get known() {
      return known;
    },
    get applied() {
      return applied;
    },
    meetDatabase,
  };
}

/** From the first contact with the database on. */
export function startConfiguring(
  { background, intervals }: NodeBase,
  { followed }: Configuring,
  surroundings: FollowedSurroundings,
): void {
  background.every("configuration", intervals.uncalledMs, async () => {
    await followed.follow();
    await surroundings.follow();
  });
  background.every("configuration_copy", intervals.configurationCopyMs, () => followed.copy());
}

/**
 * Applies the file's configuration as `actor`: all of it, or nothing where it would switch off what it must not. Only a
 * time zone that cannot be one stays away by itself: leads do not depend on it.
 */
export async function applyFile(
  { database, secretBox }: Installation,
  actor: Actor,
  configuration: Configuration,
  allowedRemovals: AllowedRemovals,
  kinds: DeclaredKinds,
): Promise<AppliedFile> {
  const { timezone, missingSections } = configuration;
  const desired = { ...toStored(configuration, secretBox, kinds), missingSections };
  const applied = await applyConfiguration(database, actor, desired, allowedRemovals);
  if (applied.kind !== "applied") return { ...applied, timezoneMisfit: null };
  const { sections: all = [] } = configuration;
  const written = all
    .filter(({ section }) => section.isStoredApart !== true)
    .map(({ section, entry }) => toStoredSection(section, entry, secretBox));
  const alerts = all.find(({ section }) => section.name === alertsSectionName);
  await applyAlerts({ database, secretBox, kinds }, actor, alerts?.entry ?? null);
  const sections = await applySections(database, actor, written);
  const sla = await applyTargets(database, actor, configuration.sla ?? null);
  const change = timezone === null ? null : await changeReportingTimezone(database, actor, timezone);
  await noteTimezoneManager(database, timezone === null ? "api" : "file");
  const made = { ...applied, changes: [...applied.changes, ...sections, ...sla] };
  if (change?.kind === "unfit") return { ...made, timezoneMisfit: change.misfit };
  const looksAbbreviated = timezone !== null && /^(?!UTC|GMT)[A-Z]{3,4}$/.test(timezone);
  return { ...made, timezoneMisfit: looksAbbreviated ? await judgeTimezone(database, timezone) : null };
}

function namesOf(changes: readonly ConfigurationChange[]): LogFields {
  const of = (wanted: ConfigurationChange["part"]): string =>
    changes.flatMap(({ part, name }) => (part === wanted ? [name] : [])).join(", ");
  return { sources: of("source"), destinations: of("destination") };
}
