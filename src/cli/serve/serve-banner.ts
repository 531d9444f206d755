// What serve says when it is ready: where it listens, with what it works, what is remarkable, and what to try first.
import { resolve } from "node:path";
import type { App } from "../../app.ts";
import type { Environment } from "../../config/environment.ts";
import { hasAllRoles } from "../../domain/node/node-role.ts";
import type { Installation } from "../../runtime/installation.ts";
import type { CommandContext } from "../frame/command.ts";
import { printJson } from "../frame/command.ts";
import { databasePlace } from "../frame/failure.ts";
import { changeText } from "../settings/apply.ts";
import { printRecord } from "../frame/table.ts";

export interface BannerDeps {
  readonly app: App;
  readonly installation: Installation;
  readonly environment: Environment;
  readonly warnings: readonly string[];
  /** The line that sends the first lead; null where one has come or the configuration is a person's own. */
  readonly curl: string | null;
  /** Where the first admin is made; null: there is a user already. Only here, never in the log. */
  readonly setupUrl: string | null;
  /** `public_url`; absent: it is not set. */
  readonly publicAddress: string | undefined;
  readonly fileIsNew: boolean;
  readonly hasFile: boolean;
}

export function printBanner(context: CommandContext, deps: BannerDeps, json: boolean): void {
  const { app, installation, environment } = deps;
  const url = `${app.scheme}://${app.host.includes(":") ? `[${app.host}]` : app.host}:${app.port}`;
  const names = app.known;
  const file = deps.hasFile ? resolve(environment.configPath) : null;
  const dataFolder = installation.embedded === null ? null : resolve(environment.dataDir);
  if (json) {
    const { changes } = app;
    const { warnings, curl, setupUrl } = deps;
    printJson(context, {
      url,
      public_url: deps.publicAddress ?? null,
      roles: app.roles,
      configuration: file,
      data_folder: dataFolder,
      ...names,
      changes,
      warnings,
      curl,
      setup_url: setupUrl,
    });
    return;
  }
  const { terminal, say } = context;
  const nothing = say({ en: "none yet", de: "noch keine" });
  const title = app.roles.includes("intake")
    ? { en: `LeadLedger takes leads at ${url}`, de: `LeadLedger nimmt Leads an: ${url}` }
    : {
        en: `LeadLedger runs at ${url} and takes no leads`,
        de: `LeadLedger läuft auf ${url} und nimmt keine Leads an`,
      };
  terminal.out(terminal.paint("bold", say(title)));
  printRecord(terminal, [
    [say({ en: "Reached at", de: "Erreichbar unter" }), deps.publicAddress ?? null],
    [say({ en: "Roles", de: "Rollen" }), hasAllRoles(app.roles) ? null : app.roles.join(", ")],
    [say({ en: "Sources", de: "Quellen" }), names.sources.join(", ") || nothing],
    [say({ en: "Destinations", de: "Ziele" }), names.destinations.join(", ") || nothing],
    [
      say({ en: "Configuration", de: "Konfiguration" }),
      file ?? say({ en: "the database's (there is no file)", de: "die der Datenbank (es gibt keine Datei)" }),
    ],
    dataFolder === null
      ? [say({ en: "Database", de: "Datenbank" }), databasePlace(environment.databaseUrl) ?? "DATABASE_URL"]
      : [say({ en: "Data", de: "Daten" }), dataFolder],
  ]);
  printRemarks(context, deps, names.destinations.length === 0);
  printSetupLink(context, deps.setupUrl);
}

function printSetupLink({ terminal, say }: CommandContext, setupUrl: string | null): void {
  if (setupUrl === null) return;
  const what = say({
    en: "Nobody can sign in yet. This link makes the first admin, once, within 24 hours; whoever has it can use it:",
    de: "Noch kann sich niemand anmelden. Dieser Link legt den ersten Admin an, einmal, binnen 24 Stunden; wer ihn hat, kann ihn benutzen:",
  });
  terminal.out(`\n${what}\n\n${setupUrl}\n`);
}

function printRemarks(
  { terminal, say }: CommandContext,
  { app, installation, warnings, curl, fileIsNew, environment }: BannerDeps,
  nobody: boolean,
): void {
  if (installation.copy !== null) {
    terminal.out(
      terminal.paint(
        "yellow",
        say({
          en: "The database is out of reach. Leads are taken and kept on this disk until it is back; sources and destinations are those of the last contact.",
          de: "Die Datenbank ist nicht erreichbar. Leads werden angenommen und auf dieser Platte aufbewahrt, bis sie wieder da ist; Quellen und Ziele sind die vom letzten Kontakt.",
        }),
      ),
    );
  }
  for (const change of app.changes) terminal.out(say(changeText(change)));
  for (const warning of warnings) {
    terminal.out(terminal.paint("yellow", `${say({ en: "Warning", de: "Warnung" })}: ${warning}`));
  }
  if (nobody) {
    terminal.out(
      terminal.paint(
        "yellow",
        say({
          en: "No destination yet: leads are kept, but nobody receives them.",
          de: "Noch kein Ziel: Leads werden aufbewahrt, aber niemand bekommt sie.",
        }),
      ),
    );
  }
  if (curl === null) return;
  const { configPath } = environment;
  const why = fileIsNew
    ? {
        en: `A first source was made, website, and ${configPath} was written, with commented examples.`,
        de: `Eine erste Quelle wurde angelegt, website, und ${configPath} geschrieben, mit auskommentierten Beispielen.`,
      }
    : { en: "No lead has come yet.", de: "Es ist noch kein Lead eingegangen." };
  terminal.out(`\n${say(why)} ${say({ en: "Try it:", de: "Zum Ausprobieren:" })}\n\n${curl}\n`);
}
