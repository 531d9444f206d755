// A sender for one thing that a person wants to know of a destination: opened, asked and closed, from this machine, through
// its proxy if it has one.
import { declaredOf } from "../../config/declared-kind.ts";
import { settingsOf } from "../../config/fields/settings.ts";
import type { Destination } from "../../domain/destinations/destination.ts";
import { proxyRulesOf } from "../../outgoing/proxy.ts";
import type { DestinationKind } from "./destination-kind.ts";
import { maskingSender, secretsOf } from "./masked-answers.ts";
import type { Sender } from "./sender.ts";

/** null for a kind that nothing is sent to. */
export async function withSender<Result>(
  kinds: readonly DestinationKind[],
  destination: Destination,
  work: (sender: Sender) => Promise<Result>,
): Promise<Result | null> {
  const kind = declaredOf(kinds, destination.kind);
  const transport = await kind?.transport?.();
  if (kind === undefined || transport === undefined) return null;
  const opened = transport.open(destination, { nowMs: Date.now, proxy: proxyRulesOf(process.env) });
  const sender = maskingSender(opened, secretsOf(kind.fields, settingsOf(destination)));
  try {
    return await work(sender);
  } finally {
    await sender.close();
  }
}
