// How deliveries prove where they come from, to a receiver that writes down what arrives.
import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { HttpDestination } from "../../../src/kinds/destinations/http/fields.ts";
import { preview } from "../../../src/kinds/destinations/http/transport.ts";
import { httpDestination, httpSender, message, neverAborted } from "../../support/http-destination.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink, SinkRequest } from "../../support/sink.ts";

const sinks: Sink[] = [];

afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
});

const nowMs = Date.parse("2026-07-15T12:00:00Z");

async function arrived(own: Partial<HttpDestination>, query = ""): Promise<SinkRequest> {
  const sink = await startSink();
  sinks.push(sink);
  const sender = httpSender(sink.url + query, own, { nowMs: () => nowMs });
  const { outcome } = await sender.attempt(message(), neverAborted);
  expect(outcome.kind).toBe("delivered");
  await sender.close();
  const [request] = sink.requests;
  if (request === undefined) throw new Error("nothing arrived");
  return request;
}

function digest(algorithm: string, text: string): Buffer {
  return createHmac(algorithm, "a key of both").update(text).digest();
}

const hmac = {
  kind: "hmac",
  secret: "a key of both",
  algorithm: "sha256",
  encoding: "hex",
  signed: "{body}",
} as const;

describe("a delivery", () => {
  it.each(["PUT", "PATCH"] as const)("goes by %s where that is asked for", async (method) => {
    expect(await arrived({ method })).toMatchObject({ method, path: "/leads" });
  });

  it("has its parameters behind those of the address, whatever is in them", async () => {
    const query = { campaign: "Möbel & mehr", "a b": "", plus: "1+1" };
    const { path } = await arrived({ query }, "?team=x");
    expect(path).toBe("/leads?team=x&campaign=M%C3%B6bel%20%26%20mehr&a%20b=&plus=1%2B1");
    expect((await arrived({ query: { only: "1" } })).path).toBe("/leads?only=1");
  });

  it.each<[string, HttpDestination["auth"], string]>([
    ["basic", { kind: "basic", username: "Jörg", password: "p:w" }, "Jörg:p:w"],
    ["basic without a password", { kind: "basic", username: "key", password: null }, "key:"],
  ])("with %s has user and password in the header, in UTF-8", async (_way, auth, pair) => {
    const { headers } = await arrived({ auth, headers: { Authorization: "another" } });
    expect(headers.authorization).toBe(`Basic ${Buffer.from(pair).toString("base64")}`);
  });

  it("with a token bears it, and with a key has it where the receiver looks", async () => {
    const bearer = await arrived({ auth: { kind: "bearer", token: "abc.def" } });
    expect(bearer.headers.authorization).toBe("Bearer abc.def");
    const inHeader = { kind: "api_key", key: "Token abc", in: "header", name: "X-Api-Key" } as const;
    expect((await arrived({ auth: inHeader })).headers["x-api-key"]).toBe("Token abc");
    const inQuery = { kind: "api_key", key: "a/b c", in: "query", name: "key" } as const;
    expect((await arrived({ auth: inQuery, query: { a: "1" } })).path).toBe("/leads?a=1&key=a%2Fb%20c");
  });

  it("with HMAC is signed as the receiver checks it", async () => {
    const usual = await arrived({ auth: hmac });
    expect(usual.headers["x-signature"]).toBe(digest("sha256", usual.body).toString("hex"));
    const other = await arrived({
      auth: {
        ...hmac,
        algorithm: "sha512",
        encoding: "base64",
        header: "X-Hub-Signature",
        prefix: "sha512=",
      },
    });
    expect(other.headers["x-hub-signature"]).toBe(
      `sha512=${digest("sha512", other.body).toString("base64")}`,
    );
    const timed = await arrived({ auth: { ...hmac, prefix: "sha256=", signed: "{timestamp}.{body}" } });
    const seconds = String(nowMs / 1_000);
    expect(timed.headers["x-timestamp"]).toBe(seconds);
    expect(timed.headers["x-signature"]).toBe(
      `sha256=${digest("sha256", `${seconds}.${timed.body}`).toString("hex")}`,
    );
  });

  it("by any way bears the signature of Standard Webhooks, too, where there is a signing secret", async () => {
    for (const auth of [{ kind: "bearer", token: "abc" }, hmac, { kind: "standard_webhooks" }] as const)
      expect((await arrived({ auth, secret: "planted" })).headers["webhook-signature"]).toMatch(/^v1,/);
  });

  it("looks in a preview as it is sent, without what proves anything", () => {
    const oauth2 = {
      kind: "oauth2",
      tokenUrl: "https://login.example/t",
      clientId: "id",
      clientSecret: "planted",
      clientAuth: "basic",
    } as const;
    const shown = (own: Partial<HttpDestination>) =>
      preview(httpDestination("https://crm.example/leads", own), message(), nowMs);
    expect(shown({ auth: { kind: "bearer", token: "planted" }, method: "PUT" })).toMatchObject({
      method: "PUT",
      headers: { authorization: "***" },
    });
    expect(shown({ auth: oauth2 }).headers).toMatchObject({ authorization: "Bearer ***" });
    const inQuery = { kind: "api_key", key: "planted", in: "query", name: "key" } as const;
    expect(shown({ auth: inQuery, query: { team: "planted" } }).url).toBe(
      "https://crm.example/leads?team=***&key=***",
    );
  });
});
