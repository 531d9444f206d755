// leadledger user list | add | role | clients | disable | enable | password | setup-link
import type { Command } from "commander";
import { Argument, Option } from "commander";
import { userFilterMembers, userFilterWords } from "../../http/api/accounts/user-filter.ts";
import { languages } from "../../domain/errors/error-catalogue-entry.ts";
import { roles } from "../../domain/accounts/roles.ts";
import type { Role } from "../../domain/accounts/roles.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, addGroup } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { addFilterOptions } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import type { Texts } from "../frame/language.ts";
import { addClientLimit } from "./client-limits.ts";
import type { ClientLimitOptions } from "./client-limits.ts";
import { addUser, changeOne, findUser, listUsers, printSetupLink, setPassword } from "./user-actions.ts";
import type { AddOptions } from "./user-actions.ts";

const who = "<user>";

export function registerUser(program: Command, context: CommandContext): void {
  const { say } = context;
  const user = addGroup(
    program,
    context,
    "user",
    { en: "who may sign in, and with which role", de: "wer sich anmelden darf, und mit welcher Rolle" },
    ["leadledger user list", "leadledger user add anna@example.com --role admin"],
  );
  const whoHelp = say({ en: "e-mail address or user_id", de: "E-Mail-Adresse oder user_id" });

  const list = addCommand(user, context, {
    usage: "list",
    summary: { en: "all users", de: "alle Konten" },
    examples: ["leadledger user list", "leadledger user list --json"],
  });
  addFilterOptions(list, context, userFilterMembers, userFilterWords);
  act<CommonOptions & FilterOptions>(list, context, (options) =>
    withApi(context, options, (place) => listUsers(context, place, options)),
  );

  const add = addCommand(user, context, {
    usage: "add",
    summary: { en: "make an account", de: "ein Konto anlegen" },
    details: {
      en: "Prints a link with which this person sets the password, once, within 24 hours.",
      de: "Gibt einen Link aus, mit dem die Person ihr Passwort festlegt, einmal, binnen 24 Stunden.",
    },
    examples: [
      "leadledger user add anna@example.com --role admin",
      'leadledger user add bert@example.com --role sales --name "Bert Beispiel" --language de',
      "leadledger user add chef@muster.example --role viewer --client muster",
    ],
  })
    .argument("<e-mail>", say({ en: "what they sign in with", de: "womit sie sich anmelden" }))
    .addOption(
      new Option("--role <role>", say({ en: "what they may do", de: "was sie dürfen" }))
        .choices(roles)
        .makeOptionMandatory(),
    )
    .option("--name <name>", say({ en: "as others see it", de: "wie andere ihn sehen" }))
    .addOption(
      new Option(
        "--language <language>",
        say({ en: "which LeadLedger speaks to them", de: "in der LeadLedger sie anspricht" }),
      ).choices(languages),
    );
  addClientLimit(add, context);
  act<AddOptions>(add, context, (options, [login = ""]) =>
    withApi(context, options, (place) => addUser(context, place, login, options)),
  );

  const role = addCommand(user, context, {
    usage: "role",
    summary: { en: "give another role, at once", de: "eine andere Rolle geben, sofort" },
    examples: ["leadledger user role bert@example.com operator"],
  })
    .argument(who, whoHelp)
    .addArgument(
      new Argument("<role>", say({ en: "what they may do", de: "was sie dürfen" })).choices(roles),
    );
  act(role, context, (options, [name = "", wanted = ""]) =>
    withApi(context, options, (place) =>
      changeOne(context, place, name, { role: wanted as Role }, options, {
        en: `has the role ${wanted}.`,
        de: `hat die Rolle ${wanted}.`,
      }),
    ),
  );

  const clients = addCommand(user, context, {
    usage: "clients",
    summary: {
      en: "limit somebody to clients of an agency, or to none, at once",
      de: "auf einzelne Kunden einer Agentur beschränken oder die Beschränkung aufheben, sofort",
    },
    examples: [
      "leadledger user clients bert@example.com --client muster beispiel",
      "leadledger user clients bert@example.com --all",
    ],
  })
    .argument(who, whoHelp)
    .addOption(
      new Option("--all", say({ en: "without a limit", de: "ohne Beschränkung" })).conflicts("client"),
    );
  addClientLimit(clients, context);
  act<CommonOptions & ClientLimitOptions & { readonly all?: boolean }>(
    clients,
    context,
    ({ client, all, ...options }, [name = ""]) => {
      if (client === undefined && all !== true) {
        context.terminal.note(
          say({
            en: "Say --client <client...> or --all.",
            de: "Bitte --client <Kunde...> oder --all angeben.",
          }),
        );
        return Promise.resolve(exitCodes.usage);
      }
      const limit = client ?? null;
      return withApi(context, options, (place) =>
        changeOne(context, place, name, { clients: limit }, options, {
          en: limit === null ? "sees all clients." : `sees only ${limit.join(", ")}.`,
          de: limit === null ? "sieht alle Kunden." : `sieht nur ${limit.join(", ")}.`,
        }),
      );
    },
  );

  for (const [usage, summary, disabled, done] of switches) {
    const command = addCommand(user, context, {
      usage,
      summary,
      examples: [`leadledger user ${usage} bert@example.com`],
    }).argument(who, whoHelp);
    act(command, context, (options, [name = ""]) =>
      withApi(context, options, (place) => changeOne(context, place, name, { disabled }, options, done)),
    );
  }

  const password = addCommand(user, context, {
    usage: "password",
    summary: { en: "set a password", de: "ein Passwort setzen" },
    details: {
      en: "Asks for it on a terminal, else takes the first line of stdin. Whatever is signed in as this user is signed out. A set-up link is better: then nobody else knows the password.",
      de: "Fragt am Terminal danach, sonst gilt die erste Zeile der Standardeingabe. Alle Anmeldungen dieses Kontos enden. Besser ist ein Einrichtungslink: Dann kennt niemand sonst das Passwort.",
    },
    examples: ["leadledger user password bert@example.com"],
  }).argument(who, whoHelp);
  act(password, context, (options, [name = ""]) => setPassword(context, name, options));

  const link = addCommand(user, context, {
    usage: "setup-link",
    summary: {
      en: "a link with which somebody sets their password, once",
      de: "ein Link, mit dem jemand sein Passwort festlegt, einmal",
    },
    examples: ["leadledger user setup-link bert@example.com"],
  }).argument(who, whoHelp);
  act(link, context, (options, [name = ""]) =>
    withApi(context, options, async (place) => {
      const found = await findUser(context, place, name);
      return found === null ? exitCodes.failed : printSetupLink(context, place, found, options);
    }),
  );
}

const switches: readonly (readonly ["disable" | "enable", Texts, boolean, Texts])[] = [
  [
    "disable",
    { en: "let them sign in no more, at once", de: "sperren, sofort; offene Anmeldungen enden" },
    true,
    { en: "cannot sign in any more.", de: "kann sich nicht mehr anmelden." },
  ],
  [
    "enable",
    {
      en: "let them sign in again, also after wrong passwords",
      de: "wieder zulassen, auch nach falschen Passwörtern",
    },
    false,
    { en: "can sign in.", de: "kann sich anmelden." },
  ],
];
