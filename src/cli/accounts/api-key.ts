// leadledger api-key list | create | revoke
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { lastValidInstant, parseExpiry } from "../../config/secret-expiry.ts";
import { parseDuration } from "../../domain/values/duration.ts";
import { roles } from "../../domain/accounts/roles.ts";
import type { Role } from "../../domain/accounts/roles.ts";
import { addClientLimit, clientsText } from "./client-limits.ts";
import type { ClientLimitOptions } from "./client-limits.ts";
import type { ApiClient, Item } from "../frame/api-client.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import type { Cell } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";
import { noteTimezone } from "../frame/times.ts";

type ApiKey = Item<"GET /api-keys">;

/** When a key ends, in the reporting time zone where a day is given. */
type Ends = (timezone: string) => Date;

interface CreateOptions extends CommonOptions, ClientLimitOptions {
  readonly role: Role;
  readonly expires?: Ends;
}

const listedMax = 500;

export function registerApiKey(program: Command, context: CommandContext): void {
  const { say } = context;
  const apiKey = addGroup(
    program,
    context,
    "api-key",
    {
      en: "keys with which programs call the API",
      de: "API-Schlüssel, mit denen Programme die API aufrufen",
    },
    ["leadledger api-key list", "leadledger api-key create reporting --role viewer"],
  );
  const list = addCommand(apiKey, context, {
    usage: "list",
    summary: { en: "all keys, also revoked ones", de: "alle API-Schlüssel, auch widerrufene" },
    examples: ["leadledger api-key list"],
  });
  act(list, context, (options) => withApi(context, options, (place) => listKeys(context, place, options)));

  const create = addCommand(apiKey, context, {
    usage: "create",
    summary: {
      en: "make a key; it is shown once",
      de: "einen API-Schlüssel erstellen; er wird einmal angezeigt",
    },
    details: {
      en: "The key stands alone on stdout.",
      de: "Auf der Standardausgabe steht allein der API-Schlüssel.",
    },
    examples: [
      "leadledger api-key create reporting --role viewer",
      "leadledger api-key create zapier --role operator --expires 90d",
      "leadledger api-key create agency --role viewer --expires 2027-01-31",
      "leadledger api-key create muster-reports --role viewer --client muster",
    ],
  })
    .argument("<name>", say({ en: "what it is for", de: "wofür er ist" }))
    .addOption(
      new Option("--role <role>", say({ en: "what it may do", de: "was er darf" }))
        .choices(roles)
        .makeOptionMandatory(),
    )
    .option(
      "--expires <when>",
      say({
        en: "a time from now (90d), the end of a day (2027-01-31), or an instant; absent: valid until revoked",
        de: "eine Frist ab jetzt (90d), das Ende eines Tages (2027-01-31) oder ein Zeitpunkt; sonst gültig bis zum Widerruf",
      }),
      endsParser(context),
    );
  addClientLimit(create, context);
  act<CreateOptions>(create, context, (options, [name = ""]) =>
    withApi(context, options, (place) => createKey(context, place, name, options)),
  );

  const revoke = addCommand(apiKey, context, {
    usage: "revoke",
    summary: {
      en: "end a key, at once and for ever",
      de: "einen API-Schlüssel widerrufen, sofort und endgültig",
    },
    examples: ["leadledger api-key revoke 3"],
  }).argument(
    "<key_id>",
    say({ en: "as the list shows it", de: "wie die Liste ihn zeigt" }),
    keyIdParser(context),
  );
  act(revoke, context, (options, [id = ""]) =>
    withApi(context, options, (place) => revokeKey(context, place, id, options)),
  );
}

async function listKeys(
  context: CommandContext,
  { api, times }: ApiClient,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const { terminal, say } = context;
  const { items } = await api.call("GET /api-keys", { query: { limit: listedMax } });
  if (json === true) printJson(context, { items });
  else if (items.length === 0)
    terminal.note(say({ en: "No API keys yet.", de: "Noch keine API-Schlüssel." }));
  else {
    const isLimited = items.some(({ clients }) => clients !== null);
    printTable(
      terminal,
      [
        { title: "key_id", align: "right" },
        { title: say({ en: "name", de: "Name" }), wraps: true },
        { title: say({ en: "role", de: "Rolle" }) },
        ...(isLimited ? [{ title: say({ en: "clients", de: "Kunden" }), wraps: true } as const] : []),
        { title: say({ en: "begins", de: "beginnt" }) },
        { title: say({ en: "state", de: "Stand" }), wraps: true },
        { title: say({ en: "last used", de: "zuletzt benutzt" }) },
      ],
      items.map((key) => [
        ...[key.key_id, key.name, key.role],
        ...(isLimited ? [clientsText(context, key.clients)] : []),
        ...[`${key.prefix}…`, stateOf(context, key, times)],
        key.last_used_at === null ? "–" : times.at(new Date(key.last_used_at)),
      ]),
    );
    noteTimezone(context, times);
  }
  return exitCodes.ok;
}

function stateOf({ say }: CommandContext, key: ApiKey, times: TimeText): Cell {
  if (key.revoked_at !== null) return { text: say({ en: "revoked", de: "widerrufen" }), colour: "dim" };
  if (key.expires_at === null) return say({ en: "valid", de: "gültig" });
  const ends = new Date(key.expires_at);
  if (ends.getTime() <= Date.now()) return { text: say({ en: "expired", de: "abgelaufen" }), colour: "dim" };
  return say({ en: `valid until ${times.at(ends)}`, de: `gültig bis ${times.at(ends)}` });
}

async function createKey(
  context: CommandContext,
  { api, times }: ApiClient,
  name: string,
  { role, client, expires, json }: CreateOptions,
): Promise<ExitCode> {
  const { terminal, say } = context;
  const made = await api.call("POST /api-keys", {
    body: {
      name,
      role,
      clients: client ?? null,
      expires_at: expires?.(times.timezone).toISOString() ?? null,
    },
  });
  if (json === true) {
    printJson(context, made);
    return exitCodes.ok;
  }
  terminal.note(
    say({
      en: `Key ${made.key_id} (${made.name}, role ${made.role}). It is shown this once; LeadLedger keeps a hash of it.`,
      de: `API-Schlüssel ${made.key_id} (${made.name}, Rolle ${made.role}). Er wird nur dieses Mal angezeigt; LeadLedger behält einen Hash.`,
    }),
  );
  terminal.out(made.key);
  return exitCodes.ok;
}

async function revokeKey(
  context: CommandContext,
  { api }: ApiClient,
  id: string,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const key = await api.call("POST /api-keys/:key_id/revoke", { params: { key_id: id } });
  if (json === true) printJson(context, key);
  else {
    context.terminal.out(
      context.say({
        en: `Key ${key.key_id} (${key.name}) is revoked.`,
        de: `API-Schlüssel ${key.key_id} (${key.name}) ist widerrufen.`,
      }),
    );
  }
  return exitCodes.ok;
}

function endsParser({ say }: CommandContext): (text: string) => Ends {
  return (text) => {
    const durationMs = parseDuration(text);
    if (durationMs !== null && durationMs > 0) return () => new Date(Date.now() + durationMs);
    const expiry = parseExpiry(text);
    if (expiry !== null) return (timezone) => lastValidInstant(expiry, timezone);
    throw new InvalidArgumentError(
      say({
        en: "Expected a duration (90d), a day (2027-01-31) or an instant (2027-01-31T18:00+01:00).",
        de: "Erwartet wird eine Dauer (90d), ein Tag (2027-01-31) oder ein Zeitpunkt (2027-01-31T18:00+01:00).",
      }),
    );
  };
}

function keyIdParser({ say }: CommandContext): (text: string) => string {
  return (text) => {
    if (/^[1-9]\d{0,14}$/.test(text)) return text;
    throw new InvalidArgumentError(
      say({
        en: "A key_id is a number; `leadledger api-key list` shows them.",
        de: "Eine key_id ist eine Zahl; `leadledger api-key list` zeigt sie.",
      }),
    );
  };
}
