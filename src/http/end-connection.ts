// Ends a connection that has no request to answer: what it says is written to the socket itself.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";
import { problem, problemMediaType } from "./problem.ts";

/**
 * For the other side to read the answer and to close. Without this time a reset could overtake the answer; with more of it
 * whoever never closes would keep the connection.
 */
const lingerMs = 1_000;

/** `code`: what is said; null: nothing. Whatever still comes must be read and thrown away by the caller. */
export function endConnection(socket: Socket, code: ErrorCode | null): void {
  if (!socket.writable || code === null) {
    socket.destroy();
    return;
  }
  const { status, body } = problem(code, "en");
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nContent-Type: ${problemMediaType}\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(timer));
}

/** Which error of the catalogue an error of node's parser is; null: the other side went away, or reads nothing of ours. */
export function codeOfUnreadable(error: NodeJS.ErrnoException): ErrorCode | null {
  // Who does not speak TLS, or not ours, could not read an answer.
  if (error.code?.startsWith("ERR_SSL_") === true || error.code?.startsWith("ERR_TLS_") === true) return null;
  switch (error.code) {
    case "ECONNRESET":
    case "EPIPE":
      return null;
    case "HPE_HEADER_OVERFLOW":
      return "headers_too_large";
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return "request_timeout";
    default:
      return "request_malformed";
  }
}
