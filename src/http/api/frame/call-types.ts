// What a call of the API is to whoever makes it, by its name (`GET /runs/:run_id`): the types of its route. Types alone:
// the dashboard takes them, too.
import type { Static, TSchema } from "typebox";
import type { Answers, Method, Route } from "./route.ts";

/** The calls of an API by their names: `CallsOf<ReturnType<typeof apiRoutes>[number]>`. */
export type CallsOf<Routes extends Route> = {
  readonly [Each in Routes as `${Each["method"]} ${Each["path"]}`]: CallOf<Each>;
};

/** Where a call has no such part: undefined. Times are ISO 8601 texts both ways. */
export interface Call {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** null: an answer without a body. */
  readonly answer: unknown;
}

interface CallOf<Each> extends Call {
  readonly params: Each extends Route<Method, string, infer Params> ? PartOf<Params> : never;
  readonly query: Each extends Route<Method, string, TSchema, infer Query> ? PartOf<Query> : never;
  readonly body: Each extends Route<Method, string, TSchema, TSchema, infer Body> ? PartOf<Body> : never;
  readonly answer: Each extends Route<Method, string, TSchema, TSchema, TSchema, infer Answered>
    ? AnswerOf<Answered>
    : never;
}

/** A route that says nothing about a part has the type that any schema has. */
type PartOf<Schema extends TSchema> = TSchema extends Schema ? undefined : OnTheLine<Static<Schema>>;

type AnswerOf<Answered extends Answers> = {
  [Status in keyof Answered]: Answered[Status] extends TSchema ? OnTheLine<Static<Answered[Status]>> : null;
}[keyof Answered];

/** As JSON has it. */
type OnTheLine<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly OnTheLine<Item>[]
    : T extends object
      ? { readonly [Member in keyof T]: OnTheLine<T[Member]> }
      : T;

/** What is said in a call; `More` is what a client adds of its own. */
export type Asked<Of extends Call, More = unknown> = ParamsAsked<Of["params"]> &
  QueryAsked<Of["query"]> &
  BodyAsked<Of["body"]> & {
    /** The version that a change is meant for, as `ETag` said it (RFC 9110 section 13.1.1). */
    readonly ifMatch?: string | null;
  } & More;

/** A path is text: what stands in the browser's address may stand in it, and what is no id is that of nothing (404). */
type ParamsAsked<Params> = Params extends undefined
  ? unknown
  : { readonly params: { readonly [Name in keyof Params]: string | number } };

type QueryAsked<Query> = Query extends undefined
  ? unknown
  : Partial<Query> extends Query
    ? { readonly query?: Loose<Query> }
    : { readonly query: Loose<Query> };

/** Members that are undefined or null are left out; one of a list may stand alone. */
export type Loose<Query> = {
  readonly [Member in keyof Query]: OneOrAll<Query[Member]> | null | undefined;
};
type OneOrAll<Value> = Value extends readonly (infer One)[] ? Value | One : Value;

/** `json`: the same, written already, where numbers must stay as they are. */
type BodyAsked<Body> = [Body] extends [undefined]
  ? unknown
  : undefined extends Body
    ? { readonly body?: Body; readonly json?: string }
    : { readonly body: Body; readonly json?: never } | { readonly json: string; readonly body?: never };

/** Says it as arguments: nothing where nothing has to be said. */
export type Arguments<Said> = Partial<Said> extends Said ? readonly [said?: Said] : readonly [said: Said];

/** The calls whose answer is one page of a list. */
export type ListsOf<Calls extends Readonly<Record<string, Call>>> = {
  [Name in keyof Calls]: Calls[Name]["answer"] extends Page<unknown> ? Name : never;
}[keyof Calls];

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

export type ItemOf<Of extends Call> = Of["answer"] extends Page<infer Item> ? Item : never;
