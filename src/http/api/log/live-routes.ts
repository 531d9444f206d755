// GET /events: what happens, as it happens, for live views (server-sent events, HTML Living Standard section 9.2).
import { Readable } from "node:stream";
import { Type } from "typebox";
import type { LiveFeed } from "../../live/live-feed.ts";
import { refuse, route } from "../frame/route.ts";
import { closed } from "../frame/schemas.ts";

export interface LiveDeps {
  readonly feed: LiveFeed;
}

export function liveRoutes({ feed }: LiveDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/events",
        summary: "What happens, as it happens",
        description:
          "Server-sent events. `event` is `run`, `dlq`, `operation`, `configuration`, `kpi`, `audit` (for roles that may read the audit log) or `health`; `many` means that so much happened that views had better read again what they show. `data` is JSON with ids, types and states, and no person's data. After a break, `Last-Event-ID` goes on where it was; an event may come twice, `event_id` tells. A comment comes every 15 seconds. A stream ends when its key or session does. Who does not read is dropped; after 15 minutes a stream ends, and one comes again.",
        tag: "events",
        access: "leads.read",
        query: Type.Object(
          {
            health_checks: Type.Optional(
              Type.Boolean({ default: false, description: "Health checks, too." }),
            ),
          },
          closed,
        ),
        answers: {},
        streams: ["text/event-stream"],
        problems: ["too_many_streams"],
      },
      async ({ query, principal, isStillAllowed, raw }) => {
        const contentType = "text/event-stream";
        // Fastify answers HEAD by this, too; nobody would read the stream.
        if (raw.method === "HEAD") return { stream: Readable.from([]), contentType };
        const listener = {
          role: principal.role,
          healthChecks: query.health_checks === true,
          isStillAllowed,
        };
        const stream = await feed.open(listener, lastEventId(raw.headers["last-event-id"]));
        if (stream === null) return refuse("too_many_streams", undefined, { "Retry-After": "5" });
        // Proxies that collect answers would hold the events back.
        return { stream, contentType, headers: { "X-Accel-Buffering": "no" } };
      },
    ),
  ];
}

function lastEventId(header: string | string[] | undefined): number | null {
  return typeof header === "string" && /^[0-9]{1,15}$/.test(header) ? Number(header) : null;
}
