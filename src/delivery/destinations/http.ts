// Delivers leads to a destination of kind `http`: one POST per attempt (DESIGN 2.4).
import { setMaxListeners } from "node:events";
import { Pool } from "undici";
import type { HttpDestination } from "../../domain/destination.ts";
import { deliveryRequest } from "../../domain/delivery-request.ts";
import { classifyStatus, interrupted, timedOut } from "../../domain/outcome.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { exchange } from "../outgoing/exchange.ts";
import type { Answer, ExchangeEnd, ExchangeLimits } from "../outgoing/exchange.ts";
import { connectGuarded, guardedConnector } from "../outgoing/guarded-connect.ts";
import type { ConnectOptions } from "../outgoing/guarded-connect.ts";
import { sharedResolve, systemResolve } from "../outgoing/resolve.ts";
import type { Resolve } from "../outgoing/resolve.ts";
import { bodyExcerpt, bodyExcerptBytes, headerExcerpt, headerText } from "../outgoing/response-excerpt.ts";
import { classifyTransportError } from "../outgoing/transport-error.ts";
import type { AttemptResult, DeliveryMessage, Reachability, ResponseExcerpt, Sender } from "./sender.ts";

export interface HttpDestinationParts {
  readonly nowMs: () => number;
  /** Default: the operating system's name service. */
  readonly resolve?: Resolve;
  /** A certificate authority to trust besides node's own, PEM. */
  readonly ca?: string;
}

const answerReadBytes = 64 * 1_024;
const answerBodyGraceMs = 1_000;
/** A destination may announce that it keeps connections for hours; firewalls between us forget them sooner. */
const idleConnectionMaxMs = 60_000;

/**
 * A sender with connections of its own, so that a destination that hangs holds up nobody else. Throws
 * TypeError when the URL cannot be parsed: configuration has seen to that before.
 */
export function createHttpDestination(destination: HttpDestination, parts: HttpDestinationParts): Sender {
  const url = new URL(destination.url);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const connectOptions = connectOptionsOf(destination, parts, closing.signal);
  const pool = new Pool(url.origin, {
    connections: destination.concurrency,
    connect: guardedConnector(connectOptions),
    pipelining: 1,
    keepAliveMaxTimeout: idleConnectionMaxMs,
  });

  return {
    async attempt(message: DeliveryMessage, signal: AbortSignal): Promise<AttemptResult> {
      const { method, path, headers, body } = deliveryRequest(destination, message, parts.nowMs());
      const end = await exchange(pool, { method, path, headers, body }, limitsOf(destination), signal);
      return resultOf(destination, end, parts.nowMs());
    },
    probe: () => probe(destination, url, connectOptions),
    async close(): Promise<void> {
      if (closing.signal.aborted) return;
      await pool.close();
      closing.abort();
    },
  };
}

function connectOptionsOf(
  destination: HttpDestination,
  parts: HttpDestinationParts,
  closing: AbortSignal,
): ConnectOptions {
  return {
    allowPrivate: destination.allowPrivate,
    timeoutMs: destination.timeoutMs,
    resolve: sharedResolve(parts.resolve ?? systemResolve),
    ...(parts.ca === undefined ? {} : { ca: parts.ca }),
    closing,
  };
}

function limitsOf(destination: HttpDestination): ExchangeLimits {
  return {
    timeoutMs: destination.timeoutMs,
    bodyGraceMs: answerBodyGraceMs,
    bodyReadBytes: answerReadBytes,
    bodyKeptBytes: bodyExcerptBytes,
  };
}

function resultOf(destination: HttpDestination, end: ExchangeEnd, nowMs: number): AttemptResult {
  return {
    outcome: outcomeOf(destination, end, nowMs),
    durationMs: Math.round(end.elapsedMs),
    response: end.kind === "answered" ? excerptOf(end) : null,
  };
}

function outcomeOf(destination: HttpDestination, end: ExchangeEnd, nowMs: number): Outcome {
  switch (end.kind) {
    case "answered": {
      const retryAfter = headerText(end.headers, "retry-after");
      const location = headerText(end.headers, "location");
      return classifyStatus(destination.name, { status: end.status, retryAfter, location }, nowMs);
    }
    case "timed_out":
      return timedOut(destination.name, destination.timeoutMs);
    case "interrupted":
      return interrupted(destination.name);
    case "failed":
      return classifyTransportError(end.error, destination);
  }
}

function excerptOf(answer: Answer): ResponseExcerpt {
  return {
    status: answer.status,
    headers: headerExcerpt(answer.headers),
    bodyExcerpt: bodyExcerpt(answer.bodyStart),
  };
}

async function probe(destination: HttpDestination, url: URL, options: ConnectOptions): Promise<Reachability> {
  const secure = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const startedMs = performance.now();
  try {
    const socket = await connectGuarded({ hostname, port, secure }, options);
    const address = socket.remoteAddress ?? hostname;
    socket.destroy();
    return { reachable: true, address, durationMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    const { code, message } = classifyTransportError(error, destination);
    return { reachable: false, code, message };
  }
}
