// leadledger mail show | set | test | remove: the mailbox that LeadLedger itself writes from
import type { Command } from "commander";
import { mailAccountFields, mailSection } from "../../kinds/destinations/email/mail-account.ts";
import type { Answer } from "../frame/api-client.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { printRecord } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";
import {
  addFieldOptions,
  entryOfOptions,
  fieldOptionsOf,
} from "../sources-and-destinations/field-options.ts";
import type { OptionValues } from "../sources-and-destinations/field-options.ts";
import { fieldRows } from "../sources-and-destinations/field-output.ts";

const declared = {
  kind: mailSection.name,
  label: mailSection.label,
  help: mailSection.label,
  fields: mailAccountFields,
};
const options = fieldOptionsOf([declared]);

export function registerMail(program: Command, context: CommandContext): void {
  const mail = addGroup(
    program,
    context,
    "mail",
    {
      en: "the mailbox that LeadLedger itself writes from",
      de: "das Postfach, von dem LeadLedger selbst schreibt",
    },
    [
      "MAIL_PASSWORD=… leadledger mail set --smtp smtp.example.com --user ledger@example.com --password-env MAIL_PASSWORD --from ledger@example.com",
      "leadledger mail test anna@example.com",
    ],
  );
  const show = addCommand(mail, context, {
    usage: "show",
    summary: { en: "which mailbox it is", de: "welches Postfach es ist" },
    examples: ["leadledger mail show"],
  });
  act(show, context, (given) =>
    withApi(context, given, async ({ api, times }) =>
      print(context, await api.call("GET /mail"), times, given),
    ),
  );
  registerSet(mail, context);
  registerTest(mail, context);
  const remove = addCommand(mail, context, {
    usage: "remove",
    summary: { en: "forget it: nothing is sent any more", de: "es vergessen: gesendet wird nichts mehr" },
    examples: ["leadledger mail remove"],
  });
  act(remove, context, (given) =>
    withApi(context, given, async ({ api }) => {
      await api.call("DELETE /mail");
      if (given.json === true) printJson(context, { account: null });
      else
        context.terminal.out(
          context.say({ en: "The mail account is forgotten.", de: "Das E-Mail-Konto ist vergessen." }),
        );
      return exitCodes.ok;
    }),
  );
}

function registerSet(mail: Command, context: CommandContext): void {
  const set = addFieldOptions(
    addCommand(mail, context, {
      usage: "set",
      summary: { en: "say which mailbox it is", de: "angeben, welches Postfach es ist" },
      details: {
        en: "Takes the place of what there was; the password stays while server and user stay the same. Alerts, reports, invitations and links for new passwords come from it.",
        de: "Ersetzt, was es gab; das Passwort bleibt, solange Server und Benutzer dieselben sind. Von dort kommen Alarme, Berichte, Einladungen und Links für neue Passwörter.",
      },
      examples: [
        "MAIL_PASSWORD=… leadledger mail set --smtp smtp.example.com --user ledger@example.com --password-env MAIL_PASSWORD --from ledger@example.com",
      ],
    }),
    context,
    options,
    "add",
  );
  act<CommonOptions & OptionValues>(set, context, (given) => {
    const body = entryOfOptions(context, options, given);
    if (body === null) return Promise.resolve(exitCodes.usage);
    return withApi(context, given, async ({ api, times }) =>
      print(context, await api.call("PUT /mail", { body }), times, given),
    );
  });
}

function registerTest(mail: Command, context: CommandContext): void {
  const test = addCommand(mail, context, {
    usage: "test <address>",
    summary: { en: "send a test mail", de: "eine Testmail senden" },
    details: {
      en: "Ends with 1 where the mail server did not take it, and says why.",
      de: "Endet mit 1, wenn der Mailserver sie nicht genommen hat, und sagt, warum.",
    },
    examples: ["leadledger mail test anna@example.com"],
  });
  act(test, context, (given, [to = ""]) =>
    withApi(context, given, async ({ api }) => {
      const outcome = await api.call("POST /mail/test", { body: { to } });
      const { terminal, say } = context;
      if (given.json === true) printJson(context, outcome);
      else if (outcome.sent)
        terminal.out(
          say({ en: `The mail server took it for ${to}.`, de: `Der Mailserver hat sie für ${to} genommen.` }),
        );
      else terminal.note(terminal.paintNote("red", `${outcome.message ?? ""} [${outcome.code ?? ""}]`));
      return outcome.sent ? exitCodes.ok : exitCodes.failed;
    }),
  );
}

function print(
  context: CommandContext,
  { account }: Answer<"GET /mail">,
  times: TimeText,
  { json }: CommonOptions,
): ExitCode {
  if (json === true) {
    printJson(context, { account });
    return exitCodes.ok;
  }
  const { terminal, say } = context;
  if (account === null) {
    terminal.out(
      say({
        en: "There is no mail account, so that LeadLedger sends no mail of its own: `leadledger mail set`.",
        de: "Es gibt kein E-Mail-Konto, darum sendet LeadLedger selbst keine E-Mails: `leadledger mail set`.",
      }),
    );
    return exitCodes.ok;
  }
  printRecord(terminal, [
    ...fieldRows(context, [declared], { kind: declared.kind, ...account }, times),
    [
      say({ en: "changed in", de: "geändert wird es" }),
      account.managed_by === "file"
        ? "leadledger.yaml"
        : say({ en: "dashboard, API, command line", de: "in Oberfläche, API, Befehlszeile" }),
    ],
  ]);
  return exitCodes.ok;
}
