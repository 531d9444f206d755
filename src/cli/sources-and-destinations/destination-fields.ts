// leadledger destination fields: the fields that the receiver has, for making a map; and a new one made there
import type { Command } from "commander";
import { Option } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";

interface FieldsOptions extends CommonOptions {
  readonly create?: string;
  readonly type?: NewType;
}

const newTypes = ["text", "number", "boolean", "date"] as const;
type NewType = (typeof newTypes)[number];

export function registerDestinationFields(group: Command, context: CommandContext): void {
  const { say } = context;
  const fields = addCommand(group, context, {
    usage: "fields",
    summary: {
      en: "the fields that the receiver has, for its map",
      de: "die Felder des Empfängers, für die Zuordnung",
    },
    details: {
      en: "They are asked of the receiver now; no lead is sent. With --create a field is made there first, where its interface can.",
      de: "Sie werden jetzt beim Empfänger gelesen; es wird kein Lead gesendet. Mit --create wird dort vorher ein Feld angelegt, sofern seine Schnittstelle das kann.",
    },
    examples: ["leadledger destination fields crm", 'leadledger destination fields crm --create "Budget"'],
  })
    .argument("<name>", say({ en: "destination", de: "Ziel" }))
    .option(
      "--create <label>",
      say({ en: "make a field of this name there", de: "dort ein Feld mit diesem Namen anlegen" }),
    )
    .addOption(
      new Option(
        "--type <type>",
        say({
          en: `of the new field: ${newTypes.join(", ")}`,
          de: `des neuen Felds: ${newTypes.join(", ")}`,
        }),
      ).choices(newTypes),
    );
  act<FieldsOptions>(fields, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) => {
      const { create: label, type } = options;
      if (label !== undefined) {
        const body = { label, ...(type === undefined ? {} : { type }) };
        const made = await api.call("POST /destinations/:name/fields", { params: { name }, body });
        if (options.json === true) printJson(context, made);
        else if (made.field === null) context.terminal.note(made.message ?? "");
        else context.terminal.out(say(createdText(made.field.target)));
        return made.field === null ? exitCodes.failed : exitCodes.ok;
      }
      const read = await api.call("GET /destinations/:name/fields", { params: { name } });
      if (options.json === true) printJson(context, read);
      else print(context, read);
      return read.error_code === null ? exitCodes.ok : exitCodes.failed;
    }),
  );
}

type Read = Answer<"GET /destinations/:name/fields">;

function createdText(target: string) {
  return { en: `Made there; in the map: ${target}`, de: `Dort angelegt; in der Zuordnung: ${target}` };
}

const optionsShownMax = 8;

function print({ say, terminal }: CommandContext, { fields, message }: Read): void {
  if (fields === null) {
    terminal.note(
      message ??
        say({
          en: "Receivers of this kind cannot be asked for their fields.",
          de: "Empfänger dieser Art lassen sich nicht nach ihren Feldern fragen.",
        }),
    );
    return;
  }
  printTable(
    terminal,
    [
      { title: say({ en: "field", de: "Feld" }) },
      { title: say({ en: "name there", de: "Name dort" }), wraps: true },
      { title: say({ en: "type", de: "Typ" }) },
      { title: say({ en: "options", de: "Auswahl" }), wraps: true },
    ],
    fields.map(({ target, label, type, required, options }) => [
      target,
      label,
      required ? `${type} (${say({ en: "required", de: "Pflicht" })})` : type,
      [
        ...options.slice(0, optionsShownMax).map(({ value }) => value),
        ...(options.length > optionsShownMax ? ["…"] : []),
      ].join(", ") || null,
    ]),
  );
}
