// How many connections a node keeps. When one more comes, those give way that have been of no use for the longest time:
// refusing the new one instead would let whoever holds idle connections lock out everybody else for as long as they like.
import type { Server } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { Exchanges } from "./exchanges.ts";

/** `dismiss` ends a connection that waits for no answer of ours. */
export function limitConnections(
  server: Server,
  exchanges: Pick<Exchanges, "meet" | "lastOfUse">,
  connectionsMax: number,
  dismiss: (socket: Socket) => void,
): void {
  const open = new Set<Socket>();

  function makeRoom(): void {
    const idle = [...open].flatMap((socket) => {
      const lastOfUse = exchanges.lastOfUse(socket);
      return lastOfUse === null ? [] : [{ socket, lastOfUse }];
    });
    idle.sort((one, other) => one.lastOfUse - other.lastOfUse);
    // Some more than needed, because looking through all of them for each one that comes would be too slow.
    const surplus = open.size - connectionsMax + Math.floor(connectionsMax * spareShare);
    for (const { socket } of idle.slice(0, surplus)) {
      open.delete(socket);
      dismiss(socket);
    }
  }

  // Under TLS what is read and written is the connection inside; before there is one, the handshake has its own limit.
  server.on(server instanceof HttpsServer ? "secureConnection" : "connection", (socket: Socket) => {
    exchanges.meet(socket);
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    if (open.size > connectionsMax) makeRoom();
  });
}

const spareShare = 0.01;
