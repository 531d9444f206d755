// A real OAuth 2.0 server for tests (oidc-provider), which knows two clients: one that proves itself in the header, one in
// the body.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import type Provider from "oidc-provider";

/** Names and secrets with characters that have to be encoded. */
export const tokenClients = {
  basic: { id: "lead ledger:1", secret: "s+e c%r&t~*'()=1" },
  body: { id: "lead-ledger-2", secret: "an other+secret" },
} as const;

export interface TokenServer {
  readonly tokenUrl: string;
  /** Whether it gave this token, and for which scope; null: it did not, or not any more. */
  scopeOf(authorization: string | undefined): Promise<string | null>;
  revoke(authorization: string | undefined): Promise<void>;
  requests(): number;
  close(): Promise<void>;
}

export async function startTokenServer(): Promise<TokenServer> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = await newProvider(issuer);
  let requests = 0;
  const answer = provider.callback();
  server.on("request", (request, response) => {
    requests += 1;
    answer(request, response);
  });
  const find = (authorization = "") => provider.ClientCredentials.find(authorization.replace(/^Bearer /, ""));
  return {
    tokenUrl: `${issuer}/token`,
    scopeOf: async (authorization) => (await find(authorization))?.scope ?? null,
    async revoke(authorization) {
      const token = await find(authorization);
      await token?.destroy();
    },
    requests: () => requests,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}

async function newProvider(issuer: string): Promise<Provider> {
  // It says that it is for development, and which versions of Node it is tested with.
  const quiet = [vi.spyOn(console, "warn"), vi.spyOn(console, "info")].map((spy) =>
    spy.mockImplementation(() => undefined),
  );
  try {
    const { default: Loaded } = await import("oidc-provider");
    return new Loaded(issuer, {
      clients: [
        client(tokenClients.basic, "client_secret_basic"),
        client(tokenClients.body, "client_secret_post"),
      ],
      features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
      scopes: ["leads.write"],
      ttl: { ClientCredentials: 600 },
    });
  } finally {
    for (const spy of quiet) spy.mockRestore();
  }
}

function client({ id, secret }: { readonly id: string; readonly secret: string }, method: string) {
  return {
    client_id: id,
    client_secret: secret,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: method,
    scope: "leads.write",
  };
}
