// Delivers leads to a destination of kind `email`: one mail per attempt.
import { deliveryId } from "../../../domain/destinations/delivery-message.ts";
import type { Outcome } from "../../../domain/destinations/outcome.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import { AttemptFailed } from "../../../outgoing/connect-error.ts";
import { openConnector } from "../../../outgoing/connector.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { openAccessTokens } from "../oauth2/access-tokens.ts";
import type { AccessTokens } from "../oauth2/access-tokens.ts";
import { rememberRepeats } from "../repeats.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { timedSender } from "../timed-sender.ts";
import { converse } from "./conversation.ts";
import type { Accepted, Conversation, Refused } from "./conversation.ts";
import type { EmailDestination } from "./fields.ts";
import { mailAbout } from "./mail.ts";
import { queueIdOf } from "./reply.ts";

export function open(destination: EmailDestination, deps: SenderDeps): Sender {
  const connector = openConnector(destination, deps);
  const closing = new AbortController();
  const repeats = rememberRepeats(deps.nowMs);
  const tokens = tokensOf(destination, deps);
  const surroundings = (): Surroundings => deps.surroundings?.() ?? noSurroundings;

  /** A token that is refused may have been taken back before its end: once more with a new one. */
  async function signedIn(over: AbortSignal): Promise<Conversation> {
    const name = heloName(surroundings());
    if (tokens === null) return converse(destination, connector, { name, token: null }, over);
    for (let isRepeat = false; ; isRepeat = true) {
      const granted = await tokens.current(over, destination.timeoutMs);
      if (granted.kind === "failed") throw new AttemptFailed(granted);
      try {
        return await converse(destination, connector, { name, token: granted.token }, over);
      } catch (error) {
        if (isRepeat || !isOfCredentials(error)) throw error;
        tokens.refused(granted.token);
      }
    }
  }

  return timedSender(destination, {
    async send(message, over) {
      const mail = await mailAbout(destination, message, surroundings());
      const attempt = repeats.begin(
        deliveryId(message.runId, destination.name, message.revision),
        message.attempt,
      );
      const conversation = await signedIn(over);
      try {
        const accepted = await conversation.hand(mail, () => attempt.sending());
        conversation.end();
        return delivered(accepted, attempt.delivered() !== null);
      } catch (error) {
        if (!conversation.isUncertain) attempt.refused();
        conversation.drop();
        throw error;
      }
    },
    async connect() {
      const over = AbortSignal.any([closing.signal, AbortSignal.timeout(destination.timeoutMs)]);
      const conversation = await signedIn(over);
      conversation.end();
      return conversation.peer;
    },
    async close() {
      closing.abort();
      connector.close();
      await tokens?.close();
    },
  });
}

export async function preview(
  destination: EmailDestination,
  message: DeliveryMessage,
  _nowMs: number,
  surroundings: Surroundings = noSurroundings,
): Promise<ShownRequest> {
  const { from, to, raw } = await mailAbout(destination, message, surroundings);
  return {
    method: "MAIL",
    url: `smtp://${destination.server.replace(/^smtps:\/\//, "")}`,
    headers: { "mail from": from, "rcpt to": to.join(", ") },
    body: raw.toString("utf8"),
  };
}

/** null: nobody signs in by a token. */
function tokensOf(destination: EmailDestination, deps: SenderDeps): AccessTokens | null {
  const { name, allowPrivate, timeoutMs, concurrency, oauthScope: scope } = destination;
  const { oauthTokenUrl: tokenUrl, oauthClientId: clientId = "", oauthRefreshToken } = destination;
  if (tokenUrl === undefined) return null;
  // `ca_file` is the mail server's; token servers are public ones.
  const reach = { name, allowPrivate, timeoutMs, concurrency };
  return openAccessTokens(
    reach,
    {
      tokenUrl,
      clientId,
      clientSecret: destination.oauthClientSecret,
      clientAuth: "body",
      ...(scope === undefined ? {} : { scope }),
      ...(oauthRefreshToken === null ? {} : { refreshToken: oauthRefreshToken }),
    },
    deps,
  );
}

function isOfCredentials(error: unknown): boolean {
  return error instanceof AttemptFailed && error.failed.code === "destination_auth";
}

function delivered({ reply, refused }: Accepted, maybeTwice: boolean): Outcome {
  const remoteId = queueIdOf(reply);
  const receipt: Receipt = {
    ...(remoteId === null ? {} : { remoteId }),
    ...(maybeTwice ? { maybeTwice } : {}),
    ...(refused.length === 0 ? {} : { warning: warningOf(refused) }),
  };
  return { kind: "delivered", httpStatus: null, ...(Object.keys(receipt).length === 0 ? {} : { receipt }) };
}

function warningOf(refused: readonly Refused[]): string {
  const each = refused.map(({ address, reply }) => `${address} (“${reply}”)`).join(", ");
  return `the mail server refused ${each}; the other recipients have the mail`;
}

/** RFC 5321 section 4.1.1.1: who we are; null: what the machine is called. */
function heloName({ publicUrl }: Surroundings): string | null {
  const host = publicUrl === null ? "" : new URL(publicUrl).hostname;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(host) && !/^[\d.]+$/.test(host) ? host : null;
}
