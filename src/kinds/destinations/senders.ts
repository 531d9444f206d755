// Senders for destinations of all kinds, by what their kinds bring.
import type { Fields } from "../../config/fields/field.ts";
import { settingsOf } from "../../config/fields/settings.ts";
import type { Destination, SendingDestination } from "../../domain/destinations/destination.ts";
import type { DestinationKind, SenderDeps, Transport } from "./destination-kind.ts";
import { maskingSender, secretsOf } from "./masked-answers.ts";
import type { Sender } from "./sender.ts";

export interface Opened {
  readonly destination: SendingDestination;
  readonly sender: Sender;
}

/**
 * The sender of a destination; null for a kind that nothing is sent to, and for one of a newer program that shares the
 * database. Throws where the destination cannot be sent to as it is.
 */
export type OpenSender = (destination: Destination) => Opened | null;

/** Imports what all kinds send with: once per process, so that a destination is opened without a wait. */
export async function loadSenders(kinds: readonly DestinationKind[], deps: SenderDeps): Promise<OpenSender> {
  const known = new Map<string, { readonly transport: Transport; readonly fields: Fields }>();
  for (const { kind, fields, transport } of kinds)
    if (transport !== null) known.set(kind, { fields, transport: await transport() });
  return (destination) => {
    const { transport, fields } = known.get(destination.kind) ?? {};
    if (transport === undefined || fields === undefined) return null;
    const secrets = secretsOf(fields, settingsOf(destination));
    const sender = maskingSender(transport.open(destination, deps), secrets);
    // A kind with a transport declares `sendingFields` (destination-kind.ts).
    return { destination: destination as SendingDestination, sender };
  };
}
