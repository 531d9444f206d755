// One kept-alive HTTP/1.1 connection on a raw socket: one request at a time, as little work per answer as possible.
import { connect } from "node:net";

export interface Connection {
  send(request: Buffer): void;
  close(): void;
}

export interface ConnectionEvents {
  readonly onAnswer: (status: number, body: string) => void;
  /** The connection is of no more use. */
  readonly onBroken: (reason: string) => void;
}

const readBytes = 16_384;

/** Resolves when it is connected. */
export function openConnection(port: number, events: ConnectionEvents): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let received = "";
    let closing = false;
    // One buffer for all that comes: a stream of chunks costs as much as everything else that is done with an answer.
    const onread = {
      buffer: Buffer.alloc(readBytes),
      callback(bytes: number, buffer: Uint8Array): boolean {
        received += (buffer as Buffer).toString("latin1", 0, bytes);
        const answer = readAnswer(received);
        if (answer === "incomplete") return true;
        received = "";
        if (answer === "unreadable")
          socket.destroy(new Error("an answer that the load generator cannot read"));
        else events.onAnswer(answer.status, answer.body);
        return true;
      },
    };
    const socket = connect({ host: "127.0.0.1", port, noDelay: true, onread });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", (error) => (received = error.message));
      socket.once("close", () => {
        if (!closing) events.onBroken(received === "" ? "closed by the server" : received.slice(0, 200));
      });
      resolve({
        send: (request) => void socket.write(request),
        close() {
          closing = true;
          socket.destroy();
        },
      });
    });
  });
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Answers are JSON of known length; nothing else is measured here. */
function readAnswer(received: string): Answer | "incomplete" | "unreadable" {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return received.length > 16_384 ? "unreadable" : "incomplete";
  const length = /\r\ncontent-length: *(\d+)/i.exec(received)?.[1];
  if (length === undefined || !received.startsWith("HTTP/1.1 ")) return "unreadable";
  const end = headEnd + 4 + Number(length);
  if (received.length < end) return "incomplete";
  if (received.length > end) return "unreadable";
  return { status: Number(received.slice(9, 12)), body: received.slice(headEnd + 4) };
}
