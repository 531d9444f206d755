// What a destination is sent of a lead, made for each attempt and for previews alike.
import { deliveryContent } from "../../domain/destinations/delivery-content.ts";
import type { Wanted } from "../../domain/destinations/delivery-content.ts";
import { expressionFailure } from "../../domain/destinations/expression.ts";
import type { Evaluate } from "../../domain/destinations/expression.ts";
import { failure } from "../../domain/destinations/outcome.ts";
import type { Failed } from "../../domain/destinations/outcome.ts";
import { errorText } from "../../domain/node/log.ts";
import { writeExactly } from "../../domain/values/exact-json.ts";
import type { DeliveryMessage } from "./sender.ts";

type Unmapped = Omit<DeliveryMessage, "mapped" | "delivery">;

export type MadeMessage =
  | { readonly kind: "message"; readonly message: DeliveryMessage }
  /** Its condition is not met: the place of the part that is not, `when.all[1]`. */
  | { readonly kind: "skip"; readonly place: string }
  /** `targets`: those that must not be empty, and are; none where nothing could be made at all. */
  | {
      readonly kind: "failed";
      readonly outcome: Failed;
      readonly targets: readonly string[];
      /** Of an outcome that blames the destination: it may be what is in this lead; two in a row are not. */
      readonly isPerhapsAlone?: boolean;
    };

/**
 * `delivery`: with the body as made by `deliveryBody`. At once, but where the destination has an expression. Never throws,
 * nor rejects.
 */
export function messageFor(
  { name, when, map, expression }: Wanted & { readonly name: string },
  delivery: Unmapped,
  evaluate: Evaluate,
): MadeMessage | Promise<MadeMessage> {
  try {
    const content = deliveryContent({ when, map, expression }, delivery.body);
    if (content.kind === "evaluate") return evaluated(name, content, delivery, evaluate);
    if (content.kind === "skip") return content;
    if (content.kind === "incomplete") return incomplete(name, content.targets);
    const { mapped } = content;
    return { kind: "message", message: mapped === undefined ? delivery : withMapped(delivery, mapped) };
  } catch (error) {
    const why = `what ${name} should receive cannot be made of this lead: ${errorText(error)}`;
    return { kind: "failed", outcome: failure("nothing_to_send", why), targets: [] };
  }
}

function withMapped(delivery: Unmapped, mapped: unknown): DeliveryMessage {
  return { ...delivery, body: writeExactly(mapped), mapped, delivery: delivery.body };
}

async function evaluated(
  destination: string,
  { expression, document }: { readonly expression: string; readonly document: unknown },
  delivery: Unmapped,
  evaluate: Evaluate,
): Promise<MadeMessage> {
  const result = await evaluate({ destination, expression, document });
  if (result.kind === "value") return { kind: "message", message: withMapped(delivery, result.value) };
  const { outcome, isPerhapsAlone } = expressionFailure(destination, result);
  return { kind: "failed", outcome, targets: [], isPerhapsAlone };
}

const namedMax = 10;

function incomplete(name: string, targets: readonly string[]): MadeMessage {
  const named = [...targets.slice(0, namedMax), ...(targets.length > namedMax ? ["…"] : [])].join(", ");
  const message = `${name} must get ${named}, and this lead gives nothing for it`;
  return { kind: "failed", outcome: failure("required_field_missing", message), targets };
}
