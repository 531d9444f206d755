// The demo's surroundings: a folder with a configuration, the CRM and the newsletter tool, and a whole LeadLedger.
import { failureRateLimits } from "../../domain/destinations/failure-rate.ts";
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { App } from "../../app.ts";
import { formatProblem, loadConfiguration } from "../../config/load-configuration.ts";
import type { Configuration } from "../../config/configuration.ts";
import { crmScript } from "../../demo/crm-script.ts";
import type { DemoCrm } from "../../demo/crm.ts";
import { acceptAll, startDemoCrm } from "../../demo/crm.ts";
import { demoFiles } from "../../demo/demo-configuration.ts";
import type { DemoSecrets } from "../../demo/demo-sources.ts";
import type { Log } from "../../domain/node/log.ts";
import type { Kinds } from "../../kinds/kinds.ts";
import type { Installation } from "../../runtime/installation.ts";
import { openInstallation } from "../../runtime/installation.ts";
import { isPortFree } from "../../runtime/loopback-port.ts";
import type { Language } from "../frame/language.ts";

export interface DemoSite {
  readonly folder: string;
  readonly configPath: string;
  readonly dataDir: string;
  readonly logPath: string;
  readonly baseUrl: string;
  readonly secrets: DemoSecrets;
  readonly crm: DemoCrm;
  readonly newsletter: DemoCrm;
  readonly installation: Installation;
  /** Stops everything; the folder stays. */
  close(): Promise<void>;
}

const host = "127.0.0.1";
const usualPort = 8_080;
const connectionsMax = 12;

/** The folder that was asked for is not empty. */
export class FolderNotEmptyError extends Error {}

/** A new temporary folder, or the one that was asked for. Throws FolderNotEmptyError, or what the file system says. */
export async function makeDemoFolder(wanted: string | null): Promise<string> {
  if (wanted === null) return mkdtemp(join(tmpdir(), "leadledger-demo-"));
  const folder = resolve(wanted);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new FolderNotEmptyError(folder);
  return folder;
}

export async function removeDemoFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Starts everything; what had been started is stopped again when something cannot be. Nothing of the environment counts. */
export async function openDemoSite(folder: string, language: Language, kinds: Kinds): Promise<DemoSite> {
  const cleanups: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
  };
  try {
    const logPath = join(folder, "leadledger.log");
    const logFile = openLogFile(logPath);
    cleanups.push(() => logFile.close());
    const crm = await startDemoCrm({ port: 0, script: crmScript(language) });
    cleanups.push(() => crm.close());
    const newsletter = await startDemoCrm({ port: 0, script: acceptAll });
    cleanups.push(() => newsletter.close());

    const secrets = makeSecrets();
    const destinationUrls = { crm: crm.url, newsletter: newsletter.url };
    const configPath = await writeFiles(folder, demoFiles(language, { secrets, destinationUrls }));
    const dataDir = join(folder, "data");
    const installation = await openInstallation({
      databaseUrl: null,
      dataDir,
      rootKeyHex: null,
      connectionsMax,
      log: logFile.log,
      purpose: "serve",
    });
    const closeInstallation = (): Promise<void> => installation.close();
    cleanups.push(closeInstallation);
    const app = await startOnFreePort(installation, await configurationOf(configPath, kinds), logFile.log);
    // Stopping the program closes its installation too.
    cleanups.splice(cleanups.indexOf(closeInstallation), 1, () => app.stop());
    const baseUrl = `http://${app.host}:${app.port}`;
    return { folder, configPath, dataDir, logPath, baseUrl, secrets, crm, newsletter, installation, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface LogFile {
  readonly log: Log;
  close(): Promise<void>;
}

function openLogFile(path: string): LogFile {
  const stream = createWriteStream(path, { mode: 0o600 });
  // A full disk shows itself in the database first; the log must not end the demo.
  stream.on("error", () => undefined);
  return {
    log: (level, event, fields) => {
      if (level === "debug") return;
      stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
    },
    close: () => new Promise((done) => stream.end(done)),
  };
}

function makeSecrets(): DemoSecrets {
  const secret = (): string => randomBytes(24).toString("base64url");
  return { website: secret(), landingpage: secret(), messe: secret(), portal: secret() };
}

/** Returns the path of the configuration, which is the last file. */
async function writeFiles(folder: string, files: ReturnType<typeof demoFiles>): Promise<string> {
  let path = folder;
  for (const file of files) {
    path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // It holds the sources' secrets.
    await writeFile(path, file.text, { mode: 0o600 });
  }
  return path;
}

async function configurationOf(path: string, kinds: Kinds): Promise<Configuration> {
  const loaded = await loadConfiguration({ path, env: {}, readFile, kinds });
  if (loaded.ok) return loaded.configuration;
  throw new Error(loaded.problems.map(formatProblem).join("\n"));
}

/** On the usual port where it is free, so that addresses look familiar; else on any other. */
async function startOnFreePort(
  installation: Installation,
  configuration: Configuration,
  log: Log,
): Promise<App> {
  const port = (await isPortFree(usualPort)) ? usualPort : 0;
  const { startApp } = await import("../../app.ts");
  // It shows how leads get through the DLQ: a CRM that is left alone would hardly be attempted in its short outage.
  const failureRate = { ...failureRateLimits, inRow: Infinity, failed: Infinity };
  const start = (on: number): Promise<App> =>
    startApp({ installation, configuration, host, port: on, failureRate, log });
  return start(port).catch((error: unknown) => {
    // Somebody else took it after we had looked.
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return start(0);
    throw error;
  });
}
