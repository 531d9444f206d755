// What a token server answers to a destination that sends mail, and what becomes of the lead.
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { openAccessTokens } from "../../../src/kinds/destinations/email/access-token.ts";
import type { EmailDestination } from "../../../src/kinds/destinations/email/fields.ts";
import { neverAborted } from "../../support/http-destination.ts";
import { startSink } from "../../support/sink.ts";
import type { SinkAnswer } from "../../support/sink.ts";

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function tokenFrom(answer: SinkAnswer) {
  const sink = await startSink(() => answer);
  const destination = {
    name: "crm",
    oauthTokenUrl: sink.url,
    oauthClientId: "id",
    oauthClientSecret: "secret",
    oauthRefreshToken: null,
    allowPrivate: true,
    timeoutMs: 2_000,
  } as unknown as EmailDestination;
  const tokens = openAccessTokens(destination, { nowMs: Date.now });
  if (tokens === null) throw new Error("no token server");
  endings.push(
    () => sink.close(),
    () => tokens.close(),
  );
  return tokens.current(neverAborted);
}

describe("A token server's answer", () => {
  it("that broke off is tried again: nobody has to mend a setting", async () => {
    await expect(tokenFrom({ kind: "cut_body", status: 200 })).rejects.toMatchObject({
      failed: { code: "destination_bad_response", class: "transient" },
    });
  });

  it("that came packed is read", async () => {
    const body = gzipSync(JSON.stringify({ access_token: "t0ken", expires_in: 3_600 }));
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    expect(await tokenFrom({ kind: "answer", status: 200, headers, body })).toMatchObject({ value: "t0ken" });
  });

  it("that is a page is of no token server", async () => {
    await expect(tokenFrom({ kind: "answer", status: 200, body: "<html>" })).rejects.toMatchObject({
      failed: { code: "destination_configuration" },
    });
  });
});
