// Ends at the server what is no longer waited for here. A backend that waits for a lock, or for a standby that does not
// come, notices nothing of a closed line: without this, one more would be left behind with every statement given up.
import { once } from "node:events";
import pg from "pg";

const cancelLimitMs = 2_000;

/** What pg knows of a connection, beyond its types. */
interface Cancellable {
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly sslNegotiation: "postgres" | "direct";
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** A connection of pg's, as far as a CancelRequest needs it. */
type RawConnection = pg.Connection & {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
};

/**
 * Sends a CancelRequest (PostgreSQL protocol, "Canceling Requests in Progress") for whatever the connection's backend is
 * doing. It goes to where the connection went, through a pooler too. Takes two seconds at most; never rejects, since
 * nobody can say whether it helped.
 */
export async function cancelStatement(client: pg.ClientBase): Promise<void> {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as Cancellable;
  if (processID === null || secretKey === null) return;
  const connection = new pg.Connection({ ssl, sslNegotiation } as pg.ConnectionConfig) as RawConnection;
  const limit = AbortSignal.timeout(cancelLimitMs);
  const isEncrypted = ssl !== false && ssl !== undefined && ssl !== null;
  connection.on("error", () => undefined);
  connection.once("connect", () => {
    if (!isEncrypted) connection.cancel(processID, secretKey);
    else if (sslNegotiation !== "direct") connection.requestSsl();
  });
  connection.once("sslconnect", () => connection.cancel(processID, secretKey));
  try {
    const ended = once(connection, "end", { signal: limit });
    if (host.startsWith("/")) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
    // The server closes the line when it has passed the request on.
    await ended;
  } catch {
    connection.stream.destroy();
  }
}

/** Whether the driver has given up waiting for an answer (`query_timeout`). */
export function isAnswerOverdue(error: unknown): boolean {
  return error instanceof Error && error.message === "Query read timeout";
}
