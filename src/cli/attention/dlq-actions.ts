// leadledger dlq retry | resolve | dead: some entries by their ids, or all that a filter matches (an operation).
import type { Command } from "commander";
import type { Answer, Api } from "../frame/api-client.ts";
import { ApiProblem, withApi } from "../frame/api-client.ts";
import { dlqIdsParser, noteParser, timeParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { noteUnknownEntry } from "./dlq-list.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";
import { addOrderOptions, entryFilterOf, isOrder, orderAndFollow } from "./operation-order.ts";
import type { OrderOptions } from "./operation-order.ts";

interface ActionOptions extends CommonOptions, OrderOptions {
  readonly reason?: string;
  readonly note?: string;
  readonly at?: string;
}

type Verb = "retry" | "resolve" | "dead" | ConflictVerb;
type ConflictVerb = keyof typeof conflictOperations;

const conflictOperations = { "take-in": "dlq.take_in", "deliver-change": "dlq.deliver_change" } as const;

function isConflictVerb(verb: Verb): verb is ConflictVerb {
  return Object.hasOwn(conflictOperations, verb);
}

/** What became of an entry that exists. `result` is a stable word for programs, `text` says it to people. */
interface Done {
  readonly dlq_id: number;
  readonly ok: boolean;
  readonly result: string;
  /** The entry that tries again, where that is a new one. */
  readonly new_dlq_id?: number;
  /** Of take-in and deliver-change: the lead that it is now, or that it changed. */
  readonly run_id?: string;
  readonly message: string;
}

export function registerDlqActions(dlq: Command, context: CommandContext): void {
  const retry = addAction(dlq, context, "retry", {
    summary: { en: "deliver again, now or at a time", de: "erneut zustellen, sofort oder zu einer Zeit" },
    details: {
      en: "An open entry becomes due. A closed one (resolved, dead) is tried again by a new entry. With a filter instead of ids it is an operation: all entries that match are treated in the background, also when this command is interrupted.",
      de: "Ein offener Eintrag wird fällig. Einen abgeschlossenen (resolved, dead) versucht ein neuer Eintrag erneut. Mit einem Filter statt Nummern wird daraus eine Sammelaktion: Alle passenden Einträge werden im Hintergrund behandelt, auch wenn dieser Befehl abgebrochen wird.",
    },
    examples: [
      "leadledger dlq retry 17",
      'leadledger dlq retry 17 18 19 --reason "CRM is back"',
      'leadledger dlq retry --destination crm --code destination_auth --reason "new token"',
    ],
  });
  retry.option(
    "--at <time>",
    context.say({ en: "when, in ISO 8601; without it: now", de: "wann, nach ISO 8601; sonst sofort" }),
    timeParser(context),
  );
  addAction(dlq, context, "resolve", {
    summary: {
      en: "settled by hand: nothing more is sent",
      de: "von Hand erledigt: es wird nichts mehr gesendet",
    },
    details: {
      en: "When all entries of a lead are settled it counts as processed. Resolving a refused payload means discarding it; its lead stays failed.",
      de: "Sind alle Einträge eines Leads erledigt, gilt er als verarbeitet. Ein abgelehnter Inhalt wird damit verworfen; sein Lead bleibt failed.",
    },
    examples: ['leadledger dlq resolve 17 --reason "entered into the CRM by phone"'],
  });
  addAction(dlq, context, "dead", {
    summary: { en: "give up: the lead stays failed", de: "nicht mehr zustellen: der Lead bleibt failed" },
    examples: ['leadledger dlq dead 17 --reason "spam"'],
  });
  addAction(dlq, context, "take-in", {
    summary: {
      en: "other data under a used key: a lead of their own",
      de: "andere Daten unter bekannter Kennung: ein eigener Lead",
    },
    details: {
      en: "Of entries of kind conflict. The lead is received when the data came and goes to the source's destinations. Those that were kept because the first lead stands are resolved: name them with --status resolved.",
      de: "Für Einträge der Art conflict. Der Lead gilt als eingegangen, als die Daten kamen, und geht an die Ziele der Quelle. Was aufbewahrt wurde, weil der erste Lead gilt, ist resolved: Nennen Sie es mit --status resolved.",
    },
    examples: [
      'leadledger dlq take-in 17 --reason "two orders, one number"',
      'leadledger dlq take-in --source shop --code idempotency_key_reused --reason "numbers began anew"',
    ],
  });
  addAction(dlq, context, "deliver-change", {
    summary: {
      en: "other data under a used key: the lead's newest state",
      de: "andere Daten unter bekannter Kennung: der neueste Stand des Leads",
    },
    details: {
      en: "Of entries of kind conflict. Destinations get the data as a revision of the lead, with a webhook-id of its own; the lead's state stays.",
      de: "Für Einträge der Art conflict. Die Ziele erhalten die Daten als Änderung des Leads, mit eigener webhook-id; der Stand des Leads bleibt.",
    },
    examples: ['leadledger dlq deliver-change 17 --reason "corrected by the shop"'],
  });
}

function addAction(
  dlq: Command,
  context: CommandContext,
  verb: Verb,
  description: { summary: Texts; details?: Texts; examples: readonly string[] },
): Command {
  const { say } = context;
  const isRequired = verb !== "retry";
  const why = say({ en: "why; it stays with the entry", de: "warum; bleibt beim Eintrag stehen" });
  const required = ` (${say({ en: "required", de: "erforderlich" })})`;
  const command = addCommand(dlq, context, { usage: verb, ...description })
    .argument(
      "[dlq_id...]",
      say({ en: "one or several entries", de: "ein oder mehrere Einträge" }),
      dlqIdsParser(context),
    )
    .option("--reason <text>", isRequired ? why + required : why, noteParser(context))
    .option(
      "--note <text>",
      say({ en: "the same as --reason", de: "dasselbe wie --reason" }),
      noteParser(context),
    );
  addOrderOptions(command, context);
  act<ActionOptions>(command, context, (options, words) =>
    perform(context, verb, words.map(Number), options),
  );
  return command;
}

async function perform(
  context: CommandContext,
  verb: Verb,
  ids: readonly number[],
  options: ActionOptions,
): Promise<ExitCode> {
  const reason = options.reason ?? options.note;
  const misuse = misuseOf(verb, ids, options, reason);
  if (misuse !== null) {
    context.terminal.note(context.say(misuse));
    return exitCodes.usage;
  }
  return withApi(context, options, (apiClient) => {
    if (ids.length > 0) return eachById(context, apiClient.api, { verb, ids, reason }, options);
    const action = isConflictVerb(verb) ? conflictOperations[verb] : (`dlq.${verb}` as const);
    const target = { action, filter: entryFilterOf(options) };
    return orderAndFollow(context, apiClient, { target, reason, at: options.at }, options);
  });
}

/** What does not go together; null: all is well. */
function misuseOf(verb: Verb, ids: readonly number[], options: ActionOptions, reason?: string): Texts | null {
  if (ids.length > 0 && isOrder(options)) {
    return {
      en: "Either ids, or a filter: not both.",
      de: "Entweder Nummern oder ein Filter, nicht beides.",
    };
  }
  if (ids.length === 0 && !isOrder(options)) {
    return {
      en: "Which entries? Name their ids, or a filter (--destination, --code, …), or --all.",
      de: "Welche Einträge? Nennen Sie Nummern, einen Filter (--destination, --code, …) oder --all.",
    };
  }
  if (reason === undefined && options.dryRun !== true && (verb !== "retry" || ids.length === 0)) {
    return {
      en: "--reason is required: it stays in the log.",
      de: "--reason ist erforderlich: Der Grund bleibt im Protokoll.",
    };
  }
  return null;
}

interface Wanted {
  readonly verb: Verb;
  readonly ids: readonly number[];
  readonly reason: string | undefined;
}

/** Each entry by itself: one that cannot be changed does not keep the others from it. */
async function eachById(
  context: CommandContext,
  api: Api,
  { verb, ids, reason }: Wanted,
  { json, at }: ActionOptions,
): Promise<ExitCode> {
  const all: Done[] = [];
  for (const id of ids) {
    const done = await one(context, api, id, verb, { reason, at });
    if (done === null) {
      noteUnknownEntry(context, id);
      continue;
    }
    all.push(done);
    if (json === true) continue;
    const line = `${id}: ${done.message}`;
    if (done.ok) context.terminal.out(line);
    else context.terminal.note(context.terminal.paintNote("red", `${line} [${done.result}]`));
  }
  if (json === true && all.length > 0) printJson(context, { items: all });
  return all.length === ids.length && all.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.failed;
}

interface Terms {
  readonly reason: string | undefined;
  readonly at: string | undefined;
}

type Worked = Answer<"POST /dlq/:dlq_id/retry">;

async function oneConflict(
  { say }: CommandContext,
  api: Api,
  id: number,
  verb: ConflictVerb,
  { reason = "" }: Terms,
): Promise<Done> {
  const params = { dlq_id: id };
  if (verb === "take-in") {
    const { run_id: runId } = await api.call("POST /dlq/:dlq_id/take-in", { params, body: { reason } });
    const message = say({ en: `is lead ${runId} now.`, de: `ist jetzt Lead ${runId}.` });
    return { dlq_id: id, ok: true, result: "taken_in", run_id: runId, message };
  }
  const changed = await api.call("POST /dlq/:dlq_id/deliver-change", { params, body: { reason } });
  const { run_id: runId, revision } = changed;
  const message = say({
    en: `is the newest state of lead ${runId} now (revision ${revision ?? "–"}).`,
    de: `ist jetzt der neueste Stand von Lead ${runId} (Änderung ${revision ?? "–"}).`,
  });
  return { dlq_id: id, ok: true, result: "change", run_id: runId, message };
}

function workedOn(
  api: Api,
  id: number,
  verb: Exclude<Verb, ConflictVerb>,
  { reason, at }: Terms,
): Promise<Worked> {
  const params = { dlq_id: id };
  if (verb !== "retry")
    return api.call(`POST /dlq/:dlq_id/${verb}`, { params, body: { reason: reason ?? "" } });
  return api.call("POST /dlq/:dlq_id/retry", {
    params,
    body: { ...(reason === undefined ? {} : { reason }), ...(at === undefined ? {} : { at }) },
  });
}

/** null: there is no such entry. */
async function one(
  context: CommandContext,
  api: Api,
  id: number,
  verb: Verb,
  terms: Terms,
): Promise<Done | null> {
  try {
    if (isConflictVerb(verb)) return await oneConflict(context, api, id, verb, terms);
    const worked = await workedOn(api, id, verb, terms);
    const { result, text } = said(id, verb, worked, terms.at !== undefined);
    const by = worked.dlq_id === id ? {} : { new_dlq_id: worked.dlq_id };
    return { dlq_id: id, ok: true, result, ...by, message: context.say(text) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status === 401 || error.status === 403) throw error;
    if (error.code === "dlq_entry_unknown") return null;
    const { title, reason, detail, dlq_id: other } = error.details;
    const message = [title, reason, detail].filter((part) => part !== undefined).join(". ");
    const by = other != null && other !== id ? { new_dlq_id: other } : {};
    return { dlq_id: id, ok: false, result: error.code, ...by, message };
  }
}

function said(
  id: number,
  verb: Exclude<Verb, ConflictVerb>,
  { dlq_id: by, destination, notice }: Worked,
  isLater: boolean,
): { result: string; text: Texts } {
  if (verb === "resolve")
    return { result: "resolved", text: { en: "settled (resolved).", de: "erledigt (resolved)." } };
  if (verb === "dead")
    return { result: "dead", text: { en: "given up (dead).", de: "wird nicht mehr zugestellt (dead)." } };
  if (notice === "being_tried") {
    return {
      result: "already_retrying",
      text: { en: "is being tried at this moment.", de: "wird in diesem Augenblick versucht." },
    };
  }
  const due = isLater
    ? { en: "is put off to that time.", de: "ist auf diese Zeit verschoben." }
    : { en: "is due now.", de: "ist jetzt fällig." };
  const reopened = {
    en: `is closed; the new entry ${by} tries again.`,
    de: `ist abgeschlossen; der neue Eintrag ${by} versucht es erneut.`,
  };
  const text = by === id ? due : reopened;
  const result = by === id ? "due" : "reopened";
  if (notice === null) return { result, text };
  return {
    result,
    text: {
      en: `${text.en} ${destination ?? ""} is paused, so it waits until that ends.`,
      de: `${text.de} ${destination ?? ""} ist angehalten; so lange wartet er.`,
    },
  };
}
