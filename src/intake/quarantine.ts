// What a node keeps of requests that it turns away: noted when they are answered, written in groups afterwards, so that
// neither a flood nor the database can hold up an answer. What has no room is counted.
import { v7 as uuidv7 } from "uuid";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { keptHeaders, quarantinedBytesMax } from "../domain/attention/quarantine.ts";
import type { QuarantinedContent, QuarantinedRequest } from "../domain/attention/quarantine.ts";
import type { RateLimiter } from "../domain/sources/rate-limiter.ts";
import type { RateLimit } from "../domain/values/duration.ts";
import type { Database } from "../ledger/connection/database.ts";
import { otherSources } from "../ledger/intake/denied-requests.ts";
import { sqlState } from "../ledger/connection/postgres-error.ts";
import { keepInQuarantine } from "../ledger/attention/quarantine.ts";
import type { SealedRequest } from "../ledger/attention/quarantine.ts";
import type { PersonIndex } from "./person-index.ts";
import { sealContent } from "./quarantine-content.ts";
import type { ContentBox } from "./quarantine-content.ts";
import { findPersonIn } from "./quarantined-person.ts";
import type { RequestHeaders } from "../domain/sources/request-headers.ts";

/** A request as intake turns it away. */
export interface TurnedAway {
  readonly source: string;
  readonly receivedAtMs: number;
  readonly errorCode: string;
  readonly authenticated: boolean;
  readonly headers: RequestHeaders;
  /** What there is of it. */
  readonly body: Buffer;
  /** false: there is more of the body than this. */
  readonly isWhole: boolean;
  /** null: not known. */
  readonly sizeBytes: number | null;
}

/** `not_written`: the database is away, or refuses. */
export type KeptNow =
  | { readonly kind: "kept"; readonly quarantineId: string }
  | { readonly kind: "no_room" }
  | { readonly kind: "not_written" };

export interface Quarantine {
  /** Returns the id under which it will be found; null: there is no room for it now. Never waits. */
  keep(request: TurnedAway): string | null;
  /** As `keep`, for what its sender is told was taken: resolves once it is written. */
  keepNow(request: TurnedAway): Promise<KeptNow>;
  /** How many wait to be written. */
  readonly waiting: number;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Says what was never written, by source, when the process ends: it is kept nowhere else. */
  tellLost(): void;
}

export interface QuarantineDeps {
  readonly database: Database;
  readonly box: ContentBox;
  readonly persons: PersonIndex;
  readonly rateLimiter: RateLimiter;
  readonly isConfigured: (sourceName: string) => boolean;
  /** false: what is kept waits in memory. */
  readonly isThere: () => boolean;
  readonly log: Log;
}

const waitingItemsMax = 2_000;
const waitingBytesMax = 32 * 1024 * 1024;
const batchItemsMax = 100;
/** On each node, of a source: all that it has room for at once, then as many as the database does not feel. */
const keptPerSource: RateLimit = { requests: 3_000, perMs: 60_000 };

export function createQuarantine(deps: QuarantineDeps): Quarantine {
  const { database, box, persons, rateLimiter, isConfigured, isThere, log } = deps;
  const waiting: QuarantinedRequest[] = [];
  let waitingBytes = 0;
  let notKept = new Map<string, number>();
  let told = 0;

  const roomOf = (source: string): string => (isConfigured(source) ? source : otherSources);

  function keep(request: TurnedAway): string | null {
    const item = itemOf(request);
    if (item === null) return null;
    waiting.push(item);
    waitingBytes += sizeOf([item]);
    return item.quarantineId;
  }

  async function keepNow(request: TurnedAway): Promise<KeptNow> {
    if (!isThere()) return { kind: "not_written" };
    const item = itemOf(request);
    if (item === null) return { kind: "no_room" };
    try {
      await keepInQuarantine(database, [sealed(item)], []);
      return { kind: "kept", quarantineId: item.quarantineId };
    } catch (error) {
      log("error", "lead_not_recorded", {
        source: roomOf(request.source),
        sqlstate: sqlState(error),
        error: errorText(error),
      });
      return { kind: "not_written" };
    }
  }

  /** null: there is no room for it, which is counted. */
  function itemOf({ headers, body, ...request }: TurnedAway): QuarantinedRequest | null {
    const room = roomOf(request.source);
    const keptBytes = Math.min(body.length, quarantinedBytesMax);
    const hasRoom = waiting.length < waitingItemsMax && waitingBytes + keptBytes <= waitingBytesMax;
    if (!hasRoom || !rateLimiter.take(room, keptPerSource).ok) {
      notKept.set(room, (notKept.get(room) ?? 0) + 1);
      return null;
    }
    const quarantineId = uuidv7();
    const isWhole = request.isWhole && body.length <= quarantinedBytesMax;
    // Copied: what intake was given may be a view of a buffer that is used again.
    const content = { headers: readingHeaders(headers), body: Buffer.from(body.subarray(0, keptBytes)) };
    // Whole milliseconds are what is stored, and what the content is bound to.
    const receivedAtMs = Math.trunc(request.receivedAtMs);
    return { ...request, receivedAtMs, quarantineId, isWhole, content };
  }

  async function flush(): Promise<void> {
    tellNotKept();
    while ((waiting.length > 0 || notKept.size > 0) && isThere()) {
      // They stay among those that wait until they are written.
      const batch = waiting.slice(0, batchItemsMax);
      const counted = notKept;
      notKept = new Map();
      try {
        await keepInQuarantine(
          database,
          batch.map(sealed),
          [...counted].map(([room, count]) => ({ room, count })),
        );
        waiting.splice(0, batch.length);
        waitingBytes -= sizeOf(batch);
      } catch (error) {
        for (const [room, count] of counted) notKept.set(room, (notKept.get(room) ?? 0) + count);
        throw error;
      }
    }
    if (notKept.size === 0) told = 0;
  }

  function tellNotKept(): void {
    const all = [...notKept.values()].reduce((sum, count) => sum + count, 0);
    if (all > told) log("warn", "quarantine_full", { count: all - told });
    told = all;
  }

  function tellLost(): void {
    if (waiting.length === 0) return;
    const counts = new Map<string, number>();
    for (const { source } of waiting) counts.set(roomOf(source), (counts.get(roomOf(source)) ?? 0) + 1);
    const sources = [...counts].map(([room, count]) => `${room}: ${count}`).join(", ");
    log("warn", "quarantine_lost", { count: waiting.length, sources });
  }

  function sealed(request: QuarantinedRequest): SealedRequest {
    const { quarantineId, source, errorCode, authenticated, isWhole, sizeBytes, content } = request;
    return {
      quarantineId,
      source,
      errorCode,
      authenticated,
      isWhole,
      sizeBytes,
      ...findPersonIn(content, persons),
      room: roomOf(source),
      receivedAt: new Date(request.receivedAtMs).toISOString(),
      content: sealContent(box, request, content),
    };
  }

  return {
    keep,
    keepNow,
    get waiting() {
      return waiting.length;
    },
    flush,
    tellLost,
  };
}

function readingHeaders(headers: RequestHeaders): QuarantinedContent["headers"] {
  return Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function sizeOf(requests: readonly QuarantinedRequest[]): number {
  return requests.reduce((sum, { content }) => sum + content.body.length, 0);
}
