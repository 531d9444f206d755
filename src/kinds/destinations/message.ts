// What a destination is sent of a lead, made for each attempt and for previews alike.
import { deliveryContent } from "../../domain/destinations/delivery-content.ts";
import type { Wanted } from "../../domain/destinations/delivery-content.ts";
import { failure } from "../../domain/destinations/outcome.ts";
import type { Failed } from "../../domain/destinations/outcome.ts";
import { errorText } from "../../domain/node/log.ts";
import { writeExactly } from "../../domain/values/exact-json.ts";
import type { DeliveryMessage } from "./sender.ts";

export type MadeMessage =
  | { readonly kind: "message"; readonly message: DeliveryMessage }
  /** Its condition is not met: the place of the part that is not, `when.all[1]`. */
  | { readonly kind: "skip"; readonly place: string }
  /** `targets`: those that must not be empty, and are; none where nothing could be made at all. */
  | { readonly kind: "failed"; readonly outcome: Failed; readonly targets: readonly string[] };

/** `delivery`: with the body as made by `deliveryBody`. Never throws. */
export function messageFor(
  { name, when, map }: Wanted & { readonly name: string },
  delivery: Omit<DeliveryMessage, "mapped" | "delivery">,
): MadeMessage {
  try {
    const content = deliveryContent({ when, map }, delivery.body);
    if (content.kind === "skip") return content;
    if (content.kind === "incomplete") return incomplete(name, content.targets);
    const { mapped } = content;
    if (mapped === undefined) return { kind: "message", message: delivery };
    return {
      kind: "message",
      message: { ...delivery, body: writeExactly(mapped), mapped, delivery: delivery.body },
    };
  } catch (error) {
    const why = `what ${name} should receive cannot be made of this lead: ${errorText(error)}`;
    return { kind: "failed", outcome: failure("nothing_to_send", why), targets: [] };
  }
}

const namedMax = 10;

function incomplete(name: string, targets: readonly string[]): MadeMessage {
  const named = [...targets.slice(0, namedMax), ...(targets.length > namedMax ? ["…"] : [])].join(", ");
  const message = `${name} must get ${named}, and this lead gives nothing for it`;
  return { kind: "failed", outcome: failure("required_field_missing", message), targets };
}
