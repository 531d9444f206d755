// A connection through a proxy, made by CONNECT (RFC 9110 section 9.3.6).
import { connect as connectTcp, isIP } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Proxy } from "./proxy.ts";

/** Of the head of the proxy's answer. */
const headMaxBytes = 16 * 1_024;
const endOfHead = "\r\n\r\n";

/** To the proxy; it may be anywhere, because whoever runs this program named it. */
export function openToProxy({ hostname, port, secure }: Proxy): Socket {
  const options = { host: hostname, port, noDelay: true, keepAlive: true };
  return secure
    ? connectTls({ ...options, ...(isIP(hostname) > 0 ? {} : { servername: hostname }) })
    : connectTcp(options);
}

/** Asks for a way to `host`; rejects with what the proxy said. The socket is connected. */
export function askForTunnel(
  socket: Socket,
  { authorization }: Proxy,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const lines = [
    `CONNECT ${authority} HTTP/1.1`,
    `Host: ${authority}`,
    ...(authorization === null ? [] : [`Proxy-Authorization: ${authorization}`]),
  ];
  socket.write(lines.join("\r\n") + endOfHead);
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const onReadable = (): void => {
      for (
        let chunk = socket.read() as Buffer | null;
        chunk !== null;
        chunk = socket.read() as Buffer | null
      ) {
        seen = Buffer.concat([seen, chunk]);
        const end = seen.indexOf(endOfHead);
        if (end === -1 && seen.length <= headMaxBytes) continue;
        stop();
        const status = statusOf(seen);
        const rest = seen.subarray(end + endOfHead.length);
        if (end === -1 || !/^2\d\d/.test(status)) {
          reject(new Error(`the proxy answered ${status}`));
          return;
        }
        if (rest.length > 0) socket.unshift(rest);
        resolve();
        return;
      }
    };
    const onError = (error: Error): void => {
      stop();
      reject(error);
    };
    const onClose = (): void => {
      stop();
      reject(new Error("the proxy closed the connection"));
    };
    const stop = (): void => {
      socket.off("readable", onReadable).off("error", onError).off("close", onClose).off("end", onClose);
    };
    socket.on("readable", onReadable).on("error", onError).on("close", onClose).on("end", onClose);
  });
}

/** `407 Proxy Authentication Required`, printable and short. */
function statusOf(head: Buffer): string {
  const line = head.toString("latin1", 0, 200).split("\r\n", 1)[0] ?? "";
  const status = /^HTTP\/1\.[01] (\d{3}[^\r\n]*)/.exec(line)?.[1];
  return status === undefined ? "in no proper HTTP" : status.replace(/[^\x20-\x7e]/g, "?").trim();
}
