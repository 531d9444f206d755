// What a node grants to whoever connects: how slow, how large and how many they may be.

export interface HttpLimits {
  /** From a connection to the end of the TLS handshake. */
  readonly handshakeTimeoutMs: number;
  /** From a connection, or from the first byte of a later request, to the end of the headers. */
  readonly headersTimeoutMs: number;
  /** The same to the end of the body. */
  readonly requestTimeoutMs: number;
  /** Between an answer and the next request on its connection. */
  readonly keepAliveTimeoutMs: number;
  /** Without a byte in either direction while an answer is under way: nobody reads it. */
  readonly silenceTimeoutMs: number;
  /** How often those that are too late are looked for. */
  readonly lateCheckEveryMs: number;
  /** Of all names and values together. */
  readonly headersMaxBytes: number;
  readonly headersMaxCount: number;
  /** Of one node; one more, and those that have been of no use for the longest time give way. */
  readonly connectionsMax: number;
  /** Of all bodies together that have not arrived whole; beyond it the oldest one gives way. */
  readonly bodiesUnderWayMaxBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultHttpLimits: HttpLimits = {
  handshakeTimeoutMs: 10_000,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 72_000,
  silenceTimeoutMs: 60_000,
  lateCheckEveryMs: 1_000,
  headersMaxBytes: 16 * 1024,
  headersMaxCount: 200,
  connectionsMax: 4_000,
  bodiesUnderWayMaxBytes: 128 * mebibyte,
};
