// One call of the API. Whoever is signed in is known by the browser's cookie.
import { parseExactly } from "./exact-json.ts";
import { Unreachable, problemOf } from "./problem.ts";

export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

export interface Call {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  /** A body that is JSON already. */
  readonly text?: string;
  /** The version that a change is meant for (RFC 9110 section 13.1.1), as `ETag` said it. */
  readonly ifMatch?: string | null;
  readonly signal?: AbortSignal;
}

export interface Answered<Body> {
  readonly body: Body;
  readonly etag: string | null;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

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

/** Rejects with ApiProblem or Unreachable. */
export async function call<Body>(method: Method, path: string, options: Call = {}): Promise<Answered<Body>> {
  const { query = {}, body, text, ifMatch, signal } = options;
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  let response: Response;
  let answer: string;
  try {
    response = await fetch(addressOf(path, query), {
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
  return { body: read as Body, etag: response.headers.get("etag") };
}

export async function get<Body>(path: string, options?: Call): Promise<Body> {
  return (await call<Body>("GET", path, options)).body;
}

export async function post<Body>(path: string, options?: Call): Promise<Body> {
  return (await call<Body>("POST", path, options)).body;
}

export async function patch<Body>(path: string, options?: Call): Promise<Body> {
  return (await call<Body>("PATCH", path, options)).body;
}

export async function put<Body>(path: string, options?: Call): Promise<Body> {
  return (await call<Body>("PUT", path, options)).body;
}

export async function remove<Body>(path: string, options?: Call): Promise<Body> {
  return (await call<Body>("DELETE", path, options)).body;
}

/** The address of a call, for links that the browser follows itself: downloads. */
export function addressOf(path: string, query: NonNullable<Call["query"]> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    for (const each of typeof value === "object" ? value : [value]) search.append(name, String(each));
  }
  return `${basePath}/api/v1${path}${search.size === 0 ? "" : `?${search.toString()}`}`;
}

function readAnswer(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return null;
  }
}
