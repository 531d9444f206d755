// Who calls the API, and how that is found out.
import type { FastifyRequest } from "fastify";
import type { ErrorCode } from "../../../domain/errors/error-catalogue.ts";
import type { Role } from "../../../domain/accounts/roles.ts";
import type { Actor } from "../../../ledger/connection/database.ts";

export interface Principal {
  /** What the audit events of their changes bear: `user:<id>`, `key:<id>`, `cli:<os user>`. */
  readonly actor: Actor;
  readonly role: Role;
  /** The clients of an agency whose things they may see and change; null: all, and what concerns the whole installation. */
  readonly clients: readonly string[] | null;
  /** `session`: a browser's cookie, which other sites can make it send along; so changes also need to come from here. */
  readonly by: "session" | "key" | "local" | "nobody";
  /** Of a session or of a person's own. */
  readonly userId: number | null;
}

export const nobody: Principal = {
  actor: "system",
  role: "viewer",
  clients: null,
  by: "nobody",
  userId: null,
};

export type Identified =
  | { readonly kind: "known"; readonly principal: Principal }
  /** No credentials. */
  | { readonly kind: "nobody" }
  | { readonly kind: "refused"; readonly code: ErrorCode };

/** Looks at the credentials of a request. */
export type Identify = (request: FastifyRequest) => Promise<Identified>;
