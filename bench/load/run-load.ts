// Makes a load in a process of its own and waits for its report.
import { startChild } from "../machine/child.ts";
import type { LoadOrder, LoadReport } from "./order.ts";

type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly result: LoadReport }
  | { readonly kind: "failed"; readonly message: string };

const prepareLimitMs = 120_000;
const answersLimitMs = 90_000;

/** `beforeStart` runs when everything is prepared and nothing has been sent. Throws when the generator fails. */
export async function runLoad(order: LoadOrder, beforeStart: () => Promise<void>): Promise<LoadReport> {
  const generator = startChild("load/generator");
  try {
    generator.send(order);
    const ready = await generator.receive<Message>(prepareLimitMs);
    if (ready.kind !== "ready") throw new Error(`the load generator failed: ${JSON.stringify(ready)}`);
    await beforeStart();
    generator.send({ kind: "go" });
    const limitMs = order.warmUpMs + order.load.durationMs + answersLimitMs;
    const message = await generator.receive<Message>(limitMs);
    if (message.kind !== "result") throw new Error(`the load generator failed: ${JSON.stringify(message)}`);
    return message.result;
  } finally {
    await generator.stop();
  }
}
