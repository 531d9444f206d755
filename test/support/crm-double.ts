// A CRM's API for tests of the kinds that speak with it in several requests: it gives tokens, and answers the rest as told.
import { checkDestination } from "../../src/config/check-part.ts";
import type { Destination } from "../../src/domain/destinations/destination.ts";
import { messageFor } from "../../src/kinds/destinations/message.ts";
import type { DeliveryMessage } from "../../src/kinds/destinations/sender.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { message } from "./http-destination.ts";
import { startSink } from "./sink.ts";
import type { Sink, SinkAnswer, SinkRequest } from "./sink.ts";

export interface CrmDouble extends Sink {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** `POST /path`, without those for tokens, in order. */
  asked(): readonly string[];
  tokensGiven(): number;
}

export const plantedToken = "planted-access-token";

/** `answer`: to everything but the requests for tokens. */
export async function startCrm(answer: (request: SinkRequest) => SinkAnswer): Promise<CrmDouble> {
  const sink = await startSink((request) =>
    isForToken(request)
      ? json(200, { access_token: `${plantedToken}-${request.body.length}`, token_type: "Bearer" })
      : answer(request),
  );
  return {
    ...sink,
    origin: new URL(sink.url).origin,
    asked: () =>
      sink.requests
        .filter((each) => !isForToken(each))
        .map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
    tokensGiven: () => sink.requests.filter(isForToken).length,
  };
}

function isForToken({ path }: SinkRequest): boolean {
  return path.includes("oauth") && path.endsWith("/token");
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): SinkAnswer {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** As leadledger.yaml says it, with everything else as it is where nothing is said; called `crm`, and it reaches loopback. */
export function configured(entry: Readonly<Record<string, unknown>>): Destination {
  const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
  const checked = checkDestination("crm", { allow_private: true, ...entry }, around, builtInKinds);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.part;
}

/** A lead as the destination's map makes it. */
export function mappedMessage(
  destination: Destination,
  lead: Readonly<Record<string, unknown>>,
  own: Partial<Pick<DeliveryMessage, "runId" | "attempt" | "revision">> = {},
): DeliveryMessage {
  const delivery = { ...message(own.runId, JSON.stringify(lead)), ...own };
  const made = messageFor(destination, delivery, noExpression);
  if (made instanceof Promise || made.kind !== "message") throw new Error(JSON.stringify(made));
  return made.message;
}

function noExpression(): never {
  throw new Error("the destination of this test has a map");
}
