// What `leadledger user` does: one function per command, over the calls of the API.
import type { ApiCalls } from "../../api.ts";
import { userFilterMembers } from "../../http/api/accounts/user-filter.ts";
import type { ApiClient, Item } from "../frame/api-client.ts";
import { withApi } from "../frame/api-client.ts";
import { askSecret } from "../frame/ask-secret.ts";
import { printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { environmentOf } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { clientsText } from "./client-limits.ts";
import type { ClientLimitOptions } from "./client-limits.ts";
import { filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import type { Role } from "../../domain/accounts/roles.ts";
import type { Language, Texts } from "../frame/language.ts";
import { ownAddress } from "../frame/own-address.ts";
import { printTable } from "../frame/table.ts";
import type { Cell } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";

type User = Item<"GET /users">;

export interface AddOptions extends CommonOptions, ClientLimitOptions {
  readonly role: Role;
  readonly name?: string;
  readonly language?: Language;
}

const listedMax = 500;

export async function listUsers(
  context: CommandContext,
  { api, times }: ApiClient,
  { json, ...options }: CommonOptions & FilterOptions,
): Promise<ExitCode> {
  const { terminal, say } = context;
  const filter = filterSaid(userFilterMembers, options);
  const { items } = await api.call("GET /users", { query: { ...filter, limit: listedMax } });
  if (json === true) printJson(context, { items });
  else if (items.length === 0) {
    terminal.note(
      say({
        en: "Nobody can sign in yet. leadledger user add <e-mail> --role admin",
        de: "Noch kann sich niemand anmelden. leadledger user add <E-Mail> --role admin",
      }),
    );
  } else {
    const isLimited = items.some(({ clients }) => clients !== null);
    printTable(
      terminal,
      [
        { title: "user_id", align: "right" },
        { title: say({ en: "e-mail", de: "E-Mail" }) },
        { title: say({ en: "name", de: "Name" }), wraps: true },
        { title: say({ en: "role", de: "Rolle" }) },
        ...(isLimited ? [{ title: say({ en: "clients", de: "Kunden" }), wraps: true } as const] : []),
        { title: say({ en: "state", de: "Stand" }), wraps: true },
        { title: say({ en: "last signed in", de: "zuletzt angemeldet" }) },
      ],
      items.map((user) => [
        ...[user.user_id, user.login, user.display_name, user.role],
        ...(isLimited ? [clientsText(context, user.clients)] : []),
        stateOf(context, user),
        user.signed_in_at === null ? "–" : times.at(new Date(user.signed_in_at)),
      ]),
    );
    noteTimezone(context, times);
  }
  return exitCodes.ok;
}

function stateOf({ say }: CommandContext, user: User): Cell {
  if (user.disabled_at !== null) return { text: say({ en: "disabled", de: "gesperrt" }), colour: "red" };
  if (!user.has_password)
    return { text: say({ en: "no password yet", de: "noch ohne Passwort" }), colour: "yellow" };
  if (user.locked_until !== null) {
    const text = say({ en: "locked: wrong passwords", de: "vorübergehend gesperrt: falsche Passwörter" });
    return { text, colour: "yellow" };
  }
  return say({ en: "active", de: "aktiv" });
}

export async function addUser(
  context: CommandContext,
  place: ApiClient,
  login: string,
  options: AddOptions,
): Promise<ExitCode> {
  const made = await place.api.call("POST /users", {
    body: {
      login,
      role: options.role,
      clients: options.client ?? null,
      display_name: options.name ?? login.split("@")[0] ?? login,
      language: options.language ?? context.language,
    },
  });
  return printSetupLink(context, place, made, options);
}

export async function changeOne(
  context: CommandContext,
  place: ApiClient,
  name: string,
  body: ApiCalls["PATCH /users/:user_id"]["body"],
  { json }: CommonOptions,
  done: Texts,
): Promise<ExitCode> {
  const user = await findUser(context, place, name);
  if (user === null) return exitCodes.failed;
  const changed = await place.api.call("PATCH /users/:user_id", { params: { user_id: user.user_id }, body });
  if (json === true) printJson(context, changed);
  else context.terminal.out(`${changed.login} ${context.say(done)}`);
  return exitCodes.ok;
}

/** Asked for before anything is opened: a database does not wait for somebody who types. */
export async function setPassword(
  context: CommandContext,
  name: string,
  options: CommonOptions,
): Promise<ExitCode> {
  const secret = await askSecret(context);
  if (secret.kind !== "given") {
    context.terminal.note(
      context.say(
        secret.kind === "not_given"
          ? { en: "No password was given.", de: "Es wurde kein Passwort angegeben." }
          : { en: "The two passwords are not the same.", de: "Die beiden Passwörter sind nicht gleich." },
      ),
    );
    return exitCodes.usage;
  }
  return withApi(context, options, (place) =>
    changeOne(context, place, name, { password: secret.text }, options, {
      en: "has a new password.",
      de: "hat ein neues Passwort.",
    }),
  );
}

export async function printSetupLink(
  context: CommandContext,
  { api, times, installation }: ApiClient,
  user: User,
  { json, url: server }: CommonOptions,
): Promise<ExitCode> {
  const { terminal, say, env } = context;
  const link = await api.call("POST /users/:user_id/setup-links", { params: { user_id: user.user_id } });
  const here = installation === null ? null : environmentOf(context);
  const base = here === null ? (server ?? env["LEADLEDGER_URL"] ?? "") : await ownAddress(context, here);
  const url = link.url ?? `${base.replace(/\/$/, "")}${link.path}`;
  if (json === true) {
    printJson(context, { user_id: user.user_id, login: user.login, ...link, url });
    return exitCodes.ok;
  }
  const until = times.at(new Date(link.expires_at));
  terminal.note(
    say({
      en: `With this link ${user.login} sets the password, once, until ${until} (${times.timezone}). Whoever has it can use it. From elsewhere, its beginning is the address under which LeadLedger is reached.`,
      de: `Mit diesem Link legt ${user.login} das Passwort fest, einmal, bis ${until} (${times.timezone}). Wer ihn hat, kann ihn benutzen. Von anderswo steht an seinem Anfang die Adresse, unter der LeadLedger erreichbar ist.`,
    }),
  );
  terminal.out(url);
  return exitCodes.ok;
}

/** null: there is none, which has been said. */
export async function findUser(
  context: CommandContext,
  { api }: ApiClient,
  name: string,
): Promise<User | null> {
  if (/^[1-9]\d{0,14}$/.test(name)) return api.call("GET /users/:user_id", { params: { user_id: name } });
  const { items } = await api.call("GET /users", { query: { login: name } });
  if (items[0] !== undefined) return items[0];
  const { terminal, say } = context;
  terminal.note(
    terminal.paintNote(
      "red",
      say({
        en: `There is no user ${name}. leadledger user list shows them.`,
        de: `Ein Konto ${name} gibt es nicht. leadledger user list zeigt alle.`,
      }),
    ),
  );
  return null;
}
