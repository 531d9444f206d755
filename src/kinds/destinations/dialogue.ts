// The sender of kinds whose attempt is several HTTP requests: look for the person, write the record, add a note. Each answer
// is judged by rules of its own, all of them within the one time of the attempt; a token that is refused is fetched anew once.
import type { AnswerRule, AnswerSeen } from "../../domain/destinations/answer-rules.ts";
import { outcomeOfAnswer } from "../../domain/destinations/answer-outcome.ts";
import type { SendingDestination } from "../../domain/destinations/destination.ts";
import { failure, interrupted, timedOut } from "../../domain/destinations/outcome.ts";
import type { Delivered, Failed, Outcome } from "../../domain/destinations/outcome.ts";
import { misfitFailure } from "../../domain/destinations/map-misfits.ts";
import { misfitsOf } from "../../domain/destinations/remote-field.ts";
import type { RemoteField } from "../../domain/destinations/remote-field.ts";
import type { TargetMap } from "../../domain/destinations/target-map.ts";
import { parseExactly, writeExactly } from "../../domain/values/exact-json.ts";
import { answerText } from "../../outgoing/answer-text.ts";
import type { Answer, ExchangeEnd } from "../../outgoing/exchange.ts";
import { openHttpClient } from "../../outgoing/http-client.ts";
import type { HttpClient, HttpReach, HttpRequest } from "../../outgoing/http-client.ts";
import { bodyExcerpt, headerText } from "../../outgoing/response-excerpt.ts";
import { classifyTransportError } from "../../outgoing/transport-error.ts";
import type { SenderDeps } from "./destination-kind.ts";
import { excerptOf } from "./http-sender.ts";
import type { AccessTokens } from "./oauth2/access-tokens.ts";
import { probeWith } from "./probe.ts";
import type {
  DeliveryMessage,
  FieldCreated,
  FieldsRead,
  NewRemoteField,
  Reachability,
  ResponseExcerpt,
  Sender,
} from "./sender.ts";

/** A destination whose kind speaks in dialogues; perhaps with rules of its own (`answerFields`). */
export type DialogueDestination = SendingDestination &
  HttpReach & { readonly map?: TargetMap | undefined; readonly success?: readonly AnswerRule[] | undefined };

export interface Question {
  /** Without what proves who asks. */
  readonly request: HttpRequest;
  /** What its answers mean. */
  readonly answers: readonly AnswerRule[];
  /**
   * It hands the lead over: rules of the destination's own come before, and people are shown its answer. Of others they are
   * shown those that failed; what a receiver lists may be about somebody else.
   */
  readonly isHandover?: boolean;
  /** Lists are long: so much of its answer is read, and not 64 kB. */
  readonly isLong?: boolean;
  /** Nothing depends on it: its answer is never shown. */
  readonly isAside?: boolean;
}

export type Reply =
  | (Replied & { readonly kind: "done"; readonly outcome: Delivered })
  | (Replied & { readonly kind: "failed"; readonly outcome: Failed });

interface Replied {
  /** null: no answer came. */
  readonly status: number | null;
  /** The body as JSON with exact numbers (exact-json.ts); undefined: it is none. */
  readonly json: unknown;
  readonly header: (name: string) => string | null;
}

/** Never rejects. */
export type Ask = (question: Question) => Promise<Reply>;

export interface Dialogue {
  /** Of every request. */
  readonly origin: URL;
  /** Headers that prove who asks; `token`: of `tokens`, null where there are none. */
  readonly prove: (token: string | null) => Readonly<Record<string, string>>;
  readonly tokens?: AccessTokens | undefined;
  /** One attempt; what it answers is how the attempt ends. */
  readonly deliver: (message: DeliveryMessage, ask: Ask) => Promise<Outcome>;
  /** Whether what every lead needs is there, beyond its fields; null: it is. */
  readonly check?: (ask: Ask) => Promise<Failed | null>;
  /** The receiver's fields; answers up to `longAnswerMaxBytes` are read. */
  readonly fields?: (ask: Ask) => Promise<FieldsRead>;
  readonly createField?: (wanted: NewRemoteField, ask: Ask) => Promise<FieldCreated>;
  /** What people may see of an answer that is JSON; absent: all of it. */
  readonly shown?: (json: unknown) => unknown;
}

/** Of lists of fields and records: HubSpot's properties are several hundred kB. */
const longAnswerMaxBytes = 8 * 1_024 * 1_024;

export function dialogueSender(
  destination: DialogueDestination,
  deps: SenderDeps,
  dialogue: Dialogue,
): Sender {
  const { name } = destination;
  const client = openHttpClient(dialogue.origin, { ...destination, bodyDecides: true }, deps);
  const underWay = new Set<Promise<Outcome>>();
  let isClosed = false;
  const asking = (signal: AbortSignal, attempt: number): Asking =>
    new Asking({ destination, dialogue, client, signal, attempt, nowMs: deps.nowMs });

  /** Of people, who wait for it. */
  function askFor<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result> {
    const { ask } = asking(new AbortController().signal, 1);
    return work((question) => ask({ ...question, isLong: true }));
  }

  async function probe(): Promise<Reachability> {
    const reached = await probeWith(destination, () => client.tryToConnect());
    if (!reached.reachable) return reached;
    const granted = await dialogue.tokens?.current(new AbortController().signal, destination.timeoutMs);
    const failed =
      granted?.kind === "failed" ? granted : await askFor((ask) => unfit(destination, dialogue, ask));
    return failed === null ? reached : { reachable: false, code: failed.code, message: failed.message };
  }

  const { fields, createField } = dialogue;
  return {
    async attempt(message, signal) {
      if (isClosed) return { outcome: interrupted(name), durationMs: 0, response: null };
      const attempt = asking(signal, message.attempt);
      const ended = attempt.outcomeOf(() => dialogue.deliver(message, attempt.ask));
      underWay.add(ended);
      const outcome = await ended;
      underWay.delete(ended);
      return { outcome, durationMs: attempt.spentMs(), response: attempt.lastResponse };
    },
    probe,
    ...(fields === undefined ? {} : { fields: () => askFor((ask) => fields(ask)) }),
    ...(createField === undefined
      ? {}
      : { createField: (wanted: NewRemoteField) => askFor((ask) => createField(wanted, ask)) }),
    async close() {
      isClosed = true;
      // The next question of an attempt would find no connection.
      await Promise.all(underWay);
      await Promise.all([client.close(), dialogue.tokens?.close()]);
    },
  };
}

/** null: leads find there what they need. */
async function unfit(
  { name, map }: DialogueDestination,
  { fields, check }: Dialogue,
  ask: Ask,
): Promise<Failed | null> {
  const failed = await check?.(ask);
  if (failed !== undefined && failed !== null) return failed;
  const read = await fields?.(ask);
  if (read === undefined) return null;
  if (read.kind === "unread") return read.outcome;
  return map === undefined ? null : misfitFailure(name, misfitsOf(map, read.fields));
}

/** Fields as they were read, or why not. */
export function fieldsFrom(reply: Reply, read: (json: unknown) => readonly RemoteField[]): FieldsRead {
  if (reply.kind === "failed") return { kind: "unread", outcome: reply.outcome };
  return { kind: "fields", fields: read(reply.json) };
}

interface Asked {
  readonly destination: DialogueDestination;
  readonly dialogue: Dialogue;
  readonly client: HttpClient;
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly nowMs: () => number;
}

/** The questions of one attempt. */
class Asking {
  readonly #asked: Asked;
  readonly #startedMs = performance.now();
  /** Of the last answer that people are shown. */
  lastResponse: ResponseExcerpt | null = null;
  /** The lead, or a part of it, is there. */
  #isHandedOver = false;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  spentMs(): number {
    return Math.round(performance.now() - this.#startedMs);
  }

  /** A mistake of our own is a failed attempt, too: the lead is kept. */
  async outcomeOf(work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return this.#told(await work());
    } catch (error) {
      return this.#told(classifyTransportError(error, this.#asked.destination));
    }
  }

  /** A failure after the lead was handed over: the next attempt must look for it, whatever the failure was. */
  #told(outcome: Outcome): Outcome {
    return outcome.kind === "failed" && this.#isHandedOver ? { ...outcome, perhapsArrived: true } : outcome;
  }

  readonly ask: Ask = async (question) => {
    const { destination, dialogue, client, signal } = this.#asked;
    for (let isRepeat = false; ; isRepeat = true) {
      const granted = (await dialogue.tokens?.current(signal, this.#leftMs())) ?? null;
      if (granted?.kind === "failed") return unanswered(granted);
      if (performance.now() - this.#startedMs >= destination.timeoutMs)
        return unanswered(timedOut(destination.name, destination.timeoutMs));
      const token = granted?.token ?? null;
      const end = await client.request(
        proven(question.request, dialogue.prove(token)),
        signal,
        this.#leftMs(),
        bytesMaxOf(question),
      );
      if (isRepeat || token === null || end.kind !== "answered" || end.status !== 401)
        return this.#replyTo(question, end);
      dialogue.tokens?.refused(token);
    }
  };

  #leftMs(): number {
    return Math.max(this.#asked.destination.timeoutMs - (performance.now() - this.#startedMs), 1);
  }

  #replyTo(question: Question, end: ExchangeEnd): Reply {
    const { destination } = this.#asked;
    switch (end.kind) {
      case "answered":
        return this.#judged(question, end);
      case "timed_out":
        return unanswered(timedOut(destination.name, destination.timeoutMs));
      case "interrupted":
        return unanswered(interrupted(destination.name));
      case "failed":
        return unanswered(classifyTransportError(end.error, destination));
    }
  }

  #judged(question: Question, answer: Answer): Reply {
    const { destination, dialogue, attempt, nowMs } = this.#asked;
    const { answers, isHandover = false, isAside = false } = question;
    const { name, success = [] } = destination;
    const body = answerText(answer, bytesMaxOf(question));
    const json = jsonOf(body);
    const seen: AnswerSeen = {
      status: answer.status,
      header: (each) => headerText(answer.headers, each),
      body,
    };
    if (answer.bodyEnd === "interrupted") return unanswered(interrupted(name));
    const rules = isHandover ? [...success, ...answers] : answers;
    const outcome = outcomeOfAnswer(rules, seen, { name, attempt, nowMs: nowMs() });
    if (isHandover || (outcome.kind === "failed" && !isAside))
      this.lastResponse = shownOf(excerptOf(answer, body), body, json, dialogue.shown);
    this.#isHandedOver ||=
      isHandover && outcome.kind === "delivered" && outcome.receipt?.duplicate === undefined;
    const replied = {
      status: answer.status,
      json,
      header: (each: string) => seen.header(each),
    };
    return outcome.kind === "delivered"
      ? { kind: "done", outcome, ...replied }
      : { kind: "failed", outcome, ...replied };
  }
}

/** undefined: as much as of any answer. */
function bytesMaxOf({ isLong = false }: Question): number | undefined {
  return isLong ? longAnswerMaxBytes : undefined;
}

function unanswered(outcome: Failed): Reply {
  return { kind: "failed", outcome, status: null, json: undefined, header: () => null };
}

function proven(request: HttpRequest, proof: Readonly<Record<string, string>>): HttpRequest {
  return { ...request, headers: { ...request.headers, ...proof } };
}

/** Of an answer that cannot be read, nothing: what must not be seen may stand in it. */
function shownOf(
  excerpt: ResponseExcerpt,
  body: AnswerSeen["body"],
  json: unknown,
  shown: Dialogue["shown"],
): ResponseExcerpt {
  if (shown === undefined || (body.kind === "whole" && json === undefined)) return excerpt;
  const text = json === undefined ? "" : writeExactly(shown(json));
  return { ...excerpt, bodyExcerpt: excerpt.bodyExcerpt === "" ? "" : bodyExcerpt(Buffer.from(text)) };
}

function jsonOf(body: AnswerSeen["body"]): unknown {
  if (body.kind === "unreadable") return undefined;
  try {
    const json = parseExactly(body.text);
    // What is nested too deep comes back as the text itself.
    return json === body.text ? undefined : json;
  } catch {
    return undefined;
  }
}

/** The request of a question in JSON. */
export function jsonRequest(method: string, path: string, body?: string): HttpRequest {
  return {
    method,
    path,
    headers: {
      "user-agent": "LeadLedger",
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body ?? "",
  };
}

/** A step before the lead was handed over failed in a way that says nothing about the lead: it is tried again. */
export function lookupFailed({ name }: { readonly name: string }, what: string): Failed {
  return failure("destination_bad_response", `${name} answered ${what} in a way that is not understood`);
}
