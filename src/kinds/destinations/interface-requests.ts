// Requests to a vendor's interface, for people to look at.
import { masked } from "../../domain/destinations/shown-address.ts";
import type { HttpRequest } from "../../outgoing/http-client.ts";
import type { ShownRequest } from "./sender.ts";

/** `proof`: the headers that prove who asks, in lower case; their values are masked. */
export function shownRequest(
  baseUrl: string,
  { method, path, headers, body }: HttpRequest,
  proof: readonly string[],
): ShownRequest {
  const { origin, host } = new URL(baseUrl);
  return {
    method,
    url: origin + path,
    headers: {
      host,
      ...headers,
      ...Object.fromEntries(proof.map((name) => [name, masked])),
      "content-length": String(Buffer.byteLength(body)),
    },
    body,
  };
}
