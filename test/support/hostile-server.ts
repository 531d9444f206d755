// A node's HTTP server with limits of the test's own, on the ledger of an app that runs already.
import type { HttpLimits } from "../../src/http/http-limits.ts";
import { createServer } from "../../src/http/server.ts";
import { createIntake } from "../../src/intake/intake.ts";
import { createPersonIndex } from "../../src/intake/person-index.ts";
import { createRateLimiter } from "../../src/domain/sources/rate-limiter.ts";
import { createAddressLimits } from "../../src/intake/address-limits.ts";
import { createLeadRecorder } from "../../src/intake/record-lead.ts";
import { createIntakeCommit } from "../../src/ledger/intake/intake-commit.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { createSourceDirectory } from "../../src/intake/source-directory.ts";
import { createDatabaseCircuit } from "../../src/ledger/connection/database-circuit.ts";
import type { LogLine, TestApp } from "./app.ts";

export interface LimitedServer {
  readonly url: string;
  readonly log: readonly LogLine[];
  /** Connections that the server still has. */
  connections(): Promise<number>;
  /** Requests that have begun since the start. */
  requests(): number;
  stop(): Promise<void>;
}

/** For those who ask and do not read: a few of them fill what the system keeps for a connection. */
const largeAnswer = "# \n".repeat(50_000);

/** Any name is a source. Deliveries are left to the app. */
export async function startLimitedServer(app: TestApp, limits: Partial<HttpLimits>): Promise<LimitedServer> {
  const { database } = app.installation;
  const log: LogLine[] = [];
  const write = (level: string, event: string, fields: LogLine["fields"] = {}): void =>
    void log.push({ level, event, fields });
  const sources = createSourceDirectory(true, builtInKinds.sources);
  sources.replace([], []);
  const monotonicMs = (): number => performance.now();
  const lease = { node: "limited", leaseMs: 10_000 };
  const recorder = createLeadRecorder({
    database,
    monotonicMs,
    log: write,
    spool: null,
    lease,
    newLeads: createIntakeCommit(database, lease),
    databaseCircuit: createDatabaseCircuit({ database, isThere: true, log: write }),
    reserve: () => null,
    onWaiting: () => undefined,
  });
  const intake = createIntake({
    sources,
    recorder,
    log: write,
    persons: createPersonIndex(Buffer.alloc(32)),
    nowMs: Date.now,
    rateLimiter: createRateLimiter(monotonicMs),
    addressLimits: createAddressLimits(monotonicMs),
    onDenied: () => undefined,
    onNotice: () => undefined,
    contentHash: () => null,
  });
  const server = createServer({
    intake,
    limits,
    log: write,
    health: {
      recordHealthCheck: () => Promise.resolve(true),
      troubles: () => [],
      now: () => new Date(),
      spool: () => null,
      canAccept: () => Promise.resolve(true),
      metrics: () => Promise.resolve({ contentType: "text/plain", text: largeAnswer }),
    },
  });
  let requests = 0;
  server.server.on("request", () => (requests += 1));
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    log,
    requests: () => requests,
    connections: () =>
      new Promise((resolve, reject) => {
        server.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    async stop() {
      server.server.closeAllConnections();
      await server.close();
      await recorder.drained();
    },
  };
}
