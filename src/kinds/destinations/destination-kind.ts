// A kind of destination: its declaration and, loaded only where leads are sent, what sends.
import { clientField } from "../../config/fields/client-field.ts";
import type { DeclaredDestination } from "../../config/declared-kind.ts";
import type { Field, Fields, SettingsOf } from "../../config/fields/field.ts";
import { refuseReservedNames } from "../../config/reserved-names.ts";
import type { Destination } from "../../domain/destinations/destination.ts";
import type { OutgoingDeps } from "../../outgoing/outgoing.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "./sender.ts";
import { sendingFormOrder } from "./shared-fields.ts";
import type { SendingFields } from "./shared-fields.ts";
import type { Surroundings } from "./surroundings.ts";

/** What senders need from outside. */
export interface SenderDeps extends OutgoingDeps {
  readonly nowMs: () => number;
  /** Asked for each attempt; absent: `noSurroundings`. */
  readonly surroundings?: () => Surroundings;
}

/** What does the work of a kind: a module with these two functions. */
export interface Transport<Of extends Destination = Destination> {
  /**
   * For one destination, with what it keeps between attempts. Throws where the settings cannot be used at all, which
   * configuration has seen to before.
   */
  open(destination: Of, deps: SenderDeps): Sender;
  /** What an attempt would send at this moment, to the byte, but for what must not be seen. */
  preview(
    destination: Of,
    message: DeliveryMessage,
    nowMs: number,
    surroundings: Surroundings,
  ): ShownRequest | Promise<ShownRequest>;
}

/** Everything about a destination of a kind that has these fields. */
export type DestinationOf<Declared extends Fields> = Destination & SettingsOf<Declared>;

export interface DestinationKind extends DeclaredDestination {
  /**
   * Imports what sends, so that a command that only asks for `--help` does not wait for it; null: nothing is sent. It is
   * given destinations of its own kind alone.
   */
  readonly transport: (() => Promise<Transport>) | null;
}

type KindDeclaration<Declared extends Fields> = Omit<
  DeclaredDestination,
  "fields" | "formOrder" | "sends"
> & {
  readonly fields: Declared;
  readonly formOrder?: readonly (keyof Declared & string)[];
};

/** Declares a kind that sends: besides its own fields it has `sendingFields`, and like every kind `client`. Throws where a field has a reserved name. */
export function destinationKind<const Declared extends SendingFields>(
  declaration: KindDeclaration<Declared> & {
    readonly transport: () => Promise<Transport<DestinationOf<Declared>>>;
  },
): DestinationKind;
/** Declares a kind that nothing is sent to. */
export function destinationKind<const Declared extends Fields & { readonly paused: Field<boolean> }>(
  declaration: KindDeclaration<Declared> & { readonly transport: null },
): DestinationKind;
export function destinationKind(declaration: Omit<DestinationKind, "sends">): DestinationKind {
  const { formOrder = [] } = declaration;
  refuseReservedNames("destination", declaration);
  const fields: Fields = { ...declaration.fields, client: clientField };
  const own = Object.keys(fields).filter((key) => !sharedFormOrder.some((shared) => shared === key));
  return {
    ...declaration,
    fields,
    sends: declaration.transport !== null,
    formOrder: [...formOrder, ...own.filter((key) => !formOrder.includes(key)), ...sharedFormOrder],
  };
}

const sharedFormOrder = ["client", ...sendingFormOrder] as const;
