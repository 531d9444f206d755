// leadledger explain [code]: what a code means, whether the lead is safe, what to do and who must do it
import type { Command } from "commander";
import type * as catalogue from "../explanations/catalogue.ts";
import type { Explanation } from "../explanations/explanation.ts";
import { act, addCommand, printJson } from "./frame/command.ts";
import type { CommandContext, CommonOptions } from "./frame/command.ts";
import { exitCodes } from "./frame/exit-codes.ts";
import type { ExitCode } from "./frame/exit-codes.ts";
import { printable, printRecord, printTable } from "./frame/table.ts";

export function registerExplain(program: Command, context: CommandContext): void {
  const command = addCommand(program, context, {
    usage: "explain [code]",
    summary: { en: "what an error code means", de: "was ein Fehlercode bedeutet" },
    details: {
      en: "What happened, whether the lead is safe, what to do, and who must do it: for every code of messages, API, log and database. Without a code it lists them all. Needs neither database nor server.",
      de: "Was geschehen ist, ob der Lead sicher ist, was zu tun ist und wer es tun muss: für jeden Code aus Meldungen, API, Log und Datenbank. Ohne Code zeigt der Befehl alle. Er braucht weder Datenbank noch Server.",
    },
    examples: ["leadledger explain destination_auth", "leadledger explain"],
  });
  act(command, context, async (options, [code]) => {
    // Only here: other commands have no use for so many texts.
    const loaded = await import("../explanations/catalogue.ts");
    return code === undefined
      ? listCodes(context, loaded, options)
      : explainCode(context, loaded, options, code);
  });
}

type Catalogue = typeof catalogue;

function explainCode(
  context: CommandContext,
  { explain, similarCodes }: Catalogue,
  { json }: CommonOptions,
  code: string,
): ExitCode {
  const explanation = explain(code, context.language);
  if (explanation === null) {
    noteUnknown(context, code, similarCodes(code));
    return exitCodes.failed;
  }
  if (json === true) printJson(context, explanation);
  else printExplanation(context, explanation);
  return exitCodes.ok;
}

function noteUnknown({ terminal, say }: CommandContext, code: string, codes: readonly string[]): void {
  const similar = codes.join(", ");
  const shown = printable(code);
  const more = say(
    similar === ""
      ? {
          en: "`leadledger explain` lists them all.",
          de: "`leadledger explain` zeigt alle.",
        }
      : { en: `Similar: ${similar}`, de: `Ähnlich: ${similar}` },
  );
  terminal.note(
    `${say({ en: `There is no code "${shown}".`, de: `Den Code „${shown}“ gibt es nicht.` })} ${more}`,
  );
}

function printExplanation({ terminal, say }: CommandContext, explanation: Explanation): void {
  const { code, title, what_happened, lead_safe, what_to_do, who, http_status } = explanation;
  terminal.out(terminal.paint("bold", title));
  printRecord(terminal, [
    [say({ en: "Code", de: "Code" }), http_status === undefined ? code : `${code} (HTTP ${http_status})`],
    [say({ en: "What happened", de: "Was ist geschehen" }), what_happened],
    [say({ en: "Is the lead safe?", de: "Ist der Lead sicher?" }), lead_safe],
    [say({ en: "What to do", de: "Was ist zu tun" }), what_to_do],
    [say({ en: "Who does it", de: "Wer tut es" }), who],
  ]);
}

function listCodes(context: CommandContext, { explainAll }: Catalogue, { json }: CommonOptions): ExitCode {
  const items = explainAll(context.language);
  if (json === true) printJson(context, { items });
  else {
    printTable(
      context.terminal,
      [{ title: "Code" }, { title: context.say({ en: "meaning", de: "Bedeutung" }), wraps: true }],
      items.map(({ code, title }) => [code, title]),
    );
  }
  return exitCodes.ok;
}
