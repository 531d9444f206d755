import { defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { SlackDestination } from "../../src/kinds/destinations/slack/fields.ts";
import { slack } from "../../src/kinds/destinations/slack/kind.ts";
import { open as openSlack } from "../../src/kinds/destinations/slack/transport.ts";
import { teams } from "../../src/kinds/destinations/teams/kind.ts";
import { open as openTeams } from "../../src/kinds/destinations/teams/transport.ts";
import { startSink } from "../support/sink.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const slackAnswers: Record<Receiver, SinkAnswer> = {
  accepts: { kind: "answer", status: 200, body: "ok" },
  refuses_for_good: { kind: "answer", status: 400, body: "invalid_payload\u0000" },
  fails_for_now: { kind: "answer", status: 500, body: "rollup_error" },
  wants_credentials: { kind: "answer", status: 200, body: '{"ok":false,"error":"invalid_auth"}' },
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

const teamsAnswers: Record<Receiver, SinkAnswer> = {
  accepts: { kind: "answer", status: 202 },
  refuses_for_good: { kind: "answer", status: 400, body: '{"error":{"code":"InvalidRequestContent"}}' },
  fails_for_now: { kind: "answer", status: 502 },
  wants_credentials: { kind: "answer", status: 403 },
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

for (const { kind, open, answers } of [
  { kind: slack, open: openSlack, answers: slackAnswers },
  { kind: teams, open: openTeams, answers: teamsAnswers },
])
  describeDestinationKind(kind, async ({ receiver, timeoutMs, forbidden }) => {
    const sink = await startSink(() => answers[receiver]);
    if (receiver === "absent") await sink.close();
    const destination: SlackDestination = {
      name: "crm",
      kind: kind.kind,
      url: `${sink.url}?sig=planted-signature`,
      language: "de",
      timeoutMs,
      concurrency: 2,
      limits: [],
      openingHours: [],
      paused: false,
      allowPrivate: forbidden !== true,
      retry: defaultRetry,
    };
    return {
      destination,
      sender: open(destination, { nowMs: Date.now }),
      received: () => sink.requests.map(({ headers }) => String(headers["idempotency-key"])),
      stop: () => sink.close(),
    };
  });
