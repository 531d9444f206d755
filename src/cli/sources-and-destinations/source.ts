// leadledger source list | show | add | change | pause | resume | rotate-secret | test | preview | remove
import { collected } from "../frame/arguments.ts";
import type { Command } from "commander";
import { Option } from "commander";
import { curlLineOf } from "../../config/samples/curl.ts";
import { noSamplesText } from "../../config/samples/no-samples.ts";
import { calledSource, leadUrl } from "../../config/samples/sample-target.ts";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { keyReuseRules } from "../../domain/leads/key-reuse.ts";
import { heartbeatSenders } from "../../domain/silence/silence-setting.ts";
import { samePersonActions, samePersonWithin } from "../../domain/leads/same-person.ts";
import { badCredentialsRules } from "../../domain/sources/source.ts";
import { ownAddress } from "../frame/own-address.ts";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { act, addCommand, addGroup } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { environmentOf } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";
import { clientTexts } from "../../config/fields/client-field.ts";
import { declaredOf, inOrderOfOffer, usualSource } from "../../config/declared-kind.ts";
import type { Kinds } from "../../kinds/kinds.ts";
import { addFieldOptions, entryOfOptions, fieldOptionsOf, kindsText } from "./field-options.ts";
import type { FieldOption, OptionValues } from "./field-options.ts";
import { fieldRows } from "./field-output.ts";
import { jsonFile, registerPartCommands, secretEnvText, secretFrom } from "./part-commands.ts";
import {
  chosenDestinations,
  destinationsOf,
  skipPausedText,
  toOptionText,
  typedTo,
} from "./source-destinations.ts";
import { printChanged, printMadeSecret, secretText } from "./part-output.ts";
import type { ChangedItem, PartWords } from "./part-output.ts";
import { registerSourcePreview } from "./source-preview.ts";
import { registerSourceCheck } from "./source-check.ts";
import { registerSourceSetUp } from "./source-set-up.ts";
import { registerSourceWatch } from "./source-watch.ts";
import { keyText, personText } from "./source-words.ts";

type SourceItem = Answer<"GET /sources/:name">;

interface SourceOptions extends CommonOptions, OptionValues {
  readonly auth?: string | undefined;
  readonly kind?: string;
  readonly label?: string;
  readonly client?: string;
  readonly secretEnv?: string;
  readonly to?: string;
  readonly skipPaused?: boolean;
  readonly schema?: string;
  readonly keyHeader?: "required" | "preferred";
  readonly keyPointer?: string;
  readonly bodyHash?: string;
  readonly personEmail?: string;
  readonly personPhone?: string;
  readonly country?: string;
  readonly map?: string;
  readonly bodyLimit?: string;
  readonly rateLimit?: string;
  readonly paused?: boolean | string;
  readonly onBadCredentials?: string;
  readonly onKeyReuse?: string;
  readonly samePerson?: string;
  readonly samePersonWithin?: string;
  readonly silence?: string;
  readonly falseAlarms?: string;
  readonly atLeastOnePer?: string;
  readonly silenceHours?: readonly string[];
  readonly silenceHolidays?: string;
  readonly heartbeat?: string;
  readonly heartbeatBy?: string;
  readonly unset?: readonly string[];
}

export function registerSource(program: Command, context: CommandContext): void {
  const { say } = context;
  const group = addGroup(
    program,
    context,
    "source",
    { en: "who may send leads", de: "wer Leads einliefern darf (Quellen)" },
    ["leadledger source list", "leadledger source add website --to all", "leadledger source test website"],
  );
  registerPartCommands(group, context, wordsOf(context));

  const add = sourceOptions(
    addCommand(group, context, {
      usage: "add",
      summary: {
        en: "add a source; prints the curl line that works",
        de: "Quelle anlegen; zeigt die passende curl-Zeile",
      },
      details: {
        en: "Asks on a terminal where the leads go, unless --to says it. Without --secret-env LeadLedger makes a secret and shows it this once. All nodes know the source within two seconds.",
        de: "Fragt am Terminal, wohin die Leads gehen, wenn --to es nicht sagt. Ohne --secret-env erzeugt LeadLedger ein Geheimnis und zeigt es dieses eine Mal. Alle Knoten kennen die Quelle binnen zwei Sekunden.",
      },
      examples: [
        "leadledger source add website --to all",
        "leadledger source add fair --auth hmac --to crm --rate-limit 50/s",
        "leadledger source add phone --to crm,anna/bernd/carla:2",
      ],
    }).argument("<name>", say({ en: "letters, digits, . _ -", de: "Buchstaben, Ziffern, . _ -" })),
    context,
  );
  act<SourceOptions>(add, context, async (options, [name = ""]) => {
    const entry = await entryOf(context, options, usualSource(context.kinds)?.kind);
    if (entry === null) return exitCodes.usage;
    return withApi(context, options, async ({ api }) => {
      const to = await chosenDestinations(context, api, options.to, options.skipPaused);
      if (to === null) {
        context.terminal.note(say(unchosen));
        return exitCodes.usage;
      }
      const item = await api.call("POST /sources", { body: { name, ...entry, ...to } });
      const done = { en: `Source ${name} takes leads.`, de: `Quelle ${name} nimmt Leads an.` };
      const exit = printChanged(context, item, options, done);
      if (options.json !== true) await printHowToSend(context, item, options);
      return exit;
    });
  });

  const change = sourceOptions(
    addCommand(group, context, {
      usage: "change",
      summary: { en: "change what the options name", de: "ändern, was die Optionen nennen" },
      examples: [
        "leadledger source change website --rate-limit 100/m",
        "leadledger source change website --unset schema --unset to",
      ],
    }).argument("<name>", say({ en: "source", de: "Quelle" })),
    context,
  ).option(
    "--unset <member>",
    say({ en: "put the default back (repeatable)", de: "auf die Vorgabe zurücksetzen (mehrfach möglich)" }),
    collected,
  );
  act<SourceOptions>(change, context, async (options, [name = ""]) => {
    const entry = await entryOf(context, options);
    if (entry === null) return exitCodes.usage;
    return withApi(context, options, async ({ api }): Promise<ExitCode> => {
      const item = await api.call("PATCH /sources/:name", { params: { name }, body: entry });
      const exit = printChanged(context, item, options, {
        en: `${name} is changed.`,
        de: `${name} ist geändert.`,
      });
      if (item.secret !== undefined && options.json !== true) await printHowToSend(context, item, options);
      return exit;
    });
  });
  registerSourceSetUp(group, context, ownOptions(context.kinds), (options) => addressOf(context, options));
  registerSourceCheck(group, context);
  registerSourceWatch(group, context);
  registerSourcePreview(group, context);
}

function sourceOptions(command: Command, context: CommandContext): Command {
  const { say, kinds } = context;
  const atTop = kinds.sources.filter(({ place }) => place === "top");
  const said = kinds.sources.filter(({ place }) => place === "auth");
  if (atTop.length > 0)
    command.addOption(
      new Option(
        "--kind <kind>",
        `${say({ en: "who sends, instead of --auth", de: "wer sendet, anstelle von --auth" })}: ${kindsText(context, atTop, undefined)}`,
      ).choices(atTop.map(({ kind }) => kind)),
    );
  addFieldOptions(command, context, ownOptions(kinds), "add");
  return command
    .addOption(
      new Option(
        "--auth <kind>",
        `${say({ en: "how senders prove who they are", de: "wie Absender sich ausweisen" })}: ${kindsText(context, inOrderOfOffer(said), usualSource(kinds)?.kind)}`,
      ).choices(inOrderOfOffer(said).map(({ kind }) => kind)),
    )
    .option("--secret-env <variable>", say(secretEnvText))
    .option(
      "--label <text>",
      say({
        en: "what people call it, with umlauts and spaces",
        de: "wie sie für Menschen heißt, mit Umlauten und Leerzeichen",
      }),
    )
    .option("--client <name>", say(clientTexts.option.text))
    .option("--to <names>", say(toOptionText))
    .option("--skip-paused", say(skipPausedText))
    .option("--schema <file>", say({ en: "JSON Schema of the body", de: "JSON Schema der Daten" }))
    .addOption(
      new Option(
        "--key-header <rule>",
        say({
          en: "the header Idempotency-Key is required, or preferred to the content (add: preferred)",
          de: "Header Idempotency-Key verlangen (required) oder dem Inhalt vorziehen (preferred; bei add die Vorgabe)",
        }),
      ).choices(["required", "preferred"]),
    )
    .option(
      "--key-pointer <pointer>",
      say({
        en: "JSON pointer to the idempotency key in the body",
        de: "JSON-Pointer zum Idempotenzschlüssel in den Daten",
      }),
    )
    .option(
      "--body-hash <duration>",
      say({
        en: "the same body within this time is the same lead",
        de: "gleicher Inhalt binnen dieser Zeit ist derselbe Lead",
      }),
    )
    .option(
      "--person-email <pointer>",
      say({ en: "JSON pointer to the e-mail address", de: "JSON-Pointer zur E-Mail-Adresse" }),
    )
    .option(
      "--person-phone <pointer>",
      say({ en: "JSON pointer to the phone number", de: "JSON-Pointer zur Telefonnummer" }),
    )
    .option(
      "--country <code>",
      say({
        en: "of phone numbers that say none: DE, AT, CH, …",
        de: "von Telefonnummern ohne Landesvorwahl: DE, AT, CH, …",
      }),
    )
    .option(
      "--map <file>",
      say({
        en: 'where fields of a lead come from, a JSON file: {"first_name": "/contact/first"}',
        de: 'woher Felder des Leads kommen, eine JSON-Datei: {"first_name": "/kontakt/vorname"}',
      }),
    )
    .option("--body-limit <size>", say({ en: "largest body, e.g. 512kB", de: "größte Anfrage, z. B. 512kB" }))
    .option(
      "--rate-limit <rate>",
      say({ en: "requests per node, e.g. 50/s", de: "Anfragen je Knoten, z. B. 50/s" }),
    )
    .option(
      "--paused [refuse]",
      say({
        en: "leads are taken and held; refuse: senders get 503",
        de: "Leads werden angenommen und zurückgehalten; refuse: Absender erhalten 503",
      }),
    )
    .addOption(
      new Option(
        "--on-bad-credentials <rule>",
        say({
          en: "quarantine: keep aside what comes with wrong credentials",
          de: "quarantine: aufbewahren, was mit falschen Zugangsdaten kommt",
        }),
      ).choices(badCredentialsRules),
    )
    .addOption(
      new Option(
        "--on-key-reuse <rule>",
        say({
          en: "known key, other data: refuse (422), the first lead stands (200), or a change of the lead (202)",
          de: "bekannte Kennung, andere Daten: ablehnen (422), der erste Lead gilt (200), oder Änderung des Leads (202)",
        }),
      ).choices(keyReuseRules),
    )
    .addOption(
      new Option(
        "--same-person <rule>",
        say({
          en: "somebody who sent a lead before: deliver, name the earlier lead, or hold for a person",
          de: "jemand, von dem schon ein Lead kam: zustellen, den früheren Lead nennen, oder zurückhalten",
        }),
      ).choices(samePersonActions),
    )
    .option(
      "--same-person-within <duration>",
      `${say({ en: "how long before it may have come", de: "wie lange vorher er gekommen sein darf" })} (${samePersonWithin})`,
    )
    .addOption(
      new Option(
        "--silence <rule>",
        say({
          en: "off: nobody is told when nothing comes of it any more; learned: by its rhythm",
          de: "off: niemand erfährt, wenn nichts mehr kommt; learned: nach ihrem Rhythmus",
        }),
      ).choices(["learned", "off"]),
    )
    .option(
      "--false-alarms <number>",
      say({
        en: "so many false alarms of silence a year, by mere chance (1)",
        de: "so viele Fehlalarme wegen Stille im Jahr, aus reinem Zufall (1)",
      }),
    )
    .option(
      "--at-least-one-per <duration>",
      say({
        en: "told when no lead came for so long, e.g. 8h",
        de: "Meldung, wenn so lange kein Lead kam, z. B. 8h",
      }),
    )
    .option(
      "--silence-hours <rule>",
      say({
        en: "with it: only these times count, e.g. 'mon-fri 08:00-18:00'; repeatable",
        de: "dazu: nur diese Zeiten zählen, z. B. 'mo-fr 08:00-18:00'; mehrfach möglich",
      }),
      (rule: string, others: readonly string[] | undefined) => [...(others ?? []), rule],
    )
    .option(
      "--silence-holidays <state>",
      say({
        en: "federal state on whose public holidays nothing is expected, e.g. BY",
        de: "Bundesland, an dessen Feiertagen nichts erwartet wird, z. B. BY",
      }),
    )
    .option(
      "--heartbeat <duration>",
      say({
        en: "so often a test lead has to come and be processed, e.g. 1d",
        de: "so oft muss ein Testlead ankommen und verarbeitet werden, z. B. 1d",
      }),
    )
    .addOption(
      new Option(
        "--heartbeat-by <sender>",
        say({ en: "who sends these test leads", de: "wer diese Testleads sendet" }),
      ).choices(heartbeatSenders),
    );
}

/** Members as leadledger.yaml has them; null: something could not be read, which has been said. */
async function entryOf(
  context: CommandContext,
  options: SourceOptions,
  preset?: string,
): Promise<Record<string, unknown> | null> {
  const {
    kind,
    auth = kind === undefined ? preset : undefined,
    to,
    keyHeader,
    keyPointer,
    bodyHash,
    personEmail,
    personPhone,
    bodyLimit,
    rateLimit,
    paused,
  } = options;
  if (kind !== undefined && options.auth !== undefined) {
    context.terminal.note(context.say(kindOrAuth));
    return null;
  }
  const secret = secretFrom(context, options.secretEnv);
  const schema = options.schema === undefined ? undefined : await jsonFile(context, options.schema);
  const map = options.map === undefined ? undefined : await jsonFile(context, options.map);
  const own = entryOfOptions(context, ownOptions(context.kinds), options);
  if (secret === null || schema === null || map === null || own === null) return null;
  const key = { header: keyHeader, pointer: keyPointer, body_hash: bodyHash };
  const saysKey = Object.values(key).some((part) => part !== undefined);
  const person = { email: personEmail, phone: personPhone };
  return {
    ...(kind === undefined ? authEntry(auth, { ...secret, ...own }) : { kind, ...secret, ...own }),
    ...(to === undefined ? {} : { to: destinationsOf(to, options.skipPaused) }),
    ...(schema === undefined ? {} : { schema: JSON.parse(schema) as unknown }),
    ...(saysKey ? { key } : {}),
    ...(personEmail === undefined && personPhone === undefined ? {} : { person }),
    label: options.label,
    client: options.client,
    country: options.country,
    ...(map === undefined ? {} : { map: JSON.parse(map) as unknown }),
    body_limit: bodyLimit,
    rate_limit: rateLimit,
    paused,
    on_bad_credentials: options.onBadCredentials,
    on_key_reuse: options.onKeyReuse,
    ...(options.samePerson === undefined && options.samePersonWithin === undefined
      ? {}
      : { same_person: { within: options.samePersonWithin, then: options.samePerson } }),
    ...silenceEntry(options),
    ...(options.heartbeat === undefined && options.heartbeatBy === undefined
      ? {}
      : { heartbeat: { every: options.heartbeat, sent_by: options.heartbeatBy } }),
    ...Object.fromEntries((options.unset ?? []).map((member) => [member, null])),
  };
}

function silenceEntry(options: SourceOptions): Record<string, unknown> {
  const { silence, falseAlarms, atLeastOnePer, silenceHours, silenceHolidays } = options;
  if (silence === "off") return { silence };
  const entry = {
    ...(falseAlarms === undefined ? {} : { false_alarms_per_year: Number(falseAlarms) }),
    ...(atLeastOnePer === undefined ? {} : { at_least_one_per: atLeastOnePer }),
    ...(silenceHours === undefined ? {} : { opening_hours: silenceHours }),
    ...(silenceHolidays === undefined ? {} : { holidays: silenceHolidays }),
  };
  return silence === undefined && Object.keys(entry).length === 0 ? {} : { silence: entry };
}

const unchosen: Texts = {
  en: "Say where the leads of this source go: --to crm,erp, --to all (those of the future too) or --to none.",
  de: "Nennen Sie, wohin die Leads dieser Quelle gehen: --to crm,erp, --to all (alle, auch künftige) oder --to none.",
};

const kindOrAuth: Texts = {
  en: "Say --kind or --auth, not both: a kind has its own way to prove who sends.",
  de: "Entweder --kind oder --auth, nicht beides: Eine Art bringt ihren eigenen Nachweis des Absenders mit.",
};

/** Without a kind it is that of the source: its credentials change, not the way they are proved. */
function authEntry(
  auth: string | undefined,
  said: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isSaying = Object.values(said).some((value) => value !== undefined);
  return auth === undefined && !isSaying
    ? {}
    : { auth: { ...(auth === undefined ? {} : { kind: auth }), ...said } };
}

/** Besides the secret, which every kind has in the same way. */
function ownOptions({ sources }: Kinds): readonly FieldOption[] {
  return fieldOptionsOf(sources).filter(({ field }) => field.type !== "secrets");
}

/** Where senders reach this installation; "": not known. */
async function addressOf(context: CommandContext, { url }: CommonOptions): Promise<string> {
  const environment = environmentOf(context);
  const far = url ?? context.env["LEADLEDGER_URL"];
  const near = environment === null ? "" : await ownAddress(context, environment);
  return far === undefined || far === "" ? near : far;
}

/** The one time that the secret can be seen. */
async function printHowToSend(
  context: CommandContext,
  item: ChangedItem<SourceItem>,
  options: SourceOptions,
): Promise<void> {
  const { terminal, say } = context;
  const declared = declaredOf(context.kinds.sources, item.auth.kind);
  const proof = declared?.proof ?? "own";
  const address = await addressOf(context, options);
  if (proof === "own") {
    const label = declared?.label ?? { en: item.auth.kind, de: item.auth.kind };
    terminal.out(leadUrl(address, calledSource(item.name, item)));
    terminal.note(say(noSamplesText({ label })));
    printMadeSecret(context, item);
    return;
  }
  const line = curlLineOf({
    address,
    source: item.name,
    proof,
    secret: item.secret === undefined ? { variable: options.secretEnv ?? "SECRET" } : { value: item.secret },
    keyPointer: typeof item.key?.["pointer"] === "string" ? item.key["pointer"] : null,
  });
  const once = {
    en: "Try it; the secret in this line is not shown again:",
    de: "Zum Ausprobieren; das Geheimnis in dieser Zeile wird nicht noch einmal gezeigt:",
  };
  terminal.out(
    `\n${say(item.secret === undefined ? { en: "Try it:", de: "Zum Ausprobieren:" } : once)}\n\n${line}\n`,
  );
  const asked = { url: leadUrl(address, item.name), shown: { ...item }, language: context.language };
  for (const { label, code } of declared?.samples?.(asked) ?? []) terminal.out(`${label}:\n\n${code}`);
}

const labelTitle: Texts = { en: "display name", de: "Anzeigename" };

function wordsOf(context: CommandContext): PartWords<SourceItem> {
  const { say } = context;
  const toText = ({ to }: SourceItem): string => {
    if (to === null) return say({ en: "all", de: "alle" });
    return typedTo(to) || say({ en: "nobody", de: "niemand" });
  };
  return {
    command: "source",
    noun: { en: "source", de: "Quelle" },
    none: { en: "No sources yet.", de: "Noch keine Quellen." },
    columns: [
      { column: { title: say(labelTitle), wraps: true }, cell: ({ label }) => label },
      { column: { title: say({ en: "credentials", de: "Zugang" }) }, cell: ({ auth }) => auth.kind },
      { column: { title: say({ en: "destinations", de: "Ziele" }), wraps: true }, cell: toText },
    ],
    details: (item, times) => [
      [say(labelTitle), item.label],
      [say({ en: "credentials", de: "Zugang" }), item.auth.kind],
      [
        say({ en: "secrets", de: "Geheimnisse" }),
        item.auth.secrets.map((secret) => secretText(secret, times, context)).join(", "),
      ],
      ...fieldRows(context, context.kinds.sources, { ...item, ...item.auth }, times),
      [say(clientTexts.option.title), item.client],
      [say({ en: "destinations", de: "Ziele" }), toText(item)],
      [say({ en: "key", de: "Kennung" }), say(keyText(item.key))],
      [say({ en: "person", de: "Person" }), item.person === null ? null : say(personText(item.person))],
      [say({ en: "country", de: "Land" }), item.country],
      [say({ en: "fields", de: "Felder" }), item.map === null ? null : JSON.stringify(item.map)],
      [say({ en: "schema", de: "Schema" }), item.schema === null ? null : writeExactly(item.schema)],
      [say({ en: "largest body", de: "größte Anfrage" }), item.body_limit],
      [say({ en: "rate limit", de: "Höchstrate" }), item.rate_limit],
      [say({ en: "bad credentials", de: "falsche Zugangsdaten" }), item.on_bad_credentials],
      [say({ en: "known key, other data", de: "bekannte Kennung, andere Daten" }), item.on_key_reuse],
      [
        say({ en: "same person again", de: "dieselbe Person noch einmal" }),
        item.same_person === null ? "deliver" : `${item.same_person.then} (${item.same_person.within})`,
      ],
      [
        say({ en: "silence", de: "Stille" }),
        item.silence === null || item.silence === "off"
          ? (item.silence ?? "learned")
          : Object.entries(item.silence)
              .map(([member, value]) => `${member} ${String(value)}`)
              .join(", "),
      ],
      [
        say({ en: "test leads", de: "Testleads" }),
        item.heartbeat === null ? null : `${item.heartbeat.every} (${item.heartbeat.sent_by})`,
      ],
    ],
    summaries: {
      list: { en: "all sources", de: "alle Quellen" },
      pause: {
        en: "leads are taken and held until it is resumed",
        de: "Leads werden angenommen und zurückgehalten, bis es weitergeht",
      },
      resume: { en: "go on, and deliver what was held", de: "weitermachen und Zurückgehaltenes zustellen" },
      rotate: { en: "replace the secret without a gap", de: "das Geheimnis ohne Lücke ersetzen" },
      test: {
        en: "send a test lead, as this source would take it",
        de: "einen Testlead senden, wie diese Quelle ihn annähme",
      },
      remove: {
        en: "switch off; leads and settings stay",
        de: "abschalten; Leads und Einstellungen bleiben",
      },
    },
  };
}
