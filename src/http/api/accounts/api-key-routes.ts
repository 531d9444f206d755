// /api-keys: what programs call the API with.
import { Type } from "typebox";
import type { Accounts } from "../../../accounts/accounts.ts";
import { newApiKey, tokenHash } from "../../../accounts/token.ts";
import { mayGiveClients } from "../../../domain/accounts/client-limits.ts";
import { hasRightsOf } from "../../../domain/accounts/roles.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "../../../ledger/accounts/api-keys.ts";
import { apiKeySchema, clients, keyId, keyName, role } from "./account-schemas.ts";
import { encodeCursor, readNumberCursor } from "../frame/cursor.ts";
import { created, ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, page, pageLimitDefault, pageQuery, timestamp } from "../frame/schemas.ts";

const tag = "api-keys";
const access = "accounts.write";

export function apiKeyRoutes({ database }: Pick<Accounts, "database">) {
  return [
    route(
      {
        method: "GET",
        path: "/api-keys",
        tag,
        access,
        summary: "All keys, the newest first, also those that are not valid any more",
        query: Type.Object(pageQuery, closed),
        answers: { 200: page(apiKeySchema) },
        problems: ["cursor_invalid"],
      },
      async ({ query: { limit = pageLimitDefault, cursor } }) => {
        const before = readNumberCursor(cursor);
        if (before === undefined) return refuse("cursor_invalid");
        const keys = await listApiKeys(database, { before, limit: limit + 1 });
        const last = keys.length > limit ? keys[limit - 1] : undefined;
        return ok({
          items: keys.slice(0, limit),
          next_cursor: last === undefined ? null : encodeCursor([last.key_id]),
        });
      },
    ),
    route(
      {
        method: "POST",
        path: "/api-keys",
        tag,
        access,
        summary: "Make a key",
        description:
          "The answer holds the key itself, this one time. It may do no more than whoever makes it.",
        body: Type.Object(
          {
            name: keyName,
            role,
            clients: Type.Optional(clients),
            expires_at: Type.Optional(nullable(timestamp("Null or absent: until it is revoked."))),
          },
          closed,
        ),
        answers: {
          201: Type.Intersect([
            apiKeySchema,
            Type.Object({ key: Type.String({ description: "For `Authorization: Bearer <key>`." }) }),
          ]),
        },
        problems: ["role_exceeds_own", "clients_exceed_own", "expiry_past"],
      },
      async ({ body: { name, role: wanted, clients: given = null, expires_at: expiry }, principal }) => {
        if (!hasRightsOf(principal.role, wanted)) return refuse("role_exceeds_own");
        if (!mayGiveClients(principal.clients, given)) return refuse("clients_exceed_own");
        const { key, prefix } = newApiKey();
        const expiresAt = expiry instanceof Date ? expiry.toISOString() : (expiry ?? null);
        const made = await createApiKey(database, principal.actor, {
          name: name.trim(),
          role: wanted,
          clients: given,
          keyHash: tokenHash(key),
          prefix,
          expiresAt,
        });
        return made === null ? refuse("expiry_past") : created({ ...made, key });
      },
    ),
    route(
      {
        method: "POST",
        path: "/api-keys/:key_id/revoke",
        tag,
        access,
        summary: "Revoke a key, at once and for ever",
        params: Type.Object({ key_id: keyId }),
        answers: { 200: apiKeySchema },
        problems: ["api_key_unknown"],
      },
      async ({ params: { key_id: id }, principal }) => {
        const key = await revokeApiKey(database, principal.actor, id);
        return key === null ? refuse("api_key_unknown") : ok(key);
      },
    ),
  ];
}
