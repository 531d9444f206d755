// leadledger source set-up: a source for a certain sender, with the steps in the sender's system
import type { Command } from "commander";
import { Option } from "commander";
import { setUpOf, tilesOf } from "../../config/tiles.ts";
import { filledStep, senderReach, stepsFor } from "../../config/set-up.ts";
import type { SetUp } from "../../config/set-up.ts";
import type { DeclaredSource } from "../../config/declared-kind.ts";
import { calledSource, leadUrl } from "../../config/samples/sample-target.ts";
import { addressRemarks } from "../../domain/sources/address-remarks.ts";
import { nameFromLabel } from "../../domain/sources/source-label.ts";
import { withApi } from "../frame/api-client.ts";
import { askedFor } from "../frame/ask.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { addFieldOptions, entryOfOptions } from "./field-options.ts";
import type { FieldOption, OptionValues } from "./field-options.ts";
import { secretEnvText, secretFrom } from "./part-commands.ts";
import { printChanged } from "./part-output.ts";
import { chosenDestinations, skipPausedText, toOptionText } from "./source-destinations.ts";

export interface SetUpOptions extends CommonOptions, OptionValues {
  readonly with?: string;
  readonly label?: string;
  readonly name?: string;
  readonly to?: string;
  readonly skipPaused?: boolean;
  readonly secretEnv?: string;
}

/** `addressOf`: where senders reach this installation, as far as it is known. */
export function registerSourceSetUp(
  group: Command,
  context: CommandContext,
  fieldOptions: readonly FieldOption[],
  addressOf: (options: CommonOptions) => Promise<string>,
): void {
  const { say, kinds, terminal } = context;
  const ids = tilesOf(kinds).flatMap(({ setUps }) => setUps.map(({ id }) => id));
  const command = addCommand(group, context, {
    usage: "set-up",
    summary: {
      en: "add a source for a certain sender, with the steps to take there",
      de: "Quelle für einen bestimmten Absender anlegen, mit den Schritten dort",
    },
    details: {
      en: "Asks on a terminal for what the options do not say. The secret is shown this once.",
      de: "Fragt am Terminal nach, was die Optionen nicht sagen. Das Geheimnis wird nur dieses eine Mal gezeigt.",
    },
    examples: [
      "leadledger source set-up",
      'leadledger source set-up --with typeform --label "Möbel Köln" --to crm',
    ],
  })
    .addOption(new Option("--with <sender>", say({ en: "what sends", de: "was sendet" })).choices(ids))
    .option("--label <text>", say({ en: "what people call it", de: "wie sie für Menschen heißt" }))
    .option(
      "--name <name>",
      say({
        en: "part of the address; else made from the label",
        de: "Teil der Adresse; sonst aus dem Anzeigenamen gebildet",
      }),
    )
    .option("--to <names>", say(toOptionText))
    .option("--skip-paused", say(skipPausedText))
    .option("--secret-env <variable>", say(secretEnvText));
  addFieldOptions(command, context, fieldOptions, "add");
  act<SetUpOptions>(command, context, (options) =>
    withApi(context, options, async ({ api }): Promise<ExitCode> => {
      const id = options.with ?? (await askedFor(context, () => senderQuestion(context)));
      const found = id === null ? undefined : setUpOf(kinds, id);
      const label = options.label ?? (await askedFor(context, () => say(labelQuestion)));
      const taken = (await api.call("GET /sources", { query: { limit: takenMax } })).items;
      const name =
        options.name ??
        nameFromLabel(
          label ?? "",
          taken.map((each) => each.name),
        );
      const to = await chosenDestinations(context, api, options.to, options.skipPaused);
      const secret = secretFrom(context, options.secretEnv);
      const own = entryOfOptions(context, fieldOptions, options);
      if (found === undefined || name === "" || to === null || secret === null || own === null) {
        terminal.note(say(incomplete));
        return exitCodes.usage;
      }
      const { declared, setUp } = found;
      const body = {
        name,
        ...(label === null ? {} : { label }),
        ...kindEntry(declared, { ...secret, ...own }),
        ...to,
      };
      const item = await api.call("POST /sources", { body });
      const called = calledSource(name, item);
      const url = leadUrl(await addressOf(options), called);
      const via = called === name ? null : called;
      if (options.json === true) {
        printJson(context, { ...item, ...guideOf(context, setUp, { url, via, secret: item.secret }) });
        return exitCodes.ok;
      }
      const done = { en: `Source ${name} takes leads.`, de: `Quelle ${name} nimmt Leads an.` };
      const exit = printChanged(context, item, options, done);
      printGuide(context, setUp, name, { url, via, secret: item.secret });
      return exit;
    }),
  );
}

/** Names that a new one must differ from. */
const takenMax = 500;

function kindEntry(
  { kind, place }: DeclaredSource,
  said: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return place === "top" ? { kind, ...said } : { auth: { kind, ...said } };
}

interface Guided {
  readonly url: string;
  /** The source whose address it is; null: its own. */
  readonly via: string | null;
  readonly secret: string | undefined;
}

function guideOf({ say }: CommandContext, setUp: SetUp, { url, via, secret: made }: Guided) {
  const secret = made ?? say({ en: "SECRET", de: "GEHEIMNIS" });
  return {
    url,
    steps: stepsFor(setUp, via).map((step) => filledStep(say(step), { address: url, secret, via })),
    address_remarks: addressRemarks(url, senderReach([setUp])).map(({ code, texts }) => ({
      code,
      message: say(texts),
    })),
  };
}

function printGuide(context: CommandContext, setUp: SetUp, name: string, guided: Guided): void {
  const { terminal, say } = context;
  const { steps, address_remarks: remarks } = guideOf(context, setUp, guided);
  const tile = say(setUp.tile.label);
  const label = say(setUp.label);
  terminal.out(`\n${tile === label ? label : `${tile}, ${label}`}`);
  terminal.out(guided.via === null ? `${say(setUp.about)}\n` : `${say(enterHere)}\n`);
  for (const [index, step] of steps.entries()) terminal.out(`${index + 1}. ${step}`);
  for (const { message } of remarks) terminal.note(terminal.paintNote("yellow", message));
  const watch = `leadledger source watch ${name}`;
  terminal.note(
    say({ en: `Watch the first request arrive: ${watch}`, de: `Der ersten Anfrage zusehen: ${watch}` }),
  );
}

function senderQuestion({ kinds, say }: CommandContext): string {
  const lines = tilesOf(kinds).flatMap(({ label: tile, setUps }) => [
    say(tile),
    ...setUps.map(({ id, label }) => `  ${id.padEnd(idColumns)}${say(label)}`),
  ]);
  return `${lines.join("\n")}\n${say({ en: "What sends?", de: "Was sendet?" })}`;
}

const idColumns = 20;

const enterHere = { en: "What to enter here:", de: "Was hier einzutragen ist:" };

const labelQuestion = { en: "What do people call it?", de: "Wie heißt die Quelle für Menschen?" };

const incomplete = {
  en: "Say what sends (--with), what it is called (--label or --name) and where its leads go (--to).",
  de: "Nennen Sie, was sendet (--with), wie die Quelle heißt (--label oder --name) und wohin die Leads gehen (--to).",
};
