// One request and its answer over undici: a total deadline, a limit to what is read, and never a second send.
import { setMaxListeners } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

export interface ExchangeLimits {
  /** From the start until the head of the answer; also the end of reading its body. */
  readonly timeoutMs: number;
  /** After the head of the answer: how long its body may hold up the outcome. */
  readonly bodyGraceMs: number;
  /** Of the answer's body; at this point the connection is dropped. */
  readonly bodyReadBytes: number;
  /** Of the answer's body, kept. */
  readonly bodyKeptBytes: number;
}

export interface Answer {
  readonly kind: "answered";
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bodyStart: Buffer;
  readonly bodyEnd: BodyEnd;
  /** Until the head of the answer was there. */
  readonly elapsedMs: number;
}

/** Whether `bodyStart` is all of it, as far as it was kept; or why reading ended before its end. */
export type BodyEnd = "whole" | "too_long" | "stalled" | "broken_off" | "interrupted";

export type ExchangeEnd =
  | Answer
  | { readonly kind: "timed_out"; readonly elapsedMs: number }
  | { readonly kind: "interrupted"; readonly elapsedMs: number }
  | { readonly kind: "failed"; readonly error: unknown; readonly elapsedMs: number };

/**
 * Ends within `limits.timeoutMs` whatever the peer does. As soon as the head of an answer is there the end
 * is `answered`, even if its body stalls, is cut off or does not end: the receiver has said its word, and
 * sending the lead again because of a missing epilogue would only make a repeat. Whoever needs the body for the verdict
 * looks at `bodyEnd`.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<ExchangeEnd> {
  return new Promise((resolve) => {
    const running = new Exchange(limits, signal, resolve);
    // The timers of undici start anew with every byte, so a dripping peer never meets them.
    if (running.open) dispatcher.dispatch({ ...request, headersTimeout: 0, bodyTimeout: 0 }, running);
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  readonly #signal: AbortSignal;
  readonly #resolve: (end: ExchangeEnd) => void;
  readonly #startedMs = performance.now();
  readonly #kept: Buffer[] = [];
  #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #head: Omit<Answer, "bodyStart" | "bodyEnd"> | null = null;
  #bodyBytes = 0;
  open = true;

  constructor(limits: ExchangeLimits, signal: AbortSignal, resolve: (end: ExchangeEnd) => void) {
    this.#limits = limits;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#timer = setTimeout(this.#onDeadline, limits.timeoutMs);
    // One signal stops many attempts; node takes more than ten listeners for a leak.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", this.#onInterrupt, { once: true });
    if (signal.aborted) this.#onInterrupt();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Ended while it waited for a connection, or undici wants to send it a second time: neither is sent.
    if (this.#controller !== null) this.#finish({ kind: "failed", error: new Error("not sent twice") });
    this.#controller = controller;
    if (!this.open) controller.abort(new Error("already ended"));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    const elapsedMs = this.#elapsedMs();
    this.#head = { kind: "answered", status, headers, elapsedMs };
    clearTimeout(this.#timer);
    const leftMs = Math.max(this.#limits.timeoutMs - elapsedMs, 0);
    this.#timer = setTimeout(this.#onDeadline, Math.min(this.#limits.bodyGraceMs, leftMs));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const missingBytes = this.#limits.bodyKeptBytes - this.#bodyBytes;
    if (missingBytes > 0) this.#kept.push(Buffer.from(chunk.subarray(0, missingBytes)));
    this.#bodyBytes += chunk.length;
    if (this.#bodyBytes > this.#limits.bodyReadBytes) this.#stop(headless, "too_long");
  }

  onResponseEnd(): void {
    this.#finish(headless, this.#bodyBytes > this.#limits.bodyKeptBytes ? "too_long" : "whole");
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish({ kind: "failed", error }, "broken_off");
  }

  readonly #onDeadline = (): void => this.#stop({ kind: "timed_out" }, "stalled");
  readonly #onInterrupt = (): void => this.#stop({ kind: "interrupted" }, "interrupted");

  #stop(without: Unanswered, bodyEnd: BodyEnd): void {
    this.#finish(without, bodyEnd);
    this.#controller?.abort(new Error("ended by us"));
  }

  /** An answer that has come counts before any reason to stop. */
  #finish(without: Unanswered, bodyEnd: BodyEnd = "broken_off"): void {
    if (!this.open) return;
    this.open = false;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onInterrupt);
    this.#resolve(
      this.#head === null
        ? { ...without, elapsedMs: this.#elapsedMs() }
        : { ...this.#head, bodyStart: Buffer.concat(this.#kept), bodyEnd },
    );
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }
}

type Unanswered =
  | { readonly kind: "timed_out" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly error: unknown };

/** For places that are only reached after the head of an answer. */
const headless: Unanswered = { kind: "failed", error: new Error("an answer without a head") };
