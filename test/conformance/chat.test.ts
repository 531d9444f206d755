import { defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { SlackDestination } from "../../src/kinds/destinations/slack/fields.ts";
import { slack } from "../../src/kinds/destinations/slack/kind.ts";
import { slackTransport } from "../../src/kinds/destinations/slack/transport.ts";
import { teams } from "../../src/kinds/destinations/teams/kind.ts";
import { teamsTransport } from "../../src/kinds/destinations/teams/transport.ts";
import { always, startSink } from "../support/sink.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import type { AnswersOfKind } from "./answers.ts";
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

const slackVerdicts: Omit<AnswersOfKind, "start"> = {
  success: { status: 200, headers: { "content-type": "text/html" }, body: "ok", verdict: "delivered" },
  bodyDecides: true,
  verdicts: {
    multi_status: "indeterminate",
    error_inside: [{ status: 200, body: '{"ok":false,"error":"no_text"}' }, "configuration"],
    duplicate_as_500: [{ status: 500, body: "rollup_error" }, "transient"],
    conflict: "rejected",
    empty_202: "indeterminate",
    page: "configuration",
    throttled: [{ status: 429, body: "rate_limited" }, "throttled"],
    plain_ok: "delivered",
  },
};

const teamsVerdicts: Omit<AnswersOfKind, "start"> = {
  success: { status: 202, verdict: "unproven" },
  bodyDecides: false,
  verdicts: {
    multi_status: "delivered",
    error_inside: "delivered",
    duplicate_as_500: "transient",
    conflict: "rejected",
    empty_202: "unproven",
    page: "configuration",
    throttled: "throttled",
    plain_ok: "delivered",
  },
};

const chatDestination = (kind: string, url: string, timeoutMs: number): SlackDestination => ({
  name: "crm",
  kind,
  url: `${url}?sig=planted-signature`,
  language: "de",
  timeoutMs,
  concurrency: 2,
  limits: [],
  openingHours: [],
  paused: false,
  allowPrivate: true,
  retry: defaultRetry,
});

for (const { kind, transport, answers, verdicts } of [
  { kind: slack, transport: slackTransport, answers: slackAnswers, verdicts: slackVerdicts },
  { kind: teams, transport: teamsTransport, answers: teamsAnswers, verdicts: teamsVerdicts },
]) {
  describeDestinationKind(kind, async ({ receiver, timeoutMs, forbidden }) => {
    const sink = await startSink(() => answers[receiver]);
    if (receiver === "absent") await sink.close();
    const destination = {
      ...chatDestination(kind.kind, sink.url, timeoutMs),
      allowPrivate: forbidden !== true,
    };
    return {
      destination,
      sender: transport.open(destination, { nowMs: Date.now }),
      received: () => sink.requests.map(({ headers }) => String(headers["idempotency-key"])),
      stop: () => sink.close(),
    };
  });
  describeAnswers(kind, {
    ...verdicts,
    async start(answer, timeoutMs) {
      const sink = await startSink(always(answer));
      const destination = chatDestination(kind.kind, sink.url, timeoutMs);
      return { sender: transport.open(destination, { nowMs: Date.now }), stop: () => sink.close() };
    },
  });
}
