// The fields that a destination's receiver has, asked of it for a person who makes a map; and a new one made there.
import type { Destination } from "../../domain/destinations/destination.ts";
import type { DestinationKind } from "./destination-kind.ts";
import { withSender } from "./one-sender.ts";
import type { FieldCreated, FieldsRead, NewRemoteField } from "./sender.ts";

export interface RemoteFields {
  /** null: it has none that can be asked for. */
  read(destination: Destination): Promise<(FieldsRead & { readonly canCreate: boolean }) | null>;
  /** null: none can be made there from here. */
  create(destination: Destination, wanted: NewRemoteField): Promise<FieldCreated | null>;
}

export function remoteFields(kinds: readonly DestinationKind[]): RemoteFields {
  return {
    read: (destination) =>
      withSender(kinds, destination, async (sender) => {
        const read = (await sender.fields?.()) ?? null;
        return read === null ? null : { ...read, canCreate: sender.createField !== undefined };
      }),
    create: (destination, wanted) =>
      withSender(kinds, destination, async (sender) => (await sender.createField?.(wanted)) ?? null),
  };
}
