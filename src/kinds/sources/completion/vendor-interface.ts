// The vendor's interface, asked through guarded HTTP: what leads say is fetched from it, and whether they will come.
import { openHttpClient } from "../../../outgoing/http-client.ts";
import { proxyRulesOf } from "../../../outgoing/proxy.ts";
import type { CompletionReach, Get } from "./complete.ts";

export interface VendorInterface {
  readonly get: Get;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** For one request. */
const requestTimeoutMs = 15_000;
/** A form may have many questions, and its text comes with the answers. */
const answerMaxBytes = 1_048_576;

/** `env` names the proxies that the outside is reached through; `stopping` ends what is under way. */
export function openVendorInterface(
  { url, allowPrivate }: CompletionReach,
  {
    concurrency,
    env,
    stopping,
  }: {
    readonly concurrency: number;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly stopping: AbortSignal;
  },
): VendorInterface {
  const client = openHttpClient(
    url,
    { allowPrivate, timeoutMs: requestTimeoutMs, concurrency, answerKeptBytes: answerMaxBytes },
    { proxy: proxyRulesOf(env) },
  );
  const prefix = url.pathname.replace(/\/$/, "");
  return {
    get: (path, headers) =>
      client.request(
        {
          method: "GET",
          path: prefix + path,
          headers: { "user-agent": "LeadLedger", accept: "application/json", ...headers },
          body: "",
        },
        stopping,
      ),
    close: () => client.close(),
  };
}
