// What a call of the API is made of: one description from which come its validation, its types and its documentation.
import type { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import type { Static, TSchema } from "typebox";
import type { ErrorCode, Language } from "../../../domain/errors/error-catalogue.ts";
import type { Permission } from "../../../domain/accounts/roles.ts";
import type { ProblemExtras } from "../../problem.ts";
import type { Reach } from "../../reach.ts";
import type { Principal } from "./principal.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** `anyone`: also without credentials; `signed_in`: whoever has some, whatever the role. */
export type Access = Permission | "anyone" | "signed_in";

/** Bodies by status; null: the answer has none. */
export type Answers = Readonly<Record<number, TSchema | null>>;

interface Description<Verb extends Method, Path extends string> {
  readonly method: Verb;
  /** Below /api/v1, parameters as Fastify writes them: `/runs/:run_id`. */
  readonly path: Path;
  readonly summary: string;
  readonly description?: string;
  /** The resource, under which the documentation lists it. */
  readonly tag: string;
  readonly access: Access;
  /** It is about the installation as a whole: nobody may who is limited to clients. */
  readonly isOfWhole?: true;
  /** `client` in its query: it is answered as if the caller were limited to that client. */
  readonly isByClient?: true;
  /** What can go wrong besides what every call has (401, 403, 400, 500, 503). */
  readonly problems?: readonly ErrorCode[];
  /** Media types of an answer that is a stream instead of JSON. */
  readonly streams?: readonly string[];
}

interface Shape<
  Params extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
  Answered extends Answers,
> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answers: Answered;
}

/** With its types, so that whoever makes the call is checked against it (call-types.ts); without them, any route. */
export interface Route<
  Verb extends Method = Method,
  Path extends string = string,
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Answered extends Answers = Answers,
>
  extends Description<Verb, Path>, Shape<Params, Query, Body, Answered> {
  readonly handle: (request: ApiRequest<never, never, never>) => Promise<ApiAnswer<Answers>>;
}

export interface ApiRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body's bytes, where numbers must stay exact. */
  readonly rawBody: Buffer;
  /** Of routes for `anyone`, nobody. */
  readonly principal: Principal;
  /** Whether the credentials are still good for the same: of answers that take long. */
  readonly isStillAllowed: () => Promise<boolean>;
  readonly language: Language;
  /** The header If-Match, as it came. */
  readonly ifMatch: string | null;
  readonly reach: Reach;
  readonly raw: FastifyRequest;
}

export type ApiAnswer<Answered extends Answers> =
  | {
      [Status in keyof Answered]: Answered[Status] extends TSchema
        ? Answer<Status & number, Static<Answered[Status]>>
        : { readonly status: Status; readonly headers?: AnswerHeaders };
    }[keyof Answered]
  | Refused
  | Streamed;

export interface Refused {
  readonly problem: ErrorCode;
  readonly extras?: ProblemExtras;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Streamed {
  readonly stream: Readable;
  readonly contentType: string;
  readonly fileName?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(
  problem: ErrorCode,
  extras?: ProblemExtras,
  headers?: Readonly<Record<string, string>>,
): Refused {
  return {
    problem,
    ...(extras === undefined ? {} : { extras }),
    ...(headers === undefined ? {} : { headers }),
  };
}

type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export interface AnswerExtras {
  /** Without quotes. */
  readonly etag?: string;
  /** The body holds what senders sent, read by `parseExactly`. */
  readonly exactNumbers?: true;
  readonly headers?: AnswerHeaders;
}

export function ok<Body>(body: Body, extras: AnswerExtras = {}): Answer<200, Body> {
  return { status: 200, body, ...extras };
}

export function created<Body>(body: Body, extras: AnswerExtras = {}): Answer<201, Body> {
  return { status: 201, body, ...extras };
}

export function accepted<Body>(body: Body, extras: AnswerExtras = {}): Answer<202, Body> {
  return { status: 202, body, ...extras };
}

export function noContent(headers: AnswerHeaders = {}): {
  readonly status: 204;
  readonly headers: AnswerHeaders;
} {
  return { status: 204, headers };
}

interface Answer<Status extends number, Body> extends AnswerExtras {
  readonly status: Status;
  readonly body: Body;
}

/** Ties the types of a handler to the schemas that its request was checked against. */
export function route<
  const Verb extends Method,
  const Path extends string,
  Answered extends Answers,
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
>(
  description: Description<Verb, Path> & Shape<Params, Query, Body, Answered>,
  handle: (request: ApiRequest<Static<Params>, Static<Query>, Static<Body>>) => Promise<ApiAnswer<Answered>>,
): Route<Verb, Path, Params, Query, Body, Answered> {
  return {
    ...description,
    handle: async (request) => (await handle(request)) as unknown as ApiAnswer<Answers>,
  };
}
