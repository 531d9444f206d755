// The destination of all deliveries: a process that answers at once and remembers which lead arrived when.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { checksum } from "../load/checksum.ts";
import { monotonicMs } from "../machine/monotonic.ts";

export type SinkOrder = { readonly kind: "count" } | { readonly kind: "report" };

export interface SinkReport {
  readonly received: number;
  readonly distinct: number;
  /** Of the distinct leads' keys. */
  readonly keys: string;
  readonly lastAtMs: number;
  /** Key, and when it first arrived; in the order of arrival. */
  readonly arrivals: readonly (readonly [string, number])[];
}

const answer = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}',
);
const arrivals = new Map<string, number>();
let received = 0;
let lastAtMs = 0;

const server = createServer({ noDelay: true }, serve);
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.once("disconnect", () => process.exit(1));
process.on("message", (order: SinkOrder) => {
  switch (order.kind) {
    case "count":
      process.send?.({ distinct: arrivals.size });
      return;
    case "report": {
      const report: SinkReport = {
        received,
        lastAtMs,
        distinct: arrivals.size,
        keys: checksum(arrivals.keys()),
        arrivals: [...arrivals],
      };
      process.send?.(report);
      return;
    }
  }
});

function serve(socket: Socket): void {
  let text = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) {
      socket.destroy();
      return;
    }
    if (text.length < headEnd + 4 + length) return;
    note(text.slice(headEnd + 4));
    text = text.slice(headEnd + 4 + length);
    socket.write(answer);
  });
}

function note(body: string): void {
  lastAtMs = monotonicMs();
  received += 1;
  const key = /"anfrage_nr": ?"([^"]+)"/.exec(body)?.[1] ?? "unreadable";
  if (!arrivals.has(key)) arrivals.set(key, lastAtMs);
}
