// Receivers that repeat what they were sent: nothing secret of it is kept.
import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../src/config/fields/settings.ts";
import { failure } from "../../../src/domain/destinations/outcome.ts";
import { http } from "../../../src/kinds/destinations/http/kind.ts";
import { maskingSender, secretsOf } from "../../../src/kinds/destinations/masked-answers.ts";
import type { AttemptResult, Sender } from "../../../src/kinds/destinations/sender.ts";
import { httpDestination, message, neverAborted } from "../../support/http-destination.ts";

const destination = httpDestination("https://hooks.example/leads/T0AbCdEf123456789?sig=signature-1234", {
  secret: 'whsec-"planted"/1+2',
  headers: { "X-Team": "inbound", "X-Key": "planted-header-key" },
  query: { key: "planted-parameter" },
  auth: { kind: "basic", username: "leadledger", password: "planted-password" },
});

async function kept(text: string, headers: Readonly<Record<string, string>> = {}): Promise<AttemptResult> {
  const sender: Sender = {
    attempt: () =>
      Promise.resolve({
        outcome: {
          kind: "failed",
          class: "permanent",
          code: "destination_rejected",
          httpStatus: 400,
          retryAfterMs: null,
          message: `crm answered 400 Bad Request: ${text}`,
        },
        durationMs: 1,
        response: { status: 400, headers, bodyExcerpt: text },
      }),
    probe: () => Promise.reject(new Error("not asked")),
    close: () => Promise.resolve(),
  };
  return maskingSender(sender, secretsOf(http.fields, settingsOf(destination))).attempt(
    message(),
    neverAborted,
  );
}

describe("of an answer that repeats the request", () => {
  it.each([
    ["a key in a header", "you sent X-Key: planted-header-key", "you sent X-Key: ***"],
    ["a password", "planted-password is wrong", "*** is wrong"],
    ["a secret as JSON writes it", '{"secret":"whsec-\\"planted\\"/1+2"}', '{"secret":"***"}'],
    ["a secret as an address writes it", "/x?s=whsec-%22planted%22%2F1%2B2", "/x?s=***"],
    ["a token of the address", "Cannot POST /leads/T0AbCdEf123456789", "Cannot POST /leads/***"],
    ["a parameter of the address", "sig=signature-1234&key=planted-parameter", "sig=***&key=***"],
    [
      "a token that was fetched",
      '{"authorization":"Bearer eyJhbGciOi.abc-def"}',
      '{"authorization":"Bearer ***"}',
    ],
    [
      "name and password in base64",
      `Authorization: Basic ${Buffer.from("leadledger:planted-password").toString("base64")}`,
      "Authorization: Basic ***",
    ],
    ["what is cut off within a secret", "X-Key: planted-head", "X-Key: ***"],
    ["words that are no secret stay", "no team inbound, basic plan", "no team inbound, basic plan"],
  ])("%s is not kept", async (_, said, shown) => {
    const { response, outcome } = await kept(said, { server: said });
    expect(response).toEqual({ status: 400, headers: { server: shown }, bodyExcerpt: shown });
    expect(outcome).toMatchObject({ message: `crm answered 400 Bad Request: ${shown}` });
  });
});

describe("of why a receiver's fields could not be read or made", () => {
  it("a key that it repeats is masked; what was read stays as it is", async () => {
    const outcome = failure("destination_auth", "crm answered 401: planted-header-key is no key");
    const field = { target: "planted-header-key", label: "x", type: "text", isRequired: false } as const;
    let isRefused = true;
    const sender: Sender = {
      attempt: () => Promise.reject(new Error("not asked")),
      probe: () => Promise.reject(new Error("not asked")),
      fields: () =>
        Promise.resolve(isRefused ? { kind: "unread", outcome } : { kind: "fields", fields: [field] }),
      createField: () => Promise.resolve({ kind: "not_created", outcome }),
      close: () => Promise.resolve(),
    };
    const masking = maskingSender(sender, secretsOf(http.fields, settingsOf(destination)));
    const said = { outcome: { message: "crm answered 401: *** is no key" } };
    expect(await masking.fields?.()).toMatchObject(said);
    expect(await masking.createField?.({ label: "x", type: "text" })).toMatchObject(said);
    isRefused = false;
    expect(await masking.fields?.()).toEqual({ kind: "fields", fields: [field] });
  });
});
