// leadledger source preview: one lead as a source's map reads it, or another map would
import type { Command } from "commander";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { vocabularyMembers } from "../../domain/leads/vocabulary.ts";
import type { VocabularyLead } from "../../domain/leads/vocabulary.ts";
import { withApi } from "../frame/api-client.ts";
import { runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson, revealText } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import { jsonFile } from "./part-commands.ts";

interface PreviewOptions extends CommonOptions {
  readonly map?: string;
  readonly country?: string;
  readonly run?: string;
  readonly body?: string;
  readonly reveal?: boolean;
}

export function registerSourcePreview(group: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const preview = addCommand(group, context, {
    usage: "preview",
    summary: {
      en: "one lead as its map reads it, or another map would",
      de: "ein Lead, wie ihn die Zuordnung liest, auch eine andere",
    },
    details: {
      en: "Nothing is stored. Without --map the source's own map counts, without --run and --body its newest lead. With --json also the original and what is recognised without a map.",
      de: "Gespeichert wird nichts. Ohne --map gilt die Zuordnung der Quelle, ohne --run und --body ihr neuester Lead. Mit --json auch das Original und was ohne Zuordnung erkannt wird.",
    },
    examples: [
      "leadledger source preview website",
      "leadledger source preview website --map map.json --run 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
      "leadledger source preview website --map map.json --body lead.json",
    ],
  })
    .argument("<name>", say({ en: "source", de: "Quelle" }))
    .option(
      "--map <file>",
      say({ en: "another map, a JSON file", de: "eine andere Zuordnung, eine JSON-Datei" }),
    )
    .option(
      "--country <code>",
      say({
        en: "another country of phone numbers that say none",
        de: "ein anderes Land für Telefonnummern ohne Landesvorwahl",
      }),
    )
    .option("--run <run_id>", say({ en: "this lead", de: "dieser Lead" }), runIdParser(context))
    .option(
      "--body <file>",
      say({
        en: "instead of a lead: its data, a JSON file",
        de: "statt eines Leads: seine Daten, eine JSON-Datei",
      }),
    )
    .option("--reveal", say(revealText));
  act<PreviewOptions>(preview, context, async (options, [name = ""]) => {
    const map = options.map === undefined ? undefined : await jsonFile(context, options.map);
    const body = options.body === undefined ? undefined : await jsonFile(context, options.body);
    if (map === null || body === null) return exitCodes.usage;
    // Texts of files as they are: numbers stay exact.
    const said = [
      ...(map === undefined ? [] : [`"map":${map}`]),
      ...(options.country === undefined ? [] : [`"country":${JSON.stringify(options.country)}`]),
      ...(options.run === undefined ? [] : [`"run_id":${JSON.stringify(options.run)}`]),
      ...(body === undefined ? [] : [`"body":${body}`]),
    ];
    return withApi(context, options, async ({ api }) => {
      const shown = await api.call("POST /sources/:name/map-preview", {
        params: { name },
        query: { reveal: options.reveal },
        json: `{${said.join(",")}}`,
      });
      if (options.json === true) printJson(context, shown);
      else if (shown.lead === null || shown.recognised === null) terminal.note(say(nothingToRead));
      else printMembers(context, shown.lead, shown.recognised);
      return exitCodes.ok;
    });
  });
}

function printMembers(context: CommandContext, lead: VocabularyLead, recognised: VocabularyLead): void {
  const { say, terminal } = context;
  printTable(
    terminal,
    [
      { title: say({ en: "field", de: "Feld" }) },
      { title: say({ en: "with the map", de: "mit der Zuordnung" }), wraps: true },
      { title: say({ en: "by itself", de: "von selbst" }), wraps: true },
    ],
    vocabularyMembers.map((name) => [name, textOf(lead[name]), textOf(recognised[name])]),
  );
}

function textOf(value: VocabularyLead[keyof VocabularyLead]): string | null {
  if (value === null || typeof value === "string") return value;
  return Object.keys(value).length === 0 ? null : writeExactly(value);
}

const nothingToRead = {
  en: "There is no lead to read: name one with --run, or give data with --body.",
  de: "Es gibt keinen Lead zu lesen: Nennen Sie einen mit --run oder geben Sie Daten mit --body an.",
};
