// leadledger settings show | change: what all nodes of an installation share
import type { Command } from "commander";
import type { Answer, ApiClient } from "../frame/api-client.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { printRecord } from "../frame/table.ts";

type Settings = Answer<"GET /settings">;

interface ChangeOptions extends CommonOptions {
  readonly timezone?: string;
  /** false: none. */
  readonly maskedPointers?: readonly string[] | false;
  readonly namesInLists?: boolean;
}

export function registerSettings(program: Command, context: CommandContext): void {
  const { say } = context;
  const settings = addGroup(
    program,
    context,
    "settings",
    {
      en: "what all nodes share: time zone, what is masked",
      de: "was für alle Knoten gilt: Zeitzone, was maskiert wird",
    },
    ["leadledger settings show", "leadledger settings change --masked-pointers /iban /notes"],
  );
  const show = addCommand(settings, context, {
    usage: "show",
    summary: { en: "the settings", de: "die Einstellungen" },
    examples: ["leadledger settings show"],
  });
  act(show, context, (options) =>
    withApi(context, options, async ({ api }) => {
      return print(context, await api.call("GET /settings"), options);
    }),
  );

  const change = addCommand(settings, context, {
    usage: "change",
    summary: { en: "change settings", de: "Einstellungen ändern" },
    details: {
      en: "Another time zone counts all daily figures afresh. Where leadledger.yaml says it, it is changed there.",
      de: "Eine andere Zeitzone zählt alle Tageszahlen neu. Steht sie in leadledger.yaml, wird sie dort geändert.",
    },
    examples: [
      "leadledger settings change --timezone Europe/Vienna",
      "leadledger settings change --masked-pointers /iban /notes",
      "leadledger settings change --no-masked-pointers",
    ],
  })
    .option("--timezone <zone>", say({ en: "reporting time zone", de: "Zeitzone der Tageszahlen" }))
    .option(
      "--masked-pointers <pointer...>",
      say({
        en: "JSON pointers into leads that are masked, too; takes the place of those before",
        de: "JSON-Pointer in Leads, die ebenfalls maskiert werden; ersetzt die bisherigen",
      }),
    )
    .option("--no-masked-pointers", say({ en: "none of them any more", de: "keine mehr davon" }))
    .option(
      "--names-in-lists",
      say({
        en: "who may see person data sees names in lists of leads, which is recorded",
        de: "wer Personendaten sehen darf, sieht in Listen von Leads die Namen; das wird festgehalten",
      }),
    )
    .option(
      "--no-names-in-lists",
      say({ en: "names are masked in lists", de: "in Listen sind Namen maskiert" }),
    );
  act<ChangeOptions>(change, context, (options) =>
    withApi(context, options, (place) => changeSettings(context, place, options)),
  );
}

async function changeSettings(
  context: CommandContext,
  { api }: ApiClient,
  options: ChangeOptions,
): Promise<ExitCode> {
  const { timezone, maskedPointers, namesInLists } = options;
  if (timezone === undefined && maskedPointers === undefined && namesInLists === undefined) {
    context.terminal.note(
      context.say({
        en: "Nothing to change: --timezone, --masked-pointers or --names-in-lists.",
        de: "Nichts zu ändern: --timezone, --masked-pointers oder --names-in-lists.",
      }),
    );
    return exitCodes.usage;
  }
  const body = {
    ...(timezone === undefined ? {} : { timezone }),
    ...(maskedPointers === undefined
      ? {}
      : { masked_pointers: maskedPointers === false ? [] : maskedPointers }),
    ...(namesInLists === undefined ? {} : { names_in_lists: namesInLists }),
  };
  return print(context, await api.call("PATCH /settings", { body }), options);
}

function print(context: CommandContext, settings: Settings, { json }: CommonOptions): ExitCode {
  const { terminal, say } = context;
  if (json === true) {
    printJson(context, settings);
    return exitCodes.ok;
  }
  const { timezone, timezone_managed_by: managedBy, masked_pointers: pointers } = settings;
  const byFile = managedBy === "file" ? " (leadledger.yaml)" : "";
  printRecord(terminal, [
    [say({ en: "time zone", de: "Zeitzone" }), `${timezone}${byFile}`],
    [
      say({ en: "masked, too", de: "auch maskiert" }),
      pointers.length === 0 ? say({ en: "nothing", de: "nichts" }) : pointers.join(", "),
    ],
    [
      say({ en: "names in lists", de: "Namen in Listen" }),
      settings.names_in_lists
        ? say({ en: "for roles that may see person data", de: "für Rollen, die Personendaten sehen dürfen" })
        : say({ en: "masked", de: "maskiert" }),
    ],
  ]);
  return exitCodes.ok;
}
