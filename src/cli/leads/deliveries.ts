// leadledger deliveries show | stop | resume: whether anything is sent at all
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { TimeText } from "../frame/times.ts";

type DeliverySwitch = Answer<"GET /deliveries">;

interface SwitchOptions extends CommonOptions {
  readonly reason?: string;
}

export function registerDeliveries(program: Command, context: CommandContext): void {
  const { say } = context;
  const group = addGroup(
    program,
    context,
    "deliveries",
    { en: "stop all deliveries, and let them go on", de: "alle Zustellungen anhalten und fortsetzen" },
    ['leadledger deliveries stop --reason "the CRM is being moved"', "leadledger deliveries resume"],
  );
  const show = addCommand(group, context, {
    usage: "show",
    summary: { en: "whether they are stopped", de: "ob sie angehalten sind" },
    examples: ["leadledger deliveries show"],
  });
  act(show, context, (options) =>
    withApi(context, options, async ({ api, times }) =>
      print(context, await api.call("GET /deliveries"), options, times),
    ),
  );
  for (const action of ["stop", "resume"] as const) {
    const command = addCommand(group, context, {
      usage: action,
      ...texts[action],
      examples: [`leadledger deliveries ${action}`],
    }).option("--reason <text>", say({ en: "stays in the log", de: "bleibt im Protokoll" }));
    act<SwitchOptions>(command, context, (options) =>
      withApi(context, options, async ({ api, times }) => {
        const body = options.reason === undefined ? {} : { reason: options.reason };
        const after = await api.call(`POST /deliveries/${action}`, { body });
        return print(context, after, options, times);
      }),
    );
  }
}

const texts = {
  stop: {
    summary: {
      en: "stop all deliveries; intake goes on",
      de: "alle Zustellungen anhalten; angenommen wird weiter",
    },
    details: {
      en: "All nodes know it within two seconds. Leads are taken and wait, no attempt is counted.",
      de: "Alle Knoten wissen es binnen zwei Sekunden. Leads werden angenommen und warten, kein Versuch wird gezählt.",
    },
  },
  resume: {
    summary: { en: "let deliveries go on", de: "Zustellungen fortsetzen" },
    details: {
      en: "What waited is sent, slowly at first.",
      de: "Was gewartet hat, wird gesendet, anfangs langsam.",
    },
  },
} as const;

function print(
  context: CommandContext,
  state: DeliverySwitch,
  { json }: CommonOptions,
  times: TimeText,
): ExitCode {
  const { terminal, say } = context;
  if (json === true) {
    printJson(context, state);
    return exitCodes.ok;
  }
  const { stopped, at, by, reason } = state;
  const since = at === null ? "" : times.at(new Date(at));
  const who = by === null ? "" : ` (${by}${reason === null ? "" : `: ${reason}`})`;
  terminal.out(
    say(
      stopped
        ? {
            en: `All deliveries have been stopped since ${since}${who}. Leads are taken and wait.`,
            de: `Alle Zustellungen sind seit ${since} angehalten${who}. Leads werden angenommen und warten.`,
          }
        : {
            en: `Deliveries go on${at === null ? "" : ` since ${since}${who}`}.`,
            de: `Zustellungen laufen${at === null ? "" : `, seit ${since}${who}`}.`,
          },
    ),
  );
  return exitCodes.ok;
}
