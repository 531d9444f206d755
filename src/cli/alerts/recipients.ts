// leadledger alerts recipient list | add | confirm | ask | test | remove: who is told of alerts
import type { Command } from "commander";
import { recipientKinds } from "../../config/alert-recipients.ts";
import { builtInKinds } from "../../kinds/kinds.ts";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";
import {
  addFieldOptions,
  entryOfOptions,
  fieldOptionsOf,
  kindsText,
} from "../sources-and-destinations/field-options.ts";
import type { OptionValues } from "../sources-and-destinations/field-options.ts";

const kinds = recipientKinds(builtInKinds);
const options = fieldOptionsOf(kinds);

export function registerRecipients(alerts: Command, context: CommandContext): void {
  const recipient = addGroup(
    alerts,
    context,
    "recipient",
    { en: "who is told of alerts", de: "wer Alarme erfährt" },
    ["leadledger alerts recipient add boss --kind email --to boss@example.com"],
  );
  registerList(recipient, context);
  registerAdd(recipient, context);
  registerConfirm(recipient, context);
  registerTest(recipient, context);
  registerPlain(recipient, context);
}

function registerList(recipient: Command, context: CommandContext): void {
  const list = addCommand(recipient, context, {
    usage: "list",
    summary: {
      en: "who is told, and whether messages arrive",
      de: "wer es erfährt, und ob Nachrichten ankommen",
    },
    examples: ["leadledger alerts recipient list"],
  });
  act<CommonOptions>(list, context, (given) =>
    withApi(context, given, async ({ api, times }) => {
      const { items } = await api.call("GET /alert-recipients");
      if (given.json === true) printJson(context, { items });
      else print(context, items, times);
      return exitCodes.ok;
    }),
  );
}

function print(
  { terminal, say }: CommandContext,
  items: Answer<"GET /alert-recipients">["items"],
  times: TimeText,
): void {
  if (items.length === 0) {
    terminal.out(say({ en: "Nobody is notified.", de: "Niemand wird benachrichtigt." }));
    return;
  }
  const timeOf = (at: Date | string | null): string => (at === null ? "" : times.at(new Date(at)));
  printTable(
    terminal,
    [
      { title: say({ en: "name", de: "Name" }) },
      { title: say({ en: "channel", de: "Kanal" }) },
      { title: say({ en: "told of", de: "erfährt von" }) },
      { title: say({ en: "confirmed", de: "bestätigt" }) },
      { title: say({ en: "last told", de: "zuletzt gemeldet" }) },
      { title: say({ en: "trouble", de: "Störung" }), wraps: true },
    ],
    items.map((item) => [
      item.name,
      item.kind,
      item.severity,
      item.confirmed_at === null ? say({ en: "no", de: "nein" }) : timeOf(item.confirmed_at),
      timeOf(item.told_at),
      item.failure ?? "",
    ]),
  );
}

function registerAdd(recipient: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const add = addFieldOptions(
    addCommand(recipient, context, {
      usage: "add <name>",
      summary: { en: "tell somebody of alerts", de: "jemandem Alarme melden" },
      details: {
        en: "A message with a code goes there; nothing else is told before it is confirmed. Webhooks are confirmed by their answer.",
        de: "Dorthin geht eine Nachricht mit einem Code; vor der Bestätigung wird nichts gemeldet. Webhooks bestätigt ihre Antwort.",
      },
      examples: [
        "leadledger alerts recipient add boss --kind email --to boss@example.com --language de",
        "leadledger alerts recipient add team --kind slack --address https://hooks.slack.com/services/T0/B0/XXXX --severity warning",
      ],
    }).requiredOption("--kind <kind>", kindsText(context, kinds, undefined)),
    context,
    options,
    "add",
  );
  act<CommonOptions & OptionValues & { readonly kind?: string }>(add, context, (given, [name = ""]) => {
    const entry = entryOfOptions(context, options, given);
    if (entry === null) return Promise.resolve(exitCodes.usage);
    return withApi(context, given, async ({ api }) => {
      const made = await api.call("POST /alert-recipients", { body: { name, kind: given.kind, ...entry } });
      if (given.json === true) printJson(context, made);
      else
        terminal.out(
          say({
            en: `A message with a code is on its way. Then: leadledger alerts recipient confirm ${name} CODE`,
            de: `Eine Nachricht mit einem Code ist unterwegs. Danach: leadledger alerts recipient confirm ${name} CODE`,
          }),
        );
      return exitCodes.ok;
    });
  });
}

function registerConfirm(recipient: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const confirm = addCommand(recipient, context, {
    usage: "confirm <name> <code>",
    summary: { en: "confirm that messages arrive", de: "bestätigen, dass Nachrichten ankommen" },
    examples: ["leadledger alerts recipient confirm boss K7MQ2XAB"],
  });
  act<CommonOptions>(confirm, context, (given, [name = "", code = ""]) =>
    withApi(context, given, async ({ api }) => {
      await api.call("POST /alert-recipients/:name/confirm", { params: { name }, body: { code } });
      if (given.json === true) printJson(context, { name, confirmed: true });
      else
        terminal.out(
          say({ en: `${name} is told of alerts from now on.`, de: `${name} erfährt von jetzt an Alarme.` }),
        );
      return exitCodes.ok;
    }),
  );
}

function registerTest(recipient: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const test = addCommand(recipient, context, {
    usage: "test <name>",
    summary: { en: "send a test message", de: "eine Testnachricht senden" },
    details: {
      en: "Ends with 1 where the channel did not take it, and says why.",
      de: "Endet mit 1, wenn der Kanal sie nicht genommen hat, und sagt, warum.",
    },
    examples: ["leadledger alerts recipient test boss"],
  });
  act<CommonOptions>(test, context, (given, [name = ""]) =>
    withApi(context, given, async ({ api }) => {
      const outcome = await api.call("POST /alert-recipients/:name/test", { params: { name } });
      if (given.json === true) printJson(context, outcome);
      else if (outcome.sent)
        terminal.out(say({ en: "The channel took it.", de: "Der Kanal hat sie genommen." }));
      else terminal.note(terminal.paintNote("red", `${outcome.message ?? ""} [${outcome.code ?? ""}]`));
      return outcome.sent ? exitCodes.ok : exitCodes.failed;
    }),
  );
}

/** What needs a name and nothing else. */
function registerPlain(recipient: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const ask = addCommand(recipient, context, {
    usage: "ask <name>",
    summary: { en: "send another code", de: "einen neuen Code senden" },
    examples: ["leadledger alerts recipient ask boss"],
  });
  act<CommonOptions>(ask, context, (given, [name = ""]) =>
    withApi(context, given, async ({ api }) => {
      await api.call("POST /alert-recipients/:name/ask", { params: { name } });
      if (given.json === true) printJson(context, { name, asked: true });
      else terminal.out(say({ en: "Another code is on its way.", de: "Ein neuer Code ist unterwegs." }));
      return exitCodes.ok;
    }),
  );
  const remove = addCommand(recipient, context, {
    usage: "remove <name>",
    summary: { en: "tell somebody nothing any more", de: "jemandem nichts mehr melden" },
    examples: ["leadledger alerts recipient remove boss"],
  });
  act<CommonOptions>(remove, context, (given, [name = ""]) =>
    withApi(context, given, async ({ api }) => {
      await api.call("DELETE /alert-recipients/:name", { params: { name } });
      if (given.json === true) printJson(context, { name, removed: true });
      else terminal.out(say({ en: `${name} is told nothing any more.`, de: `${name} erfährt nichts mehr.` }));
      return exitCodes.ok;
    }),
  );
}
