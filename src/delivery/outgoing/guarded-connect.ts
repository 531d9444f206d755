// Opens a connection to a destination, and only to an address that was checked.
import { isIP, connect as connectTcp } from "node:net";
import type { LookupFunction, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { buildConnector } from "undici";
import type { FailureCode } from "../../domain/outcome.ts";
import { isPublicAddress } from "./address-guard.ts";
import { withoutInterimAnswers } from "./interim-answers.ts";
import type { Resolve } from "./resolve.ts";

export interface ConnectOptions {
  readonly allowPrivate: boolean;
  /** For everything: name, connection, TLS handshake. */
  readonly timeoutMs: number;
  readonly resolve: Resolve;
  /** Further trusted certificate authority, PEM. */
  readonly ca?: string;
  /** Aborted: a connection that is still being made is dropped. */
  readonly closing: AbortSignal;
}

export interface ConnectTarget {
  /** A name or an address literal, without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
}

/** Why no connection was made; `code` is one of the outcome's. */
export class ConnectError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = "ConnectError";
    this.code = code;
  }
}

/** `connectGuarded` in the form that undici asks for. */
export function guardedConnector(options: ConnectOptions): buildConnector.connector {
  return ({ hostname, port, protocol }, callback) => {
    const secure = protocol === "https:";
    const target = { hostname, port: port === "" ? (secure ? 443 : 80) : Number(port), secure };
    connectGuarded(target, options).then(
      (socket) => callback(null, withoutInterimAnswers(socket)),
      (error: unknown) => callback(error as Error, null),
    );
  };
}

/**
 * Resolves once, keeps the addresses that may be reached, and connects to those very addresses; the name
 * is not looked up again, so a name that resolves differently the second time gains nothing. Throws only
 * {@link ConnectError}.
 */
export async function connectGuarded(target: ConnectTarget, options: ConnectOptions): Promise<Socket> {
  const startedMs = performance.now();
  const addresses = await within(options, options.timeoutMs, reachableAddresses(target.hostname, options));
  const leftMs = Math.max(options.timeoutMs - (performance.now() - startedMs), 1);
  const socket = open(target, addresses, options);
  try {
    await within(options, leftMs, established(socket, target, options));
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

/** The addresses of a name that may be connected to: at least one. Throws {@link ConnectError}. */
export async function reachableAddresses(
  hostname: string,
  { resolve, allowPrivate }: Pick<ConnectOptions, "resolve" | "allowPrivate">,
): Promise<readonly string[]> {
  const addresses = isIP(hostname) > 0 ? [hostname] : await lookUp(hostname, resolve);
  const [first] = addresses;
  if (first === undefined) throw new ConnectError("destination_dns", `${hostname} has no address`);
  const allowed = allowPrivate ? addresses : addresses.filter(isPublicAddress);
  if (allowed.length === 0) throw forbidden(hostname, first);
  return allowed;
}

async function lookUp(hostname: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(hostname);
  } catch (error) {
    throw new ConnectError("destination_dns", `${hostname}: ${detailOf(error)}`, error);
  }
}

function forbidden(hostname: string, address: string): ConnectError {
  const where = hostname === address ? address : `${hostname} at ${address}`;
  return new ConnectError("destination_address_forbidden", where);
}

/** An address that does not answer must not use up the time of the others. */
const addressAttemptMs = 1_000;

function open(target: ConnectTarget, addresses: readonly string[], { ca }: ConnectOptions): Socket {
  const options = {
    host: target.hostname,
    port: target.port,
    lookup: answering(addresses),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: addressAttemptMs,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  };
  const socket = target.secure
    ? connectTls({
        ...options,
        ...serverName(target),
        ALPNProtocols: ["http/1.1"],
        ...(ca === undefined ? {} : { ca }),
      })
    : connectTcp(options);
  // undici adds its own listener a moment after the connection is made; until then nobody else listens.
  return socket.on("error", () => undefined);
}

/** RFC 6066 section 3: a name without its final dot, never an address. Node sends none by itself. */
function serverName({ hostname }: ConnectTarget): { servername?: string } {
  return isIP(hostname) > 0 ? {} : { servername: hostname.replace(/\.$/, "") };
}

/** Node skips this for an address literal; `reachableAddresses` has checked those itself. */
function answering(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = entries;
    if (options.all === true) callback(null, entries);
    else callback(null, first?.address ?? "", first?.family ?? 0);
  };
}

/** Fulfils when the socket can be written to; names the step that failed otherwise. */
function established(socket: Socket, target: ConnectTarget, { allowPrivate }: ConnectOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let step: FailureCode = "destination_connect";
    socket.once("connect", () => {
      const address = socket.remoteAddress ?? "";
      // Not reachable as long as the code above is right. It is the address that counts in the end.
      if (!allowPrivate && !isPublicAddress(address)) reject(forbidden(target.hostname, address));
      else if (target.secure) step = "destination_tls";
      else resolve();
    });
    socket.once("secureConnect", () => resolve());
    socket.once("error", (error) => reject(new ConnectError(step, detailOf(error), error)));
    socket.once("close", () => reject(new ConnectError(step, "the connection was closed")));
  });
}

function within<T>(options: ConnectOptions, timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new ConnectError("destination_timeout", "no connection")), timeoutMs);
    const onClosing = (): void => end(new ConnectError("delivery_interrupted", "closing"));
    options.closing.addEventListener("abort", onClosing, { once: true });
    const end = (error: ConnectError): void => {
      settle();
      reject(error);
    };
    const settle = (): void => {
      clearTimeout(timer);
      options.closing.removeEventListener("abort", onClosing);
    };
    work.finally(settle).then(resolve, reject);
  });
}

/** OpenSSL's and the system's own words; they name certificates and addresses, never payloads. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  const message = error.message === "" ? "no address answered" : error.message;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
