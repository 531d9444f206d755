// A mail server that somebody signs in to, by password or by a token that is fetched first.
import { AttemptFailed } from "../../../outgoing/connect-error.ts";
import { openConnector } from "../../../outgoing/connector.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { openAccessTokens } from "../oauth2/access-tokens.ts";
import type { AccessTokens } from "../oauth2/access-tokens.ts";
import { converse } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { MailAccount } from "./mail-account.ts";

export interface MailServer {
  /**
   * Connected, encrypted, signed in. Rejects with {@link AttemptFailed} or {@link ConnectError}. `name`: what we are called
   * (RFC 5321 section 4.1.1.1); null: as the machine is. `over`: aborted, it is dropped.
   */
  signIn(name: string | null, over: AbortSignal): Promise<Conversation>;
  close(): Promise<void>;
}

/** `concurrency`: conversations at once. */
export function openMailServer(account: MailAccount, concurrency: number, deps: SenderDeps): MailServer {
  const connector = openConnector(account, deps);
  const tokens = tokensOf(account, concurrency, deps);
  return {
    /** A token that is refused may have been taken back before its end: once more with a new one. */
    async signIn(name, over) {
      if (tokens === null) return converse(account, connector, { name, token: null }, over);
      for (let isRepeat = false; ; isRepeat = true) {
        const granted = await tokens.current(over, account.timeoutMs);
        if (granted.kind === "failed") throw new AttemptFailed(granted);
        try {
          return await converse(account, connector, { name, token: granted.token }, over);
        } catch (error) {
          if (isRepeat || !isOfCredentials(error)) throw error;
          tokens.refused(granted.token);
        }
      }
    },
    async close() {
      connector.close();
      await tokens?.close();
    },
  };
}

/** `publicUrl`: where people reach the installation; null: it is as good as nameless. */
export function heloName(publicUrl: string | null): string | null {
  const host = publicUrl === null ? "" : new URL(publicUrl).hostname;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(host) && !/^[\d.]+$/.test(host) ? host : null;
}

/** null: nobody signs in by a token. */
function tokensOf(account: MailAccount, concurrency: number, deps: SenderDeps): AccessTokens | null {
  const { name, allowPrivate, timeoutMs, oauthScope: scope } = account;
  const { oauthTokenUrl: tokenUrl, oauthClientId: clientId = "", oauthRefreshToken } = account;
  if (tokenUrl === undefined) return null;
  // `ca_file` is the mail server's; token servers are public ones.
  const reach = { name, allowPrivate, timeoutMs, concurrency };
  return openAccessTokens(
    reach,
    {
      tokenUrl,
      clientId,
      clientSecret: account.oauthClientSecret,
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
