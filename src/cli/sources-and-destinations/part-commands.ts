// What `leadledger source` and `leadledger destination` have in common: list, show, pause, resume, rotate-secret, test,
// remove; and how they take secrets and files.
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { partFilterMembers, partFilterWords } from "../../http/api/sources-and-destinations/part-filter.ts";
import { withApi } from "../frame/api-client.ts";
import { countParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { fileTrouble } from "../frame/file-trouble.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import type { Texts } from "../frame/language.ts";
import { maySendTest } from "./test-trace.ts";
import { printChanged, printItem, printList, printSecrets } from "./part-output.ts";
import type { ChangedItem, PartItem, PartWords } from "./part-output.ts";

interface ListOptions extends CommonOptions, FilterOptions {
  readonly all?: boolean;
  readonly limit: number;
}

interface RotateOptions extends CommonOptions {
  readonly overlap: string;
  readonly secretEnv?: string;
}

interface TestOptions extends CommonOptions {
  readonly body?: string;
  readonly yes?: boolean;
}

const listedMax = 500;

export function registerPartCommands<Item extends PartItem>(
  group: Command,
  context: CommandContext,
  words: PartWords<Item>,
): void {
  const { say, terminal } = context;
  const { command, noun, summaries } = words;
  const example = command === "source" ? "website" : "crm";
  const table = `${command}s` as const;
  const named = (usage: string, summary: Texts, examples: readonly string[], details?: Texts): Command =>
    addCommand(group, context, {
      usage,
      summary,
      examples,
      ...(details === undefined ? {} : { details }),
    }).argument("<name>", say(noun));
  /** Of the kind that `words` are about. */
  const changed = async (answer: Promise<object>): Promise<ChangedItem<Item>> =>
    (await answer) as ChangedItem<Item>;

  const list = addCommand(group, context, {
    usage: "list",
    summary: summaries.list,
    examples: [`leadledger ${command} list`, `leadledger ${command} list --all --json`],
  })
    .option("--all", say({ en: "removed ones too", de: "auch entfernte" }))
    .option(
      "--limit <count>",
      say({ en: "how many at most", de: "höchstens so viele" }),
      countParser(context, listedMax),
      listedMax,
    );
  addFilterOptions(list, context, partFilterMembers, partFilterWords);
  act<ListOptions>(list, context, (options) =>
    withApi(context, options, async ({ api, times }) => {
      const filter = filterSaid(partFilterMembers, options);
      const inUse = options.all === true ? {} : { enabled: true };
      const query = { ...inUse, ...filter, limit: options.limit };
      const page = await api.call(`GET /${table}`, { query });
      if (options.json === true) printJson(context, page);
      else if (page.items.length === 0) terminal.note(say(words.none));
      else printList(context, words, page.items as readonly object[] as readonly Item[], times);
      return exitCodes.ok;
    }),
  );

  const show = named(
    "show",
    { en: "everything about one, without its secrets", de: "alles zu einem Eintrag, ohne Geheimnisse" },
    [`leadledger ${command} show ${example}`],
  );
  act(show, context, (options, [name = ""]) =>
    withApi(context, options, async (place) => {
      const item = (await place.api.call(`GET /${table}/:name`, { params: { name } })) as object as Item;
      if (options.json === true) printJson(context, item);
      else printItem(context, words, item, place.times);
      return exitCodes.ok;
    }),
  );

  for (const action of ["pause", "resume"] as const) {
    const one = named(action, summaries[action], [`leadledger ${command} ${action} ${example}`]);
    act(one, context, (options, [name = ""]) =>
      withApi(context, options, async ({ api }) => {
        const item = await changed(api.call(`POST /${table}/:name/${action}`, { params: { name } }));
        const done = {
          pause: { en: `${name} is paused.`, de: `${name} ist angehalten.` },
          resume: { en: `${name} goes on.`, de: `${name} läuft weiter.` },
        }[action];
        return printChanged(context, item, options, done);
      }),
    );
  }

  const takeOver = named(
    "take-over",
    {
      en: "take it over from leadledger.yaml, to change it here",
      de: "aus leadledger.yaml übernehmen, um es hier zu ändern",
    },
    [`leadledger ${command} take-over ${example}`],
    {
      en: "From now on dashboard, API and command line change it. What the file still says about it is passed over with a warning; once the file has been applied without it, naming it again makes it the file's again.",
      de: "Von nun an ändern es Oberfläche, API und Befehle. Was noch in der Datei dazu steht, wird mit einer Warnung übergangen; ist die Datei einmal ohne den Eintrag angewendet, gehört er, wieder eingetragen, wieder ihr.",
    },
  );
  act(takeOver, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) =>
      printChanged(
        context,
        await changed(api.call(`POST /${table}/:name/take-over`, { params: { name } })),
        options,
        {
          en: `${name} is no longer changed in leadledger.yaml. Delete its entry there.`,
          de: `${name} wird nicht mehr in leadledger.yaml geändert. Löschen Sie den Eintrag dort.`,
        },
      ),
    ),
  );

  const rotate = named(
    "rotate-secret",
    summaries.rotate,
    [
      `leadledger ${command} rotate-secret ${example}`,
      `leadledger ${command} rotate-secret ${example} --overlap 12h`,
    ],
    {
      en: "The new secret is shown this once. Without --secret-env LeadLedger makes one.",
      de: "Das neue Geheimnis wird nur dieses eine Mal gezeigt. Ohne --secret-env erzeugt LeadLedger eines.",
    },
  )
    .option(
      "--overlap <duration>",
      say({
        en: "old secrets stay valid for so long; 0s: not at all",
        de: "so lange gelten alte weiter; 0s: gar nicht",
      }),
      "7d",
    )
    .option("--secret-env <variable>", say(secretEnvText));
  act<RotateOptions>(rotate, context, async (options, [name = ""]) => {
    const given = secretFrom(context, options.secretEnv);
    if (given === null) return exitCodes.usage;
    return withApi(context, options, async ({ api, times }) => {
      const item = await changed(
        api.call(`POST /${table}/:name/rotate-secret`, {
          params: { name },
          body: { overlap: options.overlap, ...given },
        }),
      );
      const exit = printChanged(context, item, options, {
        en: `${name} has a new secret.`,
        de: `${name} hat ein neues Geheimnis.`,
      });
      if (options.json !== true) printSecrets(context, item, times);
      return exit;
    });
  });

  const test = named(
    "test",
    summaries.test,
    [`leadledger ${command} test ${example}`, `leadledger ${command} test ${example} --body lead.json`],
    {
      en: "It bears a mark and is counted nowhere. A node must be running to deliver it. What it leaves behind where it goes is said before; on a terminal you are asked.",
      de: "Er trägt ein Kennzeichen und zählt nirgends mit. Zugestellt wird er von einem laufenden Knoten. Was er dort hinterlässt, wohin er geht, steht vorher da; auf einem Terminal wird gefragt.",
    },
  )
    .option(
      "--body <file>",
      say({
        en: "JSON of the lead (default: one of LeadLedger's own)",
        de: "JSON des Leads (sonst ein eigener von LeadLedger)",
      }),
    )
    .option("--yes", say({ en: "without asking", de: "ohne Rückfrage" }));
  act<TestOptions>(test, context, async (options, [name = ""]) => {
    const json = options.body === undefined ? "{}" : await testBody(context, options.body);
    if (json === null) return exitCodes.usage;
    const trace = { part: command, name, hasBody: options.body !== undefined, yes: options.yes === true };
    return withApi(context, options, async ({ api }): Promise<ExitCode> => {
      if (!(await maySendTest(context, api, trace))) return exitCodes.unconfirmed;
      const sent = await api.call(`POST /${table}/:name/test`, { params: { name }, json });
      if (options.json === true) printJson(context, sent);
      else {
        const to = sent.destinations.join(", ") || say({ en: "nobody", de: "niemanden" });
        terminal.out(say({ en: `Test lead sent to: ${to}`, de: `Testlead gesendet an: ${to}` }));
        terminal.out(`leadledger runs show ${sent.run_id}`);
      }
      return exitCodes.ok;
    });
  });

  const remove = named("remove", summaries.remove, [`leadledger ${command} remove ${example}`]);
  act(remove, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) => {
      const item = await changed(api.call(`DELETE /${table}/:name`, { params: { name } }));
      const moved = item.moved_to_dlq ?? 0;
      return printChanged(context, item, options, {
        en: `${name} is switched off.${moved === 0 ? "" : ` ${moved} undelivered → DLQ`}`,
        de: `${name} ist abgeschaltet.${moved === 0 ? "" : ` ${moved} nicht zugestellt → DLQ`}`,
      });
    }),
  );
}

export const secretEnvText: Texts = {
  en: "environment variable that holds the secret",
  de: "Umgebungsvariable, in der das Geheimnis steht",
};

/** A secret from the environment, where one is named; null: there is no such variable, which has been said. */
export function secretFrom(
  { env, terminal, say }: CommandContext,
  variable: string | undefined,
): { readonly secret?: string } | null {
  if (variable === undefined) return {};
  const secret = env[variable];
  if (secret !== undefined && secret !== "") return { secret };
  terminal.note(
    say({
      en: `The environment variable ${variable} is missing or empty.`,
      de: `Die Umgebungsvariable ${variable} fehlt oder ist leer.`,
    }),
  );
  return null;
}

/** A JSON file that cannot be read has been spoken of when this resolves with null. */
export async function jsonFile(context: CommandContext, path: string): Promise<string | null> {
  try {
    const text = await readFile(path, "utf8");
    JSON.parse(text);
    return text;
  } catch (error) {
    noteUnreadable(context, path, error);
    return null;
  }
}

/** Says why a JSON file cannot be read. */
export function noteUnreadable(context: CommandContext, path: string, error: unknown): void {
  const why = error instanceof SyntaxError ? { en: "not JSON", de: "kein JSON" } : fileTrouble(error, path);
  context.terminal.note(`${path}: ${why === null ? errorCode(error) : context.say(why)}`);
}

/** The file's text as it is: numbers stay exact. */
async function testBody(context: CommandContext, path: string): Promise<string | null> {
  const text = await jsonFile(context, path);
  return text === null ? null : `{"body":${text}}`;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
