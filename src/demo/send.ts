// Sends the demo's requests over HTTP as real senders do: at their own pace, several at once, and again when asked to wait.
import type { Answer, Sending } from "./scenario.ts";
import { credentials } from "./demo-sources.ts";
import type { DemoSecrets } from "./demo-sources.ts";

/** What came back. */
export interface Receipt {
  readonly sending: Sending;
  readonly httpStatus: number;
  /** null: an answer that the contract does not know. */
  readonly answer: Answer | null;
  readonly runId: string | null;
}

export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Rejects when the demo is interrupted. */
  pause(milliseconds: number): Promise<void>;
}

export interface SendOptions {
  /** `http://127.0.0.1:8080` */
  readonly baseUrl: string;
  readonly secrets: DemoSecrets;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly perSecond: number;
  readonly onAnswer: () => void;
}

const sendersAtOnce = 16;
const attemptsMax = 10;
const requestTimeoutMs = 15_000;

/** Returns a receipt for each, in their order. Throws what `fetch` throws, and when the demo is interrupted. */
export async function sendAll(sendings: readonly Sending[], options: SendOptions): Promise<Receipt[]> {
  const { clock, perSecond, onAnswer } = options;
  const startedMs = clock.nowMs();
  const receipts: Receipt[] = [];
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let index = next++; index < sendings.length; index = next++) {
      const sending = sendings[index];
      if (sending === undefined) return;
      const waitMs = startedMs + (index * 1_000) / perSecond - clock.nowMs();
      if (waitMs > 0) await clock.pause(waitMs);
      receipts[index] = await send(sending, options);
      onAnswer();
    }
  };
  await Promise.all(Array.from({ length: sendersAtOnce }, sender));
  return receipts;
}

/** A busy server says when to come back; the key makes the repeat safe. */
async function send(sending: Sending, options: SendOptions): Promise<Receipt> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await post(sending, options);
    const { status } = response;
    const body = await response.text();
    if ((status !== 429 && status !== 503) || attempt === attemptsMax)
      return receiptOf(sending, status, body);
    await options.clock.pause(1_000 * Number(response.headers.get("retry-after") ?? 1));
  }
}

function post(sending: Sending, { baseUrl, secrets, clock, signal }: SendOptions): Promise<Response> {
  const { source, body, contentType, key, wrongSecret } = sending;
  const secret = wrongSecret ? "nobody-gave-me-one" : secrets[source];
  return fetch(`${baseUrl}/webhook/lead/${source}`, {
    method: "POST",
    headers: {
      "Content-Type": contentType,
      ...(key === null ? {} : { "Idempotency-Key": key }),
      ...credentials(source, secret, body, Math.floor(clock.nowMs() / 1_000)),
    },
    body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
  });
}

function receiptOf(sending: Sending, httpStatus: number, body: string): Receipt {
  const { status, code, run_id } = JSON.parse(body) as Record<string, unknown>;
  const runId = typeof run_id === "string" ? run_id : null;
  return { sending, httpStatus, answer: answerOf(httpStatus, status, code, runId), runId };
}

function answerOf(httpStatus: number, status: unknown, code: unknown, runId: string | null): Answer | null {
  if (httpStatus === 401) return "denied";
  if (runId === null) return null;
  if (httpStatus === 202 && status === "accepted") return "accepted";
  if (httpStatus === 200 && status === "duplicate") return "duplicate";
  if (httpStatus === 422) return code === "idempotency_key_reused" ? "key_reused" : "refused";
  return null;
}
