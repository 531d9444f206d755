// leadledger dlq retry | resolve | dead
import type { Command } from "commander";
import { closeDlqEntry, findDlqEntry, retryDlqEntry } from "../ledger/dlq.ts";
import type { CloseResult, DlqEntry, RetryResult } from "../ledger/dlq.ts";
import { isLedgerRule, ledgerRuleText, sqlState } from "../ledger/postgres-error.ts";
import { readConfiguration } from "../ledger/configuration.ts";
import type { StoredPart } from "../ledger/configuration.ts";
import type { Installation } from "../runtime/installation.ts";
import { dlqIdsParser, noteParser } from "./arguments.ts";
import { act, addCommand, printJson } from "./command.ts";
import type { CommandContext, CommonOptions } from "./command.ts";
import { withInstallation } from "./command-installation.ts";
import { noteUnknownEntry } from "./dlq-list.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Texts } from "./language.ts";

interface ActionOptions extends CommonOptions {
  readonly note?: string;
}

/** What became of an entry that exists. `result` is a stable word for programs, `text` says it to people. */
interface Done {
  readonly dlq_id: number;
  readonly ok: boolean;
  readonly result: string;
  /** The entry that tries again, where that is a new one. */
  readonly new_dlq_id?: number;
  readonly text: Texts;
}

export function registerDlqActions(dlq: Command, context: CommandContext): void {
  const { say } = context;
  const ids = say({ en: "one or several entries", de: "ein oder mehrere Einträge" });
  const noteHelp = say({ en: "why; it stays with the entry", de: "warum; bleibt beim Eintrag stehen" });
  const noteRequired = `${noteHelp} (${say({ en: "required", de: "erforderlich" })})`;

  const retry = addCommand(dlq, context, {
    usage: "retry",
    summary: { en: "deliver again, now", de: "erneut zustellen, sofort" },
    details: {
      en: "An open entry becomes due at once. A closed one (resolved, dead) is tried again by a new entry.",
      de: "Ein offener Eintrag wird sofort fällig. Einen abgeschlossenen (resolved, dead) versucht ein neuer Eintrag erneut.",
    },
    examples: ["leadledger dlq retry 17", 'leadledger dlq retry 17 18 19 --note "CRM is back"'],
  })
    .argument("<dlq_id...>", ids, dlqIdsParser(context))
    .option("--note <text>", noteHelp, noteParser(context));
  act<ActionOptions>(retry, context, (options, words) =>
    perform(context, words.map(Number), options, (installation, id) =>
      retryOne(installation, context, id, options),
    ),
  );

  const resolve = addCommand(dlq, context, {
    usage: "resolve",
    summary: {
      en: "settled by hand: nothing more is sent",
      de: "von Hand erledigt: es wird nichts mehr gesendet",
    },
    details: {
      en: "When all entries of a lead are settled it counts as processed. Resolving a refused payload means discarding it; its lead stays failed.",
      de: "Sind alle Einträge eines Leads erledigt, gilt er als verarbeitet. Ein abgelehnter Inhalt wird damit verworfen; sein Lead bleibt failed.",
    },
    examples: ['leadledger dlq resolve 17 --note "entered into the CRM by phone"'],
  })
    .argument("<dlq_id...>", ids, dlqIdsParser(context))
    .requiredOption("--note <text>", noteRequired, noteParser(context));
  act<ActionOptions>(resolve, context, (options, words) =>
    perform(context, words.map(Number), options, (installation, id) =>
      closeOne(installation, context, id, "resolved", options),
    ),
  );

  const dead = addCommand(dlq, context, {
    usage: "dead",
    summary: { en: "give up: the lead stays failed", de: "aufgeben: der Lead bleibt failed" },
    examples: ['leadledger dlq dead 17 --note "spam"'],
  })
    .argument("<dlq_id...>", ids, dlqIdsParser(context))
    .requiredOption("--note <text>", noteRequired, noteParser(context));
  act<ActionOptions>(dead, context, (options, words) =>
    perform(context, words.map(Number), options, (installation, id) =>
      closeOne(installation, context, id, "dead", options),
    ),
  );
}

/** Each entry by itself: one that cannot be changed does not keep the others from it. */
function perform(
  context: CommandContext,
  ids: readonly number[],
  { json }: ActionOptions,
  action: (installation: Installation, id: number) => Promise<Done | null>,
): Promise<ExitCode> {
  return withInstallation(context, async ({ installation }) => {
    const all: Done[] = [];
    for (const id of ids) {
      const done = await action(installation, id).catch((error: unknown) => refused(id, error));
      if (done === null) {
        noteUnknownEntry(context, id);
        continue;
      }
      all.push(done);
      if (json !== true) {
        const line = `${id}: ${context.say(done.text)}`;
        if (done.ok) context.terminal.out(line);
        else context.terminal.note(context.terminal.paintNote("red", line));
      }
    }
    if (json === true && all.length > 0) {
      const items = all.map(({ text, ...rest }) => ({ ...rest, message: context.say(text) }));
      printJson(context, { items });
    }
    return all.length === ids.length && all.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.failed;
  });
}

async function retryOne(
  { database }: Installation,
  { actor }: CommandContext,
  id: number,
  { note }: ActionOptions,
): Promise<Done | null> {
  const entry = await findDlqEntry(database, id);
  if (entry?.destination !== null && entry !== null) {
    const { destinations } = await readConfiguration(database);
    const target = destinations.find(({ name }) => name === entry.destination);
    const obstacle = obstacleTo(entry, target);
    if (obstacle !== null) return { dlq_id: id, ok: false, ...obstacle };
    const done = described(id, await retryDlqEntry(database, actor, id, note ?? null), entry);
    return target?.settings["paused"] === true && done?.ok === true
      ? { ...done, text: whilePaused(done.text, target.name) }
      : done;
  }
  return described(id, await retryDlqEntry(database, actor, id, note ?? null), entry);
}

async function closeOne(
  { database }: Installation,
  { actor }: CommandContext,
  id: number,
  status: "resolved" | "dead",
  { note }: ActionOptions,
): Promise<Done | null> {
  return closed(id, status, await closeDlqEntry(database, actor, id, status, note ?? null));
}

/** Why nobody would ever take up the entry. */
function obstacleTo(entry: DlqEntry, target: StoredPart | undefined): Pick<Done, "result" | "text"> | null {
  const destination = entry.destination ?? "";
  if (target === undefined) {
    return {
      result: "no_destination",
      text: {
        en: `there is no destination ${destination} (any more). Put it back into leadledger.yaml and run \`leadledger apply\`, or settle the entry with \`leadledger dlq resolve\`.`,
        de: `ein Ziel ${destination} gibt es nicht (mehr). Tragen Sie es wieder in leadledger.yaml ein und rufen Sie \`leadledger apply\` auf, oder erledigen Sie den Eintrag mit \`leadledger dlq resolve\`.`,
      },
    };
  }
  if (target.kind !== "external") return null;
  return {
    result: "external_destination",
    text: {
      en: `${destination} is external: your own worker takes entries up, LeadLedger sends nothing there.`,
      de: `${destination} ist extern: Ihr eigener Worker nimmt Einträge auf, LeadLedger sendet dorthin nichts.`,
    },
  };
}

/** null: there is no such entry. */
function described(id: number, outcome: RetryResult, entry: DlqEntry | null): Done | null {
  switch (outcome.kind) {
    case "due":
      if (outcome.dlqId === id) {
        return {
          ...{ dlq_id: id, ok: true, result: "due" },
          text: { en: "is due now.", de: "ist jetzt fällig." },
        };
      }
      return {
        ...{ dlq_id: id, ok: true, result: "reopened", new_dlq_id: outcome.dlqId },
        text: {
          en: `is closed; the new entry ${outcome.dlqId} tries again now.`,
          de: `ist abgeschlossen; der neue Eintrag ${outcome.dlqId} versucht es jetzt erneut.`,
        },
      };
    case "not_found":
      return null;
    case "already_retrying":
      return {
        ...{ dlq_id: id, ok: true, result: "already_retrying" },
        text: { en: "is being tried at this moment.", de: "wird in diesem Augenblick versucht." },
      };
    case "not_deliverable":
      return { dlq_id: id, ok: false, result: "not_deliverable", text: notDeliverable(entry) };
    case "reopened_already":
      return {
        ...{ dlq_id: id, ok: false, result: "reopened_already", new_dlq_id: outcome.by },
        text: {
          en: `was tried again already, by entry ${outcome.by}: \`leadledger dlq retry ${outcome.by}\`.`,
          de: `wurde schon erneut versucht, von Eintrag ${outcome.by}: \`leadledger dlq retry ${outcome.by}\`.`,
        },
      };
  }
}

function notDeliverable(entry: DlqEntry | null): Texts {
  switch (entry?.kind) {
    case "refused":
      return {
        en: "its payload was refused and cannot be delivered. Let the sender send a corrected one under the same key, which resolves this entry; or discard it with `leadledger dlq resolve`.",
        de: "sein Inhalt wurde abgelehnt und ist nicht zustellbar. Lassen Sie den Absender einen berichtigten unter demselben Schlüssel schicken, das erledigt diesen Eintrag; oder verwerfen Sie ihn mit `leadledger dlq resolve`.",
      };
    case "conflict":
      return {
        en: "it is a second payload under a key that was used already; the first lead stands. If it is a lead of its own, let the sender send it under a new key; then `leadledger dlq resolve`.",
        de: "er ist ein zweiter Inhalt unter einem schon benutzten Schlüssel; der erste Lead gilt. Ist es ein eigener Lead, lassen Sie ihn unter einem neuen Schlüssel schicken; dann `leadledger dlq resolve`.",
      };
    case "delivery":
    case "replay":
    case "manual":
    case undefined:
      return {
        en: "it was entered without a lead or a destination, so there is nothing to send. Settle it with `leadledger dlq resolve`.",
        de: "er wurde ohne Lead oder Ziel eingetragen, es gibt also nichts zu senden. Erledigen Sie ihn mit `leadledger dlq resolve`.",
      };
  }
}

function whilePaused(text: Texts, destination: string): Texts {
  return {
    en: `${text.en} ${destination} is paused, so it waits until that ends.`,
    de: `${text.de} ${destination} ist angehalten; so lange wartet er.`,
  };
}

/** null: there is no such entry. */
function closed(id: number, wanted: "resolved" | "dead", outcome: CloseResult): Done | null {
  switch (outcome.kind) {
    case "closed":
      return {
        ...{ dlq_id: id, ok: true, result: wanted },
        text:
          wanted === "resolved"
            ? { en: "settled (resolved).", de: "erledigt (resolved)." }
            : { en: "given up (dead).", de: "aufgegeben (dead)." },
      };
    case "not_found":
      return null;
    case "closed_already":
      return {
        ...{ dlq_id: id, ok: outcome.status === wanted, result: "closed_already" },
        text: {
          en: `was closed already (${outcome.status}); that is final. \`leadledger dlq retry ${id}\` tries again.`,
          de: `war schon abgeschlossen (${outcome.status}); das ist endgültig. \`leadledger dlq retry ${id}\` versucht es erneut.`,
        },
      };
  }
}

const uniqueViolation = "23505";

/** What the database's rules refuse is an answer; anything else is not ours to explain. */
function refused(id: number, error: unknown): Done {
  if (sqlState(error) === uniqueViolation) {
    return {
      ...{ dlq_id: id, ok: false, result: "another_entry_open" },
      text: {
        en: "another entry of this lead and destination is open already; that one is tried.",
        de: "zu diesem Lead und Ziel ist schon ein anderer Eintrag offen; der wird versucht.",
      },
    };
  }
  if (!isLedgerRule(error)) throw error;
  const text = ledgerRuleText(error);
  return { dlq_id: id, ok: false, result: "refused", text: { en: text, de: text } };
}
