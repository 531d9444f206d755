// leadledger destination preview: what a destination would get of one lead, by its own map and condition or by others
import type { Command } from "commander";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson, revealText } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import { jsonFile } from "./part-commands.ts";

interface PreviewOptions extends CommonOptions {
  readonly map?: string;
  readonly when?: string;
  readonly expression?: string;
  readonly run?: string;
  readonly source?: string;
  readonly body?: string;
  readonly reveal?: boolean;
}

export function registerDestinationPreview(group: Command, context: CommandContext): void {
  const { say } = context;
  const preview = addCommand(group, context, {
    usage: "preview",
    summary: {
      en: "what it would get of one lead, to the byte",
      de: "was es von einem Lead bekäme, auf das Byte genau",
    },
    details: {
      en: "Nothing is stored or sent. Without --map, --expression and --when the destination's own count, without --run and --body the newest lead that goes there. With --json also the delivery that map and condition look into.",
      de: "Gespeichert oder gesendet wird nichts. Ohne --map, --expression und --when gelten die des Ziels, ohne --run und --body der neueste Lead, der dorthin geht. Mit --json auch die Zustellung, in die Zuordnung und Bedingung sehen.",
    },
    examples: [
      "leadledger destination preview crm",
      "leadledger destination preview crm --map map.json --run 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
      "leadledger destination preview crm --map map.json --body lead.json",
    ],
  })
    .argument("<name>", say({ en: "destination", de: "Ziel" }))
    .option(
      "--map <file>",
      say({ en: "another map, a JSON file", de: "eine andere Zuordnung, eine JSON-Datei" }),
    )
    .option(
      "--when <file>",
      say({ en: "another condition, a JSON file", de: "eine andere Bedingung, eine JSON-Datei" }),
    )
    .option(
      "--expression <text>",
      say({
        en: "in place of a map: another JSONata expression, for admins alone",
        de: "statt einer Zuordnung: ein anderer JSONata-Ausdruck, nur für Admins",
      }),
    )
    .option("--run <run_id>", say({ en: "this lead", de: "dieser Lead" }), runIdParser(context))
    .option(
      "--source <name>",
      say({
        en: "the newest lead of this source; of --body: by whose rules it is read",
        de: "der neueste Lead dieser Quelle; bei --body: nach wessen Regeln er gelesen wird",
      }),
    )
    .option(
      "--body <file>",
      say({
        en: "instead of a lead: its data, a JSON file",
        de: "statt eines Leads: seine Daten, eine JSON-Datei",
      }),
    )
    .option("--reveal", say(revealText));
  act<PreviewOptions>(preview, context, async (options, [name = ""]) => {
    const read = async (path: string | undefined) =>
      path === undefined ? undefined : await jsonFile(context, path);
    const [map, when, body] = [await read(options.map), await read(options.when), await read(options.body)];
    if (map === null || when === null || body === null) return exitCodes.usage;
    // Texts of files as they are: numbers stay exact.
    const said = [
      ...(map === undefined ? [] : [`"map":${map},"expression":null`]),
      ...(options.expression === undefined || map !== undefined
        ? []
        : [`"map":null,"expression":${JSON.stringify(options.expression)}`]),
      ...(when === undefined ? [] : [`"when":${when}`]),
      ...(options.run === undefined ? [] : [`"run_id":${JSON.stringify(options.run)}`]),
      ...(options.source === undefined ? [] : [`"source":${JSON.stringify(options.source)}`]),
      ...(body === undefined ? [] : [`"body":${body}`]),
    ];
    return withApi(context, options, async ({ api }) => {
      const shown = await api.call("POST /destinations/:name/map-preview", {
        params: { name },
        query: { reveal: options.reveal },
        json: `{${said.join(",")}}`,
      });
      if (options.json === true) printJson(context, shown);
      else print(context, shown);
      return exitCodes.ok;
    });
  });
}

type Shown = Answer<"POST /destinations/:name/map-preview">;

function print(context: CommandContext, { condition, targets, fault, request, delivery }: Shown): void {
  const { say, terminal } = context;
  if (delivery === null) {
    terminal.note(say(nothingToTry));
    return;
  }
  if (condition?.met === false)
    terminal.note(
      say({
        en: `It would not be sent: ${condition.place ?? ""} is not met.`,
        de: `Er würde nicht gesendet: ${condition.place ?? ""} ist nicht erfüllt.`,
      }),
    );
  if (fault !== null)
    terminal.note(
      fault.is_masking
        ? say({
            en: `The expression fails for masked data only; see it with --reveal: ${fault.detail}`,
            de: `Der Ausdruck scheitert nur an verdeckten Daten; mit --reveal zeigt er sein Ergebnis: ${fault.detail}`,
          })
        : say({
            en: `It would not be sent: ${fault.detail}`,
            de: `Er würde nicht gesendet: ${fault.detail}`,
          }),
    );
  const missing = targets.filter(({ is_missing: isMissing }) => isMissing).map(({ target }) => target);
  if (missing.length > 0)
    terminal.note(
      say({
        en: `It would not be sent: it gives nothing for ${missing.join(", ")}.`,
        de: `Er würde nicht gesendet: Für ${missing.join(", ")} gibt er nichts her.`,
      }),
    );
  if (targets.length > 0)
    printTable(
      terminal,
      [
        { title: say({ en: "target", de: "Zielfeld" }) },
        { title: say({ en: "value", de: "Wert" }), wraps: true },
      ],
      targets.map(({ target, value }) => [target, textOf(value)]),
    );
  if (request !== null) terminal.out(request.body);
}

function textOf(value: unknown): string | null {
  return value === null || typeof value === "string" ? value : writeExactly(value);
}

const nothingToTry = {
  en: "There is no lead to try it on: name one with --run, or give data with --body.",
  de: "Es gibt keinen Lead, an dem es sich zeigen ließe: Nennen Sie einen mit --run oder geben Sie Daten mit --body an.",
};
