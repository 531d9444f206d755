// leadledger serve: takes leads until it is told to stop
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { Command } from "commander";
import type { App } from "../../app.ts";
import { checkOpenIntake } from "../../config/configuration.ts";
import type { Configuration } from "../../config/configuration.ts";
import type { Environment } from "../../config/environment.ts";
import { firstSetupLink } from "../../accounts/set-up.ts";
import {
  addressOf,
  curlLine,
  isFirstConfiguration,
  writeFirstConfiguration,
} from "../../config/first-configuration.ts";
import { say as sayProblem } from "../../config/problem-texts.ts";
import type { Log } from "../../domain/node/log.ts";
import type { NodeRole } from "../../domain/node/node-role.ts";
import type { CommandFailure } from "../../explanations/command-failures.ts";
import { judgeTimezone } from "../../config/judge-timezone.ts";
import type { TimezoneMisfit } from "../../config/judge-timezone.ts";
import { readConfigurationRevision, readTimezone } from "../../ledger/settings/settings.ts";
import { keepRequestsYoung } from "../../runtime/garbage-collection.ts";
import type { Installation } from "../../runtime/installation.ts";
import { openInstallation } from "../../runtime/installation.ts";
import { createLogger } from "../../runtime/logger.ts";
import { nodeRolesParser } from "../frame/arguments.ts";
import { act, addCommand } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { environmentOf, reportFailure } from "../frame/command-installation.ts";
import {
  firstProblem,
  isMissing,
  loadFile,
  loadFileAloud,
  sayProblems,
  surroundingsOf,
} from "../frame/configuration-file.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { codeText } from "../frame/failure.ts";
import { firstToken, makeFirstSource } from "./first-source.ts";
import { createReadableLog } from "../frame/readable-log.ts";
import { printBanner } from "./serve-banner.ts";
import { fileWarnings, listeningWarnings } from "./serve-warnings.ts";
import { watchSignals } from "./serve-signals.ts";
import { timezoneText } from "../frame/timezone-text.ts";

interface ServeOptions extends CommonOptions {
  readonly role?: readonly NodeRole[];
}

const connectionsMax = 12;

export function registerServe(program: Command, context: CommandContext): void {
  const { say } = context;
  const serve = addCommand(program, context, {
    usage: "serve",
    summary: { en: "take leads and deliver them", de: "Leads annehmen und zustellen" },
    details: {
      en: "Applies leadledger.yaml at start. Without one, and with nothing configured in the database either, it makes a first source, writes a file of commented examples, and shows the curl line that works. SIGTERM or Ctrl-C finishes what was accepted and stops; a second Ctrl-C ends at once.",
      de: "Wendet beim Start leadledger.yaml an. Gibt es keine und ist auch in der Datenbank nichts eingerichtet, legt es eine erste Quelle an, schreibt eine Datei mit auskommentierten Beispielen und zeigt die passende curl-Zeile. SIGTERM oder Strg-C führt Angenommenes zu Ende und hält an; ein zweites Strg-C beendet sofort.",
    },
    examples: [
      "leadledger serve",
      "DATABASE_URL=postgresql://… LEADLEDGER_KEY=… PORT=9000 leadledger serve",
      "leadledger serve --role delivery,leader",
    ],
  }).option(
    "--role <roles>",
    say({
      en: "of several nodes, what this one does: intake, delivery, leader; comma-separated (default: all)",
      de: "was dieser von mehreren Knoten tut: intake, delivery, leader; durch Kommas getrennt (sonst alles)",
    }),
    nodeRolesParser(context),
  );
  act<ServeOptions>(serve, context, (options) => serveUntilStopped(context, options));
}

async function serveUntilStopped(context: CommandContext, options: ServeOptions): Promise<ExitCode> {
  const environment = environmentOf(context);
  if (environment === null) return exitCodes.usage;
  const loaded = await loadFile(environment.configPath, context, null);
  // Before anything is started: a mistake in the file is found at once.
  if (!loaded.ok && !isMissing(loaded)) {
    sayProblems(context, loaded.problems);
    return exitCodes.usage;
  }
  keepRequestsYoung();
  const log = logFor(context, environment);
  const signals = watchSignals(log);
  const starting = stopBeforeStart(signals.firstSignal);
  try {
    const installation = await open(environment, log, starting.signal);
    const started = await startOn(installation, context, environment, options, log).catch(
      async (error: unknown) => {
        await installation.close();
        throw error;
      },
    );
    starting.over();
    if (started === null) {
      await installation.close();
      return exitCodes.usage;
    }
    await signals.firstSignal;
    await started.stop();
    return exitCodes.ok;
  } catch (error) {
    if (starting.signal.aborted) return exitCodes.ok;
    return reportStartFailure(context, environment, error);
  } finally {
    starting.over();
    signals.stopWatching();
  }
}

function logFor(context: CommandContext, { logLevel }: Environment): Log {
  if (context.terminal.noteIsTerminal) return createReadableLog(context.terminal, logLevel);
  return createLogger(logLevel, `${hostname()}-${process.pid}`);
}

/** For what is under way when a start is told to stop: a statement, a wait for somebody's lock. */
const stopBeforeStartMs = 5_000;

/** Nothing was accepted yet, so whatever does not end by itself is left; the embedded server ends with the process. */
function stopBeforeStart(firstSignal: Promise<void>): { readonly signal: AbortSignal; over(): void } {
  const stopped = new AbortController();
  let isOver = false;
  void firstSignal.then(() => {
    if (isOver) return;
    stopped.abort();
    setTimeout(() => {
      if (!isOver) process.exit(exitCodes.ok);
    }, stopBeforeStartMs).unref();
  });
  return { signal: stopped.signal, over: () => void (isOver = true) };
}

function open(
  { databaseUrl, dataDir, rootKeyHex }: Environment,
  log: Log,
  signal: AbortSignal,
): Promise<Installation> {
  return openInstallation({
    databaseUrl,
    dataDir,
    rootKeyHex,
    connectionsMax,
    log,
    signal,
    purpose: "serve",
  });
}

/** null: the configuration does not allow it; the reasons have been said. */
async function startOn(
  installation: Installation,
  context: CommandContext,
  environment: Environment,
  { json, role }: ServeOptions,
  log: Log,
): Promise<App | null> {
  const desired = await desiredConfiguration(installation, context, environment);
  if (desired === null) return null;
  const { configuration, fileIsNew } = desired;
  const { host, port, configPath, adminKey, tls } = environment;
  const refused = configuration === null ? null : checkOpenIntake(configuration, host);
  if (refused !== null) {
    context.terminal.note(
      context.terminal.paintNote(
        "red",
        `${configPath}: open_intake: ${sayProblem(refused, context.language)} [${refused.code}]`,
      ),
    );
    return null;
  }
  const misfit = await misfitOfFirstStart(installation, configuration);
  if (misfit !== null) {
    const { terminal, language } = context;
    terminal.note(terminal.paintNote("red", timezoneText(configPath, misfit, language)));
    return null;
  }
  const roles = role === undefined ? {} : { roles: role };
  const { startApp } = await import("../../app.ts");
  const app = await startApp({
    installation,
    kinds: context.kinds,
    configuration,
    configurationFile:
      configuration === null
        ? null
        : { path: configPath, check: () => firstProblem(configPath, context, installation) },
    host,
    port,
    adminKey,
    tls,
    ...roles,
    env: context.env,
    log,
  }).catch((error: unknown) => {
    if (fileIsNew) noteNewFile(context, configPath);
    throw error;
  });
  const takesLeads = app.roles.includes("intake");
  const token =
    takesLeads && installation.copy === null ? await firstToken(installation, context.kinds) : null;
  const warnings = [
    ...desired.warnings,
    ...fileWarnings(context, app, configPath),
    ...listeningWarnings(context, app, configuration),
  ];
  const listener = { scheme: app.scheme, host: app.host, port: app.port };
  const publicAddress = configuration?.publicUrl?.href;
  const curl = token === null ? null : curlLine({ ...listener, token, publicAddress });
  const setup = installation.copy === null ? await firstSetupLink(installation.database) : null;
  const setupUrl = setup === null ? null : `${publicAddress ?? addressOf(listener)}${setup.path}`;
  printBanner(
    context,
    {
      app,
      installation,
      environment,
      warnings,
      curl,
      setupUrl,
      publicAddress,
      fileIsNew,
      hasFile: configuration !== null,
    },
    json === true,
  );
  return app;
}

/** Before anything depends on this LeadLedger, a wrong time zone is mended first; later it starts all the same. */
async function misfitOfFirstStart(
  { database, copy }: Installation,
  configuration: Configuration | null,
): Promise<TimezoneMisfit | null> {
  const timezone = configuration?.timezone ?? null;
  if (copy !== null || timezone === null || (await readConfigurationRevision(database)) > 0) return null;
  return timezone === (await readTimezone(database)) ? null : judgeTimezone(database, timezone);
}

/** All was prepared, and then something else stands in the way, so nobody has seen the curl line yet. */
function noteNewFile({ terminal, say }: CommandContext, configPath: string): void {
  terminal.note(
    say({
      en: `A first source was made, and ${configPath} was written, with commented examples. When the start succeeds, it shows the curl line for the first lead.`,
      de: `Eine erste Quelle wurde angelegt und ${configPath} geschrieben, mit auskommentierten Beispielen. Gelingt der Start, zeigt er die curl-Zeile für den ersten Lead.`,
    }),
  );
}

interface DesiredConfiguration {
  /** null: there is no file, the database's configuration holds. */
  readonly configuration: Configuration | null;
  readonly warnings: readonly string[];
  /** The file was written just now. */
  readonly fileIsNew: boolean;
}

/**
 * A file that is missing is written only where nothing is configured yet: beside a database that is (another node,
 * another folder), it would only be in the way.
 */
async function desiredConfiguration(
  installation: Installation,
  context: CommandContext,
  { configPath }: Environment,
): Promise<DesiredConfiguration | null> {
  const { database, copy } = installation;
  const { language } = context;
  const isNew = copy === null && (await readConfigurationRevision(database)) === 0;
  let fileIsNew = false;
  if (isMissing(await loadFile(configPath, context, null))) {
    if (!isNew) return { configuration: null, warnings: [], fileIsNew };
    fileIsNew = await writeFirstConfiguration(configPath, language);
  }
  if (isNew && isFirstConfiguration(await readFile(configPath, "utf8")))
    await makeFirstSource(installation, context.kinds);
  const loaded = await loadFileAloud(context, configPath, await surroundingsOf(installation));
  return loaded === null ? null : { ...loaded, fileIsNew };
}

/** What can be wrong with HOST, PORT and the folder of the file; everything else is explained as for other commands. */
function reportStartFailure(context: CommandContext, environment: Environment, error: unknown): ExitCode {
  const { terminal, say } = context;
  const { host, port, configPath, databaseUrl } = environment;
  const {
    code,
    syscall,
    hostname: name,
    path,
  } = (error ?? {}) as NodeJS.ErrnoException & { hostname?: string };
  const fail = (exitCode: ExitCode, failure: CommandFailure, en: string, de: string): ExitCode => {
    terminal.note(terminal.paintNote("red", say({ en: `Error: ${en}`, de: `Fehler: ${de}` })));
    terminal.note(codeText(failure));
    return exitCode;
  };
  if (code === "EADDRINUSE") {
    return fail(
      exitCodes.inUse,
      "port_in_use",
      `port ${port} on ${host} is in use by another program, or by a LeadLedger that runs already. PORT=${port + 1} leadledger serve takes a different one.`,
      `Port ${port} auf ${host} ist belegt, von einem anderen Programm oder einem LeadLedger, das schon läuft. PORT=${port + 1} leadledger serve nimmt einen anderen.`,
    );
  }
  if (syscall === "listen" || (syscall === "getaddrinfo" && name === host)) {
    return fail(
      exitCodes.usage,
      "address_unusable",
      `cannot listen on HOST=${host} PORT=${port} (${code ?? ""}).`,
      `auf HOST=${host} PORT=${port} kann nicht gehört werden (${code ?? ""}).`,
    );
  }
  if (syscall === "open" && path === configPath) {
    return fail(
      exitCodes.usage,
      "configuration_unwritable",
      `the first configuration cannot be written to ${configPath} (${code ?? ""}). LEADLEDGER_CONFIG names another place.`,
      `die erste Konfiguration lässt sich nicht nach ${configPath} schreiben (${code ?? ""}). LEADLEDGER_CONFIG nennt einen anderen Ort.`,
    );
  }
  return reportFailure(context, error, databaseUrl);
}
