// leadledger sla list | show | add | change | remove: service levels and how they stand.
import type { Command } from "commander";
import { formatDuration } from "../../domain/values/duration.ts";
import { withApi } from "../frame/api-client.ts";
import type { Answer, Item } from "../frame/api-client.ts";
import { countParser } from "../frame/arguments.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { slaDaysMembers, slaDaysWords } from "../../http/api/sla/sla-filter.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printRecord, printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import { measureWords, riskWords, stateWords } from "../../domain/sla/sla-words.ts";

type Sla = Answer<"GET /sla/:name">;
type Day = Item<"GET /sla/:name/days">;

interface ShowOptions extends CommonOptions, FilterOptions {
  readonly days?: number;
}

interface EntryOptions extends CommonOptions {
  readonly label?: string;
  readonly measure?: string;
  readonly source?: string;
  readonly destination?: string;
  readonly client?: string;
  readonly within?: string;
  readonly share?: string;
  readonly openingHours?: readonly string[];
  readonly holidays?: string;
}

const daysDefault = 14;
const daysMax = 400;

export function registerSla(program: Command, context: CommandContext): void {
  const sla = addGroup(program, context, "sla", { en: "service levels", de: "Servicelevel" }, [
    "leadledger sla list",
    "leadledger sla show quick --days 30",
    "leadledger sla add quick --measure delivered --within 5m --share 99%",
  ]);
  registerList(sla, context);
  registerShow(sla, context);
  registerChange(sla, context, "add");
  registerChange(sla, context, "change");
  registerRemove(sla, context);
}

function registerList(sla: Command, context: CommandContext): void {
  const { say, terminal, language } = context;
  const list = addCommand(sla, context, {
    usage: "list",
    summary: { en: "all of them, and how they stand", de: "alle, und wie sie stehen" },
    examples: ["leadledger sla list", "leadledger sla list --json"],
  });
  act<CommonOptions>(list, context, (options) =>
    withApi(context, options, async ({ api }) => {
      const { items } = await api.call("GET /sla", { query: {} });
      if (options.json === true) {
        printJson(context, { items });
        return exitCodes.ok;
      }
      if (items.length === 0) {
        terminal.note(say({ en: "No service levels yet.", de: "Noch keine Servicelevel." }));
        return exitCodes.ok;
      }
      printTable(
        terminal,
        [
          { title: say({ en: "name", de: "Name" }) },
          { title: say({ en: "agreed", de: "vereinbart" }), wraps: true },
          { title: say({ en: "today", de: "heute" }) },
          { title: say({ en: "month", de: "Monat" }) },
          { title: say({ en: "budget left", de: "Budget übrig" }), align: "right" },
          { title: say({ en: "at risk", de: "gefährdet" }) },
        ],
        items.map((item) => [
          item.name,
          agreedText(item, context),
          countText(item.today, context),
          countText(item.month, context),
          budgetText(item, context),
          riskText(item, language),
        ]),
      );
      return exitCodes.ok;
    }),
  );
}

function registerShow(sla: Command, context: CommandContext): void {
  const { say, terminal, language } = context;
  const show = addCommand(sla, context, {
    usage: "show",
    summary: { en: "one of them, with its days", de: "eines davon mit seinen Tagen" },
    details: {
      en: "A day that has been judged changes only with what happens to its leads; the last column says so.",
      de: "Ein abgeschlossener Tag ändert sich nur mit dem, was seinen Leads geschieht; die letzte Spalte sagt es.",
    },
    examples: ["leadledger sla show quick", "leadledger sla show quick --days 60 --json"],
  })
    .argument("<name>", say({ en: "its name", de: "sein Name" }))
    .option(
      "--days <count>",
      say({ en: `how many days (default: ${daysDefault})`, de: `wie viele Tage (sonst ${daysDefault})` }),
      countParser(context, daysMax),
    );
  addFilterOptions(show, context, slaDaysMembers, slaDaysWords);
  act<ShowOptions>(show, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api, times }) => {
      const params = { name: name };
      const item = await api.call("GET /sla/:name", { params });
      const query = { limit: options.days ?? daysDefault, ...filterSaid(slaDaysMembers, options) };
      const { items: days } = await api.call("GET /sla/:name/days", { params, query });
      const { items: months } = await api.call("GET /sla/:name/months", { params, query: {} });
      if (options.json === true) {
        printJson(context, { ...item, days, months });
        return exitCodes.ok;
      }
      printRecord(terminal, [
        [say({ en: "name", de: "Name" }), item.name],
        [say({ en: "agreed", de: "vereinbart" }), agreedText(item, context)],
        [say({ en: "this month", de: "dieser Monat" }), countText(item.month, context)],
        [say({ en: "budget left", de: "Budget übrig" }), budgetText(item, context)],
        [say({ en: "at risk", de: "gefährdet" }), riskText(item, language)],
      ]);
      terminal.out("");
      printDays(context, days);
      noteTimezone(context, times);
      return exitCodes.ok;
    }),
  );
}

function printDays({ terminal, say, language }: CommandContext, days: readonly Day[]): void {
  const right = { align: "right" } as const;
  printTable(
    terminal,
    [
      { title: say({ en: "day", de: "Tag" }) },
      { title: "", wraps: true },
      { title: say({ en: "kept", de: "eingehalten" }), ...right },
      { title: say({ en: "missed", de: "verfehlt" }), ...right },
      { title: say({ en: "open", de: "offen" }), ...right },
      { title: say({ en: "share", de: "Anteil" }), ...right },
      { title: say({ en: "changed by", de: "geändert durch" }), wraps: true },
    ],
    days.map((day) => [
      day.day,
      stateWords[day.state][language],
      day.met_count,
      day.missed_count,
      day.pending_count,
      percentText(day.share),
      day.changed_at === null ? "" : day.change_reason,
    ]),
  );
}

function registerChange(sla: Command, context: CommandContext, action: "add" | "change"): void {
  const { say, terminal } = context;
  const command = addCommand(sla, context, {
    usage: action,
    summary:
      action === "add"
        ? { en: "agree on one", de: "eines vereinbaren" }
        : { en: "change one, from today on", de: "eines ändern, von heute an" },
    details: {
      en: "measure: delivered, success, delivery_time, contacted (speed to lead) or oldest_entry.",
      de: "measure: delivered, success, delivery_time, contacted (Zeit bis zum Kontakt) oder oldest_entry.",
    },
    examples:
      action === "add"
        ? [
            "leadledger sla add quick --measure delivered --within 5m --share 99%",
            'leadledger sla add speed --measure contacted --within 4h --opening-hours "mon-fri 08:00-18:00" --holidays NW',
          ]
        : ["leadledger sla change quick --within 10m"],
  })
    .argument("<name>", say({ en: "its name", de: "sein Name" }))
    .option("--label <text>", say({ en: "what people call it", de: "wie man es nennt" }))
    .option("--measure <measure>", say({ en: "what it measures", de: "was es misst" }))
    .option("--source <name>", say({ en: "leads of this source alone", de: "nur Leads dieser Quelle" }))
    .option("--destination <name>", say({ en: "deliveries to this one", de: "Zustellungen an dieses Ziel" }))
    .option("--client <name>", say({ en: "leads of this client alone", de: "nur Leads dieses Kunden" }))
    .option("--within <duration>", say({ en: "the time that is agreed", de: "die vereinbarte Zeit" }))
    .option("--share <percent>", say({ en: "the share that is agreed", de: "der vereinbarte Anteil" }))
    .option(
      "--opening-hours <rule...>",
      say({ en: "time counts only while it is open", de: "Zeit zählt nur, während geöffnet ist" }),
    )
    .option(
      "--holidays <state>",
      say({ en: "whose public holidays are kept", de: "Feiertage welchen Bundeslandes" }),
    );
  act<EntryOptions>(command, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) => {
      const { json, openingHours, ...rest } = options;
      const entry = entryOf({
        ...rest,
        ...(openingHours === undefined ? {} : { opening_hours: openingHours }),
      });
      const item =
        action === "add"
          ? await api.call("POST /sla", { body: { name: name, ...entry } })
          : await api.call("PATCH /sla/:name", { params: { name: name }, body: entry });
      if (json === true) printJson(context, item);
      else terminal.out(agreedText(item, context));
      return exitCodes.ok;
    }),
  );
}

const entryMembers = [
  "label",
  "measure",
  "source",
  "destination",
  "client",
  "within",
  "share",
  "opening_hours",
  "holidays",
];

/** What of the options is the entry's. */
function entryOf(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    entryMembers.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

function registerRemove(sla: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const remove = addCommand(sla, context, {
    usage: "remove",
    summary: { en: "agree on it no longer; its days stay", de: "nicht mehr vereinbaren; seine Tage bleiben" },
    examples: ["leadledger sla remove quick"],
  }).argument("<name>", say({ en: "its name", de: "sein Name" }));
  act<CommonOptions>(remove, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) => {
      await api.call("DELETE /sla/:name", { params: { name: name } });
      if (options.json === true) printJson(context, { name: name, removed: true });
      else terminal.out(say({ en: `${name} removed`, de: `${name} entfernt` }));
      return exitCodes.ok;
    }),
  );
}

function agreedText(item: Sla, { language }: CommandContext): string {
  const { measure, share, within, source, destination, client, opening_hours: hours, holidays } = item;
  const about = [source, destination === null ? null : `→ ${destination}`, client].filter(
    (each) => each !== null,
  );
  const time = [...(hours ?? []), ...(holidays === null ? [] : [holidays])];
  return [
    measureWords[measure][language],
    ...[share, within].filter((each) => each !== null),
    ...about,
    ...(time.length === 0 ? [] : [`(${time.join("; ")})`]),
  ].join(" · ");
}

function countText(count: Sla["today"] | Sla["month"], { language }: CommandContext): string {
  if (count === null) return "–";
  const words = stateWords[count.state][language];
  return count.decided_count === 0 ? words : `${words} (${count.met_count}/${count.decided_count})`;
}

function budgetText({ month }: Sla, { say }: CommandContext): string {
  const left = month?.budget.left ?? null;
  return left !== null && left < 0 ? say({ en: "overdrawn", de: "überzogen" }) : percentText(left);
}

function percentText(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}

function riskText({ live }: Sla, language: CommandContext["language"]): string {
  if (live === null || live.risk === null) return "";
  const age =
    live.risk === "age" && live.oldest_ms !== null
      ? ` ${formatDuration(Math.floor(live.oldest_ms / 60_000) * 60_000)}`
      : "";
  return `${riskWords[live.risk][language]}${age}`;
}
