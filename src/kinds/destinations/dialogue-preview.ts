// The request of a question, for people to look at: what proves who asks is masked.
import { masked } from "../../domain/destinations/shown-address.ts";
import type { HttpRequest } from "../../outgoing/http-client.ts";
import type { ShownRequest } from "./sender.ts";

/** `prove` as of the kind's dialogue. */
export function showQuestion(
  origin: URL,
  { method, path, headers, body }: HttpRequest,
  prove: (token: string | null) => Readonly<Record<string, string>>,
): ShownRequest {
  return {
    method,
    url: origin.origin + path,
    headers: {
      host: origin.host,
      ...headers,
      ...prove(masked),
      "content-length": String(Buffer.byteLength(body)),
    },
    body,
  };
}
