// A sender for tests: posts leads over real HTTP, signs them, and speaks raw bytes where a client library would not.
import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { once } from "node:events";
import { plantLead } from "./leak-watch.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; empty where it is no JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface LeadPost {
  readonly path?: string;
  readonly key?: string;
  /** Sent as it is; an object is sent as JSON. */
  readonly body:
    string | Uint8Array<ArrayBuffer> | FormData | URLSearchParams | Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts one lead; JSON unless the body or the headers say otherwise. */
export async function postLead(
  url: string,
  { path = "/webhook/lead", key, body, headers = {} }: LeadPost,
): Promise<Answer> {
  plantLead(body);
  const isForm = body instanceof FormData || body instanceof URLSearchParams;
  const isBytes = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method: "POST",
    headers: {
      ...(isForm ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...headers,
    },
    body: isForm || isBytes ? body : JSON.stringify(body),
  });
  return answerOf(response);
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isObject = text.startsWith("{");
  const json = isObject ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, json };
}

/** The headers of the contract's default signature (docs/contract.md, Credentials). */
export function signedHeaders(secret: string, body: string, atMs = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const hex = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return { "x-timestamp": timestamp, "x-signature": `sha256=${hex}` };
}

export interface RawExchange {
  /** Closes the sending side after the bytes; otherwise the connection stays open. */
  readonly half?: boolean;
  /** Cuts the connection after the bytes without waiting for an answer. */
  readonly cut?: boolean;
  /** Resolves as soon as that many answers were begun; without it, when the server closes. */
  readonly answers?: number;
}

/** Sends bytes to the server and returns all that it says. */
export async function rawExchange(
  url: string,
  bytes: string | Uint8Array,
  { half = false, cut = false, answers }: RawExchange = {},
): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  let said = "";
  const closed = new Promise<void>((resolve) => {
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.on("data", (chunk) => {
      said += chunk.toString("latin1");
      const begun = said.split("HTTP/1.1 ").length - 1;
      if (answers !== undefined && begun >= answers && said.includes("\r\n\r\n")) resolve();
    });
  });
  socket.write(bytes, () => {
    if (half) socket.end();
    if (cut) socket.resetAndDestroy();
  });
  await closed;
  socket.destroy();
  return said;
}

/** The status of the first answer; 0: there was none. */
export function statusOf(said: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0);
}
