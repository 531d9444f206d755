import { http } from "../../src/kinds/destinations/http/kind.ts";
import { httpDestination, httpSender } from "../support/http-destination.ts";
import { startSink } from "../support/sink.ts";
import type { SinkAnswer } from "../support/sink.ts";
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

describeDestinationKind(http, async ({ receiver, timeoutMs, forbidden }) => {
  const sink = await startSink(() => answers[receiver]);
  if (receiver === "absent") await sink.close();
  const own = {
    timeoutMs,
    allowPrivate: forbidden !== true,
    secret: "planted-secret",
    headers: { Authorization: "planted-header" },
  };
  return {
    destination: httpDestination(sink.url, own),
    sender: httpSender(sink.url, own),
    received: () => sink.requests.map((request) => request.id),
    stop: () => sink.close(),
  };
});
