// leadledger destination list | show | add | change | preview | fields | pause | resume | rotate-secret | test | probe | remove
import { collected } from "../frame/arguments.ts";
import type { Command } from "commander";
import { Option } from "commander";
import {
  circuitState,
  circuitText,
  failureCountText,
  limitWaitText,
} from "../../domain/attention/state-words.ts";
import { withApi } from "../frame/api-client.ts";
import type { Answer, Api } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { confirmed } from "../frame/ask.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { addFieldOptions, entryOfOptions, fieldOptionsOf, kindsText } from "./field-options.ts";
import type { FieldOption, OptionValues } from "./field-options.ts";
import { fieldRows, addressOf } from "./field-output.ts";
import { registerDestinationFields } from "./destination-fields.ts";
import { registerDestinationPreview } from "./destination-preview.ts";
import { registerPartCommands } from "./part-commands.ts";
import { printChanged } from "./part-output.ts";
import type { PartWords } from "./part-output.ts";
import type { Texts } from "../frame/language.ts";
import type { Cell } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";

/** What else it has, its kind declares. */
type DestinationItem = Answer<"GET /destinations/:name">;

interface DestinationOptions extends CommonOptions, OptionValues {
  readonly kind?: string | undefined;
  readonly unset?: readonly string[];
  readonly yes?: boolean;
}

export function registerDestination(program: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const { destinations: kinds } = context.kinds;
  const fieldOptions = fieldOptionsOf(kinds);
  const preset = kinds[0]?.kind;
  const group = addGroup(
    program,
    context,
    "destination",
    { en: "where leads go", de: "wohin Leads gehen (Ziele)" },
    ["leadledger destination list", "leadledger destination add crm --address https://crm.example/api/leads"],
  );
  registerPartCommands(group, context, wordsOf(context));

  const add = destinationOptions(
    addCommand(group, context, {
      usage: "add",
      summary: { en: "add a destination", de: "Ziel anlegen" },
      details: {
        en: "All nodes know it within two seconds. Afterwards its address is shown without path, and headers by their names.",
        de: "Alle Knoten kennen es binnen zwei Sekunden. Danach wird seine Adresse nur noch ohne Pfad gezeigt, von Headern nur die Namen.",
      },
      examples: [
        "leadledger destination add crm --address https://crm.example/api/leads --secret-env CRM_SECRET",
        "leadledger destination add own-worker --kind external",
      ],
    }).argument("<name>", say({ en: "letters, digits, . _ -", de: "Buchstaben, Ziffern, . _ -" })),
    context,
    fieldOptions,
  ).option("--yes", say({ en: "without asking", de: "ohne Rückfrage" }));
  act<DestinationOptions>(add, context, async (options, [name = ""]) => {
    const entry = entryOf(context, fieldOptions, { kind: preset, ...options });
    if (entry === null) return exitCodes.usage;
    return withApi(context, options, async ({ api }): Promise<ExitCode> => {
      const body = { name, ...entry };
      if (!(await maySend(context, api, body, options))) return exitCodes.unconfirmed;
      const item = await api.call("POST /destinations", { body });
      const isAlone = item.warnings.some(({ code }) => code === "nobody_sends_there");
      return printChanged(
        context,
        item,
        options,
        isAlone
          ? { en: `Destination ${name} is made.`, de: `Ziel ${name} ist angelegt.` }
          : {
              en: `Destination ${name} gets leads. To see whether they arrive: leadledger destination test ${name}`,
              de: `Ziel ${name} bekommt Leads. Ob sie ankommen, zeigt: leadledger destination test ${name}`,
            },
      );
    });
  });

  const change = destinationOptions(
    addCommand(group, context, {
      usage: "change",
      summary: { en: "change what the options name", de: "ändern, was die Optionen nennen" },
      examples: [
        "leadledger destination change crm --timeout 20s",
        "leadledger destination change crm --header-env Authorization=CRM_TOKEN --unset-header X-Team",
      ],
    }).argument("<name>", say({ en: "destination", de: "Ziel" })),
    context,
    fieldOptions,
    "change",
  ).option(
    "--unset <member>",
    say({ en: "put the default back (repeatable)", de: "auf die Vorgabe zurücksetzen (mehrfach möglich)" }),
    collected,
  );
  act<DestinationOptions>(change, context, async (options, [name = ""]) => {
    const entry = entryOf(context, fieldOptions, options);
    if (entry === null) return exitCodes.usage;
    return withApi(context, options, async ({ api }) => {
      const item = await api.call("PATCH /destinations/:name", { params: { name }, body: entry });
      return printChanged(context, item, options, { en: `${name} is changed.`, de: `${name} ist geändert.` });
    });
  });

  registerDestinationPreview(group, context);
  registerDestinationFields(group, context);

  const tryNow = addCommand(group, context, {
    usage: "try-now",
    summary: {
      en: "send again at once, although it is left alone",
      de: "sofort wieder senden, obwohl es in Ruhe gelassen wird",
    },
    details: {
      en: "What waits is sent, slowly at first. If the destination asks for a pause again, it gets one.",
      de: "Was wartet, wird gesendet, anfangs langsam. Bittet das Ziel wieder um eine Pause, bekommt es sie.",
    },
    examples: ["leadledger destination try-now crm"],
  }).argument("<name>", say({ en: "destination", de: "Ziel" }));
  act(tryNow, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) => {
      const circuit = await api.call("POST /destinations/:name/try-now", { params: { name } });
      if (options.json === true) printJson(context, circuit);
      else terminal.out(say({ en: `${name} is sent to again.`, de: `An ${name} wird wieder gesendet.` }));
      return exitCodes.ok;
    }),
  );

  const probe = addCommand(group, context, {
    usage: "probe",
    summary: {
      en: "whether a connection can be made; nothing is sent",
      de: "ob eine Verbindung zustande kommt; gesendet wird nichts",
    },
    examples: ["leadledger destination probe crm"],
  }).argument("<name>", say({ en: "destination", de: "Ziel" }));
  act(probe, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) => {
      const reached = await api.call("POST /destinations/:name/probe", { params: { name } });
      if (options.json === true) printJson(context, reached);
      else if (reached.reachable) terminal.out(say(reachedText(name, reached)));
      else
        terminal.note(terminal.paintNote("red", `${name}: ${reached.message ?? reached.error_code ?? ""}`));
      return reached.reachable ? exitCodes.ok : exitCodes.failed;
    }),
  );
}

/** Says who will send there, before anything is done; false: somebody at the terminal does not want that. */
async function maySend(
  context: CommandContext,
  api: Api,
  body: Readonly<Record<string, unknown>>,
  { yes }: DestinationOptions,
): Promise<boolean> {
  const { terminal, say } = context;
  const { sources } = await api.call("POST /destinations/preview", { body });
  if (sources.length === 0) return true;
  const list = sources.join(", ");
  terminal.note(
    say({
      en: `Leads of these sources will go there from now on: ${list}`,
      de: `Leads dieser Quellen gehen ab jetzt auch dorthin: ${list}`,
    }),
  );
  if (yes === true) return true;
  const wanted = await confirmed(context, say({ en: "Add it?", de: "Anlegen?" }));
  if (wanted === false) terminal.note(say({ en: "Nothing was made.", de: "Nichts wurde angelegt." }));
  return wanted !== false;
}

type Reached = Answer<"POST /destinations/:name/probe">;

/** null: it is sent to. */
function circuitCell(
  circuit: DestinationItem["circuit"],
  times: TimeText,
  { language }: Pick<CommandContext, "language">,
): Cell {
  const state = circuitState(circuit, new Date());
  if (state === null) return null;
  const { next_probe_at: at } = circuit;
  const text = circuitText(state, language, at === null ? "" : times.at(new Date(at)));
  return { text, colour: "yellow" };
}

/** `14 of the last 20 attempts failed: crm answered 503 (destination_error)` */
function becauseText(
  { reason, message, failures }: DestinationItem["circuit"],
  { say }: Pick<CommandContext, "say">,
): string | null {
  if (reason === null) return null;
  const count = failures === null ? "" : `${say(failureCountText(failures))}: `;
  return `${count}${message ?? ""} (${reason})`;
}

/** null: it is open, and within its limits. */
function waitsCell(
  waits: DestinationItem["waits"],
  times: TimeText,
  { language }: Pick<CommandContext, "language">,
): Cell {
  if (waits === null) return null;
  return { text: limitWaitText(waits.for, language, times.at(new Date(waits.until))), colour: "yellow" };
}

function reachedText(name: string, { address, duration_ms: ms }: Reached): Texts {
  return {
    en: `${name} can be reached: ${address ?? ""}, ${ms ?? 0} ms`,
    de: `${name} ist erreichbar: ${address ?? ""}, ${ms ?? 0} ms`,
  };
}

function destinationOptions(
  command: Command,
  context: CommandContext,
  fieldOptions: readonly FieldOption[],
  purpose: "add" | "change" = "add",
): Command {
  const { destinations: kinds } = context.kinds;
  const kind = new Option("--kind <kind>", kindsText(context, kinds, kinds[0]?.kind)).choices(
    kinds.map((each) => each.kind),
  );
  return addFieldOptions(command.addOption(kind), context, fieldOptions, purpose);
}

/** Members as leadledger.yaml has them; null: a variable is missing, which has been said. */
function entryOf(
  context: CommandContext,
  fieldOptions: readonly FieldOption[],
  options: DestinationOptions,
): Record<string, unknown> | null {
  const entry = entryOfOptions(context, fieldOptions, options);
  if (entry === null) return null;
  const { kind, unset = [] } = options;
  return { kind, ...entry, ...Object.fromEntries(unset.map((member) => [member, null])) };
}

function wordsOf(context: CommandContext): PartWords<DestinationItem> {
  const { say } = context;
  return {
    command: "destination",
    noun: { en: "destination", de: "Ziel" },
    none: { en: "No destinations yet: nobody gets leads.", de: "Noch keine Ziele: Niemand bekommt Leads." },
    columns: [
      { column: { title: say({ en: "kind", de: "Art" }) }, cell: ({ kind }) => kind },
      {
        column: { title: say({ en: "address", de: "Adresse" }), wraps: true },
        cell: (item) => addressOf(context.kinds.destinations, item),
      },
      {
        column: { title: say({ en: "left alone", de: "in Ruhe gelassen" }), wraps: true },
        cell: ({ circuit, waits }, times) =>
          circuitCell(circuit, times, context) ?? waitsCell(waits, times, context),
      },
    ],
    details: (item, times) => [
      [say({ en: "left alone", de: "in Ruhe gelassen" }), circuitCell(item.circuit, times, context)],
      [say({ en: "because", de: "weil" }), becauseText(item.circuit, context)],
      [say({ en: "waits", de: "wartet" }), waitsCell(item.waits, times, context)],
      [say({ en: "kind", de: "Art" }), item.kind],
      ...fieldRows(context, context.kinds.destinations, item, times),
    ],
    summaries: {
      list: { en: "all destinations", de: "alle Ziele" },
      pause: { en: "deliveries wait until it is resumed", de: "Zustellungen warten, bis es weitergeht" },
      resume: { en: "deliver again", de: "wieder zustellen" },
      rotate: {
        en: "replace the signing secret; both sign for the overlap",
        de: "das Signaturgeheimnis ersetzen; in der Übergangszeit signieren beide",
      },
      test: {
        en: "send a test lead to this destination alone",
        de: "einen Testlead nur an dieses Ziel senden",
      },
      remove: {
        en: "switch off; undelivered leads go to the DLQ",
        de: "abschalten; nicht Zugestelltes wird Klärfall",
      },
    },
  };
}
