// What the doctor looks at in the file, in the applied configuration, and at the destinations.
import { checkOpenIntake } from "../config/configuration.ts";
import type { Environment } from "../config/environment.ts";
import type { LoadedConfiguration } from "../config/load-configuration.ts";
import type { Language as ProblemLanguage, Problem } from "../config/problem.ts";
import { say as sayProblem } from "../config/problem-texts.ts";
import { fromStored, toStored } from "../config/stored-configuration.ts";
import type { Parts } from "../config/stored-configuration.ts";
import type { Destination } from "../domain/destination.ts";
import { compareConfiguration, readConfiguration } from "../ledger/configuration.ts";
import type { Installation } from "../runtime/installation.ts";
import { isMissing, problemText } from "./configuration-file.ts";
import type { Check } from "./doctor-check.ts";
import { judgeExpiry } from "./doctor-check.ts";
import type { Texts } from "./language.ts";
import type { TimeText } from "./times.ts";

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
  const { configuration, warnings } = loaded;
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
  loaded: LoadedConfiguration,
  times: TimeText,
  nowMs: number,
): Promise<{ readonly checks: Check[]; readonly destinations: readonly Destination[] }> {
  const parts = fromStored(await readConfiguration(database), secretBox);
  const changes = loaded.ok
    ? await compareConfiguration(database, toStored(loaded.configuration, secretBox))
    : [];
  const timezoneDiffers = loaded.ok && loaded.configuration.timezone !== times.timezone;
  const checks = [
    appliedCheck(
      loaded,
      changes.map(({ name }) => name),
      timezoneDiffers,
      parts,
    ),
    ...sourceChecks(parts, saidOfSources(loaded), times, nowMs),
  ];
  return { checks, destinations: parts.destinations };
}

/** Whether a connection can be made to each destination; all at once. */
export function checkDestinations(destinations: readonly Destination[]): Promise<Check[]> {
  return Promise.all(destinations.map(destinationCheck));
}

function appliedCheck(
  loaded: LoadedConfiguration,
  differing: readonly string[],
  timezoneDiffers: boolean,
  { sources, destinations }: Parts,
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

function sourceChecks(
  { sources, destinations }: Parts,
  said: ReadonlySet<string>,
  times: TimeText,
  nowMs: number,
): Check[] {
  const known = new Set(destinations.map(({ name }) => name));
  return sources.flatMap(({ name, auth, to, paused }) => {
    const checks: (Check | null)[] = [];
    if (auth.kind === "none") {
      if (!said.has(`auth_none ${name}`)) checks.push(openSource(name));
    } else {
      for (const { notAfter } of auth.secrets) {
        checks.push(judgeExpiry(name, notAfter, notAfter === null ? "" : times.at(notAfter), nowMs));
      }
      const allExpired = auth.secrets.every(
        ({ notAfter }) => notAfter !== null && notAfter.getTime() < nowMs,
      );
      if (allExpired) checks.push(lockedSource(name));
    }
    const reachesSomebody = to === null ? known.size > 0 : to.some((destination) => known.has(destination));
    if (!reachesSomebody && !said.has(`sends_to_nobody ${name}`)) checks.push(sourceToNobody(name));
    if (paused) checks.push(pausedSource(name));
    return checks.filter((check) => check !== null);
  });
}

function openSource(name: string): Check {
  return {
    check: `source:${name}`,
    status: "warn",
    text: {
      en: `anyone may post as ${name} (no credentials)`,
      de: `jeder darf als ${name} einliefern (keine Zugangsdaten)`,
    },
    advice: { en: "Give it auth: token or hmac.", de: "Geben Sie ihr auth: token oder hmac." },
  };
}

function lockedSource(name: string): Check {
  return {
    check: `source:${name}`,
    status: "fail",
    text: {
      en: `all secrets of ${name} have expired: its leads are refused`,
      de: `alle Geheimnisse von ${name} sind abgelaufen: Ihre Leads werden abgewiesen`,
    },
    advice: {
      en: "Add a new secret, then `leadledger apply`.",
      de: "Tragen Sie ein neues ein, dann `leadledger apply`.",
    },
  };
}

function sourceToNobody(name: string): Check {
  return {
    check: `source:${name}`,
    status: "warn",
    text: { en: `leads of ${name} reach nobody`, de: `Leads aus ${name} bekommt niemand` },
    advice: {
      en: "Add a destination, or name one in the source's `to`; then `leadledger apply`.",
      de: "Legen Sie ein Ziel an oder nennen Sie eines in `to` der Quelle; dann `leadledger apply`.",
    },
  };
}

function pausedSource(name: string): Check {
  return {
    check: `source:${name}`,
    status: "warn",
    text: {
      en: `${name} is paused: its leads get 503`,
      de: `${name} ist angehalten: Ihre Leads erhalten 503`,
    },
  };
}

async function destinationCheck(destination: Destination): Promise<Check> {
  const { name } = destination;
  const check = `destination:${name}`;
  const paused = destination.paused ? { en: " (paused)", de: " (angehalten)" } : { en: "", de: "" };
  const said = (status: Check["status"], text: Texts): Check => ({
    check,
    // Nothing is sent while it is paused, so nothing fails.
    status: destination.paused ? "warn" : status,
    text: { en: `${name}${paused.en}: ${text.en}`, de: `${name}${paused.de}: ${text.de}` },
  });
  const { probeDestination } = await import("../app.ts");
  const reach = await probeDestination(destination);
  if (reach === null) {
    return said("ok", { en: "external, nothing is sent there", de: "extern, dorthin wird nichts gesendet" });
  }
  if (reach.reachable) {
    const detail = `${reach.address}, ${reach.durationMs} ms`;
    return said("ok", { en: `can be reached (${detail})`, de: `ist erreichbar (${detail})` });
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
