// Gives a command the API for as long as it runs: of a server (--url and --key), or in this process, on the database that
// the other commands use too. Both are the same routes, so a command works the same way near and far.
import { Readable } from "node:stream";
import type { ApiCalls } from "../../api.ts";
import { parseExactly } from "../../domain/values/exact-json.ts";
import { callAddress } from "../../domain/values/call-address.ts";
import type { CallParts } from "../../domain/values/call-address.ts";
import type { Arguments, Asked, ItemOf, ListsOf, Loose, Page } from "../../http/api/frame/call-types.ts";
import type { Method } from "../../http/api/frame/route.ts";
import type { CommandFailure } from "../../explanations/command-failures.ts";
import type { Installation } from "../../runtime/installation.ts";
import type { CommandContext, CommonOptions } from "./command.ts";
import { withInstallation } from "./command-installation.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import { codeText } from "./failure.ts";
import type { TimeText } from "./times.ts";
import { timeText } from "./times.ts";

type CallName = keyof ApiCalls;
export type Answer<Name extends CallName> = ApiCalls[Name]["answer"];
export type Query<Name extends CallName> = NonNullable<ApiCalls[Name]["query"]>;
type ListName = ListsOf<ApiCalls>;
export type Item<Name extends ListName> = ItemOf<ApiCalls[Name]>;
export type Said<Name extends CallName> = Arguments<Asked<ApiCalls[Name]>>;

/** Calls go by the names of their routes: `call("GET /runs/:run_id", { params: { run_id } })`. */
export interface Api {
  /** The answer's JSON, as `parseExactly` reads it. Rejects with ApiProblem where the answer is one. */
  call<Name extends CallName>(name: Name, ...said: Said<Name>): Promise<Answer<Name>>;
  /** The same; null where there is no such thing (404). */
  find<Name extends CallName>(name: Name, ...said: Said<Name>): Promise<Answer<Name> | null>;
  /** The items of a list, page by page, `itemsMax` at most. */
  items<Name extends ListName>(
    name: Name,
    filter: Partial<Loose<Query<Name>>>,
    itemsMax: number,
  ): Promise<Item<Name>[]>;
  /** The answer's bytes as they come. */
  stream<Name extends CallName>(name: Name, ...said: Said<Name>): Promise<Readable>;
}

export interface ApiClient {
  readonly api: Api;
  /** Times in the reporting time zone. */
  readonly times: TimeText;
  /** null: a server far away has it. */
  readonly installation: Installation | null;
}

/** Problem details (RFC 9457) that a call was answered with. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: ProblemMembers;

  constructor(status: number, details: ProblemMembers) {
    super(details.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = details.code ?? "";
    this.details = details;
  }
}

interface ProblemMembers {
  readonly title?: string;
  readonly detail?: string;
  readonly reason?: string;
  readonly code?: string;
  /** Of a configuration: each place that is wrong. */
  readonly problems?: readonly { readonly code: string; readonly place: string; readonly message: string }[];
  readonly dlq_id?: number | null;
}

/** Opens, works, closes; what went wrong has been said when this resolves. */
export async function withApi(
  context: CommandContext,
  options: CommonOptions,
  work: (apiClient: ApiClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  const url = options.url ?? context.env["LEADLEDGER_URL"];
  if (url !== undefined && url !== "") return withServer(context, url, options, work);
  return withInstallation(context, async ({ installation, times }) => {
    const { openLocalApi } = await import("../../api.ts");
    const local = await openLocalApi({ installation, kinds: context.kinds }, context.actor);
    const send: Send = async ({ method, path, headers, body }) => {
      const response = await local.inject({
        method,
        url: path,
        headers,
        payloadAsStream: true,
        ...(body === undefined ? {} : { payload: body }),
      });
      const type = response.headers["content-type"];
      return { status: response.statusCode, type: String(type ?? ""), stream: response.stream() };
    };
    try {
      return await saying(context, () => work({ api: apiOver(context, send), times, installation }));
    } finally {
      await local.close();
    }
  });
}

async function withServer(
  context: CommandContext,
  url: string,
  { key }: CommonOptions,
  work: (apiClient: ApiClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  const secret = key ?? context.env["LEADLEDGER_API_KEY"];
  if (!isServerAddress(url) || secret === undefined) {
    context.terminal.note(
      context.say({
        en: "--url takes the address of a LeadLedger (https://leads.example) and needs an API key: LEADLEDGER_API_KEY or --key.",
        de: "--url nimmt die Adresse eines LeadLedgers (https://leads.example) und braucht einen API-Schlüssel: LEADLEDGER_API_KEY oder --key.",
      }),
    );
    return exitCodes.usage;
  }
  const send: Send = async ({ method, path, headers, body }) => {
    const response = await fetch(`${withoutSlashes(url)}${path}`, {
      method,
      redirect: "error",
      headers: { ...headers, authorization: `Bearer ${secret}` },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    }).catch(unreachable);
    const stream = Readable.from(chunksOf(response.body));
    return { status: response.status, type: response.headers.get("content-type") ?? "", stream };
  };
  const api = apiOver(context, send);
  return saying(
    context,
    async () => {
      const { timezone } = await api.call("GET /settings");
      return work({ api, times: timeText(timezone, context.language), installation: null });
    },
    url,
  );
}

/** The server did not answer, or not to the end; `cause` says why. */
class Unreachable extends Error {}

function unreachable(error: unknown): never {
  const { cause = error } = error instanceof Error ? error : {};
  throw new Unreachable(cause instanceof Error ? cause.message : String(cause), { cause: error });
}

/** Of `fetch`, which gives every failure of the line as a TypeError. */
async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    if (body !== null) yield* body;
  } catch (error) {
    unreachable(error);
  }
}

/** No credentials in it: they would be said with it. */
function isServerAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

interface Sent {
  readonly method: Method;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
}

type Send = (sent: Sent) => Promise<{ status: number; type: string; stream: Readable }>;

function apiOver({ language }: CommandContext, send: Send): Api {
  const answer = async (
    name: CallName,
    { body, json, ifMatch, ...parts }: AnythingSaid = {},
  ): Promise<Readable> => {
    const { method, path } = callAddress(name, parts);
    const payload = json ?? (body === undefined ? undefined : JSON.stringify(body));
    const { status, type, stream } = await send({
      method: method as Method,
      path: `/api/v1${path}`,
      headers: {
        "accept-language": language,
        ...(payload === undefined ? {} : { "content-type": "application/json" }),
        ...(typeof ifMatch === "string" ? { "if-match": ifMatch } : {}),
      },
      body: payload === undefined ? undefined : Buffer.from(payload),
    });
    if (status < 400) return stream;
    const text = await textOf(stream);
    throw new ApiProblem(status, type.includes("json") ? (JSON.parse(text) as ProblemMembers) : {});
  };
  const read = async (name: CallName, said: AnythingSaid | undefined): Promise<unknown> => {
    const text = await textOf(await answer(name, said));
    return text === "" ? null : parseExactly(text);
  };
  async function call<Name extends CallName>(name: Name, ...[said]: Said<Name>): Promise<Answer<Name>> {
    return (await read(name, said)) as Answer<Name>;
  }
  async function find<Name extends CallName>(name: Name, ...said: Said<Name>): Promise<Answer<Name> | null> {
    try {
      return await call(name, ...said);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    }
  }
  async function items<Name extends ListName>(
    name: Name,
    filter: Partial<Loose<Query<Name>>>,
    itemsMax: number,
  ): Promise<Item<Name>[]> {
    const all: Item<Name>[] = [];
    let cursor: string | null = null;
    do {
      const limit = Math.min(pageItemsMax, itemsMax - all.length);
      const page = (await read(name, { query: { ...filter, limit, cursor } })) as Page<Item<Name>>;
      all.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null && all.length < itemsMax);
    return all;
  }
  return { call, find, items, stream: (name, ...[said]) => answer(name, said) };
}

/** What the types of a call let through. */
interface AnythingSaid extends CallParts {
  readonly body?: unknown;
  readonly json?: string;
  readonly ifMatch?: string | null;
}

const pageItemsMax = 500;

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

const unanswered: CommandFailure = "server_unreachable";

/** `url`: of a server, for whoever has to find out why it does not answer. */
async function saying(
  context: CommandContext,
  work: () => Promise<ExitCode>,
  url: string | null = null,
): Promise<ExitCode> {
  const { terminal, say } = context;
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiProblem) {
      const { title, detail, reason, problems = [] } = error.details;
      const places = problems.map(({ code, place, message }) => `  ${place}: ${message} [${code}]`);
      const said = [title ?? error.message, reason, ...places, detail].filter((text) => text !== undefined);
      terminal.note(terminal.paintNote("red", `${say({ en: "Error", de: "Fehler" })}: ${said.join("\n")}`));
      if (error.code !== "") terminal.note(codeText(error.code));
      if (error.code.startsWith("database_")) return exitCodes.database;
      return error.status === 401 || error.status === 403 ? exitCodes.usage : exitCodes.failed;
    }
    if (url === null || !(error instanceof Unreachable)) throw error;
    const why = error.message;
    terminal.note(
      terminal.paintNote(
        "red",
        say({
          en: `Error: ${new URL(url).origin} does not answer: ${why}`,
          de: `Fehler: ${new URL(url).origin} antwortet nicht: ${why}`,
        }),
      ),
    );
    terminal.note(codeText(unanswered));
    return exitCodes.database;
  }
}

/** Without those at its end: paths begin with one. */
function withoutSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}
