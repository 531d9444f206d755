// Connections to somebody's PostgreSQL: guarded, kept between leads, each used by one attempt at a time. Nothing in them
// outlives a statement, so that a pooler in transaction mode may stand between.
import type { Socket } from "node:net";
import pg from "pg";
import type { Connector } from "../../../outgoing/connector.ts";
import { loginOf } from "./fields.ts";
import type { PostgresDestination } from "./fields.ts";

export interface Connections {
  /** Drops the connection when `work` rejects or `over` is aborted, keeps it otherwise. */
  use<T>(over: AbortSignal, work: (client: pg.Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Longer, firewalls between us may have forgotten it. */
const idleConnectionMaxMs = 60_000;

export function openConnections(destination: PostgresDestination, connector: Connector): Connections {
  const idle: Kept[] = [];

  function keep(kept: Kept): void {
    idle.push(kept);
    kept.timer = setTimeout(() => drop(kept), idleConnectionMaxMs);
    kept.timer.unref();
  }

  function take(): Kept | undefined {
    const kept = idle.pop();
    clearTimeout(kept?.timer);
    return kept;
  }

  function drop(kept: Kept): void {
    const at = idle.indexOf(kept);
    if (at !== -1) idle.splice(at, 1);
    clearTimeout(kept.timer);
    kept.socket.destroy();
  }

  return {
    async use(over, work) {
      const kept = take() ?? (await connect(destination, connector, over, drop));
      const onOver = (): void => drop(kept);
      over.addEventListener("abort", onOver, { once: true });
      try {
        const result = await work(kept.client);
        over.removeEventListener("abort", onOver);
        if (kept.socket.writable) keep(kept);
        return result;
      } catch (error) {
        over.removeEventListener("abort", onOver);
        drop(kept);
        throw error;
      }
    },
    async close() {
      connector.close();
      await Promise.all(idle.splice(0).map(end));
    },
  };
}

interface Kept {
  readonly client: pg.Client;
  readonly socket: Socket;
  timer?: NodeJS.Timeout;
}

/** A connection that the server ends while nobody uses it is dropped. */
async function connect(
  destination: PostgresDestination,
  connector: Connector,
  over: AbortSignal,
  drop: (kept: Kept) => void,
): Promise<Kept> {
  const { hostname, port, path: database, user, password } = loginOf(destination);
  const ca = destination.tls === "off" ? undefined : await connector.authorities();
  const socket = await connector.connect({ hostname, port, secure: false });
  const onOver = (): void => void socket.destroy();
  over.addEventListener("abort", onOver, { once: true });
  if (over.aborted) socket.destroy();
  const client = new pg.Client({
    host: hostname,
    port,
    database,
    user,
    // A function: an empty text would let pg look into the environment and into .pgpass, whose passwords are another's.
    password: () => password ?? "",
    ssl:
      destination.tls === "off" ? false : { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    stream: () => connected(socket),
    application_name: "LeadLedger",
    client_encoding: "UTF8",
  });
  const kept: Kept = { client, socket };
  client.on("error", () => drop(kept));
  client.on("end", () => drop(kept));
  try {
    await client.connect();
    return kept;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    over.removeEventListener("abort", onOver);
  }
}

/** pg connects whatever it is given; this one is. */
function connected(socket: Socket): Socket {
  socket.connect = () => {
    process.nextTick(() => socket.emit("connect"));
    return socket;
  };
  return socket;
}

async function end({ client, socket, timer }: Kept): Promise<void> {
  clearTimeout(timer);
  // It says goodbye and waits for the server to hang up, which one that hangs does not.
  const hungUp = setTimeout(() => socket.destroy(), goodbyeMaxMs);
  await client.end().catch(() => undefined);
  clearTimeout(hungUp);
  socket.destroy();
}

const goodbyeMaxMs = 1_000;
