// Deliveries that bear a token of an OAuth 2.0 server: of a real one, and of one that answers as told.
import { afterEach, describe, expect, it } from "vitest";
import type { HttpDestination } from "../../../src/kinds/destinations/http/fields.ts";
import type { Sender } from "../../../src/kinds/destinations/sender.ts";
import { httpSender, message, neverAborted } from "../../support/http-destination.ts";
import { accept, always, startSink } from "../../support/sink.ts";
import type { Sink, SinkBehaviour } from "../../support/sink.ts";
import { startTokenServer, tokenClients } from "../../support/token-server.ts";
import { until } from "../../support/until.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function sinkThat(behaviour: SinkBehaviour): Promise<Sink> {
  const sink = await startSink(behaviour);
  open.push(sink);
  return sink;
}

type OAuth2 = Extract<HttpDestination["auth"], { readonly kind: "oauth2" }>;

function oauth2(tokenUrl: string, own: Partial<OAuth2> = {}): OAuth2 {
  const client = { clientId: "id", clientSecret: "planted-client-secret", clientAuth: "basic" } as const;
  return { kind: "oauth2", tokenUrl, ...client, ...own };
}

interface Scene {
  readonly receiver: Sink;
  readonly tokens: Sink;
  readonly sender: Sender;
  passMs(ms: number): void;
}

/** Tokens are `token-1`, `token-2` … unless told otherwise; the clock stands. */
async function scene(own: {
  readonly receiver?: SinkBehaviour;
  readonly tokens?: SinkBehaviour;
  readonly expiresIn?: number;
  readonly auth?: Partial<OAuth2>;
  readonly timeoutMs?: number;
}): Promise<Scene> {
  let nowMs = 1_000_000;
  let given = 0;
  const receiver = await sinkThat(own.receiver ?? accept);
  const tokens = await sinkThat(
    own.tokens ??
      (() => ({
        kind: "answer",
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ access_token: `token-${++given}`, expires_in: own.expiresIn ?? 3_600 }),
        delayMs: 20,
      })),
  );
  const { timeoutMs = 2_000 } = own;
  const sender = httpSender(
    receiver.url,
    { auth: oauth2(tokens.url, own.auth), timeoutMs },
    { nowMs: () => nowMs },
  );
  open.push(sender);
  return { receiver, tokens, sender, passMs: (ms) => void (nowMs += ms) };
}

const bearers = ({ receiver }: Scene) => receiver.requests.map(({ headers }) => headers.authorization);
const attempt = ({ sender }: Pick<Scene, "sender">) => sender.attempt(message(), neverAborted);

describe("a token server that gives a refresh token where none was wanted", () => {
  it("is asked by ID and secret again when the token ends", async () => {
    const body = JSON.stringify({ access_token: "t", expires_in: 60, refresh_token: "unwanted" });
    const given = await scene({ tokens: always({ kind: "answer", status: 200, body }) });
    await attempt(given);
    given.passMs(60_000);
    await attempt(given);
    const grants = given.tokens.requests.map(({ body: asked }) => asked);
    expect(grants).toEqual(["grant_type=client_credentials", "grant_type=client_credentials"]);
  });
});

describe("a real token server", () => {
  it.each(["basic", "body"] as const)(
    "gives tokens for ID and secret in the %s, whatever is in them",
    async (clientAuth) => {
      const server = await startTokenServer();
      open.push(server);
      const { id, secret } = tokenClients[clientAuth];
      const receiver = await sinkThat(async ({ headers: { authorization } }) => {
        const isKnown = (await server.scopeOf(authorization)) === "leads.write";
        return { kind: "answer", status: isKnown ? 200 : 401 };
      });
      const auth = oauth2(server.tokenUrl, {
        clientId: id,
        clientSecret: secret,
        clientAuth,
        scope: "leads.write",
      });
      const sender = httpSender(receiver.url, { auth });
      open.push(sender);
      expect((await attempt({ sender })).outcome.kind).toBe("delivered");
      expect((await attempt({ sender })).outcome.kind).toBe("delivered");
      expect(server.requests()).toBe(1);
      await server.revoke(receiver.requests[0]?.headers.authorization);
      expect((await attempt({ sender })).outcome.kind).toBe("delivered");
      expect(server.requests()).toBe(2);
    },
  );

  it("that refuses the secret stands in the outcome and in the probe, without the secret", async () => {
    const server = await startTokenServer();
    open.push(server);
    const receiver = await sinkThat(accept);
    const auth = oauth2(server.tokenUrl, { clientId: tokenClients.basic.id });
    const sender = httpSender(receiver.url, { auth });
    open.push(sender);
    const { outcome, response } = await attempt({ sender });
    expect(outcome).toMatchObject({ code: "destination_auth", class: "needs_credentials" });
    expect(response).toBeNull();
    const probed = await sender.probe();
    expect(probed).toMatchObject({ reachable: false, code: "destination_auth" });
    expect(JSON.stringify([outcome, probed])).not.toContain("planted");
    expect(receiver.requests).toHaveLength(0);
  });
});

describe("a token", () => {
  it("is fetched once, however many deliveries begin at once", async () => {
    const here = await scene({});
    const results = await Promise.all(Array.from({ length: 40 }, () => attempt(here)));
    expect(results.every(({ outcome }) => outcome.kind === "delivered")).toBe(true);
    expect(here.tokens.requests).toHaveLength(1);
    expect(new Set(bearers(here))).toEqual(new Set(["Bearer token-1"]));
  });

  it("is asked for with scope and audience, and what is sent says no more than that", async () => {
    const here = await scene({
      auth: { scope: "a b", audience: "https://api.example/", clientAuth: "body" },
    });
    await attempt(here);
    const [request] = here.tokens.requests;
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "client_credentials",
      scope: "a b",
      audience: "https://api.example/",
      client_id: "id",
      client_secret: "planted-client-secret",
    });
    expect(request?.headers.authorization).toBeUndefined();
  });

  it("is renewed before it ends, while deliveries go on with the old one", async () => {
    const here = await scene({ expiresIn: 3_600 });
    await attempt(here);
    here.passMs(3_600_000 - 50_000);
    await attempt(here);
    expect(bearers(here)).toEqual(["Bearer token-1", "Bearer token-1"]);
    await until("the token is renewed", () => here.tokens.requests.length === 2);
    await until("the new one is used", async () => {
      await attempt(here);
      return bearers(here).at(-1) === "Bearer token-2";
    });
    here.passMs(3_600_000);
    await attempt(here);
    expect(bearers(here).at(-1)).toBe("Bearer token-3");
  });

  it("that the receiver does not take is fetched anew once, and the delivery sent once more", async () => {
    const here = await scene({
      receiver: ({ headers }) => ({
        kind: "answer",
        status: headers.authorization === "Bearer token-1" ? 401 : 200,
      }),
    });
    const results = await Promise.all(Array.from({ length: 10 }, () => attempt(here)));
    expect(results.every(({ outcome }) => outcome.kind === "delivered")).toBe(true);
    expect(here.tokens.requests).toHaveLength(2);
    const all = await scene({ receiver: always({ kind: "answer", status: 401 }) });
    expect((await attempt(all)).outcome).toMatchObject({ code: "destination_auth", httpStatus: 401 });
    expect(bearers(all)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  it("that cannot be had now makes an attempt that is tried again, within its time", async () => {
    const inTrouble = await scene({ tokens: always({ kind: "answer", status: 503 }) });
    expect((await attempt(inTrouble)).outcome).toMatchObject({
      code: "destination_error",
      class: "transient",
    });
    const hanging = await scene({ tokens: always({ kind: "hang" }), timeoutMs: 200 });
    expect((await attempt(hanging)).outcome).toMatchObject({ code: "destination_timeout" });
    const gone = await scene({});
    await gone.tokens.close();
    expect((await attempt(gone)).outcome).toMatchObject({ code: "destination_connect" });
    for (const { receiver } of [inTrouble, hanging, gone]) expect(receiver.requests).toHaveLength(0);
  });

  it("takes of the attempt's time: token and delivery together end by the timeout", async () => {
    const here = await scene({ receiver: always({ kind: "hang" }), timeoutMs: 400 });
    const startedMs = performance.now();
    const { outcome, durationMs } = await attempt(here);
    expect(outcome).toMatchObject({ code: "destination_timeout" });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(durationMs).toBeGreaterThanOrEqual(390);
  });

  it("that is being fetched does not keep an interrupted attempt waiting, nor a sender from closing", async () => {
    const here = await scene({ tokens: always({ kind: "hang" }), timeoutMs: 30_000 });
    const { outcome } = await here.sender.attempt(message(), AbortSignal.timeout(50));
    expect(outcome).toMatchObject({ code: "delivery_interrupted" });
    const waiting = attempt(here);
    await here.sender.close();
    expect((await waiting).outcome).toMatchObject({ code: "delivery_interrupted" });
  });

  it("is not fetched from an internal address unless that is allowed", async () => {
    const tokens = await sinkThat(accept);
    const sender = httpSender("http://crm.test:1/", { auth: oauth2(tokens.url), allowPrivate: false });
    open.push(sender);
    expect((await attempt({ sender })).outcome).toMatchObject({ code: "destination_address_forbidden" });
    expect(tokens.connectionsMade()).toBe(0);
  });
});
