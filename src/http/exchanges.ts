// What is under way on each connection, so that an error of a later request does not overtake an earlier answer, and so
// that it is known which connection may be closed.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface Exchanges {
  /** For the server's `connection` event. */
  readonly meet: (socket: Socket) => void;
  /** For the server's `request` event. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => void;
  /**
   * Looks at nothing more that comes on this connection, and calls `then` once: when every request that arrived whole has
   * its answer.
   */
  readonly breakOff: (socket: Socket, then: (latest: LatestRequest) => void) => void;
  /** Requests that came in one piece with what ended the connection are not answered any more. */
  readonly isBrokenOff: (socket: Socket) => boolean;
  /** When this connection was last of use, as a number that only grows; null: it waits for an answer of ours. */
  readonly lastOfUse: (socket: Socket) => number | null;
}

/** `cut_off`: its body has not arrived whole; `cut_off_answered`: but it has an answer, as a body that is too large. */
export type LatestRequest = "none" | "whole" | "cut_off" | "cut_off_answered";

interface Exchange {
  readonly turn: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The answer to the request before it; answers leave in the order of their requests. */
  readonly before: ServerResponse | null;
}

export function createExchanges(): Exchanges {
  // On the socket itself: an entry of a WeakMap per request keeps the garbage collector busy.
  const latest = Symbol("the latest exchange of a connection");
  const met = Symbol("the turn in which a connection came");
  const broken = Symbol("nothing more is read from this connection");
  type Connection = Socket & { [latest]?: Exchange; [met]?: number; [broken]?: true };
  // Turns instead of times: counting costs a request nothing.
  let turn = 0;

  return {
    meet(connection: Connection) {
      connection[met] = ++turn;
    },
    begin(request, response) {
      const connection: Connection = request.socket;
      const before = connection[latest]?.response ?? null;
      connection[latest] = { turn: ++turn, request, response, before };
    },
    breakOff(connection: Connection, then) {
      // The parser goes on complaining about everything that comes after its first error.
      if (connection[broken] === true) return;
      connection[broken] = true;
      // A request that is late must not be taken after it was told so.
      connection.removeAllListeners("data").on("data", () => undefined);
      const exchange = connection[latest];
      const latestRequest = stateOf(exchange);
      const last = latestRequest === "cut_off" ? exchange?.before : exchange?.response;
      if (last == null || last.writableFinished || last.closed) then(latestRequest);
      else last.once("close", () => then(latestRequest));
    },
    isBrokenOff: (connection: Connection) => connection[broken] === true,
    lastOfUse(connection: Connection) {
      const exchange = connection[latest];
      if (exchange === undefined) return connection[met] ?? 0;
      // What is written and not read waits for the other side, not for us.
      const isAwaited = exchange.request.complete && !exchange.response.writableEnded;
      return isAwaited || exchange.before?.writableEnded === false ? null : exchange.turn;
    },
  };
}

function stateOf(exchange: Exchange | undefined): LatestRequest {
  if (exchange === undefined) return "none";
  if (exchange.request.complete) return "whole";
  return exchange.response.headersSent ? "cut_off_answered" : "cut_off";
}
