// A connection that speaks bytes, for tests of what no client library would send; it reads answers as HTTP frames them.
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface RawSocket {
  readonly socket: Socket;
  /** Resolves when the bytes are handed to the system. */
  send(bytes: string | Uint8Array): Promise<void>;
  /** The whole answers so far, interim ones (1xx) left out. */
  answers(): RawAnswer[];
  /** Everything that was said, as Latin-1. */
  said(): string;
  /** Resolves when there are that many answers; rejects when the connection ends before, or after the limit. */
  answered(count: number, limitMs?: number): Promise<RawAnswer[]>;
  /** Resolves when the other side has closed its half, or the connection is broken; `false` after the limit. */
  closed(limitMs?: number): Promise<boolean>;
  /** Ends the connection with a reset. */
  reset(): void;
}

const waitMs = 20_000;

/** Keeps its own half open when the other side closes, as someone does who holds connections. */
export async function openRaw(url: string): Promise<RawSocket> {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", allowHalfOpen: true });
  let said = "";
  let isEnded = false;
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const look of [...waiting]) look();
  };
  socket.on("data", (chunk) => {
    said += chunk.toString("latin1");
    changed();
  });
  const ended = (): void => {
    isEnded = true;
    changed();
  };
  socket.on("error", ended).on("end", ended).on("close", ended);
  await once(socket, "connect");

  /** Looks at once and after each change. */
  const wait = (isDone: () => boolean, limitMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const finish = (result: boolean): void => {
        clearTimeout(timer);
        waiting.delete(look);
        resolve(result);
      };
      const look = (): void => {
        if (isDone()) finish(true);
      };
      const timer = setTimeout(() => finish(false), limitMs);
      waiting.add(look);
      look();
    });

  /** What is no answer is told by `answers`, not inside an event of the socket. */
  const isReadable = (count: number): boolean => {
    try {
      return answersIn(said).length >= count;
    } catch {
      return true;
    }
  };

  return {
    socket,
    send: (bytes) =>
      new Promise((resolve) => {
        // A reset in the middle is for the test to see, not for the write.
        socket.write(bytes, () => resolve());
      }),
    answers: () => answersIn(said),
    said: () => said,
    async answered(count, limitMs = waitMs) {
      await wait(() => isEnded || isReadable(count), limitMs);
      const answers = answersIn(said);
      if (answers.length >= count) return answers;
      throw new Error(
        `${answers.length} of ${count} answers${isEnded ? " when it was closed" : ""}: ${said}`,
      );
    },
    closed: (limitMs = waitMs) => wait(() => isEnded, limitMs),
    reset: () => void socket.resetAndDestroy(),
  };
}

/** Sends bytes on a connection of their own and returns the answers when the server has closed, or sent that many. */
export async function exchangeRaw(
  url: string,
  bytes: string | Uint8Array,
  answersMax = Number.POSITIVE_INFINITY,
): Promise<RawAnswer[]> {
  const raw = await openRaw(url);
  try {
    await raw.send(bytes);
    if (Number.isFinite(answersMax)) return await raw.answered(answersMax);
    if (!(await raw.closed())) throw new Error(`the server did not close: ${raw.said()}`);
    return raw.answers();
  } finally {
    raw.socket.destroy();
  }
}

/** The whole answers at the beginning of what was said; throws on what is no answer (RFC 9112 section 2.1). */
export function answersIn(said: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let at = 0;
  for (;;) {
    const headEnd = said.indexOf("\r\n\r\n", at);
    if (headEnd === -1) return answers;
    const [first = "", ...lines] = said.slice(at, headEnd).split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) [^\r\n]*$/.exec(first)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`no answer begins with ${JSON.stringify(first)}`);
    const headers = new Map(lines.map((line) => headerOf(line)));
    const lengthBytes = status < 200 || status === 304 ? 0 : Number(headers.get("content-length"));
    if (Number.isNaN(lengthBytes)) throw new Error(`an answer without a length: ${said.slice(at, headEnd)}`);
    const bodyAt = headEnd + 4;
    if (said.length < bodyAt + lengthBytes) return answers;
    if (status >= 200) answers.push({ status, headers, body: said.slice(bodyAt, bodyAt + lengthBytes) });
    at = bodyAt + lengthBytes;
  }
}

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  if (colon < 1) throw new Error(`no header: ${JSON.stringify(line)}`);
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** The `code` of a problem; undefined where the answer is none. */
export function codeOf(answer: RawAnswer | undefined): unknown {
  return answer?.body.startsWith("{") === true
    ? (JSON.parse(answer.body) as Record<string, unknown>)["code"]
    : undefined;
}
