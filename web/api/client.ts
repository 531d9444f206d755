// One call of the API. Whoever is signed in is known by the browser's cookie.
import type { ApiCalls } from "../../src/api.ts";
import { callAddress } from "../../src/domain/values/call-address.ts";
import type { CallParts } from "../../src/domain/values/call-address.ts";
import type { Arguments, Asked, ItemOf, ListsOf, Loose, Page } from "../../src/http/api/frame/call-types.ts";
import { parseExactly } from "../../src/domain/values/exact-json.ts";
import { bodyByClient, queryByClient } from "./chosen-client.ts";
import { Unreachable, problemOf } from "./problem.ts";

export type CallName = keyof ApiCalls;
export type Answer<Name extends CallName> = ApiCalls[Name]["answer"];
export type Query<Name extends CallName> = NonNullable<ApiCalls[Name]["query"]>;
export type ListName = ListsOf<ApiCalls>;
export type Item<Name extends ListName> = ItemOf<ApiCalls[Name]>;

interface Signalled {
  readonly signal?: AbortSignal;
}
type Said<Name extends CallName> = Arguments<Asked<ApiCalls[Name], Signalled>>;

export interface Answered<Body> {
  readonly body: Body;
  readonly etag: string | null;
}

/** Set by whoever knows the reader's language; problems come in it. */
let acceptLanguage = "de";

export function speak(language: string): void {
  acceptLanguage = language;
}

/** Set by the page (root.ts): what stands before all paths. */
let basePath = "";

export function callBelow(path: string): void {
  basePath = path;
}

/** `call("GET /runs/:run_id", { params: { run_id } })`; rejects with ApiProblem or Unreachable. */
export async function call<Name extends CallName>(name: Name, ...said: Said<Name>): Promise<Answer<Name>> {
  return (await callWithEtag(name, ...said)).body;
}

/** One page of a list, whichever list it is. */
export async function pageOf<Name extends ListName>(
  name: Name,
  query: Partial<Loose<Query<Name>>>,
  signal: AbortSignal,
): Promise<Page<Item<Name>>> {
  const said = { query, signal } as unknown as Said<Name>[0];
  return (await call(name, ...([said] as unknown as Said<Name>))) as Page<Item<Name>>;
}

/** The same, with the version of what is answered. */
export async function callWithEtag<Name extends CallName>(
  name: Name,
  ...[said]: Said<Name>
): Promise<Answered<Answer<Name>>> {
  const { body, json, ifMatch, signal, ...parts }: AnythingSaid = said ?? {};
  const { method, path } = callAddress(name, filled(name, parts));
  const payload = json ?? (body === undefined ? undefined : JSON.stringify(bodyByClient(name, body)));
  let response: Response;
  let answer: string;
  try {
    response = await fetch(`${basePath}/api/v1${path}`, {
      method,
      headers: {
        "Accept-Language": acceptLanguage,
        ...(payload === undefined ? {} : { "Content-Type": "application/json" }),
        ...(typeof ifMatch === "string" ? { "If-Match": ifMatch } : {}),
      },
      ...(payload === undefined ? {} : { body: payload }),
      ...(signal === undefined ? {} : { signal }),
    });
    answer = await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable("no answer", { cause: error });
  }
  const read = answer === "" ? null : readAnswer(answer);
  if (!response.ok) throw problemOf(response.status, read);
  return { body: read as Answer<Name>, etag: response.headers.get("etag") };
}

/** What the types above let through. */
interface AnythingSaid extends CallParts, Signalled {
  readonly body?: unknown;
  readonly json?: string;
  readonly ifMatch?: string | null;
}

/** The address of a call, for what the browser follows itself: downloads, streams. */
export function addressOf<Name extends CallName>(name: Name, ...[said]: Said<Name>): string {
  const parts: AnythingSaid = said ?? {};
  return `${basePath}/api/v1${callAddress(name, filled(name, parts)).path}`;
}

/** A field that was left empty narrows nothing. */
function filled(name: CallName, { params = {}, query = {} }: CallParts): CallParts {
  const said = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
  return { params, query: queryByClient(name, said) };
}

function readAnswer(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return null;
  }
}
