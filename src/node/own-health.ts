// Asks this node for its health over its own HTTP, as anybody else would: the way that leads come, with a real commit.
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";

export interface OwnAddress {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
}

const answerMsMax = 8_000;
const bodyBytesMax = 64 * 1_024;

/** null: no answer in time, or that no lead can be taken. */
export function askOwnHealth(address: OwnAddress): Promise<{ readonly troubles: readonly string[] } | null> {
  const send = address.scheme === "https" ? requestSecure : requestPlain;
  return new Promise((resolve) => {
    const request = send({
      host: dialled(address.host),
      port: address.port,
      path: "/health",
      agent: false,
      signal: AbortSignal.timeout(answerMsMax),
      // Its certificate is made out for its public name.
      rejectUnauthorized: false,
    });
    request.on("error", () => resolve(null));
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > bodyBytesMax) request.destroy();
      });
      response.on("error", () => resolve(null));
      response.on("close", () => resolve(response.statusCode === 200 ? read(text) : null));
    });
    request.end();
  });
}

/** A node that listens everywhere is asked at loopback. */
function dialled(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

function read(text: string): { readonly troubles: readonly string[] } | null {
  try {
    const { troubles = [] } = JSON.parse(text) as { readonly troubles?: readonly string[] };
    return { troubles };
  } catch {
    return null;
  }
}
