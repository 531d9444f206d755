// What a mail server says, and what becomes of the lead.
import { describe, expect, it } from "vitest";
import {
  queueIdOf,
  readReply,
  refusalOf,
  withoutSecrets,
} from "../../../src/kinds/destinations/email/reply.ts";
import type { SmtpStage } from "../../../src/kinds/destinations/email/reply.ts";

const minuteMs = 60_000;

describe("a mail server's refusal", () => {
  it.each([
    ["greeting", "421 4.7.0 too many connections", "transient", "destination_error", null],
    ["recipient", "450 4.2.0 Greylisted", "transient", "destination_throttled", 5 * minuteMs],
    ["recipient", "451 4.7.1 try again", "transient", "destination_throttled", 5 * minuteMs],
    ["message", "451 4.3.0 local error", "transient", "destination_throttled", 5 * minuteMs],
    ["message", "452 4.3.1 no space", "transient", "destination_error", null],
    ["sender", "503 5.5.1 bad sequence", "transient", "destination_error", null],
    ["sign_in", "454 4.7.0 temporary failure", "transient", "destination_error", null],
    ["sender", "530 5.7.0 Authentication required", "needs_credentials", "destination_auth", null],
    ["sign_in", "535 5.7.8 no", "needs_credentials", "destination_auth", null],
    ["sign_in", "432 4.7.12 change your password", "needs_credentials", "destination_auth", null],
    ["message", "552 5.3.4 too large", "permanent", "destination_rejected", null],
    ["message", "554 5.6.0 spam", "permanent", "destination_rejected", null],
    ["recipient", "554 no", "permanent", "destination_rejected", null],
  ] as const)("at the %s: %s is %s", (stage, words, failureClass, code, retryAfterMs) => {
    expect(refused(stage, words)).toMatchObject({
      class: failureClass,
      code,
      retryAfterMs,
      httpStatus: null,
    });
  });

  it.each([
    ["recipient", "550 5.1.1 no such user"],
    ["recipient", "550 no such user"],
    ["recipient", "554 5.7.1 Relay access denied"],
    ["recipient", "553 5.1.3 bad address"],
    ["sender", "550 5.7.30 Basic authentication is not supported"],
    ["sender", "553 5.7.1 sender address rejected: not owned by user"],
    ["sender", "530 5.7.0 Must issue a STARTTLS command first"],
    ["message", "550 5.7.60 client does not have permissions to send as this sender"],
    ["tls", "502 5.5.1 unknown command"],
    ["greeting", "554 5.7.1 blocked"],
  ] as const)("at the %s: %s is for a person to mend, and of no lead's making", (stage, words) => {
    expect(refused(stage, words)).toMatchObject({
      class: "needs_configuration",
      code: "destination_configuration",
    });
  });

  it("is said in words, with the server's own on one line, and nothing that a terminal obeys", () => {
    const { message } = refused("recipient", "550-5.1.1 \u001b[31mno\r\n550-5.1.1 such\r\n550 5.1.1 user");
    expect(message).toBe(
      "sales: the mail server does not know the recipient; see “Recipients” (“550-5.1.1 [31mno such user”)",
    );
  });

  it("names what to do at Microsoft and Google", () => {
    const disabled = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled";
    expect(refused("sign_in", disabled).message).toContain("Authenticated SMTP");
    expect(refused("sign_in", "534-5.7.9 Application-specific password required").message).toContain(
      "app password",
    );
  });
});

describe("the id of a mail at its server", () => {
  it.each([
    ["250 2.0.0 Ok: queued as 73EF4226065", "73EF4226065"],
    ["250 OK id=1tHxyz-0000Ab-CD", "1tHxyz-0000Ab-CD"],
    ["250 2.0.0 7dab3f12 Message accepted for delivery", "7dab3f12"],
    ["250 2.0.0 4AUCpV1s012345 Message accepted for delivery", "4AUCpV1s012345"],
    ["250 2.6.0 <abc@mail.test> [InternalId=1, Hostname=x] Queued mail for delivery", "abc@mail.test"],
    ["250 2.0.0 OK <x1@EUR01.prod.outlook.com> [Hostname=y]", "x1@EUR01.prod.outlook.com"],
    ["250 2.0.0 OK  1764460800 5b1f17b1804b1-479.12 - gsmtp", "5b1f17b1804b1-479.12"],
    ["250 ok 1764460800 qp 4711", "4711"],
    ["250 Ok 0100018b5c3c0a4f-1234-000000", "0100018b5c3c0a4f-1234-000000"],
    ["250 2.0.0 Ok", null],
    ["250 Message received", null],
  ])("%s: %s", (reply, id) => {
    expect(queueIdOf(reply)).toBe(id);
  });
});

function refused(stage: SmtpStage, words: string) {
  const reply = readReply(words);
  if (reply === null) throw new Error("no reply");
  return refusalOf("sales", stage, reply);
}

describe("a mail server that repeats what it was told", () => {
  const plain = Buffer.from("\0leads@example.com\0planted-password").toString("base64");
  const token = Buffer.from("user=leads@example.com\u0001auth=Bearer planted\u0001\u0001").toString("base64");

  it.each([
    ["the password", "535 5.7.8 planted-password is wrong", "535 5.7.8 *** is wrong"],
    ["it as PLAIN has it", `500 5.5.1 no such command: "AUTH PLAIN ${plain}"`, undefined],
    ["it without the command", `535 cannot use ${plain} here`, "535 cannot use *** here"],
    ["an access token", `500 5.5.2 AUTH XOAUTH2 ${token}`, "500 5.5.2 AUTH XOAUTH2 ***"],
    ["nothing", "504 5.5.4 AUTH PLAIN not available", "504 5.5.4 AUTH PLAIN not available"],
  ])("has %s not shown", (_, words, shown) => {
    const reply = readReply(words);
    if (reply === null) throw new Error("no reply");
    const settings = { user: "leads@example.com", password: "planted-password" };
    const { text } = withoutSecrets(reply, settings);
    expect(text).toBe(shown ?? '500 5.5.1 no such command: "AUTH PLAIN ***"');
  });
});
