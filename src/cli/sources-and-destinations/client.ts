// leadledger client list | add: the clients of an agency.
import type { Command } from "commander";
import { collected } from "../frame/arguments.ts";
import { withApi } from "../frame/api-client.ts";
import type { Api } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";

interface AddOptions extends CommonOptions {
  readonly from: string;
  readonly label?: string;
  readonly set?: readonly string[];
  readonly setEnv?: readonly string[];
}

const partsMax = 10_000;

export function registerClient(program: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const group = addGroup(
    program,
    context,
    "client",
    { en: "clients of an agency", de: "Kunden einer Agentur" },
    ["leadledger client list", "leadledger client add moebel-bonn --from moebel-koeln"],
  );

  const list = addCommand(group, context, {
    usage: "list",
    summary: { en: "whose sources and destinations there are", de: "wem Quellen und Ziele gehören" },
    examples: ["leadledger client list"],
  });
  act<CommonOptions>(list, context, (options) =>
    withApi(context, options, async ({ api }) => {
      const clients = await clientsOf(api);
      if (options.json === true) printJson(context, { items: clients });
      else
        printTable(
          terminal,
          [
            { title: say({ en: "client", de: "Kunde" }) },
            { title: say({ en: "sources", de: "Quellen" }), wraps: true },
            { title: say({ en: "destinations", de: "Ziele" }), wraps: true },
          ],
          clients.map(({ client, sources, destinations }) => [
            client ?? "–",
            sources.join(", "),
            destinations.join(", "),
          ]),
        );
      return exitCodes.ok;
    }),
  );
  registerAdd(group, context);
}

function registerAdd(group: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const add = addCommand(group, context, {
    usage: "add",
    summary: { en: "set up like another client", de: "wie einen anderen Kunden einrichten" },
    details: {
      en: "Copies the sources and destinations of another client under names of its own, all of them or none, and makes new secrets. What is the other's (addresses, tokens, ids of pages) is not copied: give it with --set and --set-env, or later; until then the part is paused.",
      de: "Legt Quellen und Ziele eines anderen Kunden unter eigenen Namen noch einmal an, alle oder keine, mit neuen Geheimnissen. Was dem anderen gehört (Adressen, Token, Kennungen von Seiten), wird nicht übernommen: Geben Sie es mit --set und --set-env an oder später; so lange ist der Teil angehalten.",
    },
    examples: [
      "leadledger client add moebel-bonn --from moebel-koeln --label 'Möbel Bonn'",
      "leadledger client add moebel-bonn --from moebel-koeln --set destinations.moebel-koeln-crm.url=https://crm.bonn.example/leads",
    ],
  })
    .argument("<name>", say({ en: "letters, digits, . _ -", de: "Buchstaben, Ziffern, . _ -" }))
    .requiredOption(
      "--from <client>",
      say({
        en: "whose are copied; '': those that name no client",
        de: "wessen übernommen werden; '': die ohne Kunden",
      }),
    )
    .option("--label <text>", say({ en: "what people call it", de: "wie er für Menschen heißt" }))
    .option(
      "--set <member=value>",
      say({
        en: "destinations.NAME.member=value, sources.NAME.member=value; NAME at the other client (repeatable)",
        de: "destinations.NAME.member=wert, sources.NAME.member=wert; NAME beim anderen Kunden (mehrfach möglich)",
      }),
      collected,
    )
    .option(
      "--set-env <member=variable>",
      say({ en: "the same out of the environment", de: "dasselbe aus der Umgebung" }),
      collected,
    );
  act<AddOptions>(add, context, async (options, [name = ""]) => {
    const given = givenBy(options, context.env);
    if (given === null) {
      terminal.note(
        say({
          en: "--set and --set-env want sources.NAME.member=… or destinations.NAME.member=…, and variables that are there.",
          de: "--set und --set-env verlangen sources.NAME.member=… oder destinations.NAME.member=…, und Variablen, die es gibt.",
        }),
      );
      return exitCodes.usage;
    }
    return withApi(context, options, async ({ api }) => {
      const body = { name, from: options.from === "" ? null : options.from, label: options.label ?? null };
      const made = await api.call("POST /clients", { body: { ...body, ...given } });
      if (options.json === true) {
        printJson(context, made);
        return exitCodes.ok;
      }
      for (const [kind, parts] of [
        [say({ en: "source", de: "Quelle" }), made.sources],
        [say({ en: "destination", de: "Ziel" }), made.destinations],
      ] as const)
        for (const part of parts) {
          terminal.out(`+ ${kind} ${part.name}`);
          if (part.secret !== undefined)
            terminal.out(
              `    ${say({ en: "secret, not shown again", de: "Geheimnis, wird nicht noch einmal gezeigt" })}: ${part.secret}`,
            );
          if (part.gaps.length > 0)
            terminal.note(
              `    ${say({ en: "paused, is missing", de: "angehalten, es fehlt" })}: ${part.gaps.join(", ")}`,
            );
        }
      return exitCodes.ok;
    });
  });
}

interface ClientParts {
  readonly client: string | null;
  readonly sources: string[];
  readonly destinations: string[];
}

async function clientsOf(api: Api): Promise<ClientParts[]> {
  const found = new Map<string, ClientParts>();
  const of = (client: string | null): ClientParts => {
    const parts = found.get(client ?? "") ?? { client, sources: [], destinations: [] };
    found.set(client ?? "", parts);
    return parts;
  };
  for (const { name, client } of await api.items("GET /sources", { enabled: true }, partsMax))
    of(client).sources.push(name);
  for (const { name, client } of await api.items("GET /destinations", { enabled: true }, partsMax))
    of(client).destinations.push(name);
  return [...found.values()].toSorted((a, b) => ((a.client ?? "") < (b.client ?? "") ? -1 : 1));
}

type Given = Record<"sources" | "destinations", Record<string, Record<string, string>>>;

/** null: something is not written as it should be, or a variable is missing. */
function givenBy(
  { set = [], setEnv = [] }: AddOptions,
  env: Readonly<Record<string, string | undefined>>,
): Given | null {
  const given: Given = { sources: {}, destinations: {} };
  const pairs = [
    ...set.map((text) => ({ text, isVariable: false })),
    ...setEnv.map((text) => ({ text, isVariable: true })),
  ];
  for (const { text, isVariable } of pairs) {
    const at = text.indexOf("=");
    const path = text.slice(0, Math.max(at, 0)).split(".");
    const [section, member] = [path[0], path.at(-1)];
    const value = isVariable ? env[text.slice(at + 1)] : text.slice(at + 1);
    if ((section !== "sources" && section !== "destinations") || path.length < 3) return null;
    if (member === undefined || member === "" || value === undefined) return null;
    const name = path.slice(1, -1).join(".");
    given[section][name] = { ...given[section][name], [member]: value };
  }
  return given;
}
