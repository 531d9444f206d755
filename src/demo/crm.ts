// The demo's own CRM: an HTTP server on loopback that accepts, refuses or fails as scripted, and remembers it.
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One delivery as it arrived. */
export interface CrmRequest {
  /** `webhook-id`; empty if there was none. */
  readonly id: string;
  readonly source: string;
  /** The lead's fields; empty if the body was not a delivery. */
  readonly lead: Readonly<Record<string, unknown>>;
  readonly sinceStartMs: number;
}

export type CrmAnswer =
  | { readonly kind: "accept" }
  /** For good, with a reason for the person who looks into it: 422. */
  | { readonly kind: "refuse"; readonly reason: string }
  /** For now: 503; `reason` where it is not the CRM that is down, but this lead that it stumbles over. */
  | { readonly kind: "fail"; readonly reason?: string };

export type CrmScript = (request: CrmRequest) => CrmAnswer;

export interface CrmRecord extends CrmRequest {
  readonly answer: CrmAnswer["kind"];
  /** This id had been accepted before: a repeat that the CRM recognised. */
  readonly repeat: boolean;
}

export interface DemoCrm {
  readonly url: string;
  /** Everything that arrived, in order. */
  readonly records: readonly CrmRecord[];
  /** Distinct leads accepted. */
  acceptedCount(): number;
  /** Until {@link recover}, everything is answered with 503. */
  breakDown(): void;
  recover(): void;
  close(): Promise<void>;
}

export interface DemoCrmOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly script: CrmScript;
  /** Monotonic milliseconds; default `performance.now`. */
  readonly nowMs?: () => number;
}

export const acceptAll: CrmScript = () => ({ kind: "accept" });

/** Fails for the first `failForMs`; afterwards does as `next` says. */
export function failsAtFirst(failForMs: number, next: CrmScript): CrmScript {
  return (request) => (request.sinceStartMs < failForMs ? { kind: "fail" } : next(request));
}

/** Refuses for good the leads that `isUnwanted` picks; otherwise does as `next` says. */
export function refuses(
  isUnwanted: (lead: CrmRequest["lead"]) => boolean,
  reason: string,
  next: CrmScript,
): CrmScript {
  return (request) => (isUnwanted(request.lead) ? { kind: "refuse", reason } : next(request));
}

/** Listens on 127.0.0.1; throws what `listen` throws. */
export async function startDemoCrm({ port, script, nowMs = monotonicMs }: DemoCrmOptions): Promise<DemoCrm> {
  const startedMs = nowMs();
  const records: CrmRecord[] = [];
  const acceptedIds = new Set<string>();
  let broken = false;

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = await read(request, nowMs() - startedMs);
    const answer: CrmAnswer = broken ? { kind: "fail" } : script(received);
    records.push({ ...received, answer: answer.kind, repeat: acceptedIds.has(received.id) });
    if (answer.kind === "accept") acceptedIds.add(received.id);
    reply(response, answer);
  };
  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/leads`,
    records,
    acceptedCount: () => acceptedIds.size,
    breakDown: () => void (broken = true),
    recover: () => void (broken = false),
    async close(): Promise<void> {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function monotonicMs(): number {
  return performance.now();
}

const bodyLimitBytes = 1_024 * 1_024;

async function read(request: IncomingMessage, sinceStartMs: number): Promise<CrmRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) throw new Error("larger than any lead of the demo");
    chunks.push(chunk);
  }
  const id = request.headers["webhook-id"];
  return { id: typeof id === "string" ? id : "", ...parsed(Buffer.concat(chunks)), sinceStartMs };
}

function parsed(body: Buffer): Pick<CrmRequest, "source" | "lead"> {
  try {
    const delivery = JSON.parse(body.toString("utf8")) as unknown;
    if (!isObject(delivery)) return { source: "", lead: {} };
    const { source, data } = delivery;
    return { source: typeof source === "string" ? source : "", lead: isObject(data) ? data : {} };
  } catch {
    return { source: "", lead: {} };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reply(response: ServerResponse, answer: CrmAnswer): void {
  const [status, body] = statusAndBody(answer);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function statusAndBody(answer: CrmAnswer): readonly [number, object] {
  switch (answer.kind) {
    case "accept":
      return [201, { status: "created" }];
    case "refuse":
      return [422, { error: answer.reason }];
    case "fail":
      return [503, { error: answer.reason ?? "temporarily out of service" }];
  }
}
