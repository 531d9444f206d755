// leadledger serve
import { readFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { startApp } from "../app.ts";
import { readEnvironment } from "../config/environment.ts";
import { curlLine, newToken, writeFirstConfiguration } from "../config/first-configuration.ts";
import { formatProblem, loadConfiguration } from "../config/load-configuration.ts";
import { createLogger } from "../runtime/logger.ts";
import { openInstallation } from "../runtime/installation.ts";

export async function serve(): Promise<void> {
  const read = readEnvironment(process.env);
  if (!read.ok) {
    for (const p of read.problems) console.error(p.variable, p.message);
    process.exitCode = 2;
    return;
  }
  const { environment } = read;
  const log = createLogger(environment.logLevel, "node");
  const token = newToken(randomBytes);
  const first = await writeFirstConfiguration(environment.configPath, { token, lang: "en" });
  const loaded = await loadConfiguration({ path: environment.configPath, env: process.env, readFile });
  if (!loaded.ok) {
    for (const p of loaded.problems) console.error(formatProblem(p));
    process.exitCode = 2;
    return;
  }
  const installation = await openInstallation({
    databaseUrl: environment.databaseUrl,
    dataDir: environment.dataDir,
    rootKeyHex: environment.rootKeyHex,
    purpose: "serve",
    connectionsMax: 12,
    log,
  });
  const app = await startApp({
    installation,
    configuration: loaded.configuration,
    host: environment.host,
    port: environment.port,
    log,
  });
  if (first) console.log(curlLine({ host: app.host, port: app.port, token }));
  const stop = (): void => void app.stop();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
