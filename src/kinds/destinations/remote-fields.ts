// The fields that a destination's receiver has, asked of it for a person who makes a map; and a new one made there.
import { declaredOf } from "../../config/declared-kind.ts";
import type { Destination } from "../../domain/destinations/destination.ts";
import { proxyRulesOf } from "../../outgoing/proxy.ts";
import type { DestinationKind } from "./destination-kind.ts";
import type { FieldCreated, FieldsRead, NewRemoteField, Sender } from "./sender.ts";

export interface RemoteFields {
  /** null: it has none that can be asked for. */
  read(destination: Destination): Promise<(FieldsRead & { readonly canCreate: boolean }) | null>;
  /** null: none can be made there from here. */
  create(destination: Destination, wanted: NewRemoteField): Promise<FieldCreated | null>;
}

/** From this machine, through its proxy if it has one. */
export function remoteFields(kinds: readonly DestinationKind[]): RemoteFields {
  async function withSender<Result>(
    destination: Destination,
    work: (sender: Sender) => Promise<Result | null>,
  ): Promise<Result | null> {
    const transport = await declaredOf(kinds, destination.kind)?.transport?.();
    if (transport === undefined) return null;
    const sender = transport.open(destination, { nowMs: Date.now, proxy: proxyRulesOf(process.env) });
    try {
      return await work(sender);
    } finally {
      await sender.close();
    }
  }
  return {
    read: (destination) =>
      withSender(destination, async (sender) => {
        const read = (await sender.fields?.()) ?? null;
        return read === null ? null : { ...read, canCreate: sender.createField !== undefined };
      }),
    create: (destination, wanted) =>
      withSender(destination, async (sender) => (await sender.createField?.(wanted)) ?? null),
  };
}
