// Senders for tests of faults: they post without pause, send again what was not answered, repeat keys, contradict
// themselves, send what nobody can read, and remember every answer.
import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, request } from "undici";
import { signedHeaders } from "./webhook-client.ts";

export interface LoadSource {
  readonly name: string;
  /** false: the hash of the body is the key. */
  readonly hasKeys: boolean;
  credentials(body: string): Readonly<Record<string, string>>;
}

const token = "long-enough-for-a-test";
const secret = "a-secret-that-signs-what-is-sent";
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` });

const website: LoadSource = { name: "website", hasKeys: true, credentials: bearer };
const shop: LoadSource = { name: "shop", hasKeys: true, credentials: (body) => signedHeaders(secret, body) };
const form: LoadSource = { name: "form", hasKeys: false, credentials: bearer };
/** Refuses what comes too fast. */
const limited: LoadSource = { name: "limited", hasKeys: true, credentials: bearer };
export const loadSources = { website, shop, form, limited } as const;

/** The sources as the program's configuration says them. */
export const loadSourcesYaml = `
sources:
  website: { auth: { kind: token, secret: ${token} } }
  shop: { auth: { kind: hmac, secret: ${secret} } }
  form: { auth: { kind: token, secret: ${token} }, key: { body_hash: 10m } }
  limited: { auth: { kind: token, secret: ${token} }, rate_limit: 20/s }`;

/** What is sent under one key; sent again it is the same bytes. */
export interface Sending {
  readonly source: LoadSource;
  /** null where the hash of the body is the key. */
  readonly key: string | null;
  /** In the body, as `lead`; no two bodies share one. */
  readonly marker: string;
  readonly body: string;
}

/** An answer that says that what was sent is kept. */
export interface Told {
  readonly source: string;
  readonly key: string | null;
  readonly marker: string;
  readonly status: 200 | 202 | 422;
  readonly runId: string;
  /** null: not a refusal, or kept in the spool. */
  readonly dlqId: number | null;
  readonly isSpooled: boolean;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

export interface LoadOptions {
  readonly senders: number;
  readonly sources?: readonly LoadSource[];
  /** Nothing but new leads that are sent once: for floods. */
  readonly onlyNew?: boolean;
  /** Requests that one sender has under way on its connection. */
  readonly pipelined?: number;
  /** Between an answer and the next request. */
  readonly pauseMs?: number;
}

export interface Load {
  readonly told: readonly Told[];
  /** How many of them are kept in the spool. */
  readonly spooled: number;
  readonly sent: number;
  readonly refusedWith5xx: number;
  readonly rateLimited: number;
  /** Connections that broke, or were refused, before there was an answer. */
  readonly unanswered: number;
  /** Answers that the contract does not know, and refusals without an honest Retry-After. */
  readonly unexpected: readonly string[];
  /** Resolves when every request under way has ended. */
  stop(): Promise<void>;
}

const recentMax = 500;
const unexpectedMax = 20;
const answerLimitMs = 30_000;
const retryPauseMs = 50;
const retryAfterMaxSeconds = 120;
const givesUp = 0.2;

/** Posts to the node at `url` until it is stopped, also while nobody listens there. */
export function startLoad(url: string, options: LoadOptions): Load {
  const { senders, onlyNew = false, pipelined = 1, pauseMs = 0 } = options;
  const sources = options.sources ?? [website, shop, form];
  const agent = openAgent(senders, pipelined);
  const told: Told[] = [];
  const unexpected: string[] = [];
  const recent: Sending[] = [];
  const counts = { spooled: 0, sent: 0, refusedWith5xx: 0, rateLimited: 0, unanswered: 0 };
  let stopping = false;

  async function sender(): Promise<void> {
    let again: Sending | null = null;
    while (!stopping) {
      const sending: Sending = again ?? choose();
      counts.sent += 1;
      const answer = await post(agent, url, sending);
      const isSettled = note(sending, answer);
      again = isSettled || onlyNew || Math.random() < givesUp ? null : sending;
      if (answer === null) counts.unanswered += 1;
      if (answer === null || pauseMs > 0) await delay(answer === null ? retryPauseMs : pauseMs);
    }
  }

  function choose(): Sending {
    const sending = onlyNew ? newLead(pick(sources)) : chooseFrom(sources, recent);
    if (onlyNew) return sending;
    recent[recent.length < recentMax ? recent.length : randomInt(recentMax)] = sending;
    return sending;
  }

  /** false: the sender does not know whether it is kept, or knows that it is not. */
  function note(sending: Sending, answer: Answered | null): boolean {
    if (answer === null) return false;
    const kept = toldBy(sending, answer);
    if (kept !== null) {
      told.push(kept);
      if (kept.isSpooled) counts.spooled += 1;
      return true;
    }
    if (answer.status >= 500) counts.refusedWith5xx += 1;
    if (answer.status === 429) counts.rateLimited += 1;
    const isExpected = (answer.status === 503 || answer.status === 429) && isHonest(answer.retryAfter);
    if (!isExpected && unexpected.length < unexpectedMax) {
      unexpected.push(`${answer.status}, Retry-After ${answer.retryAfter}: ${answer.text}`);
    }
    return false;
  }

  const all = Array.from({ length: senders * pipelined }, sender);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    stopping = true;
    await Promise.all(all);
    await agent.close();
  };
  return {
    told,
    unexpected,
    get spooled() {
      return counts.spooled;
    },
    get sent() {
      return counts.sent;
    },
    get refusedWith5xx() {
      return counts.refusedWith5xx;
    },
    get rateLimited() {
      return counts.rateLimited;
    },
    get unanswered() {
      return counts.unanswered;
    },
    stop: () => (stopped ??= stop()),
  };
}

/** Sends one new lead; null: it was not kept, or nobody knows. */
export async function probe(url: string, source: LoadSource = website): Promise<Told | null> {
  const agent = openAgent(1, 1);
  try {
    const sending = newLead(source);
    const answer = await post(agent, url, sending);
    return answer === null ? null : toldBy(sending, answer);
  } finally {
    await agent.destroy();
  }
}

function openAgent(connections: number, pipelining: number): Agent {
  return new Agent({ connections, pipelining, headersTimeout: answerLimitMs, bodyTimeout: answerLimitMs });
}

function chooseFrom(sources: readonly LoadSource[], recent: readonly Sending[]): Sending {
  const chance = Math.random();
  const known = recent.length > 0 ? pick(recent) : null;
  if (known !== null && chance < 0.1) return known;
  if (known !== null && known.key !== null && chance < 0.16) return newLead(known.source, known.key);
  return chance < 0.2 ? unreadable(pick(sources)) : newLead(pick(sources));
}

function newLead(source: LoadSource, key: string = randomUUID()): Sending {
  const marker = randomUUID();
  const body = JSON.stringify({
    name: "Jürgen Groß",
    email: `${marker.slice(0, 8)}@beispiel.de`,
    lead: marker,
  });
  return { source, key: source.hasKeys ? key : null, marker, body };
}

function unreadable(source: LoadSource): Sending {
  const marker = randomUUID();
  return { source, key: source.hasKeys ? randomUUID() : null, marker, body: `{"lead":"${marker}",` };
}

function pick<T>(from: readonly T[]): T {
  const chosen = from[randomInt(from.length)];
  if (chosen === undefined) throw new Error("nothing to pick from");
  return chosen;
}

interface Answered {
  readonly status: number;
  readonly retryAfter: string;
  readonly text: string;
  readonly sentAtMs: number;
}

/** null: the connection broke, was refused, or nothing came in time. */
async function post(agent: Agent, url: string, sending: Sending): Promise<Answered | null> {
  const { source, key, body } = sending;
  const sentAtMs = Date.now();
  try {
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(`${url}/webhook/lead/${source.name}`, {
      dispatcher: agent,
      method: "POST",
      body,
      // Both let it be pipelined; and repeating it is safe, because of the key.
      idempotent: true,
      blocking: false,
      headers: {
        "content-type": "application/json",
        ...(key === null ? {} : { "idempotency-key": key }),
        ...source.credentials(body),
      },
    });
    const text = await answer.text();
    return { status: statusCode, retryAfter: String(headers["retry-after"] ?? ""), text, sentAtMs };
  } catch {
    return null;
  }
}

function toldBy(sending: Sending, { status, text, sentAtMs }: Answered): Told | null {
  if (status !== 200 && status !== 202 && status !== 422) return null;
  const said = JSON.parse(text) as { run_id?: unknown; dlq_id?: unknown; stored?: unknown };
  if (typeof said.run_id !== "string") return null;
  return {
    source: sending.source.name,
    key: sending.key,
    marker: sending.marker,
    status,
    runId: said.run_id,
    dlqId: typeof said.dlq_id === "number" ? said.dlq_id : null,
    isSpooled: said.stored === "spool" || (status === 422 && said.dlq_id === null),
    sentAtMs,
    answeredAtMs: Date.now(),
  };
}

function isHonest(retryAfter: string): boolean {
  return /^[1-9]\d*$/.test(retryAfter) && Number(retryAfter) <= retryAfterMaxSeconds;
}
