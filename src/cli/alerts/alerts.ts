// leadledger alerts list | acknowledge | mute | unmute, and alerts recipient …: what is wrong, and who is told of it
import { Option } from "commander";
import type { Command } from "commander";
import { parseDuration } from "../../domain/values/duration.ts";
import type { Answer } from "../frame/api-client.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import type { TimeText } from "../frame/times.ts";
import { registerRecipients } from "./recipients.ts";

type Items = Answer<"GET /alerts">["items"];

export function registerAlerts(program: Command, context: CommandContext): void {
  const alerts = addGroup(
    program,
    context,
    "alerts",
    { en: "what is wrong, and who is told of it", de: "was nicht stimmt, und wer es erfährt" },
    ["leadledger alerts list", "leadledger alerts recipient list"],
  );
  registerList(alerts, context);
  registerAcknowledge(alerts, context);
  registerMute(alerts, context);
  registerRecipients(alerts, context);
}

function registerList(alerts: Command, context: CommandContext): void {
  const { say } = context;
  const list = addCommand(alerts, context, {
    usage: "list",
    summary: { en: "what is wrong now, or what was", de: "was jetzt nicht stimmt, oder was war" },
    examples: ["leadledger alerts list", "leadledger alerts list --state cleared"],
  }).addOption(
    new Option("--state <state>", say({ en: "raised, or cleared: over", de: "raised, oder cleared: vorbei" }))
      .choices(["raised", "cleared"])
      .default("raised"),
  );
  act<CommonOptions & { readonly state: "raised" | "cleared" }>(list, context, (options) =>
    withApi(context, options, async ({ api, times }) => {
      const answer = await api.call("GET /alerts", {
        query: { state: options.state },
      });
      if (options.json === true) printJson(context, answer);
      else printAlerts(context, answer.items, times);
      if (!answer.is_anybody_told && options.json !== true)
        context.terminal.note(
          say({
            en: "Nobody is notified: no recipient is confirmed (`leadledger alerts recipient add`).",
            de: "Niemand wird benachrichtigt: Kein Empfänger ist bestätigt (`leadledger alerts recipient add`).",
          }),
        );
      return exitCodes.ok;
    }),
  );
}

function printAlerts(context: CommandContext, items: Items, times: TimeText): void {
  const { terminal, say } = context;
  if (items.length === 0) {
    terminal.out(say({ en: "None.", de: "Keine." }));
    return;
  }
  const yes = say({ en: "yes", de: "ja" });
  printTable(
    terminal,
    [
      { title: say({ en: "id", de: "Kennung" }) },
      { title: say({ en: "severity", de: "Schwere" }) },
      { title: say({ en: "what", de: "was" }), wraps: true },
      { title: say({ en: "about", de: "worum" }) },
      { title: say({ en: "since", de: "seit" }) },
      { title: say({ en: "acknowledged", de: "bestätigt" }) },
      { title: say({ en: "muted until", de: "stumm bis" }) },
    ],
    items.map((item) => [
      item.alert_id,
      item.severity,
      `${item.title} (${item.code})`,
      item.about.name ?? "",
      times.at(new Date(item.since)),
      item.acknowledged_at === null ? "" : yes,
      item.muted_until === null ? "" : times.at(new Date(item.muted_until)),
    ]),
  );
  noteTimezone(context, times);
}

function registerAcknowledge(alerts: Command, context: CommandContext): void {
  const { say } = context;
  const acknowledge = addCommand(alerts, context, {
    usage: "acknowledge <alert_id>",
    summary: { en: "say that somebody looks after it", de: "sagen, dass sich jemand darum kümmert" },
    examples: [
      'leadledger alerts acknowledge 0b7f5c1c-58a4-4b0f-8d2f-0f2b7f0c9a55 --note "Anna calls the CRM"',
    ],
  }).option("--note <text>", say({ en: "what is to know about it", de: "was dazu zu wissen ist" }));
  act<CommonOptions & { readonly note?: string }>(acknowledge, context, (options, [id = ""]) =>
    withApi(context, options, async ({ api }) => {
      const alert = await api.call("POST /alerts/:alert_id/acknowledge", {
        params: { alert_id: id },
        body: { note: options.note ?? null },
      });
      if (options.json === true) printJson(context, alert);
      else
        context.terminal.out(say({ en: `Acknowledged: ${alert.title}.`, de: `Bestätigt: ${alert.title}.` }));
      return exitCodes.ok;
    }),
  );
}

function registerMute(alerts: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const mute = addCommand(alerts, context, {
    usage: "mute <alert_id>",
    summary: { en: "tell nobody of it for a while", de: "es eine Weile niemandem melden" },
    examples: [
      'leadledger alerts mute 0b7f5c1c-58a4-4b0f-8d2f-0f2b7f0c9a55 --for 2h --reason "the CRM moves"',
    ],
  })
    .option("--for <duration>", say({ en: "how long: 30m, 2h, 1d", de: "wie lange: 30m, 2h, 1d" }), "1d")
    .requiredOption(
      "--reason <text>",
      say({ en: "why; it stands in the log", de: "warum; steht im Protokoll" }),
    );
  act<CommonOptions & { readonly for: string; readonly reason: string }>(
    mute,
    context,
    (options, [id = ""]) => {
      const forMs = parseDuration(options.for);
      if (forMs === null) {
        terminal.note(
          say({
            en: `--for: ${options.for} is no duration such as 2h`,
            de: `--for: ${options.for} ist keine Dauer wie 2h`,
          }),
        );
        return Promise.resolve(exitCodes.usage);
      }
      return withApi(context, options, async ({ api, times }) => {
        const until = new Date(Date.now() + forMs);
        const alert = await api.call("POST /alerts/:alert_id/mute", {
          params: { alert_id: id },
          body: { until: until.toISOString(), reason: options.reason },
        });
        if (options.json === true) printJson(context, alert);
        else
          terminal.out(
            say({ en: `Muted until ${times.at(until)}.`, de: `Stummgeschaltet bis ${times.at(until)}.` }),
          );
        return exitCodes.ok;
      });
    },
  );
  const unmute = addCommand(alerts, context, {
    usage: "unmute <alert_id>",
    summary: { en: "tell of it again", de: "es wieder melden" },
    examples: ["leadledger alerts unmute 0b7f5c1c-58a4-4b0f-8d2f-0f2b7f0c9a55"],
  });
  act<CommonOptions>(unmute, context, (options, [id = ""]) =>
    withApi(context, options, async ({ api }) => {
      const alert = await api.call("POST /alerts/:alert_id/unmute", { params: { alert_id: id } });
      if (options.json === true) printJson(context, alert);
      else terminal.out(say({ en: "It is told again.", de: "Es wird wieder gemeldet." }));
      return exitCodes.ok;
    }),
  );
}
