// The body of a request to a destination of kind `http`, and what its Content-Type says.
import { formText } from "../../../domain/destinations/form-text.ts";
import { parseWithExactNumbers } from "../../../domain/values/exact-json.ts";
import type { DeliveryMessage } from "../sender.ts";
import type { HttpDestination } from "./fields.ts";

export interface HttpBody {
  readonly text: string;
  readonly contentType: string;
}

export function httpBody({ content }: HttpDestination, { body, mapped }: DeliveryMessage): HttpBody {
  if (content === "json") return { text: body, contentType: "application/json" };
  const value = mapped === undefined ? parseWithExactNumbers(body) : mapped;
  return { text: formText(value), contentType: "application/x-www-form-urlencoded" };
}
