// One connection for all attempts at a destination, made when it is needed and again when it is lost. Clients with a way
// of their own to connect again are kept from it: whether and when is the circuit's to decide.

/** What a client gives us of a connection. */
export interface Opened<Link> {
  readonly link: Link;
  /** Fulfils when it can no longer be used, for whatever reason. */
  readonly lost: Promise<void>;
  /** Ends it: at once, or after a goodbye that does not wait for long. May be called when it is lost. */
  end(): void | Promise<void>;
}

export interface KeptConnection<Link> {
  /**
   * Rejects as `open` and `work` do. If `over` is aborted during `work`, the connection serves what is under way and
   * nothing new: a server that leaves one attempt without an answer may leave the next one, too.
   */
  use<T>(over: AbortSignal, work: (link: Link) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Shared<Link> {
  readonly opened: Promise<Opened<Link>>;
  users: number;
  isRetired: boolean;
}

export function keepConnection<Link>(open: () => Promise<Opened<Link>>): KeptConnection<Link> {
  let current: Shared<Link> | null = null;

  function shared(): Shared<Link> {
    if (current !== null) return current;
    const made: Shared<Link> = { opened: open(), users: 0, isRetired: false };
    current = made;
    made.opened.then(
      ({ lost }) => void lost.then(() => retire(made)),
      () => retire(made),
    );
    return made;
  }

  function retire(connection: Shared<Link>): void {
    connection.isRetired = true;
    if (current === connection) current = null;
    if (connection.users === 0) void endOf(connection);
  }

  return {
    async use(over, work) {
      const connection = shared();
      const onOver = (): void => retire(connection);
      connection.users += 1;
      over.addEventListener("abort", onOver, { once: true });
      try {
        return await untilOver(
          over,
          connection.opened.then(({ link }) => {
            // Whoever has given up meanwhile must not send now: the next attempt does.
            over.throwIfAborted();
            return work(link);
          }),
        );
      } finally {
        over.removeEventListener("abort", onOver);
        connection.users -= 1;
        if (connection.isRetired && connection.users === 0) void endOf(connection);
      }
    },
    async close() {
      const connection = current;
      current = null;
      if (connection === null) return;
      connection.isRetired = true;
      await endOf(connection);
    },
  };
}

/** Whoever waited has gone; what comes too late is nobody's. */
function untilOver<T>(over: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    over.addEventListener("abort", () => reject(new Error("the attempt is over")), { once: true });
    work.then(resolve, reject);
  });
}

async function endOf<Link>({ opened }: Shared<Link>): Promise<void> {
  const connection = await opened.catch(() => null);
  await connection?.end();
}
