// What is under way on each connection, so that an error of a later request does not overtake an earlier answer.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface Exchanges {
  /** For the server's `request` event. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => void;
  /** Calls `then` when every request that arrived whole on this connection has its answer. */
  readonly whenAnswered: (socket: Socket, then: () => void) => void;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The answer to the request before it; answers leave in the order of their requests. */
  readonly before: ServerResponse | null;
}

export function createExchanges(): Exchanges {
  // On the socket itself: an entry of a WeakMap per request keeps the garbage collector busy.
  const latest = Symbol("the latest exchange of a connection");
  type Connection = Socket & { [latest]?: Exchange };
  return {
    begin(request, response) {
      const connection: Connection = request.socket;
      const before = connection[latest]?.response ?? null;
      connection[latest] = { request, response, before };
    },
    whenAnswered(connection: Connection, then) {
      const exchange = connection[latest];
      // A request whose own body is broken never gets another answer than the one that waits here.
      const last = exchange?.request.complete === true ? exchange.response : (exchange?.before ?? null);
      if (last === null || last.writableFinished || last.closed) then();
      else last.once("close", then);
    },
  };
}
