// Shortcuts for tests that deliver to a destination of kind `email`.
import { defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { SenderDeps } from "../../src/kinds/destinations/destination-kind.ts";
import type { EmailDestination } from "../../src/kinds/destinations/email/fields.ts";
import { open } from "../../src/kinds/destinations/email/transport.ts";
import type { Sender } from "../../src/kinds/destinations/sender.ts";

/** Reaches loopback, in the open, and waits for two seconds. */
export function emailDestination(port: number, own: Partial<EmailDestination> = {}): EmailDestination {
  return {
    name: "crm",
    kind: "email",
    server: `127.0.0.1:${port}`,
    security: "none",
    password: null,
    oauthClientSecret: null,
    oauthRefreshToken: null,
    from: "Leads <leads@example.test>",
    to: ["sales@example.test"],
    cc: [],
    language: "en",
    attachFiles: false,
    timeoutMs: 2_000,
    concurrency: 2,
    limits: [],
    openingHours: [],
    paused: false,
    allowPrivate: true,
    retry: defaultRetry,
    ...own,
  };
}

export function emailSender(
  port: number,
  own: Partial<EmailDestination> = {},
  parts: Partial<SenderDeps> = {},
): Sender {
  return open(emailDestination(port, own), { nowMs: Date.now, ...parts });
}
