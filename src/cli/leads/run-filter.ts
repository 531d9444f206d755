// Which leads a command is about: the filters that the API has, as options.
import type { Command } from "commander";
import { Option } from "commander";
import { runOutcomes, runStatuses } from "../../domain/leads/run.ts";
import type { RunOutcome, RunStatus } from "../../domain/leads/run.ts";
import { runIdParser, timeOrDayParser } from "../frame/arguments.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../frame/language.ts";

export interface RunFilterOptions {
  readonly runId?: readonly string[];
  readonly status?: readonly RunStatus[];
  readonly source?: string;
  readonly destination?: string;
  readonly outcome?: readonly RunOutcome[];
  readonly code?: string;
  readonly message?: string;
  readonly idempotencyKey?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly from?: string;
  readonly to?: string;
  readonly test?: string;
  readonly refused?: string;
  readonly needsDecision?: string;
  readonly retrying?: string;
  readonly givenUp?: string;
  readonly unfinished?: string;
}

export function addRunFilterOptions(command: Command, context: CommandContext): Command {
  const { say } = context;
  const parseRunId = runIdParser(context);
  command
    .option(
      "--run-id <run_id...>",
      say({ en: "only these", de: "nur diese" }),
      (text: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), parseRunId(text)],
    )
    .addOption(
      new Option("--status <status...>", say({ en: "only this status", de: "nur dieser Status" })).choices(
        runStatuses,
      ),
    )
    .option("--source <name>", say({ en: "only from this source", de: "nur aus dieser Quelle" }))
    .option(
      "--destination <name>",
      say({
        en: "only with a delivery or an entry for this destination",
        de: "nur mit einer Zustellung oder einem Klärfall für dieses Ziel",
      }),
    )
    .addOption(
      new Option(
        "--outcome <outcome...>",
        say({ en: "only processed ones that ended so", de: "nur verarbeitete mit diesem Ausgang" }),
      ).choices(runOutcomes),
    )
    .option("--code <error_code>", say({ en: "only with this error code", de: "nur mit diesem Fehlercode" }))
    .option(
      "--message <text>",
      say({ en: "only with this text in the error message", de: "nur mit diesem Text in der Fehlermeldung" }),
    )
    .option(
      "--idempotency-key <key>",
      say({ en: "only with this idempotency key", de: "nur mit dieser Kennung (Idempotenzschlüssel)" }),
    )
    .option("--email <address>", say({ en: "only of this person", de: "nur von dieser Person" }))
    .option("--phone <number>", say({ en: "only of this person", de: "nur von dieser Person" }))
    .option(
      "--from <time>",
      say({
        en: "received on this day or at this time, or later",
        de: "eingegangen ab diesem Tag oder dieser Zeit",
      }),
      timeOrDayParser(context),
    )
    .option(
      "--to <time>",
      say({
        en: "received up to and including this day, or before this time",
        de: "eingegangen bis zu diesem Tag einschließlich, oder vor dieser Zeit",
      }),
      timeOrDayParser(context),
    );
  for (const [flag, texts] of flags)
    command.addOption(
      new Option(`${flag} [true|false]`, say(texts)).choices(["true", "false"]).preset("true"),
    );
  return command;
}

const flags: readonly (readonly [string, Texts])[] = [
  ["--test", { en: "only test leads; false: none of them", de: "nur Testleads; false: keine davon" }],
  [
    "--refused",
    { en: "only those that could not be read; false: the others", de: "nur unlesbare; false: die anderen" },
  ],
  [
    "--needs-decision",
    {
      en: "only failed ones that wait for a person",
      de: "nur gescheiterte, die auf eine Entscheidung warten",
    },
  ],
  [
    "--retrying",
    { en: "only failed ones that are tried again", de: "nur gescheiterte, die erneut versucht werden" },
  ],
  ["--given-up", { en: "only those that were given up", de: "nur solche, die nicht mehr zugestellt werden" }],
  [
    "--unfinished",
    { en: "only those that have not ended yet", de: "nur solche, die noch nicht abgeschlossen sind" },
  ],
];

/** As GET /runs has them. */
export function runQueryOf(options: RunFilterOptions) {
  return {
    run_id: options.runId,
    status: options.status,
    source: options.source,
    destination: options.destination,
    outcome: options.outcome,
    error_code: options.code,
    error_message: options.message,
    idempotency_key: options.idempotencyKey,
    email: options.email,
    phone: options.phone,
    received_from: options.from,
    received_to: options.to,
    test: flag(options.test),
    refused: flag(options.refused),
    needs_decision: flag(options.needsDecision),
    retrying: flag(options.retrying),
    given_up: flag(options.givenUp),
    unfinished: flag(options.unfinished),
  };
}

function flag(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === "true";
}
