// leadledger destination list | show | add | change | pause | resume | rotate-secret | test | probe | remove
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { withApi } from "../frame/api-client.ts";
import { countParser } from "../frame/arguments.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { registerPartCommands, secretEnvText, secretFrom } from "./part-commands.ts";
import { printChanged, secretText } from "./part-output.ts";
import type { ChangedItem, PartItem, PartWords, ShownSecret } from "./part-output.ts";
import type { Texts } from "../frame/language.ts";
import type { Cell } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";

interface DestinationItem extends PartItem {
  readonly kind: "http" | "external";
  readonly origin?: string;
  readonly secrets?: readonly ShownSecret[];
  readonly header_names?: readonly string[];
  readonly timeout?: string;
  readonly concurrency?: number;
  readonly allow_private?: boolean;
  readonly ca_file?: string | null;
  readonly retry?: { readonly fast: readonly string[]; readonly slow: readonly string[] };
  /** Absent: an older server. */
  readonly circuit?: ShownCircuit;
}

interface ShownCircuit {
  readonly state: "closed" | "open" | "half_open";
  readonly reason: string | null;
  readonly message: string | null;
  readonly opened_at: string | null;
  readonly next_probe_at: string | null;
}

interface DestinationOptions extends CommonOptions {
  readonly kind?: "http" | "external";
  readonly address?: string;
  readonly addressEnv?: string;
  readonly secretEnv?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly headerEnv?: Readonly<Record<string, string>>;
  readonly timeout?: string;
  readonly concurrency?: number;
  readonly paused?: boolean;
  readonly allowPrivate?: boolean;
  readonly caFile?: string;
  readonly retryFast?: string;
  readonly retrySlow?: string;
  readonly unset?: readonly string[];
  readonly unsetHeader?: readonly string[];
}

const concurrencyMax = 1_000;

export function registerDestination(program: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const group = addGroup(
    program,
    context,
    "destination",
    { en: "where leads go", de: "wohin Leads gehen (Ziele)" },
    ["leadledger destination list", "leadledger destination add crm --address https://crm.example/api/leads"],
  );
  registerPartCommands(group, context, wordsOf(context));
  const collect = (word: string, earlier: readonly string[] = []): string[] => [...earlier, word];

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
  );
  act<DestinationOptions>(add, context, async (options, [name = ""]) => {
    const entry = entryOf(context, { kind: "http", ...options });
    if (entry === null) return exitCodes.usage;
    return withApi(context, options, async ({ api }) => {
      const item = await api.call<ChangedItem<DestinationItem>>({
        ...{ method: "POST", path: "/destinations", body: { name, ...entry } },
      });
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
  )
    .option(
      "--unset <member>",
      say({ en: "put the default back (repeatable)", de: "auf die Vorgabe zurücksetzen (mehrfach möglich)" }),
      collect,
    )
    .option(
      "--unset-header <name>",
      say({ en: "remove a header (repeatable)", de: "einen Header entfernen (mehrfach möglich)" }),
      collect,
    );
  act<DestinationOptions>(change, context, async (options, [name = ""]) => {
    const entry = entryOf(context, options);
    if (entry === null) return exitCodes.usage;
    return withApi(context, options, async ({ api }) => {
      const path = `/destinations/${encodeURIComponent(name)}`;
      const item = await api.call<ChangedItem<DestinationItem>>({ method: "PATCH", path, body: entry });
      return printChanged(context, item, options, { en: `${name} is changed.`, de: `${name} ist geändert.` });
    });
  });

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
      const path = `/destinations/${encodeURIComponent(name)}/try-now`;
      const circuit = await api.call<ShownCircuit>({ method: "POST", path });
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
      const reached = await api.call<Reached>({
        method: "POST",
        path: `/destinations/${encodeURIComponent(name)}/probe`,
      });
      if (options.json === true) printJson(context, reached);
      else if (reached.reachable) terminal.out(say(reachedText(name, reached)));
      else
        terminal.note(terminal.paintNote("red", `${name}: ${reached.message ?? reached.error_code ?? ""}`));
      return reached.reachable ? exitCodes.ok : exitCodes.failed;
    }),
  );
}

interface Reached {
  readonly reachable: boolean;
  readonly address?: string;
  readonly duration_ms?: number;
  readonly error_code?: string;
  readonly message?: string;
}

/** null: it is sent to. */
function circuitCell(
  circuit: ShownCircuit | undefined,
  times: TimeText,
  { say }: Pick<CommandContext, "say">,
): Cell {
  if (circuit === undefined || circuit.state === "closed") return null;
  const at = circuit.next_probe_at;
  const isOver = circuit.state === "half_open" || at === null || new Date(at) <= new Date();
  const until = at === null ? "" : times.at(new Date(at));
  const text = isOver
    ? { en: "the next lead tries", de: "der nächste Lead probiert es" }
    : circuit.reason === "destination_throttled"
      ? { en: `asks for a pause until ${until}`, de: `bittet um eine Pause bis ${until}` }
      : { en: `until ${until}`, de: `bis ${until}` };
  return { text: say(text), colour: "yellow" };
}

function reachedText(name: string, { address, duration_ms: ms }: Reached): Texts {
  return {
    en: `${name} can be reached: ${address ?? ""}, ${ms ?? 0} ms`,
    de: `${name} ist erreichbar: ${address ?? ""}, ${ms ?? 0} ms`,
  };
}

function destinationOptions(command: Command, context: CommandContext): Command {
  const { say } = context;
  return command
    .addOption(
      new Option(
        "--kind <kind>",
        say({
          en: "external: a worker of your own fetches leads (add: http)",
          de: "external: ein eigener Worker holt Leads ab (add: http)",
        }),
      ).choices(["http", "external"]),
    )
    .option("--address <url>", say({ en: "where leads are posted to", de: "wohin Leads gesendet werden" }))
    .option(
      "--address-env <variable>",
      say({
        en: "environment variable that holds the address",
        de: "Umgebungsvariable, in der die Adresse steht",
      }),
    )
    .option("--secret-env <variable>", say(secretEnvText))
    .option(
      "--header <name=value>",
      say({
        en: "sent with every delivery (repeatable)",
        de: "geht mit jeder Lieferung mit (mehrfach möglich)",
      }),
      pairParser(context),
    )
    .option(
      "--header-env <name=variable>",
      say({ en: "the same, its value from the environment", de: "ebenso, mit dem Wert aus der Umgebung" }),
      pairParser(context),
    )
    .option(
      "--timeout <duration>",
      say({ en: "longest attempt, e.g. 10s", de: "längster Versuch, z. B. 10s" }),
    )
    .option(
      "--concurrency <count>",
      say({ en: "deliveries at once, per node", de: "Lieferungen zugleich, je Knoten" }),
      countParser(context, concurrencyMax),
    )
    .option("--paused", say({ en: "deliveries wait", de: "Lieferungen warten" }))
    .option(
      "--allow-private",
      say({
        en: "may reach loopback and private addresses",
        de: "darf Loopback und private Adressen erreichen",
      }),
    )
    .option(
      "--ca-file <path>",
      say({
        en: "PEM file with the certificate authorities to trust instead of the public ones; on every node",
        de: "PEM-Datei mit den Zertifizierungsstellen, die anstelle der öffentlichen gelten; auf jedem Knoten",
      }),
    )
    .option(
      "--retry-fast <durations>",
      say({ en: "pauses at first, e.g. 1s,5s", de: "Pausen am Anfang, z. B. 1s,5s" }),
    )
    .option(
      "--retry-slow <durations>",
      say({ en: "pauses from then on, e.g. 1m,5m,2h", de: "Pausen danach, z. B. 1m,5m,2h" }),
    );
}

function pairParser({ say }: CommandContext) {
  return (word: string, earlier: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
    const at = word.indexOf("=");
    if (at > 0) return { ...earlier, [word.slice(0, at).trim()]: word.slice(at + 1).trim() };
    throw new InvalidArgumentError(say({ en: "Expected name=value.", de: "Erwartet wird Name=Wert." }));
  };
}

/** Members as leadledger.yaml has them; null: a variable is missing, which has been said. */
function entryOf(context: CommandContext, options: DestinationOptions): Record<string, unknown> | null {
  const { kind, address, addressEnv, header = {}, headerEnv = {}, retryFast, retrySlow } = options;
  const secret = secretFrom(context, options.secretEnv);
  const secretAddress = secretFrom(context, addressEnv);
  const fromEnvironment = Object.entries(headerEnv).map(
    ([name, variable]) => [name, secretFrom(context, variable)?.secret ?? null] as const,
  );
  if (secret === null || secretAddress === null || fromEnvironment.some(([, value]) => value === null))
    return null;
  const removed = (options.unsetHeader ?? []).map((name) => [name, null] as const);
  const headers = Object.fromEntries([...Object.entries(header), ...fromEnvironment, ...removed]);
  const list = (text: string | undefined): string[] | undefined =>
    text?.split(",").map((each) => each.trim());
  return {
    ...{ kind, url: secretAddress.secret ?? address, ...secret },
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...{ timeout: options.timeout, concurrency: options.concurrency, paused: options.paused },
    ...{ allow_private: options.allowPrivate, ca_file: options.caFile },
    ...(retryFast === undefined && retrySlow === undefined
      ? {}
      : { retry: { fast: list(retryFast), slow: list(retrySlow) } }),
    ...Object.fromEntries((options.unset ?? []).map((member) => [member, null])),
  };
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
        cell: ({ origin }) => origin ?? null,
      },
      {
        column: { title: say({ en: "left alone", de: "in Ruhe gelassen" }), wraps: true },
        cell: ({ circuit }, times) => circuitCell(circuit, times, context),
      },
    ],
    details: (item, times) => [
      [say({ en: "left alone", de: "in Ruhe gelassen" }), circuitCell(item.circuit, times, context)],
      [
        say({ en: "because", de: "weil" }),
        item.circuit === undefined || item.circuit.reason === null
          ? null
          : `${item.circuit.message ?? ""} (${item.circuit.reason})`,
      ],
      [say({ en: "kind", de: "Art" }), item.kind],
      [say({ en: "address", de: "Adresse" }), item.origin ?? null],
      [
        say({ en: "secrets", de: "Geheimnisse" }),
        (item.secrets ?? []).map((secret) => secretText(secret, times, context)).join(", "),
      ],
      [say({ en: "headers", de: "Header" }), (item.header_names ?? []).join(", ")],
      [say({ en: "longest attempt", de: "längster Versuch" }), item.timeout ?? null],
      [say({ en: "at once", de: "zugleich" }), item.concurrency ?? null],
      [
        say({ en: "private addresses", de: "private Adressen" }),
        item.allow_private === true ? say({ en: "allowed", de: "erlaubt" }) : null,
      ],
      [say({ en: "certificate authorities", de: "Zertifizierungsstellen" }), item.ca_file ?? null],
      [
        say({ en: "pauses", de: "Pausen" }),
        item.retry === undefined ? null : `${item.retry.fast.join(" ")} | ${item.retry.slow.join(" ")}`,
      ],
    ],
    summaries: {
      list: { en: "all destinations", de: "alle Ziele" },
      pause: { en: "deliveries wait until it is resumed", de: "Lieferungen warten, bis es weitergeht" },
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
