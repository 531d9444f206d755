// The receiving side of destinations of the test's kind `lines`: answers every line with one word.
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export interface LineReceiver {
  /** `127.0.0.1:40123` */
  readonly host: string;
  /** That came, without their ends. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** `answer` null: it takes lines and says nothing. */
export async function startLineReceiver(answer: string | null): Promise<LineReceiver> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.once("data", (line: Buffer) => {
      lines.push(line.toString("utf8").trim());
      if (answer !== null) socket.write(`${answer}\n`);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    async stop() {
      if (!server.listening) return;
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}
