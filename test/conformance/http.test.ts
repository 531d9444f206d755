import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import { http } from "../../src/kinds/destinations/http/kind.ts";
import { httpDestination, httpSender } from "../support/http-destination.ts";
import { always, startSink } from "../support/sink.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import type { AnswersOfKind } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const nasty = Buffer.from([0x7b, 0x00, 0xff, 0xfe, 0x1b, 0xed, 0xa0, 0x80, 0xf0, 0x9f]);

const answers: Record<Receiver, SinkAnswer> = {
  accepts: { kind: "answer", status: 200, body: nasty },
  refuses_for_good: { kind: "answer", status: 422, body: nasty },
  fails_for_now: { kind: "answer", status: 503 },
  wants_credentials: { kind: "answer", status: 401 },
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

const token = JSON.stringify({ access_token: "planted-token", token_type: "Bearer", expires_in: 3_600 });

const ways = (tokenUrl: string): readonly HttpDestination["auth"][] => [
  { kind: "none" },
  { kind: "basic", username: "leadledger", password: "planted-password" },
  { kind: "bearer", token: "planted-bearer" },
  { kind: "api_key", key: "planted-header-key", in: "header", name: "X-Api-Key" },
  { kind: "api_key", key: "planted-query-key", in: "query", name: "key" },
  {
    kind: "oauth2",
    tokenUrl,
    clientId: "leadledger",
    clientSecret: "planted-client-secret",
    clientAuth: "body",
    scope: "leads.write",
  },
  { kind: "hmac", secret: "planted-hmac-key", algorithm: "sha512", encoding: "hex", signed: "{body}" },
  { kind: "standard_webhooks" },
];

ways("").forEach(({ kind }, at) =>
  describeDestinationKind(
    http,
    async ({ receiver, timeoutMs, forbidden }) => {
      const sink = await startSink(() => answers[receiver]);
      const tokens = await startSink(always({ kind: "answer", status: 200, body: token }));
      if (receiver === "absent") await sink.close();
      const auth = ways(tokens.url)[at] ?? { kind: "none" };
      const own = {
        timeoutMs,
        allowPrivate: forbidden !== true,
        secret: "planted-secret",
        headers: { Authorization: "planted-header" },
        query: { team: "planted-parameter" },
        auth,
      };
      return {
        destination: httpDestination(sink.url, own),
        sender: httpSender(sink.url, own),
        received: () => sink.requests.map((request) => request.id),
        async stop() {
          await Promise.all([sink.close(), tokens.close()]);
        },
      };
    },
    kind === "none" ? "" : kind,
  ),
);

const startWith =
  (rules: Partial<HttpDestination>): AnswersOfKind["start"] =>
  async (answer, timeoutMs) => {
    const sink = await startSink(always(answer));
    return { sender: httpSender(sink.url, { timeoutMs, ...rules }), stop: () => sink.close() };
  };

describeAnswers(
  http,
  {
    start: startWith({
      success: [
        { status: "2xx", body: { pointer: "/errors/0", exists: true }, outcome: "rejected" },
        {
          status: "2xx",
          body: { pointer: "/success", equals: false },
          outcome: "rejected",
          reason: "/error",
        },
        { status: 500, body: { pointer: "/code", equals: "DUPLICATE" }, outcome: "duplicate", id: "/id" },
        {
          status: 409,
          header: { name: "Location", exists: true },
          outcome: "duplicate",
          url: "header:location",
        },
        { status: "2xx", body: { pointer: "/id", exists: true }, outcome: "delivered", id: "/id" },
      ],
    }),
    success: { status: 200, body: '{"id":"7"}', verdict: "delivered" },
    bodyDecides: true,
    verdicts: {
      multi_status: "rejected",
      error_inside: "rejected",
      duplicate_as_500: "known_person",
      conflict: "known_person",
      empty_202: "indeterminate",
      page: "indeterminate",
      throttled: "throttled",
      plain_ok: "indeterminate",
    },
  },
  "rules on its body",
);

describeAnswers(
  http,
  {
    start: startWith({}),
    success: { status: 200, verdict: "delivered" },
    bodyDecides: false,
    verdicts: {
      multi_status: "delivered",
      error_inside: "delivered",
      duplicate_as_500: "transient",
      conflict: "rejected",
      empty_202: "delivered",
      page: "delivered",
      throttled: "throttled",
      plain_ok: "delivered",
    },
  },
  "its status alone",
);
