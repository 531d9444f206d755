// leadledger dlq edit | dry-run
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { dlqIdsParser, noteParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { fileTrouble } from "../frame/file-trouble.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { errorText } from "../../domain/node/log.ts";

interface EditOptions extends CommonOptions {
  readonly file: string;
  readonly reason: string;
}

type ShownRequest = Answer<"POST /dlq/:dlq_id/dry-run">;

export function registerDlqEdit(dlq: Command, context: CommandContext): void {
  const { say } = context;
  const id = say({ en: "the entry", de: "der Eintrag" });
  const edit = addCommand(dlq, context, {
    usage: "edit",
    summary: {
      en: "replace an entry's body, and deliver it",
      de: "den Inhalt eines Eintrags ersetzen und zustellen",
    },
    details: {
      en: "The file holds the whole body as JSON, as the sender would have sent it. Of a refused payload it becomes the lead. Who, why and the difference stay in the log.",
      de: "Die Datei enthält den ganzen Inhalt als JSON, so wie der Absender ihn geschickt hätte. Aus einem abgelehnten wird damit der Lead. Wer, warum und der Unterschied bleiben im Protokoll.",
    },
    examples: [
      "leadledger dlq show 17 --json | jq '.items[0].payload.body' > body.json",
      'leadledger dlq edit 17 --file body.json --reason "typo in the e-mail address"',
    ],
  })
    .argument("<dlq_id>", id, dlqIdsParser(context))
    .requiredOption("--file <path>", say({ en: "the body, as JSON", de: "der Inhalt, als JSON" }))
    .requiredOption(
      "--reason <text>",
      say({ en: "why; it stays in the log", de: "warum; bleibt im Protokoll" }),
      noteParser(context),
    );
  act<EditOptions>(edit, context, (options, words) => editOne(context, Number(words[0]), options));

  const dryRun = addCommand(dlq, context, {
    usage: "dry-run",
    summary: {
      en: "the exact request that the destination would get; nothing is sent",
      de: "die genaue Anfrage, die das Ziel bekäme; es wird nichts gesendet",
    },
    details: {
      en: "Values of configured headers and what may be a credential in the URL are masked.",
      de: "Werte eingerichteter Kopfzeilen und was in der Adresse ein Zugang sein könnte, sind verdeckt.",
    },
    examples: ["leadledger dlq dry-run 17"],
  }).argument("<dlq_id>", id, dlqIdsParser(context));
  act(dryRun, context, (options, words) =>
    withApi(context, options, async ({ api }) => {
      const request = await api.call("POST /dlq/:dlq_id/dry-run", { params: { dlq_id: words[0] ?? "" } });
      if (options.json === true) printJson(context, request);
      else printRequest(context, request);
      return exitCodes.ok;
    }),
  );
}

async function editOne(
  context: CommandContext,
  id: number,
  { file, reason, ...options }: EditOptions,
): Promise<ExitCode> {
  const { say, terminal } = context;
  let body: string;
  try {
    body = await readFile(file, "utf8");
  } catch (error) {
    const text = errorText(error);
    const trouble = { en: `${file} cannot be read: ${text}`, de: `${file} ist nicht lesbar: ${text}` };
    terminal.note(say(fileTrouble(error, file) ?? trouble));
    return exitCodes.usage;
  }
  return withApi(context, options, async ({ api }) => {
    // The text goes as it is: numbers must not be read and written anew.
    const edited = await api.call("POST /dlq/:dlq_id/edit", {
      params: { dlq_id: id },
      json: `{"reason":${JSON.stringify(reason)},"body":${body}}`,
    });
    if (options.json === true) printJson(context, edited);
    else if (edited.status === "resolved") {
      terminal.out(
        say({
          en: `${id}: is a lead now, and is delivered.`,
          de: `${id}: ist jetzt ein Lead und wird zugestellt.`,
        }),
      );
    } else {
      const { dlq_id: by } = edited;
      terminal.out(
        say({
          en: `${id}: edited; entry ${by} is due now.`,
          de: `${id}: bearbeitet; Eintrag ${by} ist jetzt fällig.`,
        }),
      );
    }
    return exitCodes.ok;
  });
}

function printRequest({ terminal }: CommandContext, { method, url, headers, body }: ShownRequest): void {
  terminal.out(`${method} ${url}`);
  for (const [name, value] of Object.entries(headers)) terminal.out(`${name}: ${value}`);
  terminal.out("");
  terminal.out(body);
}
