// What the doctor looks at in the file, in the applied configuration, and at the destinations.
import { destinationsOfSource } from "../../domain/clients/client.ts";
import { declaredOf } from "../../config/declared-kind.ts";
import type { DeclaredKinds } from "../../config/declared-kind.ts";
import { checkOpenIntake } from "../../config/configuration.ts";
import type { Environment } from "../../config/environment.ts";
import type { LoadedConfiguration } from "../../config/load-configuration.ts";
import type { Language as ProblemLanguage, Problem } from "../../config/problem.ts";
import { say as sayProblem } from "../../config/problem-texts.ts";
import { destinationsWithoutSource, fromStored, toStored } from "../../config/stored-configuration.ts";
import type { Parts } from "../../config/stored-configuration.ts";
import type { Destination } from "../../domain/destinations/destination.ts";
import { lockedSince } from "../../domain/sources/source.ts";
import {
  compareConfiguration,
  readConfiguration,
  readSourcesOfFile,
} from "../../ledger/configuration/configuration.ts";
import { readPausedSince } from "../../ledger/configuration/paused-since.ts";
import type { PausedSince } from "../../ledger/configuration/paused-since.ts";
import type { Kinds } from "../../kinds/kinds.ts";
import type { Installation } from "../../runtime/installation.ts";
import { takenOverText } from "../settings/apply.ts";
import { isMissing, problemText } from "../frame/configuration-file.ts";
import type { Check } from "./doctor-check.ts";
import { judgeExpiry } from "./doctor-check.ts";
import type { Texts } from "../frame/language.ts";
import type { TimeText } from "../frame/times.ts";

/** Problems and warnings of the file; needs no database. */
export function checkFile(loaded: LoadedConfiguration, { configPath, host }: Environment): Check[] {
  if (isMissing(loaded)) {
    return [
      {
        check: "file",
        status: "ok",
        text: {
          en: `there is no ${configPath}: the database's configuration holds`,
          de: `es gibt keine ${configPath}: Es gilt die Konfiguration der Datenbank`,
        },
      },
    ];
  }
  if (!loaded.ok) {
    return loaded.problems.map((problem) => ({
      check: "file",
      status: "fail",
      text: { en: problemText(problem, "en"), de: problemText(problem, "de") },
    }));
  }
  const { configuration } = loaded;
  // Of what is applied it is said as a failure.
  const warnings = loaded.warnings.filter(({ code }) => code !== "secrets_expired");
  const refused = checkOpenIntake(configuration, host);
  return [
    { check: "file", status: "ok", text: { en: `${configPath} is valid`, de: `${configPath} ist gültig` } },
    ...warnings.map((warning): Check => ({
      check: checkName(warning),
      status: "warn",
      text: { en: problemText(warning, "en"), de: problemText(warning, "de") },
    })),
    ...(refused === null
      ? []
      : [
          {
            check: "open_intake",
            status: "fail" as const,
            text: both((language) => sayProblem(refused, language)),
          },
        ]),
  ];
}

function checkName(warning: Problem): string {
  const source = sourceSpokenOf(warning);
  if (source !== null) return `source:${source}`;
  return warning.code === "open_intake_on" ? "open_intake" : "file";
}

/** The source that a warning says the same about as a check of what is applied; null for other warnings. */
function sourceSpokenOf(warning: Problem): string | null {
  return warning.code === "auth_none" || warning.code === "sends_to_nobody" ? warning.params.source : null;
}

/** What is applied: does it equal the file, can its secrets be read, does every lead get anywhere. */
export async function checkApplied(
  { database, secretBox }: Installation,
  kinds: Kinds,
  loaded: LoadedConfiguration,
  times: TimeText,
  nowMs: number,
): Promise<{
  readonly checks: Check[];
  readonly destinations: readonly Destination[];
  readonly pausedSince: PausedSince;
}> {
  const pausedSince = await readPausedSince(database);
  const parts = fromStored(await readConfiguration(database), secretBox, kinds);
  const { changes, takenOver } = loaded.ok
    ? await compareConfiguration(database, toStored(loaded.configuration, secretBox, kinds))
    : { changes: [], takenOver: [] };
  const wanted = loaded.ok ? loaded.configuration.timezone : null;
  const timezoneDiffers = wanted !== null && wanted !== times.timezone;
  const removals = changes.flatMap(({ change, name }) => (change === "removed" ? [name] : []));
  const checks = [
    ...(removals.length === 0 ? [] : [removalsCheck(removals)]),
    ...takenOver.map((part): Check => ({ check: "file", status: "warn", text: takenOverText(part) })),
    appliedCheck(
      loaded,
      changes.map(({ name }) => name),
      timezoneDiffers,
      parts,
    ),
    ...destinationsWithoutSource(parts).map(lonelyDestination),
    ...sourceChecks(parts, {
      said: saidOfSources(loaded),
      kinds,
      times,
      nowMs,
      ofFile: new Set(await readSourcesOfFile(database)),
      pausedSince: pausedSince.sources,
    }),
  ];
  return { checks, destinations: parts.destinations, pausedSince };
}

/** Whether a connection can be made to each destination; all at once. */
/** Where it was left alone until somebody mends it, one lead tries now; resolves with whether one does. */
type OnReached = (destination: string) => Promise<boolean>;

export function checkDestinations(
  kinds: Kinds,
  destinations: readonly Destination[],
  { destinations: pausedSince }: PausedSince,
  times: TimeText,
  onReached: OnReached,
): Promise<Check[]> {
  return Promise.all(
    destinations.map((destination) => {
      const since = pausedSince.get(destination.name);
      return destinationCheck(kinds, destination, since === undefined ? null : times.at(since), onReached);
    }),
  );
}

/** An empty or cut-off file looks like one in which everything was deleted. */
function removalsCheck(names: readonly string[]): Check {
  const list = names.join(", ");
  return {
    check: "file",
    status: "warn",
    text: {
      en: `the file no longer names these, which come from it: ${list}`,
      de: `in der Datei steht nicht mehr, was aus ihr kam: ${list}`,
    },
    advice: {
      en: "If that was an accident, restore the file; else `leadledger apply --yes` switches them off.",
      de: "War das ein Versehen, stellen Sie die Datei wieder her; sonst schaltet `leadledger apply --yes` sie ab.",
    },
  };
}

export function appliedCheck(
  loaded: LoadedConfiguration,
  differing: readonly string[],
  timezoneDiffers: boolean,
  applied: Pick<Parts, "sources" | "destinations">,
): Check {
  const names = [...(timezoneDiffers ? ["timezone"] : []), ...differing];
  if (names.length > 0) {
    return {
      check: "applied",
      status: "warn",
      text: {
        en: `the file has changed since it was applied: ${names.join(", ")}`,
        de: `die Datei wurde seit dem Anwenden geändert: ${names.join(", ")}`,
      },
      advice: { en: "leadledger apply", de: "leadledger apply" },
    };
  }
  const equal = loaded.ok ? { en: ", as in the file", de: ", wie in der Datei" } : { en: "", de: "" };
  // What was made over the API is in no file.
  const { sources, destinations } = loaded.ok ? loaded.configuration : applied;
  return {
    check: "applied",
    status: "ok",
    text: {
      en: `sources: ${sources.length}, destinations: ${destinations.length}${equal.en}`,
      de: `Quellen: ${sources.length}, Ziele: ${destinations.length}${equal.de}`,
    },
  };
}

/** Code and source of warnings that the file got already; saying them once is enough. */
function saidOfSources(loaded: LoadedConfiguration): ReadonlySet<string> {
  const warnings = loaded.ok ? loaded.warnings : [];
  return new Set(warnings.map((warning) => `${warning.code} ${sourceSpokenOf(warning) ?? ""}`));
}

interface SourceChecking {
  /** Code and source of warnings that the file got already. */
  readonly said: ReadonlySet<string>;
  /** Names of the sources that are changed there, and nowhere else. */
  readonly ofFile: ReadonlySet<string>;
  readonly kinds: DeclaredKinds;
  readonly times: TimeText;
  readonly nowMs: number;
  /** By name; absent: nobody knows. */
  readonly pausedSince: ReadonlyMap<string, Date>;
}

function sourceChecks(
  { sources, destinations }: Parts,
  { said, ofFile, kinds, times, nowMs, pausedSince }: SourceChecking,
): Check[] {
  return sources.flatMap((source) => {
    const { name, auth, paused } = source;
    const checks: (Check | null)[] = [];
    if (declaredOf(kinds.sources, auth.kind)?.proof === "nothing") {
      if (!said.has(`auth_none ${name}`)) checks.push(openSource(name, ofFile.has(name)));
    } else {
      for (const { notAfter } of auth.secrets ?? []) {
        checks.push(judgeExpiry(name, notAfter, notAfter === null ? "" : times.at(notAfter), nowMs));
      }
      if (lockedSince(auth, nowMs) !== null) checks.push(lockedSource(name, ofFile.has(name)));
    }
    if (destinationsOfSource(source, destinations).length === 0 && !said.has(`sends_to_nobody ${name}`))
      checks.push(sourceToNobody(name, ofFile.has(name)));
    const since = pausedSince.get(name);
    if (paused !== false)
      checks.push(pausedSource(name, paused === "refuse", since === undefined ? null : times.at(since)));
    return checks.filter((check) => check !== null);
  });
}

function openSource(name: string, isOfFile: boolean): Check {
  return {
    check: `source:${name}`,
    status: "warn",
    text: {
      en: `anyone may post as ${name} (no credentials)`,
      de: `jeder darf als ${name} einliefern (keine Zugangsdaten)`,
    },
    advice: isOfFile
      ? {
          en: "Give it auth: token or hmac in leadledger.yaml, then `leadledger apply`.",
          de: "Geben Sie ihr in leadledger.yaml auth: token oder hmac, dann `leadledger apply`.",
        }
      : {
          en: `\`leadledger source change ${name} --auth token\` gives it a token.`,
          de: `\`leadledger source change ${name} --auth token\` gibt ihr ein Token.`,
        },
  };
}

function lockedSource(name: string, isOfFile: boolean): Check {
  return {
    check: `source:${name}`,
    status: "fail",
    text: {
      en: `all secrets of ${name} have expired: its leads are refused`,
      de: `alle Geheimnisse von ${name} sind abgelaufen: Ihre Leads werden abgewiesen`,
    },
    advice: isOfFile
      ? {
          en: "Add a new secret in leadledger.yaml, then `leadledger apply`.",
          de: "Tragen Sie in leadledger.yaml ein neues ein, dann `leadledger apply`.",
        }
      : {
          en: `\`leadledger source rotate-secret ${name}\` makes a new one.`,
          de: `\`leadledger source rotate-secret ${name}\` erzeugt ein neues.`,
        },
  };
}

function sourceToNobody(name: string, isOfFile: boolean): Check {
  return {
    check: `source:${name}`,
    status: "warn",
    text: { en: `leads of ${name} reach nobody`, de: `Leads aus ${name} bekommt niemand` },
    advice: isOfFile
      ? {
          en: "Add a destination, or name one in the source's `to` in leadledger.yaml; then `leadledger apply`.",
          de: "Legen Sie ein Ziel an, oder nennen Sie in leadledger.yaml eines in `to` der Quelle; dann `leadledger apply`.",
        }
      : {
          en: `Add a destination, or name one: \`leadledger source change ${name} --to NAME\`.`,
          de: `Legen Sie ein Ziel an, oder nennen Sie eines: \`leadledger source change ${name} --to NAME\`.`,
        },
  };
}

function lonelyDestination(destination: string): Check {
  const said = { code: "nobody_sends_there", params: { destination } } as const;
  return {
    check: "routes",
    status: "warn",
    text: both((language) => sayProblem(said, language)),
  };
}

/** `since`: a time, as people read it; null: nobody knows. */
function sinceText(since: string | null): Texts {
  return since === null ? { en: "", de: "" } : { en: ` since ${since}`, de: ` seit ${since}` };
}

function pausedSource(name: string, refuses: boolean, pausedAt: string | null): Check {
  const since = sinceText(pausedAt);
  return {
    check: `source:${name}`,
    status: "warn",
    text: refuses
      ? {
          en: `${name} is paused with refuse${since.en}: its senders get 503, and leads that are not sent again are lost`,
          de: `${name} ist mit refuse angehalten${since.de}: Absender erhalten 503, und nicht noch einmal gesendete Leads gehen verloren`,
        }
      : {
          en: `${name} is paused${since.en}: its leads are taken and held`,
          de: `${name} ist angehalten${since.de}: Ihre Leads werden angenommen und zurückgehalten`,
        },
    advice: {
      en: `Resume it (\`leadledger source resume ${name}\`, or in leadledger.yaml): what is held is delivered at once.`,
      de: `Setzen Sie sie fort (\`leadledger source resume ${name}\` oder in leadledger.yaml): Zurückgehaltenes wird sofort zugestellt.`,
    },
  };
}

async function destinationCheck(
  kinds: Kinds,
  destination: Destination,
  pausedAt: string | null,
  onReached: OnReached,
): Promise<Check> {
  const { name } = destination;
  const check = `destination:${name}`;
  const since = sinceText(pausedAt);
  const paused = destination.paused
    ? { en: ` (paused${since.en})`, de: ` (angehalten${since.de})` }
    : { en: "", de: "" };
  const said = (status: Check["status"], text: Texts): Check => ({
    check,
    // Nothing is sent while it is paused, so nothing fails.
    status: destination.paused ? "warn" : status,
    text: { en: `${name}${paused.en}: ${text.en}`, de: `${name}${paused.de}: ${text.de}` },
  });
  const { probeDestination } = await import("../../app.ts");
  const reach = await probeDestination(kinds.destinations, destination);
  if (reach === null) {
    return said("ok", {
      en: `${destination.kind}, nothing is sent there`,
      de: `${destination.kind}, dorthin wird nichts gesendet`,
    });
  }
  if (reach.reachable) {
    const detail = `${reach.address}, ${reach.durationMs} ms`;
    const isTried = await onReached(name);
    return said("ok", {
      en: `can be reached (${detail})${isTried ? "; one of the leads that wait tries now" : ""}`,
      de: `ist erreichbar (${detail})${isTried ? "; einer der wartenden Leads versucht es jetzt" : ""}`,
    });
  }
  const { code, message } = reach;
  return {
    ...said("fail", { en: message, de: `nicht erreichbar (${code}: ${message})` }),
    advice: adviceFor(code),
  };
}

function adviceFor(code: string): Texts {
  if (code === "destination_address_forbidden") {
    return {
      en: "LeadLedger sends nothing into private networks unless the destination says `allow_private: true`. Set it only if this address is meant.",
      de: "In private Netze sendet LeadLedger nur, wenn beim Ziel `allow_private: true` steht. Setzen Sie es nur, wenn diese Adresse gemeint ist.",
    };
  }
  return {
    en: "Until it can be reached, leads wait and are tried again by themselves.",
    de: "Bis es erreichbar ist, warten die Leads und werden von selbst erneut versucht.",
  };
}

function both(text: (language: ProblemLanguage) => string): Texts {
  return { en: text("en"), de: text("de") };
}
