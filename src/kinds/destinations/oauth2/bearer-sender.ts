// The sender of a destination whose requests bear an access token, which has to be fetched first.
import type { ExchangeEnd } from "../../../outgoing/exchange.ts";
import type { HttpClient, HttpRequest } from "../../../outgoing/http-client.ts";
import type { Whom } from "../../../outgoing/transport-error.ts";
import { probeWith } from "../probe.ts";
import type { AttemptResult, DeliveryMessage, Sender } from "../sender.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { bearer } from "./bearer.ts";

/** How a lead is sent by HTTP, but for the token. */
export interface Unproven {
  readonly destination: Whom;
  readonly client: HttpClient;
  request(message: DeliveryMessage): HttpRequest;
  result(message: DeliveryMessage, end: ExchangeEnd): AttemptResult;
}

/**
 * A receiver that answers 401 has not taken the lead: it gets it once more, with a token that was fetched since. If it
 * refuses that, too, a person must mend the credentials.
 */
export function bearerSender(unproven: Unproven, tokens: AccessTokens): Sender {
  const { destination, client } = unproven;
  return {
    async attempt(message, signal): Promise<AttemptResult> {
      const startedMs = performance.now();
      const spentMs = (): number => performance.now() - startedMs;
      const leftMs = (): number => Math.max(destination.timeoutMs - spentMs(), 1);
      for (let isRepeat = false; ; isRepeat = true) {
        const granted = await tokens.current(signal, leftMs());
        if (granted.kind === "failed")
          return { outcome: granted, durationMs: Math.round(spentMs()), response: null };
        const request = bearing(unproven.request(message), granted.token);
        const end = await client.request(request, signal, leftMs());
        if (isRepeat || end.kind !== "answered" || end.status !== 401) {
          const { outcome, response } = unproven.result(message, end);
          return { outcome, durationMs: Math.round(spentMs()), response };
        }
        tokens.refused(granted.token);
      }
    },
    async probe() {
      const granted = await tokens.current(new AbortController().signal, destination.timeoutMs);
      if (granted.kind === "granted") return probeWith(destination, () => client.tryToConnect());
      return { reachable: false, code: granted.code, message: granted.message };
    },
    async close() {
      await Promise.all([client.close(), tokens.close()]);
    },
  };
}

function bearing(request: HttpRequest, token: string): HttpRequest {
  return { ...request, headers: { ...request.headers, ...bearer(token) } };
}
