// The composition root of the API: which routes there are, what each of them works with, and how callers are told apart.
// The server of a node serves it over HTTP; the command line calls the very same routes in its own process.
import Fastify from "fastify";
import type { LightMyRequestResponse } from "fastify";
import { adminKeyPrincipal, bearerToken, isAdminKey } from "./http/api/admin-key.ts";
import type { Identify } from "./http/api/principal.ts";
import { registerApi } from "./http/api/register.ts";
import type { Route } from "./http/api/route.ts";
import { systemRoutes } from "./http/api/system-routes.ts";
import type { Actor } from "./ledger/database.ts";
import type { Installation } from "./runtime/installation.ts";
import { packageVersion } from "./runtime/package-version.ts";

export interface ApiWiring {
  readonly installation: Installation;
}

/** All calls of the API. */
export function apiRoutes({ installation }: ApiWiring): readonly Route[] {
  const { database } = installation;
  return [...systemRoutes({ database, version: packageVersion() })];
}

export interface IdentifyParts {
  /** LEADLEDGER_ADMIN_KEY; null: not set. */
  readonly adminKey: string | null;
}

/** Who calls over HTTP. */
export function identifyBy({ adminKey }: IdentifyParts): Identify {
  return async (request) => {
    const token = bearerToken(request.headers.authorization);
    if (token === null) return Promise.resolve({ kind: "nobody" });
    if (isAdminKey(token, adminKey)) return adminKeyPrincipal;
    return { kind: "refused", code: "unauthenticated" };
  };
}

export interface LocalApi {
  readonly inject: (request: LocalRequest) => Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface LocalRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
  readonly payloadAsStream?: boolean;
}

/** The API without a network: whoever has the database's password may do everything, as `actor`. */
export async function openLocalApi(wiring: ApiWiring, actor: Actor): Promise<LocalApi> {
  const server = Fastify({ logger: false });
  registerApi(server, {
    routes: apiRoutes(wiring),
    identify: () =>
      Promise.resolve({
        kind: "known",
        principal: { actor, role: "admin", by: "local", userId: null },
      }),
  });
  await server.ready();
  return {
    inject: ({ headers, ...request }) =>
      server.inject({ ...request, ...(headers === undefined ? {} : { headers: { ...headers } }) }),
    close: () => server.close(),
  };
}
