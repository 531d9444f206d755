import { lines } from "../support/lines-kind.ts";
import { startLineReceiver } from "../support/line-receiver.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const answers: Record<Receiver, string | null> = {
  accepts: "ok",
  refuses_for_good: "no",
  fails_for_now: "later",
  wants_credentials: "password",
  hangs: null,
  absent: null,
};

describeDestinationKind(lines, async ({ receiver, timeoutMs, forbidden }) => {
  const there = await startLineReceiver(answers[receiver]);
  if (receiver === "absent") await there.stop();
  const transport = await lines.transport?.();
  if (transport === undefined) throw new Error("nothing is sent");
  const destination = {
    name: "crm",
    kind: lines.kind,
    paused: false,
    host: there.host,
    password: "planted-password",
    concurrency: 1,
    timeoutMs,
    allowPrivate: forbidden !== true,
    retry: { fastMs: [], slowMs: [] },
  };
  return {
    destination,
    sender: transport.open(destination, { nowMs: Date.now }),
    received: () => there.lines.map((line) => (JSON.parse(line) as { id: string }).id),
    stop: () => there.stop(),
  };
});
