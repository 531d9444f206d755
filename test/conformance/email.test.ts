import { email } from "../../src/kinds/destinations/email/kind.ts";
import { emailDestination, emailSender } from "../support/email-destination.ts";
import { startMailDouble } from "../support/mail-double.ts";
import type { MailBehaviour } from "../support/mail-double.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const login = { user: "leads@example.test", password: "planted-password" };
/** Nobody signs in by a token here; what is secret must not be shown all the same. */
const unused = { oauthClientSecret: "planted-client-secret", oauthRefreshToken: "planted-refresh-token" };
const behaviours: Record<Receiver, MailBehaviour> = {
  accepts: { login },
  refuses_for_good: { login, message: "554 5.6.0 no \u001b[31m planted-password" },
  fails_for_now: { login, message: "451 4.3.0 later" },
  wants_credentials: { login: { ...login, password: "another" }, refusal: "535 5.7.8 not planted-password" },
  hangs: { login, hangsAt: "message" },
  absent: {},
};

describeDestinationKind(email, async ({ receiver, timeoutMs, forbidden }) => {
  const there = await startMailDouble(behaviours[receiver]);
  if (receiver === "absent") await there.stop();
  const own = { timeoutMs, allowPrivate: forbidden !== true, ...login, ...unused };
  return {
    destination: emailDestination(there.port, own),
    sender: emailSender(there.port, own),
    received: () => there.mails.map(({ raw }) => /^X-LeadLedger-Delivery: (.+)\r$/im.exec(raw)?.[1] ?? ""),
    stop: () => there.stop(),
  };
});
