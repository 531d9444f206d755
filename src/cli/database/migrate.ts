// leadledger migrate
import type { Command } from "commander";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext } from "../frame/command.ts";
import { withInstallation } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";

export function registerMigrate(program: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const migrate = addCommand(program, context, {
    usage: "migrate",
    summary: {
      en: "bring the database to this version",
      de: "die Datenbank auf den Stand dieser Version bringen",
    },
    details: {
      en: "`serve` and all other commands do this by themselves; use it to do it at a time of your choice.",
      de: "`serve` und alle anderen Befehle tun das von selbst; hiermit bestimmen Sie den Zeitpunkt.",
    },
    examples: ["leadledger migrate"],
  });
  act(migrate, context, ({ json }) =>
    withInstallation(context, ({ installation }) => {
      const migrated = installation.migrated ?? [];
      if (json === true) printJson(context, { migrated });
      else if (migrated.length === 0)
        terminal.out(
          say({ en: "The database is up to date.", de: "Die Datenbank ist auf dem neuesten Stand." }),
        );
      else {
        const names = migrated.join(", ");
        terminal.out(say({ en: `Migrated: ${names}`, de: `Umgestellt: ${names}` }));
      }
      return Promise.resolve(exitCodes.ok);
    }),
  );
}
