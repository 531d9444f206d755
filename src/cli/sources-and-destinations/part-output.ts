// How sources and destinations are shown: lists, one of them, and what a change was answered with.
import { printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";
import { printRecord, printTable } from "../frame/table.ts";
import type { Cell, Column } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";

/** An item of the API, as far as both have it. */
export interface PartItem {
  readonly name: string;
  readonly managed_by: "file" | "api";
  readonly enabled: boolean;
  readonly updated_at: string;
  readonly paused: boolean | "refuse";
}

/** What a change is answered with. */
export type ChangedItem<Item> = Item & {
  readonly warnings: readonly { readonly code: string; readonly place: string; readonly message: string }[];
  readonly secret?: string;
  readonly moved_to_dlq?: number;
};

export interface ShownSecret {
  readonly fingerprint: string;
  readonly not_after: string | null;
}

export interface PartWords<Item> {
  readonly command: "source" | "destination";
  /** Without an article: "source". */
  readonly noun: Texts;
  readonly none: Texts;
  readonly columns: readonly {
    readonly column: Column;
    readonly cell: (item: Item, times: TimeText) => Cell;
  }[];
  readonly details: (item: Item, times: TimeText) => readonly (readonly [string, Cell])[];
  readonly summaries: Readonly<Record<"list" | "pause" | "resume" | "rotate" | "test" | "remove", Texts>>;
}

/** `done` is said to people; programs get the whole answer. */
export function printChanged<Item>(
  context: CommandContext,
  item: ChangedItem<Item>,
  { json }: CommonOptions,
  done: Texts,
): ExitCode {
  const { terminal, say } = context;
  if (json === true) {
    printJson(context, item);
    return exitCodes.ok;
  }
  terminal.out(say(done));
  const warning = say({ en: "Warning", de: "Warnung" });
  for (const { place, message } of item.warnings)
    terminal.note(
      terminal.paintNote("yellow", [warning, ...(place === "" ? [] : [place]), message].join(": ")),
    );
  return exitCodes.ok;
}

export function secretText(
  { fingerprint, not_after: end }: ShownSecret,
  times: TimeText,
  context: CommandContext,
): string {
  return end === null
    ? fingerprint
    : `${fingerprint} ${context.say({ en: "until", de: "bis" })} ${times.at(new Date(end))}`;
}

/** After a rotation: what is still valid, and the new secret this one time, alone on stdout's last line. */
export function printSecrets<Item>(context: CommandContext, item: ChangedItem<Item>, times: TimeText): void {
  const { terminal, say } = context;
  const { secrets, auth } = item as {
    secrets?: ShownSecret[];
    auth?: { secrets: ShownSecret[] };
  };
  const old = (secrets ?? auth?.secrets ?? []).slice(1);
  for (const each of old) {
    terminal.out(
      say({
        en: `Still valid: ${secretText(each, times, context)}`,
        de: `Gilt noch: ${secretText(each, times, context)}`,
      }),
    );
  }
  printMadeSecret(context, item);
}

/** The one time that it can be seen, alone on stdout's last line. */
export function printMadeSecret<Item>({ terminal, say }: CommandContext, item: ChangedItem<Item>): void {
  if (item.secret === undefined) return;
  terminal.note(
    say({
      en: "The new secret; it is not shown again:",
      de: "Das neue Geheimnis; es wird nicht noch einmal gezeigt:",
    }),
  );
  terminal.out(item.secret);
}

export function printList<Item extends PartItem>(
  context: CommandContext,
  words: PartWords<Item>,
  items: readonly Item[],
  times: TimeText,
): void {
  const { terminal, say } = context;
  printTable(
    terminal,
    [
      { title: say({ en: "name", de: "Name" }) },
      { title: say({ en: "state", de: "Stand" }) },
      { title: say({ en: "managed by", de: "verwaltet" }) },
      ...words.columns.map(({ column }) => column),
    ],
    items.map((item) => [
      item.name,
      stateCell(context, item),
      managerText(context, item),
      ...words.columns.map(({ cell }) => cell(item, times)),
    ]),
  );
}

export function printItem<Item extends PartItem>(
  context: CommandContext,
  words: PartWords<Item>,
  item: Item,
  times: TimeText,
): void {
  const { terminal, say } = context;
  printRecord(terminal, [
    [say({ en: "name", de: "Name" }), item.name],
    [say({ en: "state", de: "Stand" }), stateCell(context, item)],
    [say({ en: "managed by", de: "verwaltet" }), managerText(context, item)],
    ...words.details(item, times),
    [say({ en: "changed", de: "geändert" }), times.at(new Date(item.updated_at))],
  ]);
}

function stateCell({ say }: CommandContext, { enabled, paused }: PartItem): Cell {
  if (!enabled) return { text: say({ en: "removed", de: "entfernt" }), colour: "dim" };
  return paused
    ? {
        text:
          paused === "refuse"
            ? say({ en: "paused, refuses leads", de: "angehalten, weist Leads ab" })
            : say({ en: "paused", de: "angehalten" }),
        colour: "yellow",
      }
    : say({ en: "active", de: "aktiv" });
}

function managerText({ say }: CommandContext, { managed_by: by }: PartItem): string {
  return by === "file" ? "leadledger.yaml" : say({ en: "API", de: "API" });
}
