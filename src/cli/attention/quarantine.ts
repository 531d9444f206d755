// leadledger quarantine list | show | release | discard: what was turned away and is kept aside.
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { withApi } from "../frame/api-client.ts";
import type { Answer, ApiClient, Item } from "../frame/api-client.ts";
import { countParser, noteParser } from "../frame/arguments.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import {
  quarantineFilterMembers,
  quarantineFilterWords,
} from "../../http/api/attention/quarantine-filter.ts";
import { act, addCommand, addGroup, printJson, revealText } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";
import { printRecord, printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";

type QuarantinedItem = Item<"GET /quarantine">;
type ShownQuarantined = Answer<"GET /quarantine/:quarantine_id">;
type Outcome = Answer<"POST /quarantine/release">["items"][number];

interface ListOptions extends CommonOptions, FilterOptions {
  readonly limit: number;
}

interface ShowOptions extends CommonOptions {
  readonly reveal?: boolean;
}

interface ActionOptions extends CommonOptions {
  readonly reason?: string;
}

const listedMax = 10_000;
/** The API takes so many ids in one call. */
const idsPerCall = 100;

export function registerQuarantine(program: Command, context: CommandContext): void {
  const { say } = context;
  const quarantine = addGroup(
    program,
    context,
    "quarantine",
    {
      en: "look at what was turned away and kept aside; release or discard it",
      de: "ansehen, was abgewiesen und aufbewahrt wurde; annehmen oder verwerfen",
    },
    ["leadledger quarantine list", "leadledger quarantine release 0199f3c2-7a1e-7cc0-8000-1f0f6c3a9b52"],
  );
  const all = addCommand(quarantine, context, {
    usage: "list",
    summary: { en: "what is kept aside, newest first", de: "was aufbewahrt ist, das Neueste zuerst" },
    examples: ["leadledger quarantine list --source website"],
  });
  const list = addFilterOptions(all, context, quarantineFilterMembers, quarantineFilterWords).option(
    "--limit <count>",
    say({ en: "how many at most", de: "höchstens so viele" }),
    countParser(context, listedMax),
    20,
  );
  act<ListOptions>(list, context, (options) =>
    withApi(context, options, (place) => listRequests(context, place, options)),
  );
  const show = withIds(
    addCommand(quarantine, context, {
      usage: "show",
      summary: { en: "a request with its content", de: "eine Anfrage mit ihrem Inhalt" },
      examples: ["leadledger quarantine show 0199f3c2-7a1e-7cc0-8000-1f0f6c3a9b52"],
    }),
    context,
  ).option("--reveal", say(revealText));
  act<ShowOptions>(show, context, (options, ids) =>
    withApi(context, options, (place) => showRequests(context, place, ids, options)),
  );
  addAction(quarantine, context, "release", {
    summary: { en: "take it in as a lead", de: "als Lead annehmen" },
    details: {
      en: "It goes the way of every lead of its source, with the time at which it came; sent once more, it is a repeat. What cannot be read as a lead stays where it is.",
      de: "Es geht den Weg jedes Leads seiner Quelle, mit der Zeit, zu der es kam; noch einmal gesendet, ist es eine Wiederholung. Was sich nicht als Lead lesen lässt, bleibt, wo es ist.",
    },
    example: 'leadledger quarantine release 0199f3c2-7a1e-7cc0-8000-1f0f6c3a9b52 --reason "form corrected"',
  });
  addAction(quarantine, context, "discard", {
    summary: { en: "discard it: it is gone for good", de: "verwerfen: danach ist es endgültig weg" },
    details: {
      en: "The audit log keeps that it was there, and the reason.",
      de: "Im Protokoll bleibt, dass es da war, und der Grund.",
    },
    example: 'leadledger quarantine discard 0199f3c2-7a1e-7cc0-8000-1f0f6c3a9b52 --reason "spam"',
  });
}

function addAction(
  quarantine: Command,
  context: CommandContext,
  verb: "release" | "discard",
  words: { readonly summary: Texts; readonly details: Texts; readonly example: string },
): void {
  const { say } = context;
  const isRequired = verb === "discard";
  const why = say({ en: "why; it stays in the audit log", de: "warum; bleibt im Protokoll stehen" });
  const command = withIds(
    addCommand(quarantine, context, { usage: verb, ...words, examples: [words.example] }),
    context,
  ).option(
    "--reason <text>",
    isRequired ? `${why} (${say({ en: "required", de: "erforderlich" })})` : why,
    noteParser(context),
  );
  act<ActionOptions>(command, context, (options, ids) => {
    if (isRequired && options.reason === undefined) {
      context.terminal.note(
        say({
          en: "--reason is required: it stays in the log.",
          de: "--reason ist erforderlich: Der Grund bleibt im Protokoll.",
        }),
      );
      return Promise.resolve(exitCodes.usage);
    }
    return withApi(context, options, (place) => perform(context, place, verb, ids, options));
  });
}

function withIds(command: Command, context: CommandContext): Command {
  const { say } = context;
  return command.argument(
    "<quarantine_id...>",
    say({ en: "one or several requests", de: "eine oder mehrere Anfragen" }),
    (text: string, earlier?: readonly string[]) => {
      if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
        return [...new Set([...(earlier ?? []), text.toLowerCase()])];
      throw new InvalidArgumentError(
        say({
          en: "A quarantine_id is a UUID; `leadledger quarantine list` shows them.",
          de: "Eine quarantine_id ist eine UUID; `leadledger quarantine list` zeigt sie.",
        }),
      );
    },
  );
}

async function listRequests(
  context: CommandContext,
  { api, times }: ApiClient,
  { limit, json, ...options }: ListOptions,
): Promise<ExitCode> {
  const { say, terminal } = context;
  const items = await api.items("GET /quarantine", filterSaid(quarantineFilterMembers, options), limit);
  if (json === true) printJson(context, { items });
  else if (items.length === 0) {
    terminal.note(say({ en: "Nothing is kept aside.", de: "Es ist nichts aufbewahrt." }));
  } else {
    const whyOf = await reasonsIn(context);
    printTable(
      terminal,
      [
        { title: "quarantine_id" },
        { title: say({ en: "came", de: "kam" }), wraps: true },
        { title: say({ en: "source", de: "Quelle" }), wraps: true },
        { title: say({ en: "bytes", de: "Bytes" }), align: "right" },
        { title: say({ en: "why it was turned away", de: "warum abgewiesen" }), wraps: true },
      ],
      items.map((item) => [
        item.quarantine_id,
        times.at(new Date(item.received_at)),
        item.source,
        item.size_bytes ?? "–",
        whyOf(item),
      ]),
    );
    noteTimezone(context, times);
  }
  return exitCodes.ok;
}

async function showRequests(
  context: CommandContext,
  { api, times }: ApiClient,
  ids: readonly string[],
  { json, reveal }: ShowOptions,
): Promise<ExitCode> {
  const { say, terminal } = context;
  const found: ShownQuarantined[] = [];
  for (const id of ids) {
    const item = await api.find("GET /quarantine/:quarantine_id", {
      params: { quarantine_id: id },
      query: { reveal },
    });
    if (item === null) noteUnknown(context, id);
    else found.push(item);
  }
  if (found.length === 0) return exitCodes.failed;
  if (json === true) printJson(context, { items: found });
  else {
    const whyOf = await reasonsIn(context);
    found.forEach((item, index) => {
      if (index > 0) terminal.out("");
      printRecord(terminal, [
        ["quarantine_id", item.quarantine_id],
        [say({ en: "came", de: "kam" }), times.at(new Date(item.received_at))],
        [say({ en: "source", de: "Quelle" }), item.source],
        [say({ en: "why it was turned away", de: "warum abgewiesen" }), whyOf(item)],
        ["error_code", item.error_code],
        [say({ en: "credentials", de: "Zugangsdaten" }), credentialsOf(context, item)],
        [say({ en: "size", de: "Größe" }), sizeOf(context, item)],
        ["Content-Type", item.content_type],
        [say({ en: "key", de: "Kennung" }), item.idempotency_key],
        [say({ en: "content", de: "Inhalt" }), contentOf(context, item)],
      ]);
    });
    noteTimezone(context, times);
  }
  return found.length === ids.length ? exitCodes.ok : exitCodes.failed;
}

async function perform(
  context: CommandContext,
  { api }: ApiClient,
  verb: "release" | "discard",
  ids: readonly string[],
  { json, reason }: ActionOptions,
): Promise<ExitCode> {
  const items: Outcome[] = [];
  for (let first = 0; first < ids.length; first += idsPerCall) {
    const some = ids.slice(first, first + idsPerCall);
    const done =
      verb === "release"
        ? await api.call("POST /quarantine/release", {
            body: reason === undefined ? { ids: some } : { ids: some, reason },
          })
        : await api.call("POST /quarantine/discard", { body: { ids: some, reason: reason ?? "" } });
    items.push(...done.items);
  }
  if (json === true) printJson(context, { items });
  const { terminal } = context;
  for (const item of items) {
    if (isUndone(item)) {
      if (item.result === "quarantine_unknown") noteUnknown(context, item.quarantine_id);
      else terminal.note(terminal.paintNote("red", `${item.quarantine_id}: ${saidOf(context, item)}`));
    } else if (json !== true) terminal.out(`${item.quarantine_id}: ${saidOf(context, item)}`);
  }
  return items.some(isUndone) ? exitCodes.failed : exitCodes.ok;
}

function isUndone({ result }: Outcome): boolean {
  return result === "quarantine_unknown" || result === "release_refused";
}

function saidOf({ say }: CommandContext, { result, run_id: runId, dlq_id: dlqId, reason }: Outcome): string {
  switch (result) {
    case "accepted":
      return say({ en: `taken in as lead ${runId ?? ""}`, de: `angenommen als Lead ${runId ?? ""}` });
    case "duplicate":
      return say({ en: `was here already: lead ${runId ?? ""}`, de: `war schon da: Lead ${runId ?? ""}` });
    case "revised":
      return say({
        en: `is a change of lead ${runId ?? ""} now`,
        de: `gilt jetzt als Änderung von Lead ${runId ?? ""}`,
      });
    case "refused":
    case "key_reused":
      return say({
        en: `needs attention now: entry ${dlqId ?? ""} of lead ${runId ?? ""}`,
        de: `ist jetzt ein Klärfall: Eintrag ${dlqId ?? ""} zu Lead ${runId ?? ""}`,
      });
    case "discarded":
      return say({ en: "discarded", de: "verworfen" });
    default:
      return say({ en: `stays where it is. ${reason ?? ""}`, de: `bleibt aufbewahrt. ${reason ?? ""}` });
  }
}

function noteUnknown({ terminal, say }: CommandContext, id: string): void {
  terminal.note(
    say({
      en: `Nothing is kept aside under ${id}. \`leadledger quarantine list\` shows what there is.`,
      de: `Unter ${id} ist nichts aufbewahrt. \`leadledger quarantine list\` zeigt, was da ist.`,
    }),
  );
}

async function reasonsIn({ language }: CommandContext): Promise<(item: QuarantinedItem) => string> {
  const { explain } = await import("../../explanations/catalogue.ts");
  return ({ error_code: code }) => explain(code, language)?.title ?? code;
}

function credentialsOf({ say }: CommandContext, { authenticated }: QuarantinedItem): string {
  return authenticated ? say({ en: "valid", de: "gültig" }) : say({ en: "not valid", de: "ungültig" });
}

function sizeOf({ say }: CommandContext, { size_bytes: bytes, is_whole: isWhole }: QuarantinedItem): string {
  const size = bytes === null ? "?" : String(bytes);
  return isWhole
    ? `${size} B`
    : say({
        en: `${size} B, of which the first 64 kB are kept`,
        de: `${size} B, davon die ersten 64 kB aufbewahrt`,
      });
}

function contentOf(
  { say }: CommandContext,
  { body, body_base64: base64, body_withheld: isWithheld }: ShownQuarantined,
): string | null {
  if (isWithheld)
    return say({
      en: "(packed, cannot be unpacked here; not shown, because the sender's key may be in it)",
      de: "(komprimiert, hier nicht zu entpacken; nicht gezeigt, denn der Schlüssel des Absenders kann darin stehen)",
    });
  if (base64 !== null) return base64;
  return typeof body === "string" ? body : body === null ? null : writeExactly(body);
}
